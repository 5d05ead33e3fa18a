// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_legend.h"
#include "charts/chart_tooltip.h"
#include "charts/plot_item.h"
#include "charts/plot_view.h"
#include "charts/time_series_chart.h"
#include "theme/theme.h"
#include "unit/ui/chart_images.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace tokenscope;
using namespace tokenscope::ui;
using tokenscope::test::countPixels;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;
constexpr std::int64_t step = 1000;
const double gap = std::nan("");

std::shared_ptr<query::Frame> makeFrame(std::vector<std::vector<double>> columns)
{
    auto frame = std::make_shared<query::Frame>();
    for (std::size_t i = 0; i < columns.front().size(); ++i)
        frame->times.push_back(start + static_cast<std::int64_t>(i) * step);
    for (std::size_t i = 0; i < columns.size(); ++i)
        frame->columns.push_back({"s" + std::to_string(i), {{"n", std::to_string(i)}}, std::move(columns[i])});
    return frame;
}

void moveMouse(TimeSeriesChart& chart, double x, double y = 60)
{
    auto* viewport = chart.findChild<PlotView*>()->viewport();
    QMouseEvent event(QEvent::MouseMove, QPointF(x, y), viewport->mapToGlobal(QPointF(x, y)), Qt::NoButton,
                      Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(viewport, &event);
}

/// The plot's own picture, and where the lines are in it.
QImage plotImage(TimeSeriesChart& chart)
{
    return chart.findChild<PlotView*>()->grab().toImage();
}

const PlotScene& sceneOf(TimeSeriesChart& chart)
{
    return chart.findChild<PlotView*>()->item().plotScene();
}

} // namespace

class TestTimeSeriesChart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void countsPoints();
    void drawsWhereTheDataAre();
    void aGapIsEmpty();
    void aLoneSampleIsADot();
    void everyLayerOfAStackIsFilled();
    void aStacksGroundHasItsGaps();
    void aLayerOfNothingHasNoLine();
    void aLayerStandsOnWhatIsBelowAGap();
    void whatIsShownKeepsItsColour();
    void manyChangesAreOneLayout();
    void withoutNewDataTheEndIsNotNowForLong();
    void hiddenDoesNothing();
    void emptyLoadingErrorAndStale();
    void axisStartsAtZero();
    void crosshairIsShared();
    void crosshairSurvivesANewFrame();
    void tooltipIsSorted();
    void legendIsolatesAndToggles();
    void dragZoomsClickAndDoubleClick();
    void hostileFrames_data();
    void hostileFrames();
    void groupMayGoFirst();
    void accessibility();
    void anySize();
    void denseDataStaysQuick();

private:
    void showWith(TimeSeriesChart& chart, query::FramePtr frame);

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<ChartGroup> m_group;
    std::unique_ptr<TimeSeriesChart> m_chart;
};

void TestTimeSeriesChart::init()
{
    m_theme = std::make_unique<Theme>(ThemeMode::dark);
    m_group = std::make_unique<ChartGroup>();
    m_chart = std::make_unique<TimeSeriesChart>(*m_theme, m_group.get());
    m_chart->resize(600, 300);
}

void TestTimeSeriesChart::cleanup()
{
    m_chart.reset();
    m_group.reset();
    m_theme.reset();
}

void TestTimeSeriesChart::showWith(TimeSeriesChart& chart, query::FramePtr frame)
{
    chart.setFrame(std::move(frame));
    chart.show();
    QTRY_VERIFY(chart.layoutCount() > 0);
}

void TestTimeSeriesChart::countsPoints()
{
    QCOMPARE(m_chart->pointCount(), 0);
    m_chart->setFrame(makeFrame({{1, gap, 3}, {gap, gap, std::numeric_limits<double>::infinity()}}));
    QCOMPARE(m_chart->pointCount(), 2);
    m_chart->setFrame(nullptr);
    QCOMPARE(m_chart->pointCount(), 0);
}

