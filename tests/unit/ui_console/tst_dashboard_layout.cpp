// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/time_series_chart.h"
#include "dashboard_bench.h"
#include "dashboards/dashboard_json.h"
#include "pages/dashboards/panel_view.h"
#include "widgets/stat_tile.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QtTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

const std::string json = R"json({
  "version": 2, "title": "Bench", "description": "Some is measured.", "needs": ["m"],
  "rows": [
    {"title": "Now", "panels": [
      {"id": "a", "title": "A", "kind": "stat", "width": 2, "queries": [{"query": {"metric": "m"}}]},
      {"id": "gpu", "title": "GPU", "kind": "stat", "width": 2, "queries": [{"query": {"metric": "gpu"}}]},
      {"id": "b", "title": "B", "kind": "stat", "width": 2, "queries": [{"query": {"metric": "m"}}]}]},
    {"title": "Graphics", "panels": [
      {"id": "watts", "title": "Power", "width": 12, "queries": [{"query": {"metric": "watts"}}]}]},
    {"title": "Load", "panels": [
      {"id": "gpu-use", "title": "GPU use", "width": 4, "queries": [{"query": {"metric": "gpu"}}]},
      {"id": "queue", "title": "Queue", "width": 4, "queries": [{"query": {"metric": "m"}}]},
      {"id": "memory", "title": "GPU memory", "width": 4, "queries": [{"first_of": [{"metric": "x"}, {"metric": "y"}]}]},
      {"id": "cpu", "title": "CPU", "width": 4, "queries": [{"query": {"metric": "m"}}]},
      {"id": "heat", "title": "Heat", "kind": "heatmap", "width": 8, "queries": [{"query": {"metric": "h", "fn": "heatmap"}}]}]}
  ]})json";

const char* const measured[] = {"a", "b", "queue", "cpu", "heat"};
const char* const unmeasured[] = {"gpu", "watts", "gpu-use", "memory"};

/// The dashboard alone, over a source that has only some of its metrics.
struct Bench : test::ConsoleFixture {
    explicit Bench(sources::MetricSource::Texts names = {"h_bucket", "m"}, QSize size = {1400, 700})
    {
        local.metricNames = std::move(names);
        local.script = [](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            return test::frameFor(call.range, call.query.metric == "h" ? "le" : "model", {{"1", 1}, {"2", 3}});
        };
        catalogue.refresh();
        const auto dashboard = dashboards::parse_dashboard(json, "bench");
        if (!dashboard)
            qFatal("%s", dashboard.error().message.c_str());
        view = std::make_unique<DashboardView>(shown, feed, catalogue, *dashboard);
        view->resize(size);
        feed.start();
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
    }
    PanelView& panel(const char* id) const
    {
        return *find<PanelView>(*view, QStringLiteral("panel.") + QLatin1StringView(id));
    }
    template <typename Ids>
    bool allHidden(const Ids& ids, bool hidden) const
    {
        return std::ranges::all_of(ids, [&](const char* id) { return panel(id).isHidden() == hidden; });
    }
    QScrollArea& scroll() const { return *find<QScrollArea>(*view, "dashboard.scroll"); }
    QWidget& line() const { return *find<QWidget>(*view, "dashboard.absent"); }
    QString text() const { return find<QLabel>(*view, "dashboard.absent.text")->text(); }
    QPushButton& toggle() const { return *find<QPushButton>(*view, "dashboard.absent.toggle"); }
    int heightInView(const char* id) const { return panel(id).mapTo(scroll().viewport(), QPoint()).y(); }

    ConsoleContext shown = context();
    TimeRange range{clock};
    MetricFeed feed{sources, range};
    MetricCatalogue catalogue{sources};
    std::unique_ptr<DashboardView> view;
};

int right(const QWidget& widget)
{
    return widget.geometry().right();
}

/// Where a widget stands among those that the Tab key visits.
int placeInFocusChain(const QWidget& window, const QWidget& wanted)
{
    int place = 0;
    for (const auto* widget = window.nextInFocusChain(); widget != &window; widget = widget->nextInFocusChain()) {
        ++place;
        if (widget == &wanted)
            return place;
    }
    return -1;
}

} // namespace

