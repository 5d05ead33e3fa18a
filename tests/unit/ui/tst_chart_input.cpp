// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_legend.h"
#include "charts/chart_tooltip.h"
#include "charts/plot_item.h"
#include "charts/plot_view.h"
#include "charts/time_series_chart.h"
#include "theme/theme.h"

#include <QAccessible>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;
constexpr std::int64_t minute = 60'000;

query::FramePtr frameOf(std::vector<std::vector<double>> columns, std::int64_t step = 1000)
{
    auto frame = std::make_shared<query::Frame>();
    for (std::size_t i = 0; i < columns.front().size(); ++i)
        frame->times.push_back(start + static_cast<std::int64_t>(i) * step);
    for (std::size_t i = 0; i < columns.size(); ++i)
        frame->columns.push_back({"s" + std::to_string(i), {{"n", std::to_string(i)}}, std::move(columns[i])});
    return frame;
}

const PlotScene& sceneOf(TimeSeriesChart& chart)
{
    return chart.findChild<PlotView*>()->item().plotScene();
}

QPoint at(TimeSeriesChart& chart, double share, int y = 60)
{
    const QRectF& plot = sceneOf(chart).plot;
    return {static_cast<int>(plot.left() + plot.width() * share), y};
}

bool wheel(TimeSeriesChart& chart, double share, int notches, Qt::KeyboardModifiers modifiers = Qt::ControlModifier)
{
    auto* viewport = chart.findChild<PlotView*>()->viewport();
    const QPointF place = at(chart, share);
    QWheelEvent event(place, viewport->mapToGlobal(place), {}, {0, 120 * notches}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(viewport, &event);
    return event.isAccepted();
}

} // namespace

/// What mouse and keyboard do in a chart.
class TestChartInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theWheelZoomsAtTheMouse();
    void manyTurnsAreOneStepBack();
    void theWheelAloneIsThePages();
    void shiftDragPans();
    void backThroughEarlierRanges();
    void aRangeChosenElsewhereForgetsThem();
    void zoomHasLimits();
    void keysMoveTheCrosshair();
    void keysZoom();
    void keysWithoutData();
    void enterIsAClick();
    void aClickWantsTheMoment();
    void aDoubleClickIsNoClick();
    void withoutAHintNothingIsWanted();
    void csv();
    void theMenu();
    void accessibleValue();
    void rendersAtAnyRatio_data();
    void rendersAtAnyRatio();
    void minimumOfTheAxis();
    void statisticsWhereThereIsRoom();
    void theInfiniteIsSaidAndNotDrawn();
    void aLayerOfNothingIsNotMeant();

private:
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<ChartGroup> m_group;
    std::unique_ptr<TimeSeriesChart> m_chart;
};

void TestChartInput::init()
{
    QApplication::setDoubleClickInterval(60);
    m_theme = std::make_unique<Theme>(ThemeMode::dark);
    m_group = std::make_unique<ChartGroup>();
    m_chart = std::make_unique<TimeSeriesChart>(*m_theme, m_group.get());
    m_chart->resize(600, 300);
    std::vector<double> rising(301);
    for (std::size_t i = 0; i < rising.size(); ++i)
        rising[i] = static_cast<double>(i);
    m_chart->setFrame(frameOf({rising, std::vector<double>(301, 5)}));
    m_chart->setTimeRange(start, start + 5 * minute);
    m_chart->show();
    QTRY_VERIFY(!sceneOf(*m_chart).lines.empty());
}

void TestChartInput::cleanup()
{
    m_chart.reset();
    m_group.reset();
    m_theme.reset();
}

