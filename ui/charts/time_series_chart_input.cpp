// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of a chart that answers to mouse and keyboard: crosshair, zoom, menu.
#include "charts/chart_values.h"
#include "charts/plot_item.h"
#include "charts/time_series_chart_impl.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenscope::ui {
namespace {

constexpr std::int64_t shortestRange = 10'000;
constexpr std::int64_t longestRange = std::int64_t{5} * 365 * 86'400'000;
constexpr std::int64_t shortestMoment = 5'000;
constexpr double zoomStep = 0.5; ///< of a key
constexpr int reach = 12;        ///< px from a line within which a click means it

} // namespace

ChartSpan TimeSeriesChart::Impl::span() const
{
    const PlotScene& scene = m_view->item().plotScene();
    return {scene.fromMs, scene.toMs};
}

std::optional<std::size_t> TimeSeriesChart::Impl::indexAt(std::int64_t ms) const
{
    return m_drawn ? nearestSample(*m_drawn, ms) : std::nullopt;
}

std::optional<std::size_t> TimeSeriesChart::Impl::crosshairIndex() const
{
    const PlotScene& scene = m_view->item().plotScene();
    const auto time = m_group ? m_group->time() : std::nullopt;
    if (!time || *time < scene.fromMs || *time > scene.toMs || !scene.message.isEmpty())
        return std::nullopt;
    return indexAt(*time);
}

void TimeSeriesChart::Impl::hover(const QPoint& position)
{
    m_mouse = position;
    m_cursor.reset();
    const std::int64_t ms = m_view->timeAt(position.x());
    const auto index = indexAt(ms);
    if (m_group)
        m_group->setTime(index ? m_drawn->times[*index] : ms);
    if (index && m_view->item().plotScene().message.isEmpty())
        showTooltip(*index);
    else if (m_tooltip)
        m_tooltip->hide();
}

void TimeSeriesChart::Impl::leave()
{
    m_panStart.reset();
    if (!m_mouse)
        return;
    m_mouse.reset();
    if (m_tooltip)
        m_tooltip->hide();
    if (m_group)
        m_group->setTime(std::nullopt);
}

void TimeSeriesChart::Impl::showCrosshair()
{
    if (!m_chart.isVisible())
        return;
    const PlotScene& scene = m_view->item().plotScene();
    const auto time = m_group ? m_group->time() : std::nullopt;
    const auto index = crosshairIndex();
    if (!time || *time < scene.fromMs || *time > scene.toMs || !scene.message.isEmpty()) {
        m_view->setCrosshair(std::nullopt, {});
    } else {
        std::vector<PlotItem::Marker> markers;
        // Only where a sample is near: another chart may have other times.
        if (index && std::abs(scene.x(m_drawn->times[*index]) - scene.x(*time)) <= 2) {
            for (const ChartSeries& series : m_visible) {
                if (const auto value = seenAt(series, *index))
                    markers.emplace_back(std::clamp(scene.y(*value), scene.plot.top(), scene.plot.bottom()),
                                         series.color);
            }
        }
        m_view->setCrosshair(scene.x(*time), std::move(markers));
    }
    if (index == m_readAt)
        return;
    m_readAt = index;
    if (!m_valuesTimer.isActive())
        m_valuesTimer.start();
}

std::vector<ChartTooltip::Row> TimeSeriesChart::Impl::rowsAt(std::size_t index) const
{
    struct Entry {
        double value;
        ChartTooltip::Row row;
    };
    std::vector<Entry> entries;
    for (const ChartSeries& series : m_visible) {
        const double value = valueAt(*m_drawn, series.column, index).value_or(std::nan(""));
        entries.push_back({value, {series.color, series.name, format(value)}});
    }
    // Where they are equal p99 stands above p50, as it does everywhere else.
    if (m_percentiles)
        std::reverse(entries.begin(), entries.end());
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::isnan(b.value) ? !std::isnan(a.value) : a.value > b.value;
    });
    std::vector<ChartTooltip::Row> rows;
    for (Entry& entry : entries)
        rows.push_back(std::move(entry.row));
    return rows;
}

void TimeSeriesChart::Impl::showTooltip(std::size_t index)
{
    QWidget* window = m_chart.window();
    if (!m_tooltip || m_tooltip->parentWidget() != window) {
        delete m_tooltip;
        m_tooltip = new ChartTooltip(m_theme, window);
    }
    const std::int64_t time = m_drawn->times[index];
    const PlotScene& scene = m_view->item().plotScene();
    m_tooltip->setContents(formatTime(time, scene.toMs - scene.fromMs), rowsAt(index), m_clickHint);
    const QPoint point(static_cast<int>(scene.x(time)),
                       m_mouse ? m_mouse->y() : static_cast<int>(scene.plot.center().y()));
    m_tooltip->showBeside(m_view->mapTo(window, point));
}

