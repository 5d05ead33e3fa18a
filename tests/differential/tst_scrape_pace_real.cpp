// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"

#include "bridge/scrape_pace.h"
#include "remote/prometheus_source.h"
#include "unit/remote/scripted_source.h"

#include <QDateTime>
#include <QStandardPaths>

using namespace tokenscope;
using namespace tokenscope::query;
using tests::PrometheusServer;
using ui::ScrapePace;

namespace {

/// A sample every `gap` seconds from `first` to `last` seconds ago.
PrometheusServer::NamedSeries series(std::int64_t now, const char* metric, const Labels& labels, int gap, int first,
                                     int last = 1)
{
    PrometheusServer::NamedSeries made{metric, {labels, {}}};
    for (auto ago = first; ago >= last; ago -= gap)
        made.series.points.push_back({now - ago * std::int64_t{1'000}, 1});
    return made;
}

} // namespace

/// What a real Prometheus says of how far its samples are apart.
class TestScrapePaceReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isThatOfTheSamples_data();
    void isThatOfTheSamples();

private:
    std::int64_t m_now = QDateTime::currentMSecsSinceEpoch() / 1'000 * 1'000;
    PrometheusServer m_server;
    ui::SourceList::Entry m_entry;
};

void TestScrapePaceReal::initTestCase()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("prometheus is not installed, so there is nothing to ask");
    auto trouble = m_server.start(executable);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    auto outage = series(m_now, "outage_total", {}, 15, 1'200, 270);
    for (const auto& point : series(m_now, "outage_total", {}, 15, 31).series.points)
        outage.series.points.push_back(point);
    trouble = m_server.write(
        {series(m_now, "quick_total", {}, 1, 600), series(m_now, "usual_total", {}, 15, 1'206),
         series(m_now, "seldom_total", {}, 300, 1'217), series(m_now, "young_total", {}, 15, 33),
         series(m_now, "born_total", {}, 15, 3), outage, series(m_now, "jobs_total", {{"job", "fast"}}, 15, 1'204),
         series(m_now, "jobs_total", {{"job", "slow"}}, 120, 1'207), series(m_now, "h_bucket", {{"le", "1"}}, 30, 606),
         series(m_now, "h_bucket", {{"le", "+Inf"}}, 30, 606)});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_entry.id = QStringLiteral("real");
    m_entry.source = std::make_shared<remote::PrometheusSource>(
        std::make_shared<remote::SourceThread>(),
        sources::Connection{.name = "real", .url = "http://127.0.0.1:" + std::to_string(m_server.port())},
        test::variables());
}

void TestScrapePaceReal::isThatOfTheSamples_data()
{
    QTest::addColumn<QString>("samples");
    QTest::addColumn<int>("seconds");
    QTest::newRow("every second") << QStringLiteral("quick_total") << 5;
    QTest::newRow("every 15 s") << QStringLiteral("usual_total") << 15;
    QTest::newRow("every 5 minutes") << QStringLiteral("seldom_total") << 300;
    QTest::newRow("three samples so far") << QStringLiteral("young_total") << 15;
    QTest::newRow("after an outage") << QStringLiteral("outage_total") << 15;
    QTest::newRow("the slowest of two jobs") << QStringLiteral("jobs_total") << 120;
    QTest::newRow("a histogram") << QStringLiteral("h_bucket") << 30;
    QTest::newRow("one sample so far") << QStringLiteral("born_total") << 0;
}

void TestScrapePaceReal::isThatOfTheSamples()
{
    if (!m_entry.source)
        QSKIP("prometheus is not installed, so there is nothing to ask");
    QFETCH(QString, samples);
    QFETCH(int, seconds);
    const auto metric = samples.toStdString();
    const Query query{.metric = metric, .function = Function::rate};
    ScrapePace pace([](const std::string&) {});
    pace.of(m_entry, metric, m_now);
    QVERIFY(pace.findsOut(query, m_entry));
    QTRY_VERIFY_WITH_TIMEOUT(!pace.findsOut(query, m_entry), 20'000);
    const auto known = pace.known(m_entry, metric);
    QCOMPARE(known ? known->count() : 0, seconds * std::int64_t{1'000});
}

QTEST_GUILESS_MAIN(TestScrapePaceReal)
#include "tst_scrape_pace_real.moc"