void TestChartInput::theWheelZoomsAtTheMouse()
{
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    QVERIFY(wheel(*m_chart, 0.25, 1));
    QCOMPARE(selected.size(), 1);
    const auto from = selected[0][0].toLongLong();
    const auto to = selected[0][1].toLongLong();
    QVERIFY(qAbs(to - from - 4 * minute) < 100);
    // What is under the mouse stays there.
    const double share = static_cast<double>(start + 75'000 - from) / static_cast<double>(to - from);
    QVERIFY2(qAbs(share - 0.25) < 0.01, qPrintable(QString::number(share)));
    // Shown at once, before any answer.
    QTRY_COMPARE(sceneOf(*m_chart).fromMs, from);
    QVERIFY(wheel(*m_chart, 0.25, -1));
    QVERIFY(qAbs(selected[1][1].toLongLong() - selected[1][0].toLongLong() - 5 * minute) < 1000);
}

void TestChartInput::manyTurnsAreOneStepBack()
{
    QSignalSpy reset(m_chart.get(), &TimeSeriesChart::rangeReset);
    for (int i = 0; i < 6; ++i)
        wheel(*m_chart, 0.5, 1);
    QTest::keyClick(m_chart.get(), Qt::Key_Backspace);
    QCOMPARE(reset.size(), 1);
}

void TestChartInput::theWheelAloneIsThePages()
{
    QScrollArea area;
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    auto* chart = new TimeSeriesChart(*m_theme, m_group.get());
    chart->setFrame(m_chart->frame());
    chart->setMinimumHeight(300);
    column->addWidget(chart);
    column->addSpacing(2000);
    area.setWidgetResizable(true);
    area.setWidget(content);
    area.resize(500, 400);
    area.show();
    QTRY_VERIFY(chart->layoutCount() > 0 && area.verticalScrollBar()->maximum() > 0);
    QSignalSpy selected(chart, &TimeSeriesChart::rangeSelected);
    wheel(*chart, 0.5, -1, Qt::NoModifier);
    QCOMPARE(selected.size(), 0);
    // No less where the chart has the focus, or where nothing scrolls.
    chart->setFocus();
    wheel(*chart, 0.5, 1, Qt::NoModifier);
    QVERIFY(!wheel(*m_chart, 0.5, 1, Qt::NoModifier));
    QCOMPARE(selected.size(), 0);
    QVERIFY(wheel(*chart, 0.5, 1));
    QCOMPARE(selected.size(), 1);
}

void TestChartInput::shiftDragPans()
{
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    auto* viewport = m_chart->findChild<PlotView*>()->viewport();
    QTest::mousePress(viewport, Qt::LeftButton, Qt::ShiftModifier, at(*m_chart, 0.2));
    QTest::mouseMove(viewport, at(*m_chart, 0.4));
    QTest::mouseMove(viewport, at(*m_chart, 0.6));
    QTRY_VERIFY(qAbs(sceneOf(*m_chart).fromMs - (start - 2 * minute)) < 2000); // follows the hand
    m_chart->setTimeRange(start, start + 5 * minute); // an answer in between does not tear it away
    QCOMPARE(selected.size(), 0);
    QTest::mouseRelease(viewport, Qt::LeftButton, Qt::ShiftModifier, at(*m_chart, 0.6));
    QCOMPARE(selected.size(), 1);
    QVERIFY(qAbs(selected[0][0].toLongLong() - (start - 2 * minute)) < 2000);
    QVERIFY(qAbs(selected[0][1].toLongLong() - (start + 3 * minute)) < 2000);
    // Without a move nothing happens.
    QTest::mouseClick(viewport, Qt::LeftButton, Qt::ShiftModifier, at(*m_chart, 0.6));
    QCOMPARE(selected.size(), 1);
}

void TestChartInput::backThroughEarlierRanges()
{
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    QSignalSpy reset(m_chart.get(), &TimeSeriesChart::rangeReset);
    QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    QCOMPARE(selected.size(), 2);
    auto* viewport = m_chart->findChild<PlotView*>()->viewport();
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5));
    QCOMPARE(selected.size(), 3);
    QCOMPARE(selected[2], selected[0]);
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5));
    QCOMPARE(reset.size(), 1);
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5)); // nothing earlier
    QCOMPARE(reset.size(), 2);
    QCOMPARE(selected.size(), 3);
}

void TestChartInput::aRangeChosenElsewhereForgetsThem()
{
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    const auto from = selected[0][0].toLongLong();
    const auto to = selected[0][1].toLongLong();
    m_chart->setTimeRange(from / 1000 * 1000, to / 1000 * 1000 + 1000); // the answer, in whole steps
    QVERIFY(m_group->zoomed());
    m_chart->setTimeRange(start + 10 * minute, start + 15 * minute);
    QVERIFY(!m_group->zoomed());
}