QString TimeSeriesChart::Impl::crosshairText() const
{
    const auto index = crosshairIndex();
    if (!index)
        return {};
    const ChartSpan shown = span();
    QString text = formatTime(m_drawn->times[*index], shown.to - shown.from);
    for (const auto& row : rowsAt(*index))
        text += QStringLiteral("; ") + row.name + QLatin1Char(' ') + row.value;
    return text;
}

QString TimeSeriesChart::Impl::valuesAsCsv() const
{
    return m_drawn ? csvOfSeries(*m_drawn, m_visible, span()) : QString();
}

void TimeSeriesChart::Impl::showRange(ChartSpan range)
{
    if (m_panStart)
        return; // the hand is on it
    if (m_group)
        m_group->shown(range);
    if (range.from == m_fromMs && range.to == m_toMs)
        return;
    m_fromMs = range.from;
    m_toMs = range.to;
    schedule(Change::axis);
}

void TimeSeriesChart::Impl::zoomTo(ChartSpan range, ChartGroup::Gesture gesture)
{
    const std::int64_t middle = range.from + (range.to - range.from) / 2;
    const std::int64_t width = std::clamp(range.to - range.from, shortestRange, longestRange);
    if (width != range.to - range.from)
        range = {middle - width / 2, middle - width / 2 + width};
    // Nothing is known of the time to come.
    const std::int64_t end = std::max<std::int64_t>(span().to, QDateTime::currentMSecsSinceEpoch());
    if (range.to > end)
        range = {end - width, end};
    range = {std::max<std::int64_t>(0, range.from), std::max(range.to, shortestRange)};
    if (m_group)
        m_group->zoomedTo(range, gesture);
    // What there is already is shown until the answer comes.
    m_fromMs = range.from;
    m_toMs = range.to;
    schedule(Change::axis);
    Q_EMIT m_chart.rangeSelected(range.from, range.to);
}

void TimeSeriesChart::Impl::zoom(double factor, std::int64_t aroundMs, ChartGroup::Gesture gesture)
{
    // Not what is drawn, which may be a turn of the wheel behind.
    const ChartSpan now = m_toMs > m_fromMs ? ChartSpan{m_fromMs, m_toMs} : span();
    const auto width = static_cast<double>(now.to - now.from);
    if (factor < 1 && width <= static_cast<double>(shortestRange))
        return;
    const double share = static_cast<double>(aroundMs - now.from) / std::max(1.0, width);
    const double wanted =
        std::clamp(width * factor, static_cast<double>(shortestRange), static_cast<double>(longestRange));
    const std::int64_t from = aroundMs - std::llround(wanted * std::clamp(share, 0.0, 1.0));
    zoomTo({from, from + std::llround(wanted)}, gesture);
}

void TimeSeriesChart::Impl::pan(std::int64_t byMs)
{
    if (!m_panStart)
        m_panStart = span();
    m_fromMs = m_panStart->from + byMs;
    m_toMs = m_panStart->to + byMs;
    schedule(Change::axis);
}

void TimeSeriesChart::Impl::finishPan()
{
    const auto before = std::exchange(m_panStart, std::nullopt);
    if (before && (before->from != m_fromMs || before->to != m_toMs))
        zoomTo({m_fromMs, m_toMs}, ChartGroup::Gesture::single);
}

void TimeSeriesChart::Impl::goBack()
{
    m_clickTimer.stop();
    const auto earlier = m_group ? m_group->back() : std::nullopt;
    if (!earlier) {
        Q_EMIT m_chart.rangeReset();
        return;
    }
    m_fromMs = earlier->from;
    m_toMs = earlier->to;
    schedule(Change::axis);
    Q_EMIT m_chart.rangeSelected(earlier->from, earlier->to);
}

void TimeSeriesChart::Impl::goLive()
{
    if (m_group)
        m_group->forgetRanges();
    Q_EMIT m_chart.rangeReset();
}

bool TimeSeriesChart::Impl::handleKey(const QKeyEvent& event)
{
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const ChartSpan shown = span();
    const std::int64_t around = m_cursor.value_or(shown.from + (shown.to - shown.from) / 2);
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End: moveCursor(event.key(), event.modifiers().testFlag(Qt::ShiftModifier)); return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoom(zoomStep, around, ChartGroup::Gesture::single); return true;
    case Qt::Key_Minus: zoom(1 / zoomStep, around, ChartGroup::Gesture::single); return true;
    case Qt::Key_Backspace: goBack(); return true;
    case Qt::Key_0: goLive(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor)
            click(*m_cursor, std::nullopt);
        return m_cursor.has_value();
    case Qt::Key_Escape: {
        const bool had = m_cursor.has_value();
        dropCursor();
        return had;
    }
    default: return false;
    }
}

