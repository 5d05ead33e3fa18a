// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"

#include "bridge/frame_math.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "pages/explore/query_run.h"
#include "remote/prometheus_source.h"
#include "unit/remote/scripted_source.h"
#include "widgets/value_table_model.h"

#include <QDateTime>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QWidget>

#include <limits>

using namespace tokenscope;
using namespace tokenscope::query;
using tests::PrometheusServer;
using ui::MetricFeed;
using ui::QueryRun;
using ui::ValueTableModel;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t pace = 15'000;

} // namespace

/// What a real Prometheus says at an instant, on a tile and in Explore's table.
class TestValuesAtEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aTileIsOfTheEnd_data();
    void aTileIsOfTheEnd();
    void exploreListsWhatAnInstantIs();

private:
    std::int64_t m_now = QDateTime::currentMSecsSinceEpoch() / pace * pace;
    PrometheusServer m_server;
    ui::SourceList::Entry m_entry;
};

/// A gauge that tells the seconds, and a counter that stood still until ten minutes ago.
void TestValuesAtEnd::initTestCase()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("prometheus is not installed, so there is nothing to ask");
    SeriesStore store{{.max_age_ms = 2 * day, .coarse_age_ms = 2 * day}};
    for (auto ago = day; ago >= 0; ago -= pace) {
        const auto at = m_now - ago;
        store.append(
            at, std::vector<Sample>{{"gauge", {}, double(day - ago) / 1000},
                                    {"events_total", {}, double(std::max<std::int64_t>(0, 10 * minute - ago)) / 1000}});
    }
    std::vector<PrometheusServer::NamedSeries> all;
    for (const auto& metric : store.metric_names()) {
        for (auto& series : store.select(
                 metric, [](const Labels&) { return true; }, 0, std::numeric_limits<std::int64_t>::max()))
            all.push_back({metric, std::move(series)});
    }
    auto trouble = m_server.start(executable);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    trouble = m_server.write(all);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_entry.id = QStringLiteral("real");
    m_entry.source = std::make_shared<remote::PrometheusSource>(
        std::make_shared<remote::SourceThread>(),
        sources::Connection{.name = "real", .url = "http://127.0.0.1:" + std::to_string(m_server.port())},
        test::variables());
}

void TestValuesAtEnd::aTileIsOfTheEnd_data()
{
    QTest::addColumn<bool>("fixed");
    QTest::addColumn<qint64>("ago"); ///< of the end
    QTest::newRow("now") << false << qint64(0);
    QTest::newRow("a fixed end") << true << qint64(0);
    QTest::newRow("a fixed end in the past") << true << qint64(7 * hour + 4'321'000);
}

void TestValuesAtEnd::aTileIsOfTheEnd()
{
    if (!m_entry.source)
        QSKIP("prometheus is not installed, so there is nothing to ask");
    QFETCH(bool, fixed);
    QFETCH(qint64, ago);
    ManualClock clock;
    clock.advance(std::chrono::milliseconds(m_now) - clock.wall().time_since_epoch());
    ui::TimeRange range(clock);
    range.setWindowMs(30 * day);
    const auto end = m_now - ago;
    if (fixed)
        range.setFixed({end - 30 * day, end});
    MetricFeed feed(*m_entry.source, range);
    QWidget tile;
    tile.resize(200, 100);
    tile.show();
    std::optional<ui::FeedAnswer> answer;
    const Query rate{.metric = "events_total", .function = Function::rate, .window = std::chrono::minutes(1)};
    feed.subscribe(
        &tile, {Query{.metric = "gauge"}, rate}, [&](const ui::FeedAnswer& given) { answer = given; },
        MetricFeed::Wants::both);
    feed.tick();
    QTRY_VERIFY_WITH_TIMEOUT(answer, 20'000);
    QVERIFY2(ui::firstError(*answer).isEmpty(), qPrintable(ui::firstError(*answer)));
    QVERIFY(answer->range.step >= hour);
    QVERIFY(answer->range.to <= end);
    const auto values = ui::goodFrames(ui::atEnd(*answer));
    QCOMPARE(*ui::lastValue(*values[0]), double(day - m_now + end / pace * pace) / 1000);
    QCOMPARE(*ui::lastValue(*values[1]), ago == 0 ? 1.0 : 0.0); // of a window of hours it would be less
}

void TestValuesAtEnd::exploreListsWhatAnInstantIs()
{
    if (!m_entry.source)
        QSKIP("prometheus is not installed, so there is nothing to ask");
    QueryRun run;
    QSignalSpy finished(&run, &QueryRun::finished);
    const auto ask = [&](const std::string& expression) -> const QueryRun::Answer& {
        const auto to = m_now / (5 * minute) * 5 * minute;
        run.start(m_entry, expression, {.from = to - hour, .to = to, .step = 5 * minute}, m_now);
        finished.wait(20'000);
        return run.answer();
    };
    ValueTableModel model;
    model.setExact(true);
    const auto table = [&](const QueryRun::Answer& answer) {
        QStringList texts;
        if (!answer.values)
            return QStringList{QString::fromStdString(answer.values.error().message)};
        model.setFrame(*answer.values);
        for (int row = 0; row < model.rowCount(); ++row)
            texts << model.index(row, model.columnCount() - 1).data().toString();
        return texts;
    };
    const auto exact = QString::number(day / 1000);
    QCOMPARE(table(ask("gauge")), QStringList{exact}); // and not that of the last step
    QVERIFY(run.answer().lines);
    const auto* const nan = "label_replace(vector(0) / vector(0), \"a\", \"b\", \"\", \"\") or gauge";
    QCOMPARE(table(ask(nan)), (QStringList{exact, QStringLiteral("NaN")}));
    QCOMPARE((*run.answer().lines)->columns.size(), std::size_t{2});
    QCOMPARE(table(ask("\"abc\"")), QStringList{QStringLiteral("abc")});
    QVERIFY(!run.answer().lines && run.answer().lines.error().code == ErrorCode::invalid_request);
    const auto samples = table(ask("gauge[20s]"));
    QCOMPARE(samples.size(), 1);
    QVERIFY2(samples[0].startsWith(QString::number(day / 1000 - 15) + QStringLiteral(" @ "))
                 && samples[0].contains(QStringLiteral(", ") + exact + QStringLiteral(" @ ")),
             qPrintable(samples[0]));
    QVERIFY(!run.answer().lines);
    QVERIFY(!ask("sum(").values); // that is an error of both
    QVERIFY(!run.answer().lines);
}

QTEST_MAIN(TestValuesAtEnd)
#include "tst_values_at_end.moc"
