// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "bridge/wanted.h"
#include "charts/chart_legend.h"
#include "charts/heatmap.h"
#include "widgets/stat_tile.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "pages/overview/overview_page.h"
#include "pages/overview/overview_queries.h"
#include "pages/overview/tile_rows.h"

#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::ui;

/// What one can do with the charts of the Overview.
class TestOverviewCharts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aCellOfTheHeatmapLeadsToItsRequests();
    void aTileLeadsToItsRequests();
    void whatIsInFlightLeadsToTheLanes();
    void tilesOfWhatIsNotMeasuredLeaveNoHole();
    void tilesStandInEvenRows_data();
    void tilesStandInEvenRows();
    void theTileOfThoseInFlightSaysHowManyWait();
    void anErrorLeavesNoNumberBehind();
    void aPageThatIsMadeLateKnowsTheRange();
    void aChartCanTakeThePage();
    void aDoubleClickOnTheTitleDoesTheSame();

private:
    TimeSeriesChart* chart(const char* name) const
    {
        return m_page->findChild<TimeSeriesChart*>(QLatin1StringView(name));
    }
    bool alone(const QWidget* chart) const { return chart->height() > m_page->height() - 100; }

    std::unique_ptr<test::ConsoleFixture> m_fixture;
    std::optional<ConsoleContext> m_context;
    std::unique_ptr<TimeRange> m_range;
    std::unique_ptr<MetricFeed> m_feed;
    std::unique_ptr<MetricCatalogue> m_catalogue;
    std::unique_ptr<OverviewPage> m_page;
    std::vector<RequestsWanted> m_wanted;
};

void TestOverviewCharts::init()
{
    m_wanted.clear();
    m_fixture = std::make_unique<test::ConsoleFixture>();
    m_fixture->local.script = [](const auto& call) -> Result<query::FramePtr> {
        if (call.query.function == query::Function::heatmap)
            return test::frameFor(call.range, "le", {{"0.25", 4}, {"2.5", 4}, {"5", 11}, {"+Inf", 12}});
        if (call.query.metric == overview::inFlight().metric)
            return test::frameFor(call.range, "", {{"", 7}});
        if (call.query.metric == overview::queued().metric)
            return test::frameFor(call.range, "", {{"", 2}});
        return test::frameFor(call.range, "status", {{"error", 3}, {"success", 20}});
    };
    m_context.emplace(m_fixture->context());
    m_range = std::make_unique<TimeRange>(m_fixture->clock);
    m_feed = std::make_unique<MetricFeed>(m_fixture->sources, *m_range);
    m_catalogue = std::make_unique<MetricCatalogue>(m_fixture->sources);
    m_page = std::make_unique<OverviewPage>(*m_context, *m_feed, *m_catalogue);
    connect(m_page.get(), &OverviewPage::requestsWanted, this,
            [this](const RequestsWanted& wanted) { m_wanted.push_back(wanted); });
    m_page->resize(1300, 800);
    m_page->show();
    m_feed->start();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_VERIFY(chart("chart.ttft")->frame() && chart("chart.status")->frame());
}

void TestOverviewCharts::cleanup()
{
    m_page.reset();
    m_catalogue.reset();
    m_feed.reset();
    m_range.reset();
    m_context.reset();
    m_fixture.reset();
}