/// Which panels of a dashboard are seen, where, and how high.
class TestDashboardLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotMeasuredIsLeftOut()
    {
        Bench bench;
        QTRY_VERIFY(bench.allHidden(unmeasured, true) && bench.allHidden(measured, false));
        QVERIFY(bench.line().isVisible());
        QCOMPARE(bench.text(), QStringLiteral("Not measured by this source: GPU, Power, GPU use, GPU memory"));
        // The others close up, and a row of which nothing is left has no title either.
        QTRY_VERIFY(bench.panel("b").x() > right(bench.panel("a")));
        QTRY_VERIFY(bench.panel("b").x() < right(bench.panel("a")) + 40);
        QTRY_COMPARE(bench.panel("queue").x(), bench.panel("a").x());
        QTRY_COMPARE(bench.panel("cpu").y(), bench.panel("queue").y());
        QTRY_COMPARE(bench.panel("heat").x(), bench.panel("queue").x());
        QTRY_COMPARE(right(bench.panel("cpu")), right(bench.panel("heat")));
        for (const auto* label : bench.view->findChildren<QLabel*>()) {
            if (label->text() == QStringLiteral("Graphics"))
                QVERIFY(label->isHidden());
            if (label->text() == QStringLiteral("Load"))
                QVERIFY(label->isVisible());
        }
        bench.view->showAlone(); // the first chart that is seen
        QVERIFY(bench.panel("queue").isVisible() && bench.panel("gpu-use").isHidden());
        QVERIFY(bench.view->showAll());
        QVERIFY(bench.allHidden(unmeasured, true));
    }

    void itIsShownAllTheSameWhereThatIsWanted()
    {
        Bench bench;
        QTRY_VERIFY(bench.toggle().isVisible());
        QCOMPARE(bench.toggle().text(), QStringLiteral("Show"));
        QVERIFY(placeInFocusChain(*bench.view, bench.toggle())
                > placeInFocusChain(*bench.view, *find<QWidget>(*bench.view, "panel.heat.expand")));
        bench.toggle().click();
        QVERIFY(bench.allHidden(unmeasured, false) && bench.allHidden(measured, false));
        QCOMPARE(bench.toggle().text(), QStringLiteral("Hide"));
        QTRY_COMPARE(bench.panel("gpu-use").x(), bench.panel("a").x());
        QTRY_COMPARE(bench.panel("memory").y(), bench.panel("queue").y());
        bench.toggle().click();
        QVERIFY(bench.allHidden(unmeasured, true));
    }

    void whatIsMeasuredLaterComesBack()
    {
        Bench bench({"h_bucket", "m"}, {1400, 300});
        auto* queue = find<TimeSeriesChart>(*bench.view, "panel.queue.content");
        QTRY_VERIFY(queue->pointCount() > 0);
        auto& bar = *bench.scroll().verticalScrollBar();
        QTRY_VERIFY(bar.maximum() > 0);
        bar.setValue(bar.maximum());
        const int before = bench.heightInView("heat");
        bench.local.metricNames = {"gpu", "h_bucket", "m", "watts"};
        bench.catalogue.refresh();
        QTRY_VERIFY(!bench.panel("gpu-use").isHidden() && !bench.panel("watts").isHidden());
        QVERIFY(bench.panel("memory").isHidden());
        QCOMPARE(bench.text(), QStringLiteral("Not measured by this source: GPU memory"));
        QCoreApplication::processEvents();
        QCOMPARE(bench.heightInView("heat"), before); // what was seen did not move
        QVERIFY(queue->pointCount() > 0);             // nor lose what it showed
        bench.local.metricNames = {"gpu", "h_bucket", "m", "watts", "y"};
        bench.catalogue.refresh();
        QTRY_VERIFY(bench.allHidden(unmeasured, false));
        QVERIFY(bench.line().isHidden());
    }

    void aSourceThatFailsMovesNothing()
    {
        Bench bench;
        QTRY_VERIFY(bench.allHidden(unmeasured, true));
        bench.local.metricsError = Error{ErrorCode::upstream_timeout, "It does not answer.", {}};
        bench.catalogue.refresh();
        QTRY_VERIFY(!bench.catalogue.error().isEmpty());
        QVERIFY(bench.allHidden(unmeasured, true) && bench.allHidden(measured, false));
    }

    void whereNothingIsMeasuredAllIsShown()
    {
        Bench bench({"other"});
        QTRY_COMPARE(find<TimeSeriesChart>(*bench.view, "panel.queue.content")->accessibleDescription(),
                     QStringLiteral("Not measured by this source."));
        QVERIFY(bench.allHidden(unmeasured, false) && bench.allHidden(measured, false));
        QVERIFY(bench.line().isHidden());
    }

    void whileItIsEditedAllIsShown()
    {
        Bench bench;
        QTRY_VERIFY(bench.allHidden(unmeasured, true));
        bench.view->setEditing(true);
        QVERIFY(bench.allHidden(unmeasured, false));
        QVERIFY(bench.line().isHidden());
        bench.view->setEditing(false);
        QVERIFY(bench.allHidden(unmeasured, true));
    }

    /// Of a page that is higher than the dashboard, the charts take the rest, as far as that looks right.
    void chartsFillAHighPage()
    {
        Bench bench({"h_bucket", "m"}, {1400, 780});
        QTRY_VERIFY(bench.allHidden(unmeasured, true));
        const int tile = bench.panel("a").height();
        const auto& viewport = *bench.scroll().viewport();
        QTRY_VERIFY(bench.panel("queue").height() > PanelView::lineHeight);
        QTRY_COMPARE(bench.panel("heat").height(), bench.panel("queue").height());
        QCOMPARE(bench.panel("a").height(), tile);
        QVERIFY(!bench.scroll().verticalScrollBar()->isVisible());
        QTRY_VERIFY(bench.scroll().widget()->height() == viewport.height()
                    && viewport.height() - bench.line().geometry().bottom() < 24);
        bench.view->resize(1400, 2000);
        QTRY_COMPARE(bench.panel("heat").height(), PanelView::lineHeight * 8 / 5);
        bench.view->resize(1400, 400);
        QTRY_COMPARE(bench.panel("heat").height(), int{PanelView::lineHeight});
        bench.view->resize(1400, 780);
        QTRY_VERIFY(bench.panel("queue").height() > PanelView::lineHeight);
        bench.view->setEditing(true); // as the file says
        QTRY_COMPARE(bench.panel("queue").height(), int{PanelView::lineHeight});
    }

    void theChoiceIsOfTheSession()
    {
        test::DashboardBench bench(json);
        bench.local.metricNames = {"cpu_percent", "h_bucket", "m"};
        bench.open();
        const auto toggle = [&] { return find<QPushButton>(*bench.window, "dashboard.absent.toggle"); };
        QTRY_VERIFY(toggle()->isVisible());
        toggle()->click();
        bench.page().showDashboard(QStringLiteral("overview"));
        QTRY_VERIFY(toggle()->isVisible());
        QCOMPARE(toggle()->text(), QStringLiteral("Hide"));
        QVERIFY(!find<PanelView>(*bench.window, "panel.gpu")->isHidden());
    }

    /// The smallest window: what the others of a row say, none leaves out, and the description is read as a whole.
    void theOverviewIsReadOnASmallWindow()
    {
        test::DashboardBench bench(json);
        bench.local.metricNames = {"aigateway_requests_total", "aigateway_first_token_latency_seconds_bucket",
                                   "aigateway_total_latency_seconds_bucket", "aigateway_model_tokens_total"};
        bench.settings.setValue(QStringLiteral("dashboards/current"), QStringLiteral("overview"));
        bench.open({1024, 640});
        for (const char* id :
             {"requests", "errors", "time-to-first-token-p95", "total-latency-p95", "output-tokens", "input-tokens"}) {
            const auto* tile =
                find<StatTile>(*bench.window, QStringLiteral("panel.%1.content").arg(QLatin1StringView(id)));
            const auto noted = [tile] {
                return std::ranges::any_of(tile->findChildren<QLabel*>(), [](const QLabel* label) {
                    return label->isVisible() && label->text().startsWith(QStringLiteral("over "));
                });
            };
            QTRY_VERIFY2(noted(), id);
        }
        const auto* description = find<QLabel>(*bench.window, "dashboard.description");
        const int line = description->fontMetrics().lineSpacing();
        QTRY_COMPARE(description->heightForWidth(description->width()), 2 * line);
        QTRY_VERIFY(description->height() >= 2 * line && description->height() < 3 * line);
        QVERIFY(description->toolTip().isEmpty());
        const auto* header = description->parentWidget();
        const int high = header->height();
        bench.window->resize(1920, 1080);
        QTRY_COMPARE(description->heightForWidth(description->width()), line);
        QVERIFY(header->height() <= high);
    }
};

QTEST_MAIN(TestDashboardLayout)
#include "tst_dashboard_layout.moc"