void TestTimeSeriesChart::drawsWhereTheDataAre()
{
    // Low in the left half, high in the right.
    std::vector<double> values(100, 1);
    std::fill(values.begin() + 50, values.end(), 9);
    m_chart->setTimeRange(start, start + 99 * step);
    showWith(*m_chart, makeFrame({values}));
    const QImage image = plotImage(*m_chart);
    const QRect plot = sceneOf(*m_chart).plot.toRect();
    const QColor color = m_theme->seriesColor(QStringLiteral("n=0,"));
    const QRect left(plot.left(), plot.top(), plot.width() / 2 - 8, plot.height());
    const QRect right = left.translated(plot.width() / 2 + 8, 0);
    const QRect upper = QRect(plot.left(), plot.top(), plot.width(), plot.height() / 2);
    const QRect lower = upper.translated(0, plot.height() / 2);
    QVERIFY(countPixels(image, left & lower, color) > 150);
    QCOMPARE(countPixels(image, left & upper, color), 0);
    QVERIFY(countPixels(image, right & upper, color) > 150);
    QCOMPARE(countPixels(image, right & lower, color), 0);
}

void TestTimeSeriesChart::aGapIsEmpty()
{
    std::vector<double> values(90, 4.5);
    std::fill(values.begin() + 30, values.begin() + 60, gap);
    m_chart->setTimeRange(start, start + 89 * step);
    showWith(*m_chart, makeFrame({values}));
    const QImage image = plotImage(*m_chart);
    const QRect plot = sceneOf(*m_chart).plot.toRect();
    const QColor color = m_theme->seriesColor(QStringLiteral("n=0,"));
    const int third = plot.width() / 3;
    QVERIFY(countPixels(image, QRect(plot.left(), plot.top(), third - 10, plot.height()), color) > 100);
    QCOMPARE(countPixels(image, QRect(plot.left() + third + 5, plot.top(), third - 10, plot.height()), color, 60), 0);
    QVERIFY(countPixels(image, QRect(plot.left() + 2 * third + 10, plot.top(), third - 10, plot.height()), color)
            > 100);
}

void TestTimeSeriesChart::aLoneSampleIsADot()
{
    std::vector<double> values(60, gap);
    values[30] = 5;
    m_chart->setTimeRange(start, start + 59 * step);
    showWith(*m_chart, makeFrame({values}));
    const int pixels =
        countPixels(plotImage(*m_chart), sceneOf(*m_chart).plot.toRect(), m_theme->seriesColor(QStringLiteral("n=0,")));
    QVERIFY2(pixels >= 4 && pixels <= 40, qPrintable(QString::number(pixels)));
}

/// Down to zero, which is in the middle here: above is what is filled, below nothing.
void TestTimeSeriesChart::everyLayerOfAStackIsFilled()
{
    m_chart->setTimeRange(start, start + 59 * step);
    m_chart->setStacked(true);
    m_chart->setYMinimum(-10);
    m_chart->setYMaximum(10);
    showWith(*m_chart, makeFrame({std::vector<double>(60, 4), std::vector<double>(60, 4)}));
    const auto filled = [this](double from, double to) {
        const PlotScene& scene = sceneOf(*m_chart);
        // Clear of the lines, of the grid at every fifth, and of the labels at the edges.
        const QRect area(QPoint(static_cast<int>(scene.plot.left()) + 20, static_cast<int>(scene.y(to))),
                         QPoint(static_cast<int>(scene.plot.right()) - 20, static_cast<int>(scene.y(from))));
        const int ground = countPixels(plotImage(*m_chart), area, m_theme->tokens().surface, 2);
        return 1 - ground / static_cast<double>(area.width() * area.height());
    };
    QVERIFY(filled(0.7, 3.3) > 0.99);
    QVERIFY(filled(5.5, 7.3) > 0.99);
    QVERIFY(filled(8.7, 9.5) < 0.1);
    QVERIFY(filled(-4, -1) < 0.1);

    // What is left of it alone is the lowest then.
    QTest::mouseClick(m_chart->findChild<ChartLegend*>(), Qt::LeftButton, {}, QPoint(4, 8));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(1));
    QVERIFY(filled(0.7, 3.3) > 0.99);
    QVERIFY(filled(5.5, 7.3) < 0.1);

    m_chart->setStacked(false);
    QTRY_VERIFY(sceneOf(*m_chart).bands.empty());
    QVERIFY(filled(0.7, 3.3) < 0.1);
}

