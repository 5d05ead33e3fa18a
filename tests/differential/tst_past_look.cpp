// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"

#include "bridge/past_look.h"
#include "remote/prometheus_source.h"
#include "sources/local_source.h"
#include "unit/remote/scripted_source.h"

#include <QDateTime>
#include <QStandardPaths>

#include <limits>

using namespace tokenscope;
using namespace tokenscope::query;
using namespace std::chrono_literals;
using tests::PrometheusServer;
using ui::Past;
using ui::PastLook;
using ui::Question;

Q_DECLARE_METATYPE(tokenscope::ui::Question)
Q_DECLARE_METATYPE(tokenscope::ui::Past::Known)

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t pace = 15'000;

} // namespace

/// When something was seen last, by the same samples of a day in a real Prometheus and in a store of this process.
class TestPastLook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void looksBack_data();
    void looksBack();
    void saysNothingThatExplainsNothing();
    void saysNothingWhenItIsGone();

private:
    std::vector<Sample> scrape(std::int64_t ago) const;
    std::shared_ptr<sources::MetricSource> source(const QString& name) const;

    SeriesStore m_store{{.max_age_ms = hour, .coarse_age_ms = 2 * day}};
    std::int64_t m_now = QDateTime::currentMSecsSinceEpoch() / pace * pace;
    PrometheusServer m_server;
    std::shared_ptr<sources::MetricSource> m_prometheus;
    std::shared_ptr<sources::MetricSource> m_local;
};

std::vector<Sample> TestPastLook::scrape(std::int64_t ago) const
{
    const double events = ago > 2 * hour ? double(day - ago) / pace : double(day - 2 * hour) / pace;
    std::vector<Sample> samples{{"h_bucket", {{"le", "1"}}, events / 2},
                                {"h_bucket", {{"le", "+Inf"}}, events},
                                {"h_sum", {}, events},
                                {"h_count", {}, events},
                                {"always", {}, 1}};
    if (ago >= 3 * hour)
        samples.push_back({"gauge", {{"a", "x"}}, 0});
    if (ago >= 70 * minute)
        samples.push_back({"lately", {}, 5});
    if (ago >= 20 * hour - 2 * pace && ago <= 20 * hour)
        samples.push_back({"moment", {}, 7});
    return samples;
}

void TestPastLook::initTestCase()
{
    std::vector<PrometheusServer::NamedSeries> all;
    for (auto ago = day - pace; ago >= 0; ago -= pace)
        m_store.append(m_now - ago, scrape(ago));
    for (const auto& metric : m_store.metric_names()) {
        for (auto& series : m_store.select(
                 metric, [](const Labels&) { return true; }, 0, std::numeric_limits<std::int64_t>::max()))
            all.push_back({metric, std::move(series)});
    }
    m_local = std::make_shared<sources::LocalSource>(
        m_store, nullptr, [](std::string_view name) { return sources::MetricInfo{.name = std::string(name)}; });
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        return;
    const auto trouble = m_server.start(executable);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    const auto refused = m_server.write(all);
    QVERIFY2(refused.isEmpty(), qPrintable(refused));
    const auto url = "http://127.0.0.1:" + std::to_string(m_server.port());
    m_prometheus = std::make_shared<remote::PrometheusSource>(
        std::make_shared<remote::SourceThread>(), sources::Connection{.name = "real", .url = url}, test::variables());
}

std::shared_ptr<sources::MetricSource> TestPastLook::source(const QString& name) const
{
    return name == QLatin1String("store") ? m_local : m_prometheus;
}

void TestPastLook::looksBack_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<Question>("question");
    QTest::addColumn<Past::Known>("known");
    QTest::addColumn<qint64>("ago");
    QTest::addColumn<qint64>("within");
    using enum Function;
    using enum Past::Known;
    for (const auto* asked : {"prometheus", "store"}) {
        const auto row = [asked](const char* name, const Question& question, Past::Known known, std::int64_t ago = 0,
                                 std::int64_t within = 0) {
            QTest::addRow("%s, %s", name, asked)
                << QString::fromLatin1(asked) << question << known << qint64(ago) << qint64(within);
        };
        row("in the hour before", Query{.metric = "lately"}, seen, 70 * minute, 10'000);
        row("a rate", Query{.metric = "lately", .function = rate, .by = {"a"}}, seen, 70 * minute, 10'000);
        row("longer ago", Query{.metric = "gauge", .where = {{"a", "x"}}}, seen, 3 * hour, 5 * minute + pace);
        row("for a moment", Query{.metric = "moment"}, seen, 20 * hour - 2 * pace, 5 * minute + pace);
        row("events, not samples", Query{.metric = "h", .function = quantile, .quantiles = {0.5}}, seen, 2 * hour,
            5 * minute + pace);
        row("mean", Query{.metric = "h", .function = mean}, seen, 2 * hour, 5 * minute + pace);
        row("heatmap", Query{.metric = "h", .function = heatmap}, seen, 2 * hour, 5 * minute + pace);
        row("other labels", Query{.metric = "gauge", .where = {{"a", "y"}}}, not_for);
        row("no such metric", Query{.metric = "nothing"}, nowhere);
    }
    QTest::addRow("expression") << QStringLiteral("prometheus") << Question(std::string("sum(gauge * 2)")) << seen
                                << qint64(3 * hour) << qint64(5 * minute);
}

void TestPastLook::looksBack()
{
    QFETCH(QString, asked);
    QFETCH(Question, question);
    QFETCH(Past::Known, known);
    QFETCH(qint64, ago);
    QFETCH(qint64, within);
    const auto from = source(asked);
    if (!from)
        QSKIP("prometheus is not installed, so there is nothing to ask");
    bool settled = false;
    const PastLook look({.id = asked, .source = from}, question, m_now - hour, [&] { settled = true; });
    QVERIFY(!look.settled());
    QTRY_VERIFY_WITH_TIMEOUT(settled, 20'000);
    QVERIFY(look.past());
    QCOMPARE(look.past()->known, known);
    if (known != Past::Known::seen)
        return;
    const auto off = look.past()->at - (m_now - ago);
    QVERIFY2(std::abs(off) <= within, qPrintable(QStringLiteral("%1 s off").arg(off / 1000)));
}

void TestPastLook::saysNothingThatExplainsNothing()
{
    bool settled = false;
    const PastLook there({.id = QStringLiteral("local"), .source = m_local}, Query{.metric = "always"}, m_now - hour,
                         [&] { settled = true; });
    QTRY_VERIFY(settled);
    QVERIFY(there.settled() && !there.past());
}

void TestPastLook::saysNothingWhenItIsGone()
{
    bool settled = false;
    {
        const PastLook look({.id = QStringLiteral("local"), .source = m_local}, Query{.metric = "gauge"}, m_now,
                            [&] { settled = true; });
    }
    bool other = false;
    const PastLook later({.id = QStringLiteral("local"), .source = m_local}, Query{.metric = "gauge"}, m_now,
                         [&] { other = true; });
    QTRY_VERIFY(other); // by then the first one's answer would have come
    QVERIFY(!settled);
}

QTEST_GUILESS_MAIN(TestPastLook)
#include "tst_past_look.moc"
