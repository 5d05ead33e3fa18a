// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/plot_item.h"
#include "charts/plot_view.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "pages/common/requests_behind.h"
#include "charts/heatmap.h"
#include "pages/dashboards/panel_plan.h"
#include "pages/dashboards/panel_view.h"
#include "pages/overview/overview_page.h"

#include <QSignalSpy>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using query::Function;

/// From a point of a chart to the requests behind it.
class TestRequestsBehind : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatAChartTellsOf_data();
    void whatAChartTellsOf();
    void theSeriesNarrowsIt();
    void onTheOverview();
    void otherSourcesTellOfNone();
    void onADashboard();
    void aDashboardsHeatmap();

private:
    static void press(TimeSeriesChart& chart)
    {
        QTest::keyClick(&chart, Qt::Key_End);
        QTest::keyClick(&chart, Qt::Key_Return);
    }
};

void TestRequestsBehind::whatAChartTellsOf_data()
{
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("status");
    QTest::addColumn<bool>("any");
    QTest::addColumn<QString>("filter");
    QTest::addColumn<RequestsWanted::Slowest>("slowest");
    using enum RequestsWanted::Slowest;
    const auto row = [](const char* metric, const char* status, bool any, const char* filter,
                        RequestsWanted::Slowest slowest = total) {
        QTest::addRow("%s %s", metric, status) << QString::fromLatin1(metric) << QString::fromLatin1(status) << any
                                               << QString::fromLatin1(filter) << slowest;
    };
    row("aigateway_first_token_latency_seconds", "", true, "", firstToken);
    row("aigateway_inter_token_latency_seconds", "", true, "", betweenTokens);
    row("aigateway_total_latency_seconds", "", true, "");
    row("aigateway_requests_total", "error", true, "status:error");
    row("aigateway_requests_total", "!error", true, "");
    row("aigateway_requests_total", "~5..", true, "");
    row("cpu_percent", "", false, "");
    row("tokenscope_queue_depth", "", false, "");
    row("vllm:time_to_first_token_seconds", "", false, "");
    row("", "", false, "");
}