void TestTimeSeriesChart::aStacksGroundHasItsGaps()
{
    std::vector<double> values(90, 8);
    std::fill(values.begin() + 30, values.begin() + 60, gap);
    m_chart->setTimeRange(start, start + 89 * step);
    m_chart->setStacked(true);
    showWith(*m_chart, makeFrame({values}));
    const QImage image = plotImage(*m_chart);
    const QRectF plot = sceneOf(*m_chart).plot;
    const auto unfilled = [&](int third) {
        const auto width = static_cast<int>(plot.width() / 3) - 30;
        const QRect area(static_cast<int>(plot.left() + third * plot.width() / 3) + 15,
                         static_cast<int>(plot.center().y()), width, static_cast<int>(plot.height() / 2) - 4);
        return countPixels(image, area, m_theme->tokens().surface, 2)
               / static_cast<double>(area.width() * area.height());
    };
    QVERIFY(unfilled(0) < 0.1);
    QVERIFY(unfilled(1) > 0.8);
    QVERIFY(unfilled(2) < 0.1);
}

/// Errors that are 0 would else be drawn along the top of all that went well. They are drawn where there are some.
void TestTimeSeriesChart::aLayerOfNothingHasNoLine()
{
    std::vector<double> errors(90, 0);
    m_chart->setTimeRange(start, start + 89 * step);
    m_chart->setStacked(true);
    m_chart->setYMaximum(10);
    showWith(*m_chart, makeFrame({errors, errors}));
    const auto* legend = m_chart->findChild<ChartLegend*>();
    const QRect plot = sceneOf(*m_chart).plot.toRect();
    const auto pixels = [&](std::size_t series, int third, int tolerance = 24) {
        const QRect area(plot.left() + third * plot.width() / 3 + 10, plot.top(), plot.width() / 3 - 20,
                         plot.height() + 2);
        return countPixels(plotImage(*m_chart), area, legend->entries()[series].color, tolerance);
    };
    // Nothing but zeros is still something: a line on the ground, between two rows of pixels.
    QVERIFY(pixels(0, 1, 80) > 100);

    // In the middle of a row, so that its colour is that of the line.
    const std::vector<double> good(90, 10 * (std::floor(plot.height() / 2.0) + 0.5) / plot.height());
    m_chart->setFrame(makeFrame({good, errors}));
    QTRY_VERIFY(pixels(0, 1) > 100);
    for (int third = 0; third < 3; ++third)
        QCOMPARE(pixels(1, third), 0);
    // One in the middle rises from the line below and falls back.
    errors[45] = 3;
    m_chart->setFrame(makeFrame({good, errors}));
    QTRY_VERIFY(pixels(1, 1) > 10);
    QCOMPARE(pixels(1, 0), 0);
    QCOMPARE(pixels(1, 2), 0);
}

void TestTimeSeriesChart::aLayerStandsOnWhatIsBelowAGap()
{
    std::vector<double> lower(90, 4);
    std::fill(lower.begin() + 30, lower.begin() + 60, gap);
    m_chart->setTimeRange(start, start + 89 * step);
    m_chart->setStacked(true);
    m_chart->setYMaximum(10);
    showWith(*m_chart, makeFrame({lower, std::vector<double>(90, 4)}));
    const PlotScene& scene = sceneOf(*m_chart);
    const auto left = static_cast<int>(scene.plot.left() + scene.plot.width() / 3);
    const QRect area(QPoint(left + 15, static_cast<int>(scene.y(3.3))),
                     QPoint(left + static_cast<int>(scene.plot.width() / 3) - 15, static_cast<int>(scene.y(2.3))));
    const int ground = countPixels(plotImage(*m_chart), area, m_theme->tokens().surface, 2);
    QVERIFY2(ground < area.width() * area.height() / 10, qPrintable(QString::number(ground)));
}