void TestChartInput::zoomHasLimits()
{
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    for (int i = 0; i < 40; ++i)
        QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    QVERIFY(selected.size() < 10);
    QCOMPARE(selected.back()[1].toLongLong() - selected.back()[0].toLongLong(), 10'000);
    for (int i = 0; i < 60; ++i)
        QTest::keyClick(m_chart.get(), Qt::Key_Minus);
    const auto now = QDateTime::currentMSecsSinceEpoch();
    for (const auto& range : selected) {
        QVERIFY(range[0].toLongLong() >= 0);
        QVERIFY(range[1].toLongLong() <= now + 1000);
        QVERIFY(range[1].toLongLong() > range[0].toLongLong());
    }
}

void TestChartInput::keysMoveTheCrosshair()
{
    QTest::keyClick(m_chart.get(), Qt::Key_Left);
    QCOMPARE(m_group->time(), std::optional(start + 300'000)); // where the values are newest
    QTest::keyClick(m_chart.get(), Qt::Key_Left);
    QCOMPARE(m_group->time(), std::optional(start + 299'000));
    QTest::keyClick(m_chart.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(m_group->time(), std::optional(start + 289'000));
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    QCOMPARE(m_group->time(), std::optional(start));
    QTest::keyClick(m_chart.get(), Qt::Key_Left);
    QCOMPARE(m_group->time(), std::optional(start));
    QTest::keyClick(m_chart.get(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_group->time(), std::optional(start + 10'000));
    QVERIFY(m_chart->findChild<PlotView*>()->item().hasCrosshair());
    QVERIFY(m_chart->findChild<ChartTooltip*>()->isVisible());
    QTest::keyClick(m_chart.get(), Qt::Key_End);
    QCOMPARE(m_group->time(), std::optional(start + 300'000));
    QTest::keyClick(m_chart.get(), Qt::Key_Escape);
    QCOMPARE(m_group->time(), std::nullopt);
    QVERIFY(!m_chart->findChild<ChartTooltip*>()->isVisible());
}

void TestChartInput::keysZoom()
{
    QSignalSpy selected(m_chart.get(), &TimeSeriesChart::rangeSelected);
    QSignalSpy reset(m_chart.get(), &TimeSeriesChart::rangeReset);
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    QCOMPARE(selected[0][0].toLongLong(), start); // around the crosshair
    QCOMPARE(selected[0][1].toLongLong(), start + 150'000);
    QTest::keyClick(m_chart.get(), Qt::Key_0);
    QCOMPARE(reset.size(), 1);
    QVERIFY(!m_group->zoomed());
}

void TestChartInput::keysWithoutData()
{
    for (const auto& frame : {query::FramePtr(), frameOf({{}}), frameOf({{std::nan("")}}), frameOf({{1}})}) {
        m_chart->setFrame(frame);
        const int before = m_chart->layoutCount();
        QTRY_VERIFY(m_chart->layoutCount() > before);
        for (const int key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Home, Qt::Key_End, Qt::Key_Return, Qt::Key_Plus})
            QTest::keyClick(m_chart.get(), static_cast<Qt::Key>(key));
        m_chart->setTimeRange(start + 20 * minute, start + 30 * minute); // where there are none
        QTest::keyClick(m_chart.get(), Qt::Key_Home);
        m_chart->setTimeRange(start, start + 5 * minute);
    }
}

void TestChartInput::enterIsAClick()
{
    QSignalSpy clicked(m_chart.get(), &TimeSeriesChart::timeClicked);
    QSignalSpy wanted(m_chart.get(), &TimeSeriesChart::momentWanted);
    m_chart->setClickHint(QStringLiteral("Click: requests"));
    QTest::keyClick(m_chart.get(), Qt::Key_Return); // no crosshair yet
    QCOMPARE(clicked.size(), 0);
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    QTest::keyClick(m_chart.get(), Qt::Key_Right);
    QTest::keyClick(m_chart.get(), Qt::Key_Return);
    QCOMPARE(clicked.size(), 1);
    QCOMPARE(clicked[0][0].toLongLong(), start + 1000);
    QCOMPARE(wanted.size(), 1);
}

void TestChartInput::aClickWantsTheMoment()
{
    std::optional<ChartMoment> moment;
    connect(m_chart.get(), &TimeSeriesChart::momentWanted, this,
            [&moment](const ChartMoment& wanted) { moment = wanted; });
    m_chart->setClickHint(QStringLiteral("Click: requests"));
    auto* viewport = m_chart->findChild<PlotView*>()->viewport();
    // On the second line.
    QTest::mouseClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5, static_cast<int>(sceneOf(*m_chart).y(5))));
    QVERIFY(!moment); // it may become a double click
    QTRY_VERIFY(moment);
    QCOMPARE(moment->toMs - moment->fromMs, std::int64_t(5000));
    QVERIFY(qAbs(moment->fromMs + 2500 - (start + 150'000)) <= 1000);
    QCOMPARE(moment->column, std::optional(std::size_t(1)));

    moment.reset();
    m_chart->setFrame(frameOf({std::vector<double>(61, 5)}, minute));
    m_chart->setTimeRange(start, start + 60 * minute);
    QTRY_COMPARE(sceneOf(*m_chart).toMs, start + 60 * minute);
    QTest::mouseClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5, static_cast<int>(sceneOf(*m_chart).y(1))));
    QTRY_VERIFY(moment);
    QCOMPARE(moment->toMs - moment->fromMs, minute); // a step
    QCOMPARE(moment->column, std::nullopt);          // far from the line
}

void TestChartInput::aDoubleClickIsNoClick()
{
    QSignalSpy wanted(m_chart.get(), &TimeSeriesChart::momentWanted);
    QSignalSpy reset(m_chart.get(), &TimeSeriesChart::rangeReset);
    m_chart->setClickHint(QStringLiteral("Click: requests"));
    auto* viewport = m_chart->findChild<PlotView*>()->viewport();
    QTest::mouseClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5));
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5));
    QCOMPARE(reset.size(), 1);
    // The click after it counts, and alone.
    QTest::mouseClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.75));
    QTRY_COMPARE(wanted.size(), 1);
    QVERIFY(qAbs(wanted[0][0].value<ChartMoment>().fromMs + 2500 - (start + 225'000)) <= 1000);
}

void TestChartInput::withoutAHintNothingIsWanted()
{
    QSignalSpy wanted(m_chart.get(), &TimeSeriesChart::momentWanted);
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    QTest::keyClick(m_chart.get(), Qt::Key_Return);
    QCOMPARE(wanted.size(), 0);
    QVERIFY(m_chart->findChild<ChartTooltip*>()->hint().isEmpty());
    m_chart->setClickHint(QStringLiteral("Click: requests"));
    QTest::keyClick(m_chart.get(), Qt::Key_End);
    QCOMPARE(m_chart->findChild<ChartTooltip*>()->hint(), QStringLiteral("Click: requests"));
}

void TestChartInput::csv()
{
    auto frame = std::make_shared<query::Frame>();
    frame->times = {start, start + 1000, start + 2000, start + 600'000};
    frame->columns = {{"a, \"b\"", {{"n", "1"}}, {0.1, std::nan(""), 3, 4}}, {"=1+1", {{"n", "2"}}, {1e-9, 2}}};
    m_chart->setFrame(frame);
    const int before = m_chart->layoutCount();
    QTRY_VERIFY(m_chart->layoutCount() > before);
    QCOMPARE(m_chart->valuesAsCsv(), QStringLiteral("time,\"a, \"\"b\"\"\",'=1+1\r\n"
                                                    "2023-11-14T22:13:20.000Z,0.1,1e-09\r\n"
                                                    "2023-11-14T22:13:21.000Z,,2\r\n"
                                                    "2023-11-14T22:13:22.000Z,3,\r\n"));
    m_chart->setFrame(nullptr);
    QTRY_VERIFY(m_chart->valuesAsCsv().isEmpty());
}

void TestChartInput::theMenu()
{
    const auto actions = [this](QContextMenuEvent::Reason reason) {
        const QPoint place = m_chart->findChild<PlotView*>()->mapTo(m_chart.get(), at(*m_chart, 0.5));
        QContextMenuEvent event(reason, place, m_chart->mapToGlobal(place));
        QApplication::sendEvent(m_chart.get(), &event);
        return m_chart->findChild<QMenu*>(QStringLiteral("chart.menu"));
    };
    auto* menu = actions(QContextMenuEvent::Mouse);
    QVERIFY(menu);
    QCOMPARE(menu->actions().front()->text(), QStringLiteral("Copy values as CSV"));
    menu->actions().front()->trigger();
    QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("time,s0,s1\r\n")));
    menu->actions()[1]->trigger();
    QVERIFY(!QApplication::clipboard()->pixmap().isNull());
    delete menu;

    m_chart->setClickHint(QStringLiteral("Click: requests"));
    QSignalSpy wanted(m_chart.get(), &TimeSeriesChart::momentWanted);
    menu = actions(QContextMenuEvent::Mouse);
    QCOMPARE(menu->actions().front()->text(), QStringLiteral("Show requests of this moment"));
    menu->actions().front()->trigger();
    QCOMPARE(wanted.size(), 1);
    delete menu;
    // The keyboard's menu is about the keyboard's crosshair.
    menu = actions(QContextMenuEvent::Keyboard);
    QCOMPARE(menu->actions().front()->text(), QStringLiteral("Copy values as CSV"));
    delete menu;
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    menu = actions(QContextMenuEvent::Keyboard);
    QCOMPARE(menu->actions().front()->text(), QStringLiteral("Show requests of this moment"));
    delete menu;
}

void TestChartInput::accessibleValue()
{
    m_chart->setUnit(Unit::seconds);
    auto* spoken = QAccessible::queryAccessibleInterface(m_chart.get());
    QVERIFY(spoken);
    QCOMPARE(spoken->role(), QAccessible::Chart);
    QVERIFY(spoken->text(QAccessible::Value).isEmpty());
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    const QString value = spoken->text(QAccessible::Value);
    QVERIFY2(value.contains(QStringLiteral("; s1 5")) && value.contains(QStringLiteral("; s0 0")), qPrintable(value));
    QCOMPARE(value, m_chart->crosshairText());
    QVERIFY(m_chart->focusPolicy() & Qt::TabFocus);
}

void TestChartInput::rendersAtAnyRatio_data()
{
    QTest::addColumn<double>("ratio");
    for (const double ratio : {1.0, 1.5, 2.0, 3.0})
        QTest::addRow("%g", ratio) << ratio;
}

void TestChartInput::rendersAtAnyRatio()
{
    QFETCH(double, ratio);
    m_chart->setFrame(frameOf({std::vector<double>(301, 5), std::vector<double>(20'000, 3)}, 15));
    QTest::keyClick(m_chart.get(), Qt::Key_Home);
    auto* view = m_chart->findChild<PlotView*>();
    QPixmap picture(view->size() * ratio);
    picture.setDevicePixelRatio(ratio);
    view->QWidget::render(&picture); // not the graphics view's own
    QVERIFY(!picture.toImage().allGray());
}

void TestChartInput::minimumOfTheAxis()
{
    m_chart->setYMinimum(90);
    QTRY_VERIFY(sceneOf(*m_chart).values.minimum > 0 && sceneOf(*m_chart).values.minimum <= 90);
    m_chart->setYMinimum(1000); // above all values
    QTRY_VERIFY(sceneOf(*m_chart).values.minimum >= 999 && sceneOf(*m_chart).values.maximum > 1000);
    m_chart->setYMinimum(std::nullopt);
    QTRY_COMPARE(sceneOf(*m_chart).values.minimum, 0.0);
}

void TestChartInput::statisticsWhereThereIsRoom()
{
    auto* legend = m_chart->findChild<ChartLegend*>();
    QVERIFY(!legend->table());
    m_chart->resize(900, 600);
    QTRY_VERIFY(legend->table());
    const std::array<QString, 4> wanted{QStringLiteral("300"), QStringLiteral("0"), QStringLiteral("300"),
                                        QStringLiteral("150")};
    QCOMPARE(legend->entries().front().statistics, wanted);
    // Of what is shown, not of all there is.
    m_chart->setTimeRange(start, start + 100'000);
    QTRY_COMPARE(legend->entries().front().statistics[2], QStringLiteral("100"));
    QTest::mouseClick(legend, Qt::LeftButton, {}, QPoint(10, legend->height() - 4));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(1));
    QVERIFY(legend->entries()[1].visible);
    m_chart->setFrame(nullptr);
    QTRY_VERIFY(legend->entries().empty());
    m_chart->resize(400, 200);
    QTRY_VERIFY(!legend->table());
}

/// As of a share whose whole is 0. Only what was not measured is a dash.
void TestChartInput::theInfiniteIsSaidAndNotDrawn()
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double none = std::nan("");
    const QString plus = QStringLiteral("+Inf"), minus = QStringLiteral("-Inf"), dash = QStringLiteral("–");
    const auto* legend = m_chart->findChild<ChartLegend*>();
    m_chart->resize(900, 600);
    m_chart->setFrame(frameOf({{1, 2, infinity}, {-infinity, -infinity, -infinity}, {none, none, none}}));
    QTRY_COMPARE(legend->entries().size(), std::size_t(3));
    QTRY_VERIFY(legend->table());
    const auto& entries = legend->entries();
    QCOMPARE(entries[0].value, plus);
    QCOMPARE(entries[1].value, minus);
    QCOMPARE(entries[2].value, dash);
    QCOMPARE(entries[0].statistics, (std::array<QString, 4>{plus, QStringLiteral("1"), plus, plus}));
    QCOMPARE(entries[1].statistics, (std::array<QString, 4>{minus, minus, minus, minus}));
    QCOMPARE(entries[2].statistics, (std::array<QString, 4>{dash, dash, dash, dash}));
    m_chart->setFrame(frameOf({{infinity, infinity, infinity}}));
    QTRY_COMPARE(sceneOf(*m_chart).lines.size(), std::size_t(1));
    QVERIFY(sceneOf(*m_chart).lines.front().columns.empty());
    QVERIFY(sceneOf(*m_chart).message.isEmpty()); // not "No data"
    m_chart->setUndrawnText(QStringLiteral("Only infinite ones"));
    QTRY_COMPARE(sceneOf(*m_chart).remark, QStringLiteral("Only infinite ones"));
    QVERIFY(m_chart->accessibleDescription().startsWith(QStringLiteral("Only infinite ones; s0 +Inf")));
    QTest::keyClick(m_chart.get(), Qt::Key_End);
    QVERIFY2(m_chart->crosshairText().endsWith(QStringLiteral("s0 +Inf")), qPrintable(m_chart->crosshairText()));
    QCOMPARE(m_chart->findChild<ChartTooltip*>() ? m_chart->findChild<ChartTooltip*>()->rows().at(0).value : dash,
             plus);
    m_chart->setFrame(frameOf({{infinity, 1, infinity}}));
    QTRY_VERIFY(sceneOf(*m_chart).remark.isEmpty());
}

/// The line that is seen there is that of the layer below.
void TestChartInput::aLayerOfNothingIsNotMeant()
{
    m_chart->setClickHint(QStringLiteral("Click for the requests"));
    m_chart->setStacked(true);
    m_chart->setFrame(frameOf({std::vector<double>(301, 5), std::vector<double>(301, 0)}));
    QTRY_COMPARE(sceneOf(*m_chart).bands.size(), std::size_t(2));
    QSignalSpy wanted(m_chart.get(), &TimeSeriesChart::momentWanted);
    auto* viewport = m_chart->findChild<PlotView*>()->viewport();
    QTest::mouseClick(viewport, Qt::LeftButton, {}, at(*m_chart, 0.5, static_cast<int>(sceneOf(*m_chart).y(5))));
    QTRY_COMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].value<ChartMoment>().column, std::optional(std::size_t(0)));
}

QTEST_MAIN(TestChartInput)
#include "tst_chart_input.moc"