void TestRequestsBehind::whatAChartTellsOf()
{
    QFETCH(QString, metric);
    QFETCH(QString, status);
    QFETCH(bool, any);
    QFETCH(QString, filter);
    QFETCH(RequestsWanted::Slowest, slowest);
    query::Query query{.metric = metric.toStdString(), .function = Function::rate, .window = std::chrono::seconds(30)};
    if (!status.isEmpty())
        query.where = {{"status", status.toStdString()}};
    const auto behind = requestsBehind(query);
    QCOMPARE(behind.has_value(), any);
    if (!any)
        return;
    QCOMPARE(behind->filter, filter);
    QCOMPARE(behind->lookBackMs, 30'000);
    QCOMPARE(behind->slowest, slowest);
    const query::Query share{.function = Function::share, .parts = {query, {.metric = "other"}}};
    QCOMPARE(requestsBehind(share)->filter, filter);
    query.offset = std::chrono::hours(1); // of another time than the axis says
    QVERIFY(!requestsBehind(query));
}

void TestRequestsBehind::theSeriesNarrowsIt()
{
    const auto wanted = requestsAt({QStringLiteral("has:ttft"), 30'000, RequestsWanted::Slowest::firstToken}, 100'000,
                                   105'000, {{"backend", "my \"box\""}, {"model", "phi4"}, {"quantile", "0.95"}});
    QCOMPARE(wanted.fromMs, std::optional(std::int64_t{70'000}));
    QCOMPARE(wanted.toMs, std::optional(std::int64_t{105'000}));
    QCOMPARE(wanted.filter, QStringLiteral("has:ttft model:\"phi4\" provider:\"my \\\"box\\\"\""));
    QCOMPARE(wanted.slowest, RequestsWanted::Slowest::firstToken);
    // What the chart says already is not said twice, and no value is nothing to ask for.
    QCOMPARE(requestsAt({.filter = QStringLiteral("status:error")}, 0, 1, {{"status", "error"}, {"model", ""}}).filter,
             QStringLiteral("status:error"));
}

void TestRequestsBehind::onTheOverview()
{
    test::ConsoleFixture fixture;
    fixture.local.script = [](const auto& call) -> Result<query::FramePtr> {
        return test::frameFor(call.range, "status", {{"error", 3}, {"success", 20}});
    };
    auto context = fixture.context();
    TimeRange range(fixture.clock);
    MetricFeed feed(fixture.sources, range);
    const MetricCatalogue catalogue(fixture.sources);
    OverviewPage page(context, feed, catalogue);
    page.resize(1300, 800);
    page.show();
    feed.start();
    std::optional<RequestsWanted> wanted;
    connect(&page, &OverviewPage::requestsWanted, this, [&wanted](const RequestsWanted& asked) { wanted = asked; });
    const auto chart = [&page](const char* name) { return page.findChild<TimeSeriesChart*>(QLatin1String(name)); };
    const auto drawn = [](TimeSeriesChart* one) {
        return !one->findChild<PlotView*>()->item().plotScene().lines.empty();
    };
    QTRY_VERIFY(drawn(chart("chart.ttft")) && drawn(chart("chart.machine")) && drawn(chart("chart.status")));
    press(*chart("chart.ttft"));
    QVERIFY(wanted);
    QCOMPARE(wanted->filter, QString());
    QVERIFY(*wanted->toMs - *wanted->fromMs >= 5000);
    QVERIFY(*wanted->toMs >= range.now() - 5000);

    // A click on the line of the errors.
    wanted.reset();
    auto* view = chart("chart.status")->findChild<PlotView*>();
    const PlotScene& scene = view->item().plotScene();
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      QPoint(static_cast<int>(scene.plot.center().x()), static_cast<int>(scene.y(3))));
    QTRY_VERIFY(wanted);
    QCOMPARE(wanted->filter, QStringLiteral("status:error"));

    wanted.reset();
    press(*chart("chart.machine"));
    QVERIFY(!wanted);
}

void TestRequestsBehind::otherSourcesTellOfNone()
{
    test::ConsoleFixture fixture;
    const auto answer = [](const auto& call) -> Result<query::FramePtr> {
        return test::frameFor(call.range, "status", {{"error", 3}});
    };
    fixture.prepare = [&answer](test::FakeSource& source) { source.script = answer; };
    const auto id = fixture.add("far");
    fixture.sources.setCurrent(id);
    auto context = fixture.context();
    TimeRange range(fixture.clock);
    MetricFeed feed(fixture.sources, range);
    const MetricCatalogue catalogue(fixture.sources);
    OverviewPage page(context, feed, catalogue);
    page.resize(1300, 800);
    page.show();
    feed.start();
    QSignalSpy wanted(&page, &OverviewPage::requestsWanted);
    auto* chart = page.findChild<TimeSeriesChart*>(QStringLiteral("chart.totalLatency"));
    QTRY_VERIFY(!chart->findChild<PlotView*>()->item().plotScene().lines.empty());
    press(*chart);
    QCOMPARE(wanted.size(), 0);
}

void TestRequestsBehind::onADashboard()
{
    test::ConsoleFixture fixture;
    fixture.local.script = [](const auto& call) -> Result<query::FramePtr> {
        return test::frameFor(call.range, "model", {{"phi4", 3}});
    };
    TimeRange range(fixture.clock);
    MetricFeed feed(fixture.sources, range);
    ChartGroup group;
    dashboards::Panel panel;
    panel.id = "latency";
    panel.title = "A title so long that it has to end before the buttons on its right";
    panel.minimum = 0;
    PanelView view(fixture.theme, feed, group, panel);
    view.resize(400, 220);
    view.show();
    feed.start();
    PanelPlan plan;
    plan.key = "1";
    plan.names = {""};
    plan.questions = {query::Query{.metric = "aigateway_total_latency_seconds",
                                   .function = Function::quantile,
                                   .quantiles = {0.95},
                                   .by = {"model"},
                                   .where = {{"backend", "ollama"}}}};
    view.setPlan(plan);
    std::optional<RequestsWanted> wanted;
    connect(&view, &PanelView::requestsWanted, this, [&wanted](const RequestsWanted& asked) { wanted = asked; });
    auto* plot = view.findChild<PlotView*>();
    QTRY_VERIFY(!plot->item().plotScene().lines.empty());
    const PlotScene& scene = plot->item().plotScene();
    QTest::mouseClick(plot->viewport(), Qt::LeftButton, {},
                      QPoint(static_cast<int>(scene.plot.center().x()), static_cast<int>(scene.y(3))));
    QTRY_VERIFY(wanted);
    QCOMPARE(wanted->filter, QStringLiteral("provider:\"ollama\" model:\"phi4\""));

    wanted.reset();
    plan.key = "2";
    plan.questions = {std::string("up")}; // nobody knows what that tells of
    view.setPlan(plan);
    press(*view.findChild<TimeSeriesChart*>());
    QVERIFY(!wanted);
}

void TestRequestsBehind::aDashboardsHeatmap()
{
    test::ConsoleFixture fixture;
    fixture.local.script = [](const auto& call) -> Result<query::FramePtr> {
        return test::frameFor(call.range, "le", {{"0.5", 0}, {"1", 3}});
    };
    TimeRange range(fixture.clock);
    MetricFeed feed(fixture.sources, range);
    ChartGroup group;
    dashboards::Panel panel;
    panel.id = "heat";
    panel.kind = dashboards::PanelKind::heatmap;
    PanelView view(fixture.theme, feed, group, panel);
    view.resize(400, 220);
    view.show();
    feed.start();
    std::optional<RequestsWanted> wanted;
    connect(&view, &PanelView::requestsWanted, this, [&wanted](const RequestsWanted& asked) { wanted = asked; });
    const auto ask = [&](const char* metric, const char* key) {
        PanelPlan plan;
        plan.key = key;
        plan.names = {""};
        plan.questions = {query::Query{.metric = metric, .function = Function::heatmap}};
        view.setPlan(plan);
        wanted.reset();
        auto* heatmap = view.findChild<Heatmap*>();
        if (!QTest::qWaitFor([&] { return heatmap->cells().highest > 0; }))
            qFatal("no cells");
        QTest::keyClick(heatmap, Qt::Key_End);
        QTest::keyClick(heatmap, Qt::Key_Return);
    };
    ask("aigateway_first_token_latency_seconds", "1");
    QVERIFY(wanted);
    QCOMPARE(wanted->filter, QStringLiteral("ttft:>0.5s ttft:<=1s"));
    ask("aigateway_inter_token_latency_seconds", "2"); // which the filter has no word for
    QVERIFY(wanted);
    QCOMPARE(wanted->filter, QString());
    ask("somebody_elses_seconds", "3");
    QVERIFY(!wanted);
}

QTEST_MAIN(TestRequestsBehind)
#include "tst_requests_behind.moc"