/// Ten come one after the other, each before those that are there; one more than fits takes the colour of one that goes.
void TestTimeSeriesChart::whatIsShownKeepsItsColour()
{
    const auto frameOf = [](int from, int to) {
        auto frame = makeFrame(std::vector<std::vector<double>>(static_cast<std::size_t>(to - from), {1, 2}));
        for (auto& column : frame->columns)
            column.name = column.labels["n"] = std::to_string(--to);
        return frame;
    };
    const auto* legend = m_chart->findChild<ChartLegend*>();
    const auto colors = [legend] {
        std::map<QString, QRgb> all;
        for (const auto& entry : legend->entries())
            all[entry.name] = entry.color.rgb();
        return all;
    };
    showWith(*m_chart, frameOf(0, 1));
    auto before = colors();
    const auto show = [&](int from, int to) {
        m_chart->setFrame(frameOf(from, to));
        QTRY_COMPARE(legend->entries().front().name, QString::number(to - 1));
        const auto now = colors();
        std::set<QRgb> different;
        for (const auto& [name, color] : now) {
            different.insert(color);
            if (before.contains(name))
                QCOMPARE(color, before.at(name));
        }
        QCOMPARE(different.size(), static_cast<std::size_t>(to - from));
        before = now;
    };
    for (int count = 2; count <= 10; ++count)
        show(0, count);
    show(1, 11);
}