void TestOverviewCharts::aCellOfTheHeatmapLeadsToItsRequests()
{
    auto* heatmap = m_page->findChild<Heatmap*>(QStringLiteral("overview.heatmap"));
    QTRY_VERIFY(heatmap->cells().highest > 0);
    QTest::keyClick(heatmap, Qt::Key_End);
    QTest::keyClick(heatmap, Qt::Key_Return);
    QCOMPARE(m_wanted.size(), std::size_t(1));
    QCOMPARE(m_wanted.front().filter, QStringLiteral("total:>2.5s total:<=5s"));
    QCOMPARE(m_wanted.front().slowest, RequestsWanted::Slowest::total);
    QVERIFY(*m_wanted.front().toMs - *m_wanted.front().fromMs >= 5000);
    QVERIFY(*m_wanted.front().toMs >= m_range->now() - 10'000);
    // The ends are open.
    QTest::keyClick(heatmap, Qt::Key_Up);
    QTest::keyClick(heatmap, Qt::Key_Return);
    QCOMPARE(m_wanted.back().filter, QStringLiteral("total:>5s"));
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(heatmap, Qt::Key_Down);
    QTest::keyClick(heatmap, Qt::Key_Return);
    QCOMPARE(m_wanted.back().filter, QStringLiteral("total:<=0.25s"));
    QCOMPARE(m_wanted.size(), std::size_t(3));
}

void TestOverviewCharts::whatIsInFlightLeadsToTheLanes()
{
    auto* tile = m_page->findChild<StatTile*>(QStringLiteral("tile.inFlight"));
    QSignalSpy wanted(m_page.get(), &OverviewPage::inFlightWanted);
    QTest::mouseClick(tile, Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    tile->setFocus();
    QTest::keyClick(tile, Qt::Key_Return);
    QCOMPARE(wanted.size(), 2);
    QVERIFY(m_wanted.empty());
    QVERIFY(tile->accessibleDescription().contains(QStringLiteral("in flight now")));
}

void TestOverviewCharts::aTileLeadsToItsRequests()
{
    auto* ttft = m_page->findChild<StatTile*>(QStringLiteral("tile.ttft"));
    auto* errors = m_page->findChild<StatTile*>(QStringLiteral("tile.errorShare"));
    auto* gpu = m_page->findChild<StatTile*>(QStringLiteral("tile.gpu"));
    QVERIFY(ttft && errors && gpu);
    QTest::mouseClick(ttft, Qt::LeftButton);
    QCOMPARE(m_wanted.size(), std::size_t(1));
    QCOMPARE(m_wanted.back().slowest, RequestsWanted::Slowest::firstToken);
    QCOMPARE(*m_wanted.back().toMs, m_range->end());
    QCOMPARE(*m_wanted.back().toMs - *m_wanted.back().fromMs, std::int64_t{60'000});
    errors->setFocus();
    QTest::keyClick(errors, Qt::Key_Return);
    QCOMPARE(m_wanted.size(), std::size_t(2));
    QVERIFY2(m_wanted.back().filter.contains(QStringLiteral("status:")), qPrintable(m_wanted.back().filter));
    QVERIFY(ttft->accessibleDescription().contains(QStringLiteral("the requests of this time")));
    QTest::mouseClick(gpu, Qt::LeftButton); // which is no request's
    QCOMPARE(m_wanted.size(), std::size_t(2));
    QCOMPARE(gpu->focusPolicy(), Qt::NoFocus);
}

void TestOverviewCharts::tilesOfWhatIsNotMeasuredLeaveNoHole()
{
    auto* gpu = m_page->findChild<StatTile*>(QStringLiteral("tile.gpu"));
    auto* memory = m_page->findChild<StatTile*>(QStringLiteral("tile.gpuMemory"));
    const auto* ttft = m_page->findChild<StatTile*>(QStringLiteral("tile.ttft"));
    const auto* first = m_page->findChild<StatTile*>(QStringLiteral("tile.requestRate"));
    const auto* last = m_page->findChild<StatTile*>(QStringLiteral("tile.inFlight"));
    QTRY_VERIFY(gpu->isVisible() && memory->isVisible());
    const int width = first->width();
    const auto all = m_fixture->local.script;
    m_fixture->local.script = [all](const auto& call) -> Result<query::FramePtr> {
        return call.query.metric.starts_with("gpu_") ? test::frameFor(call.range, "", {}) : all(call);
    };
    m_feed->refresh();
    QTRY_VERIFY(!gpu->isVisible() && !memory->isVisible());
    QTRY_VERIFY2(first->width() > width, qPrintable(QString::number(first->width())));
    QVERIFY(ttft->isVisible() && ttft->y() == first->y());
    // The six stand in one row in the smallest window, too.
    m_page->resize(920, 600);
    QTRY_VERIFY(last->y() == first->y() && last->width() <= TileRows::narrowestTile + 30);
    // A driver that is loaded later.
    m_fixture->local.script = all;
    m_feed->refresh();
    QTRY_VERIFY(gpu->isVisible() && memory->isVisible());
    QTRY_COMPARE(gpu->y(), last->y());
    QVERIFY(gpu->y() > first->y()); // two rows of four
}

void TestOverviewCharts::tilesStandInEvenRows_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("perRow");
    QTest::newRow("all in a wide window") << 8 << 1400 << 8;
    QTest::newRow("just wide enough") << 8 << 8 * 124 + 7 * 12 << 8;
    QTest::newRow("not quite") << 8 << 8 * 124 + 7 * 12 - 1 << 4;
    QTest::newRow("without a GPU") << 6 << 904 << 6;
    QTest::newRow("narrow") << 6 << 500 << 3;
    QTest::newRow("as good as nothing") << 6 << 1 << 1;
}

void TestOverviewCharts::tilesStandInEvenRows()
{
    QFETCH(int, count);
    QFETCH(int, width);
    QTEST(tilesPerRow(count, width, 12), "perRow");
}

void TestOverviewCharts::theTileOfThoseInFlightSaysHowManyWait()
{
    auto* tile = m_page->findChild<StatTile*>(QStringLiteral("tile.inFlight"));
    QTRY_COMPARE(tile->value(), std::optional(5.0)); // the two others wait
    QVERIFY2(tile->accessibleDescription().contains(QStringLiteral("2 queued")),
             qPrintable(tile->accessibleDescription()));
}

void TestOverviewCharts::anErrorLeavesNoNumberBehind()
{
    const auto* tile = m_page->findChild<StatTile*>(QStringLiteral("tile.inFlight"));
    const auto* ttft = m_page->findChild<StatTile*>(QStringLiteral("tile.ttft"));
    QTRY_VERIFY(tile->accessibleDescription().contains(QStringLiteral("2 queued")));
    const auto answers = m_fixture->local.script;
    m_fixture->local.script = [](const auto&) -> Result<query::FramePtr> {
        return failure(ErrorCode::upstream_timeout, "no answer");
    };
    m_feed->refresh();
    QTRY_VERIFY2(tile->accessibleName().contains(QStringLiteral("no answer")), qPrintable(tile->accessibleName()));
    QVERIFY2(!tile->accessibleDescription().contains(QStringLiteral("queued")),
             qPrintable(tile->accessibleDescription()));
    QVERIFY(ttft->accessibleDescription().contains(QStringLiteral("over "))); // which says what is asked
    QCOMPARE(tile->toolTip(), QStringLiteral("<p>no answer</p>"));
    // Nor does the next source have them.
    m_fixture->local.script = answers;
    m_feed->refresh();
    QTRY_VERIFY(tile->accessibleDescription().contains(QStringLiteral("2 queued")));
    QVERIFY2(tile->toolTip().contains(QStringLiteral("shown range")), qPrintable(tile->toolTip()));
    Q_EMIT m_feed->sourceChanged();
    QVERIFY(!tile->accessibleDescription().contains(QStringLiteral("queued")));
}

void TestOverviewCharts::aPageThatIsMadeLateKnowsTheRange()
{
    const auto title = [](const OverviewPage& page) {
        return page.findChild<QLabel*>(QStringLiteral("overview.requests.title"))->text();
    };
    m_range->setFixed({1'700'000'000'000, 1'700'000'060'000});
    const OverviewPage late(*m_context, *m_feed, *m_catalogue);
    QCOMPARE(title(late), QStringLiteral("Requests of this range"));
    QCOMPARE(title(*m_page), title(late));
}

void TestOverviewCharts::aChartCanTakeThePage()
{
    auto* ttft = chart("chart.ttft");
    auto* content = ttft->parentWidget();
    const QRect before = ttft->geometry();
    const auto* legend = ttft->findChild<ChartLegend*>();
    QVERIFY(!legend->table());
    ttft->setFocus();
    QTest::keyClick(ttft, Qt::Key_F);
    QTRY_VERIFY(alone(ttft));
    QVERIFY(ttft->isVisible() && ttft->hasFocus());
    QVERIFY(!chart("chart.status")->isVisible());
    QTRY_VERIFY(legend->table()); // with what is last, least, most and the mean
    // The first Esc is the crosshair's, where there is one.
    QTest::keyClick(ttft, Qt::Key_Left);
    QTest::keyClick(ttft, Qt::Key_Escape);
    QVERIFY(alone(ttft));
    QTest::keyClick(ttft, Qt::Key_Escape);
    QTRY_COMPARE(ttft->geometry(), before);
    QCOMPARE(ttft->parentWidget(), content);
    QVERIFY(chart("chart.status")->isVisible());
    QVERIFY(ttft->hasFocus());
    QTRY_VERIFY(!legend->table());

    // As a command, also of one that a narrow page arranges anew meanwhile.
    const auto run = [this] {
        const auto all = m_page->commands();
        std::ranges::find(all, QStringLiteral("alone"), &PageCommand::id)->run();
    };
    run();
    QTRY_VERIFY(alone(ttft));
    m_page->resize(1000, 800);
    QTRY_COMPARE(ttft->width(), m_page->width() - 32);
    run();
    QTRY_VERIFY(!alone(ttft));
    QVERIFY(ttft->isVisible());
}

void TestOverviewCharts::aDoubleClickOnTheTitleDoesTheSame()
{
    auto* heatmap = m_page->findChild<Heatmap*>(QStringLiteral("overview.heatmap"));
    for (QWidget* panel : {static_cast<QWidget*>(chart("chart.machine")), static_cast<QWidget*>(heatmap)}) {
        QTest::mouseDClick(panel, Qt::LeftButton, {}, QPoint(60, 14));
        QTRY_VERIFY(alone(panel));
        QTest::mouseDClick(panel, Qt::LeftButton, {}, QPoint(60, 14));
        QTRY_VERIFY(!alone(panel));
        QTest::mouseDClick(panel, Qt::LeftButton, {}, QPoint(60, 100));
        QVERIFY(!alone(panel));
    }
}

QTEST_MAIN(TestOverviewCharts)
#include "tst_overview_charts.moc"
