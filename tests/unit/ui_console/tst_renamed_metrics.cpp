// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/time_series_chart.h"
#include "dashboard_bench.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "pages/dashboards/panel_plan.h"
#include "pages/dashboards/panel_view.h"
#include "widgets/stat_tile.h"

#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <chrono>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

const std::string json = R"json({
  "version": 2, "title": "Bench", "needs": ["m_newer", "m_older"],
  "rows": [{"panels": [
    {"id": "chart", "title": "Chart", "queries": [{"first_of": [{"metric": "m_newer"}, {"metric": "absent"}, {"metric": "m_older"}]}]},
    {"id": "tile", "title": "Tile", "kind": "stat", "queries": [{"first_of": [{"metric": "m_newer"}, {"metric": "m_older"}]}]}
  ]}]})json";

constexpr std::int64_t renamed = 1'000'000'000'000;

/// The metric was renamed long ago: before, the source had it by its old name only.
struct Bench : test::DashboardBench {
    Bench() : DashboardBench(json)
    {
        local.metricNames = {"m_newer", "m_older"};
        local.script = [this](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            const bool there = call.query.metric == (call.range.to < renamed ? "m_older" : "m_newer");
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
        QCOMPARE(bench.asked("m_older"), std::size_t{0}); // while the first has something
        bench.look(renamed - 7'200'000, renamed - 3'600'000);
        QTRY_VERIFY(bench.asked("m_older") > 0);
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value() == 1.0);
        QCOMPARE(bench.asked("absent"), std::size_t{0}); // which the source does not have at all
        Q_EMIT bench.chart().rangeReset();
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value() == 1.0);
        const auto newer = bench.asked("m_newer");
        QTRY_VERIFY(bench.asked("m_newer") > newer); // and goes on with it
    }

    void whereNoneHasAnythingTheFirstIsNamed()
    {
        Bench bench;
        bench.nothing = true;
        bench.open();
        QTRY_VERIFY(bench.asked("m_older") > 0);
        QTRY_VERIFY2(bench.chart().accessibleDescription().contains(QStringLiteral("m_newer")),
                     qPrintable(bench.chart().accessibleDescription()));
        const auto older = bench.asked("m_older");
        const auto newer = bench.asked("m_newer");
        QTRY_VERIFY(bench.asked("m_newer") > newer + 1);
        QVERIFY(bench.asked("m_older") <= older + 1); // not in turns for ever
        bench.nothing = false;
        QTRY_VERIFY(bench.chart().pointCount() > 0 && bench.tile().value() == 1.0);
    }

    /// As long as it is not known that a Prometheus scrapes once a minute, a minute's rate of the first seems to have nothing.
    void aWindowThatWasTooShortPassesNothingOverForGood()
    {
        using namespace std::chrono_literals;
        test::DashboardBench bench(R"json({
          "version": 2, "title": "Rates", "needs": ["app_first_total"],
          "rows": [{"panels": [{"id": "tile", "title": "Tile", "kind": "stat", "queries": [{"first_of": [
            {"metric": "app_first_total", "fn": "rate"}, {"metric": "app_second_total", "fn": "rate"}]}]}]}]})json");
        bench.local.canPromql = true;
        bench.local.metricNames = {"app_first_total", "app_second_total"};
        bench.local.script = [](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.expression.find("app_second_total") != std::string::npos)
                return test::frameOf({60}); // seconds between samples
            const bool first = call.query.metric == "app_first_total";
            if (!call.expression.empty() || (first && call.query.window < 120s))
                return std::make_shared<const query::Frame>();
            return test::frameFor(call.range, "model", {{"phi4", first ? 0.9 : 0.2}});
        };
        bench.open();
        QTRY_COMPARE(find<StatTile>(*bench.window, "panel.tile.content")->value(), std::optional(0.9));
    }

    /// The first was asked for already, as long as nobody knew what there is.
    void namesThatComeLateTellOfTheOlderOne()
    {
        test::FakeSource source;
        source.script = [](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.query.metric != "m_older")
                return std::make_shared<const query::Frame>();
            return test::frameFor(call.range, "model", {{"phi4", 1}});
        };
        const Theme theme(ThemeMode::dark);
        const SystemClock clock;
        TimeRange range(clock);
        MetricFeed feed(source, range);
        ChartGroup group;
        const auto parsed = dashboards::parse_dashboard(json, "bench");
        QVERIFY(parsed.has_value());
        PanelView view(theme, feed, group, *dashboards::find_panel(*parsed, "chart"));
        dashboards::MetricNames names;
        const dashboards::Choices choices;
        const auto plan = [&] {
            const PlanContext context{
                .settled = true, .known = !names.empty(), .names = names, .promql = false, .choices = choices};
            view.setPlan(planOf(view.panel(), context, view.passed()));
        };
        connect(&view, &PanelView::planWanted, this, plan);
        QSignalSpy answered(&view, &PanelView::answered);
        view.resize(400, 300);
        view.show();
        feed.start();
        plan();
        QTRY_VERIFY(!answered.isEmpty());
        names = {"m_newer", "m_older"};
        plan();
        QTRY_VERIFY(find<TimeSeriesChart>(view, "panel.chart.content")->pointCount() > 0);
    }
};

QTEST_MAIN(TestRenamedMetrics)
#include "tst_renamed_metrics.moc"