void TestTimeSeriesChart::manyChangesAreOneLayout()
{
    showWith(*m_chart, makeFrame({{1, 2, 3}}));
    const int before = m_chart->layoutCount();
    for (int i = 0; i < 200; ++i) {
        m_chart->setFrame(makeFrame({{1, 2, double(i)}}));
        m_chart->setTimeRange(start + i, start + 10'000 + i);
    }
    QCOMPARE(m_chart->layoutCount(), before);
    QTRY_COMPARE(m_chart->layoutCount(), before + 1);
    QCoreApplication::processEvents();
    QCOMPARE(m_chart->layoutCount(), before + 1);
    QCOMPARE(sceneOf(*m_chart).fromMs, start + 199);
}

/// A source that answers nothing any more leaves what was there, which is older every second.
void TestTimeSeriesChart::withoutNewDataTheEndIsNotNowForLong()
{
    const auto now = QDateTime::currentMSecsSinceEpoch();
    const auto saysNow = [this] { return sceneOf(*m_chart).times.marks.back().label == QLatin1StringView("now"); };
    auto frame = makeFrame({{1, 2, 3}});
    frame->times = {now - 2000, now - 1000, now};
    showWith(*m_chart, frame);
    m_chart->setTimeRange(now - 60'000, now);
    QTRY_VERIFY(saysNow());
    QTest::qWait(5000); // as long as a Prometheus may take to say something new
    QVERIFY(saysNow());
    QTRY_VERIFY_WITH_TIMEOUT(!saysNow(), 20'000);
    QCOMPARE(sceneOf(*m_chart).lines.size(), std::size_t(1));
}

void TestTimeSeriesChart::hiddenDoesNothing()
{
    m_chart->setFrame(makeFrame({{1, 2, 3}}));
    QTest::qWait(50);
    QCOMPARE(m_chart->layoutCount(), 0);
    showWith(*m_chart, makeFrame({{1, 2, 3}}));
    m_chart->hide();
    const int before = m_chart->layoutCount();
    m_chart->setFrame(makeFrame({{7, 8, 9}, {1, 2, 3}}));
    m_group->setTime(start + step);
    QTest::qWait(50);
    QCOMPARE(m_chart->layoutCount(), before);
    m_chart->show();
    QCOMPARE(m_chart->layoutCount(), before + 1);
    QCOMPARE(sceneOf(*m_chart).lines.size(), std::size_t(2));
}

void TestTimeSeriesChart::emptyLoadingErrorAndStale()
{
    const auto message = [this] { return sceneOf(*m_chart).message; };
    m_chart->setEmptyText(QStringLiteral("No requests yet"));
    m_chart->setLoading();
    m_chart->show();
    QCOMPARE(message(), QStringLiteral("Loading…"));
    m_chart->setFrame(std::make_shared<query::Frame>());
    QTRY_COMPARE(message(), QStringLiteral("No requests yet"));
    QVERIFY(m_chart->accessibleDescription().contains(QStringLiteral("No requests yet")));
    m_chart->setFrame(makeFrame({{gap, gap}}));
    QTRY_COMPARE(message(), QStringLiteral("No requests yet"));
    m_chart->setError(QStringLiteral("no answer"));
    QTRY_COMPARE(message(), QStringLiteral("no answer"));
    QVERIFY(sceneOf(*m_chart).messageIsError);

    m_chart->setFrame(makeFrame({{1, 2}}));
    QTRY_VERIFY(message().isEmpty());
    m_chart->setError(QStringLiteral("no answer"));
    QTRY_COMPARE(sceneOf(*m_chart).notice, QStringLiteral("no answer"));
    QVERIFY(sceneOf(*m_chart).stale);
    QCOMPARE(m_chart->pointCount(), 2);
    QCOMPARE(m_chart->accessibleDescription(), QStringLiteral("no answer; s0 2; "));
    m_chart->setFrame(makeFrame({{1, 2}}));
    QTRY_VERIFY(!sceneOf(*m_chart).stale);
}

void TestTimeSeriesChart::axisStartsAtZero()
{
    m_chart->setUnit(Unit::seconds);
    showWith(*m_chart, makeFrame({{0.95, 0.97, 0.96}}));
    QCOMPARE(sceneOf(*m_chart).values.minimum, 0.0);
    m_chart->setUnit(Unit::percent);
    m_chart->setYMaximum(100);
    QTRY_COMPARE(sceneOf(*m_chart).values.maximum, 100.0);
    m_chart->setYMaximum(std::nullopt);
    m_chart->setYMinimumSpan(5);
    m_chart->setFrame(makeFrame({{0, 0, 0}}));
    QTRY_COMPARE(sceneOf(*m_chart).values.maximum, 5.0);
    m_chart->setFrame(makeFrame({{-3, 0, 7}}));
    QTRY_VERIFY(sceneOf(*m_chart).values.minimum <= -3);
}

void TestTimeSeriesChart::crosshairIsShared()
{
    TimeSeriesChart other(*m_theme, m_group.get());
    other.resize(500, 250);
    m_chart->setTimeRange(start, start + 9 * step);
    other.setTimeRange(start, start + 9 * step);
    showWith(*m_chart, makeFrame({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}));
    showWith(other, makeFrame({{5, 5, 5, 5, 5, 5, 5, 5, 5, 5}}));
    const QImage before = plotImage(other);

    const double x = sceneOf(*m_chart).x(start + 4 * step);
    moveMouse(*m_chart, x + 3);
    QCOMPARE(m_group->time(), std::optional(start + 4 * step)); // at the nearest sample
    const QImage during = plotImage(other);
    QVERIFY(during != before);
    const auto column = static_cast<int>(sceneOf(other).x(start + 4 * step));
    QVERIFY(countPixels(during, QRect(column - 1, 20, 3, 100), m_theme->tokens().secondary) > 60);
    QVERIFY(m_chart->findChild<ChartTooltip*>() && m_chart->findChild<ChartTooltip*>()->isVisible());
    QVERIFY(!other.findChild<ChartTooltip*>());
    QTRY_COMPARE(m_chart->findChild<ChartLegend*>()->entries().front().value, QStringLiteral("5"));

    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(m_chart->findChild<PlotView*>(), &leave);
    QCOMPARE(m_group->time(), std::nullopt);
    QCOMPARE(plotImage(other), before);
    QVERIFY(!m_chart->findChild<ChartTooltip*>()->isVisible());
    QTRY_COMPARE(m_chart->findChild<ChartLegend*>()->entries().front().value, QStringLiteral("10"));
}

void TestTimeSeriesChart::crosshairSurvivesANewFrame()
{
    showWith(*m_chart, makeFrame({{1, 2, 3, 4}, {5, 6, 7, 8}, {1, 1, 1, 1}}));
    moveMouse(*m_chart, 300);
    // Fewer columns and rows than are drawn: nothing may look into the new frame with the old one's places.
    m_chart->setFrame(makeFrame({{1}}));
    moveMouse(*m_chart, 310);
    m_group->setTime(start + 3 * step);
    const int before = m_chart->layoutCount();
    QTRY_COMPARE(m_chart->layoutCount(), before + 1);
    m_chart->setFrame(nullptr);
    moveMouse(*m_chart, 320);
    QTRY_COMPARE(m_chart->layoutCount(), before + 2);
    moveMouse(*m_chart, 330);
    QVERIFY(!m_chart->findChild<ChartTooltip*>()->isVisible());
}

void TestTimeSeriesChart::tooltipIsSorted()
{
    showWith(*m_chart, makeFrame({{2, 2, 2}, {gap, gap, gap}, {9, 9, 9}}));
    moveMouse(*m_chart, 300);
    const auto rows = m_chart->findChild<ChartTooltip*>()->rows();
    QCOMPARE(rows.size(), std::size_t(3));
    QCOMPARE(rows[0].value, QStringLiteral("9"));
    QCOMPARE(rows[1].value, QStringLiteral("2"));
    QCOMPARE(rows[2].value, QStringLiteral("–"));
}

void TestTimeSeriesChart::legendIsolatesAndToggles()
{
    showWith(*m_chart, makeFrame({{1, 1}, {50, 50}, {3, 3}}));
    auto* legend = m_chart->findChild<ChartLegend*>();
    QCOMPARE(legend->entries().size(), std::size_t(3));
    QTest::mouseClick(legend, Qt::LeftButton, {}, QPoint(4, 8));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(1));
    QVERIFY(sceneOf(*m_chart).values.maximum <= 2); // the axis is of what is shown
    QTest::mouseClick(legend, Qt::LeftButton, {}, QPoint(4, 8));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(3));
    QTest::mouseClick(legend, Qt::LeftButton, Qt::ControlModifier, QPoint(4, 8));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(2));
    m_chart->setFrame(makeFrame({{1, 1}, {50, 50}, {3, 3}, {4, 4}}));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(3));

    QVERIFY(legend->focusPolicy() & Qt::TabFocus);
    QTest::keyClick(legend, Qt::Key_Right);
    QTest::keyClick(legend, Qt::Key_Return);
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(1));
    QVERIFY(legend->entries()[1].visible);
    QTest::keyClick(legend, Qt::Key_Right);
    QTest::keyClick(legend, Qt::Key_Space);
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(2));
}