void TimeSeriesChart::Impl::moveCursor(int key, bool fast)
{
    if (!m_drawn || m_drawn->times.empty() || !m_view->item().plotScene().message.isEmpty())
        return;
    const auto& times = m_drawn->times;
    const ChartSpan shown = span();
    const auto first = std::lower_bound(times.begin(), times.end(), shown.from) - times.begin();
    const auto last = std::upper_bound(times.begin(), times.end(), shown.to) - times.begin() - 1;
    if (first > last)
        return;
    // A sample at a time, or a pixel where there are more samples than pixels.
    const auto pixels = std::max<std::ptrdiff_t>(1, std::lround(m_view->item().plotScene().plot.width()));
    const auto stride = std::max<std::ptrdiff_t>(1, (last - first + 1) / pixels) * (fast ? 10 : 1);
    // Without one yet, it begins where the values are newest.
    auto at = m_cursor ? static_cast<std::ptrdiff_t>(*indexAt(*m_cursor)) : last + (key == Qt::Key_Left ? 1 : 0);
    switch (key) {
    case Qt::Key_Left: at -= m_cursor ? stride : 1; break;
    case Qt::Key_Right: at += m_cursor ? stride : 0; break;
    case Qt::Key_Home: at = first; break;
    default: at = last;
    }
    at = std::clamp(at, first, last);
    m_mouse.reset();
    m_cursor = times[static_cast<std::size_t>(at)];
    if (m_group)
        m_group->setTime(m_cursor);
    showCursor();
    QAccessibleValueChangeEvent changed(&m_chart, crosshairText());
    QAccessible::updateAccessibility(&changed);
}

/// What is read at the keyboard's crosshair, if it can be seen.
void TimeSeriesChart::Impl::showCursor()
{
    if (const auto index = crosshairIndex())
        showTooltip(*index);
    else if (m_tooltip)
        m_tooltip->hide();
}

void TimeSeriesChart::Impl::dropCursor()
{
    if (!m_cursor)
        return;
    m_cursor.reset();
    if (m_tooltip)
        m_tooltip->hide();
    if (m_group)
        m_group->setTime(std::nullopt);
}

void TimeSeriesChart::Impl::click(std::int64_t ms, std::optional<QPoint> position)
{
    Q_EMIT m_chart.timeClicked(ms);
    if (m_clickHint.isEmpty())
        return;
    if (!position) {
        wantMoment(ms, std::nullopt);
        return;
    }
    m_clicked = [this, ms, y = position->y()] { wantMoment(ms, y); };
    m_clickTimer.start(QApplication::doubleClickInterval());
}

void TimeSeriesChart::Impl::wantMoment(std::int64_t ms, std::optional<int> y)
{
    const auto index = indexAt(ms);
    if (!index || !m_view->item().plotScene().message.isEmpty())
        return;
    const auto& times = m_drawn->times;
    const std::int64_t step =
        times.size() < 2 ? 0 : (times.back() - times.front()) / static_cast<std::int64_t>(times.size() - 1);
    const auto pixel = static_cast<std::int64_t>(std::ceil(m_view->item().plotScene().bucketMs));
    const std::int64_t width = std::max({step, pixel, shortestMoment});
    const std::int64_t from = times[*index] - width / 2;
    Q_EMIT m_chart.momentWanted({from, from + width, y ? columnAt(*index, *y) : std::nullopt});
}

std::optional<std::size_t> TimeSeriesChart::Impl::columnAt(std::size_t index, int y) const
{
    const PlotScene& scene = m_view->item().plotScene();
    std::optional<std::size_t> best;
    double distance = reach;
    for (const ChartSeries& series : m_visible) {
        const auto value = seenAt(series, index);
        if (!value || std::abs(scene.y(*value) - y) > distance)
            continue;
        distance = std::abs(scene.y(*value) - y);
        best = series.column;
    }
    return best;
}

void TimeSeriesChart::Impl::openMenu(const QContextMenuEvent& event)
{
    const bool data = m_hasData;
    std::optional<std::int64_t> ms = m_cursor;
    std::optional<int> y;
    const QPoint at = m_view->mapFrom(&m_chart, event.pos());
    if (event.reason() == QContextMenuEvent::Mouse && m_view->rect().contains(at)) {
        ms = m_view->timeAt(at.x());
        y = at.y();
    }
    auto* menu = new QMenu(&m_chart);
    menu->setObjectName(QStringLiteral("chart.menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!m_clickHint.isEmpty() && ms && data) {
        menu->addAction(TimeSeriesChart::tr("Show requests of this moment"), &m_chart,
                        [this, ms, y] { wantMoment(*ms, y); });
        menu->addSeparator();
    }
    auto* values = menu->addAction(TimeSeriesChart::tr("Copy values as CSV"), &m_chart,
                                   [this] { QApplication::clipboard()->setText(valuesAsCsv()); });
    values->setEnabled(data);
    menu->addAction(TimeSeriesChart::tr("Copy picture"), &m_chart,
                    [this] { QApplication::clipboard()->setPixmap(m_chart.grab()); });
    menu->addSeparator();
    auto* back = menu->addAction(TimeSeriesChart::tr("Back to the range before"), &m_chart, [this] { goBack(); });
    back->setEnabled(m_group && m_group->zoomed());
    menu->addAction(TimeSeriesChart::tr("Live range"), &m_chart, [this] { goLive(); });
    menu->popup(event.globalPos());
}

} // namespace tokenscope::ui
