// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_series_chart.h"
#include "dashboard_bench.h"
#include "widgets/stat_tile.h"

#include <QtTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

const std::string json = R"json({
  "version": 2, "title": "Bench", "needs": ["newer", "older"],
  "rows": [{"panels": [
    {"id": "chart", "title": "Chart", "queries": [{"first_of": [{"metric": "newer"}, {"metric": "absent"}, {"metric": "older"}]}]},
    {"id": "tile", "title": "Tile", "kind": "stat", "queries": [{"first_of": [{"metric": "newer"}, {"metric": "older"}]}]}
  ]}]})json";

constexpr std::int64_t renamed = 1'000'000'000'000;

/// The metric was renamed long ago: before, the source had it by its old name only.
struct Bench : test::DashboardBench {
    Bench() : DashboardBench(json)
    {
        local.script = [this](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            const bool there = call.query.metric == (call.range.to < renamed ? "older" : "newer");
            if (!there || nothing)
                return std::make_shared<const query::Frame>();
            return test::frameFor(call.range, "model", {{"phi4", 1}});
        };
    }
    TimeSeriesChart& chart() const { return *find<TimeSeriesChart>(*window, "panel.chart.content"); }
    StatTile& tile() const { return *find<StatTile>(*window, "panel.tile.content"); }
    void look(std::int64_t from, std::int64_t to) const { Q_EMIT chart().rangeSelected(from, to); }
    std::size_t asked(const std::string& metric) const
    {
        const auto calls = local.calls();
        return static_cast<std::size_t>(
            std::ranges::count_if(calls, [&](const auto& call) { return call.query.metric == metric; }));
    }
    bool nothing = false;
};

} // namespace

class TestRenamedMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachTimeHasTheNameOfThen()
    {
        Bench bench;
        bench.open();
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value());
        QCOMPARE(bench.asked("older"), std::size_t{0}); // while the first has something
        bench.look(renamed - 7'200'000, renamed - 3'600'000);
        QTRY_VERIFY(bench.asked("older") > 0);
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value() == 1.0);
        QCOMPARE(bench.asked("absent"), std::size_t{0}); // which the source does not have at all
        Q_EMIT bench.chart().rangeReset();
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value() == 1.0);
        const auto newer = bench.asked("newer");
        QTRY_VERIFY(bench.asked("newer") > newer); // and goes on with it
    }

    void whereNoneHasAnythingTheFirstIsNamed()
    {
        Bench bench;
        bench.nothing = true;
        bench.open();
        QTRY_VERIFY(bench.asked("older") > 0);
        QTRY_VERIFY2(bench.chart().accessibleDescription().contains(QStringLiteral("newer")),
                     qPrintable(bench.chart().accessibleDescription()));
        const auto older = bench.asked("older");
        const auto newer = bench.asked("newer");
        QTRY_VERIFY(bench.asked("newer") > newer + 1);
        QVERIFY(bench.asked("older") <= older + 1); // not in turns for ever
        bench.nothing = false;
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value() == 1.0);
    }
};

QTEST_MAIN(TestRenamedMetrics)
#include "tst_renamed_metrics.moc"