void TestTimeSeriesChart::dragZoomsClickAndDoubleClick()
{
    m_chart->setTimeRange(start, start + 100'000);
    showWith(*m_chart, makeFrame({{1, 2, 3}}));
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    QSignalSpy clicked(m_chart.get(), &TimeSeriesChart::timeClicked);
    QSignalSpy reset(m_chart.get(), &TimeSeriesChart::rangeReset);
    auto* viewport = m_chart->findChild<PlotView*>()->viewport();
    const QRectF plot = sceneOf(*m_chart).plot;
    const auto at = [&plot](double share) { return QPoint(static_cast<int>(plot.left() + plot.width() * share), 60); };
    QTest::mousePress(viewport, Qt::LeftButton, {}, at(0.75));
    QTest::mouseMove(viewport, at(0.5));
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, at(0.25));
    QCOMPARE(selected.size(), 1);
    QVERIFY(qAbs(selected[0][0].toLongLong() - (start + 25'000)) < 500);
    QVERIFY(qAbs(selected[0][1].toLongLong() - (start + 75'000)) < 500);
    QCOMPARE(clicked.size(), 0);
    QTest::mouseClick(viewport, Qt::LeftButton, {}, at(0.5));
    QCOMPARE(clicked.size(), 1);
    QVERIFY(qAbs(clicked[0][0].toLongLong() - (start + 50'000)) < 500);
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, at(0.5));
    QCOMPARE(reset.size(), 1);
}

void TestTimeSeriesChart::hostileFrames_data()
{
    QTest::addColumn<std::shared_ptr<query::Frame>>("frame");
    constexpr double most = std::numeric_limits<double>::max();
    QTest::newRow("huge") << makeFrame({{most, -most, 1e308}});
    QTest::newRow("tiny") << makeFrame({{5e-324, 0, 1e-300}});
    QTest::newRow("one sample") << makeFrame({{1}});
    auto shorter = makeFrame({{1, 2, 3}});
    shorter->columns[0].values.resize(1);
    QTest::newRow("fewer values than times") << shorter;
    auto longer = makeFrame({{1, 2, 3}});
    longer->times.resize(1);
    QTest::newRow("fewer times than values") << longer;
    auto none = makeFrame({{1, 2, 3}});
    none->times.clear();
    QTest::newRow("no times") << none;
    QTest::newRow("a hundred series") << makeFrame(std::vector<std::vector<double>>(100, {1, 2, 3}));
    auto name = makeFrame({{1, 2, 3}});
    name->columns[0].name = std::string(5000, 'x') + "\n<b>\xff\xfe";
    QTest::newRow("odd name") << name;
}

void TestTimeSeriesChart::hostileFrames()
{
    QFETCH(std::shared_ptr<query::Frame>, frame);
    for (const bool percentiles : {false, true}) {
        TimeSeriesChart chart(*m_theme, nullptr);
        chart.setPercentiles(percentiles);
        chart.resize(300, 180);
        showWith(chart, frame);
        moveMouse(chart, 150);
        QVERIFY(!chart.grab().isNull());
    }
}

void TestTimeSeriesChart::groupMayGoFirst()
{
    showWith(*m_chart, makeFrame({{1, 2, 3}}));
    moveMouse(*m_chart, 200);
    m_group.reset();
    moveMouse(*m_chart, 210);
    m_chart->hide();
}

void TestTimeSeriesChart::accessibility()
{
    m_chart->setTitle(QStringLiteral("Total latency"));
    m_chart->setUnit(Unit::seconds);
    showWith(*m_chart, makeFrame({{0.1, 0.182}, {1, 1.42}}));
    QCOMPARE(m_chart->accessibleName(), QStringLiteral("Total latency"));
    QCOMPARE(m_chart->accessibleDescription(), QStringLiteral("s0 182 ms; s1 1.42 s; "));
}

void TestTimeSeriesChart::anySize()
{
    showWith(*m_chart, makeFrame({{1, 2, 3}, {2, 3, 4}}));
    for (const QSize size : {QSize(1, 1), QSize(60, 20), QSize(220, 140), QSize(280, 160), QSize(1200, 500)}) {
        m_chart->resize(size);
        QVERIFY(!m_chart->grab().isNull());
    }
    QCOMPARE(m_chart->minimumSizeHint(), QSize(220, 140));
}

void TestTimeSeriesChart::denseDataStaysQuick()
{
    std::vector<std::vector<double>> columns(10);
    for (int s = 0; s < 10; ++s) {
        for (int i = 0; i < 86'400; ++i)
            columns[static_cast<std::size_t>(s)].push_back(s + std::sin(i * 0.01) + (i * 7919 % 100) / 100.0);
    }
    showWith(*m_chart, makeFrame(std::move(columns)));
    for (const PlotLine& line : sceneOf(*m_chart).lines)
        QVERIFY(line.columns.size() <= 620);
    QVERIFY(!m_chart->grab().isNull());
}

QTEST_MAIN(TestTimeSeriesChart)
#include "tst_time_series_chart.moc"
