// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of a heatmap that answers to mouse and keyboard.
#include "charts/chart_group.h"
#include "charts/chart_values.h"
#include "charts/heatmap.h"

#include <QAccessible>
#include <QDateTime>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::int64_t shortestMoment = 5'000;

} // namespace

void Heatmap::setClickHint(const QString& hint)
{
    m_clickHint = hint;
}

std::optional<Heatmap::Cell> Heatmap::cellAt(const QPointF& position) const
{
    const auto data = frame();
    if (!hasData() || !data || !m_plot.contains(position))
        return std::nullopt;
    const double ms = static_cast<double>(m_fromMs)
                      + (position.x() - m_plot.left()) / m_plot.width() * static_cast<double>(m_toMs - m_fromMs);
    const double row =
        std::ceil((ms - static_cast<double>(data->times.front())) / static_cast<double>(stepOf(data->times)));
    const double bucket =
        std::floor((m_plot.bottom() - position.y()) / m_plot.height() * static_cast<double>(m_rows.count()));
    if (row < 0 || row >= static_cast<double>(data->times.size()) || bucket < 0)
        return std::nullopt;
    return Cell{static_cast<std::size_t>(row), std::min(m_rows.first + static_cast<std::size_t>(bucket), m_rows.last)};
}

std::optional<std::pair<std::size_t, std::size_t>> Heatmap::shownSteps() const
{
    const auto data = frame();
    if (!hasData() || !data || data->times.empty())
        return std::nullopt;
    const auto& times = data->times;
    const auto first = std::upper_bound(times.begin(), times.end(), m_fromMs);
    const auto last = std::lower_bound(times.begin(), times.end(), m_toMs + stepOf(times));
    if (m_toMs <= m_fromMs || first >= last)
        return std::pair<std::size_t, std::size_t>(0, times.size() - 1);
    return std::pair(static_cast<std::size_t>(first - times.begin()),
                     static_cast<std::size_t>(last - times.begin()) - 1);
}

std::optional<Heatmap::Cell> Heatmap::markedCell() const
{
    const auto steps = shownSteps();
    if (!m_mark || !steps)
        return std::nullopt;
    const auto row = nearestSample(*frame(), m_mark->ms);
    if (!row || *row < steps->first || *row > steps->second)
        return std::nullopt;
    return Cell{*row, std::clamp(m_mark->bucket, m_rows.first, m_rows.last)};
}

/// Where most were counted in the last step that counted any.
std::optional<Heatmap::Cell> Heatmap::newestCell() const
{
    const auto steps = shownSteps();
    if (!steps)
        return std::nullopt;
    for (std::size_t row = steps->second + 1; row-- > steps->first;) {
        std::optional<Cell> best;
        for (std::size_t bucket = m_rows.first; bucket <= m_rows.last; ++bucket) {
            const Cell cell{row, bucket};
            if (countAt(cell) > (best ? countAt(*best) : 0))
                best = cell;
        }
        if (best)
            return best;
    }
    return Cell{steps->second, m_rows.first};
}

QRectF Heatmap::rectOf(Cell cell) const
{
    const auto& times = frame()->times;
    const double height = m_plot.height() / static_cast<double>(m_rows.count());
    const double left = x(times[cell.row] - stepOf(times));
    return QRectF(left, m_plot.bottom() - height * static_cast<double>(cell.bucket - m_rows.first + 1),
                  x(times[cell.row]) - left, height)
           & m_plot;
}

/// A cell that goes on after the axis has not come further than that.
std::int64_t Heatmap::timeOf(Cell cell) const
{
    const auto time = frame()->times[cell.row];
    return m_toMs > m_fromMs ? std::min(time, m_toMs) : time;
}

QString Heatmap::cellText(Cell cell) const
{
    const auto& bucket = m_cells.buckets[cell.bucket];
    return formatTime(timeOf(cell), m_toMs - m_fromMs) + QLatin1Char('\n') + bucketName(bucket) + QStringLiteral(": ")
           + heatCountText(countAt(cell));
}

QString Heatmap::cursorText() const
{
    const auto cell = markedCell();
    return cell ? cellText(*cell).replace(QLatin1Char('\n'), QStringLiteral("; ")) : QString();
}

void Heatmap::want(Cell cell)
{
    if (m_clickHint.isEmpty() || !(countAt(cell) > 0))
        return;
    const auto& times = frame()->times;
    const auto& bucket = m_cells.buckets[cell.bucket];
    const std::int64_t width = std::max(stepOf(times), shortestMoment);
    const std::int64_t from = times[cell.row] - (stepOf(times) + width) / 2;
    const std::int64_t to = std::min<std::int64_t>(from + width, QDateTime::currentMSecsSinceEpoch()); // it may go on
    Q_EMIT cellWanted({std::min(from, to - shortestMoment), to, bucket.from, bucket.to, bucket.name.empty()});
}

void Heatmap::mouseMoveEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (m_group)
        m_group->setTime(cell ? std::optional(timeOf(*cell)) : std::nullopt);
    if (!cell) {
        QToolTip::hideText();
        return;
    }
    QString text = cellText(*cell);
    if (!m_clickHint.isEmpty() && countAt(*cell) > 0)
        text += QLatin1Char('\n') + m_clickHint;
    QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void Heatmap::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton ? cellAt(event->position()) : std::nullopt;
    if (!m_pressed || m_clickHint.isEmpty())
        event->ignore(); // what it stands in may move or enlarge it
}

void Heatmap::mouseReleaseEvent(QMouseEvent* event)
{
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    if (event->button() == Qt::LeftButton && pressed && pressed == cellAt(event->position()))
        want(*pressed);
}

void Heatmap::leaveEvent(QEvent* event)
{
    TitledPanel::leaveEvent(event);
    if (m_group)
        m_group->setTime(std::nullopt);
}

void Heatmap::keyPressEvent(QKeyEvent* event)
{
    const bool plain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    const auto marked = markedCell();
    switch (plain ? event->key() : 0) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Home:
    case Qt::Key_End: moveMark(event->key(), event->modifiers().testFlag(Qt::ShiftModifier)); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!marked)
            break;
        want(*marked);
        return;
    case Qt::Key_Escape:
        if (dropMark())
            return;
        break;
    default: break;
    }
    TitledPanel::keyPressEvent(event);
}

void Heatmap::moveMark(int key, bool fast)
{
    const auto steps = shownSteps();
    if (!steps)
        return;
    auto cell = markedCell();
    if (!cell) {
        showMark(*newestCell());
        return;
    }
    const auto moved = [fast](std::size_t at, bool up, std::size_t first, std::size_t last) {
        const std::size_t room = up ? last - at : at - first;
        const std::size_t by = std::min<std::size_t>(fast ? 10 : 1, room);
        return up ? at + by : at - by;
    };
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right: cell->row = moved(cell->row, key == Qt::Key_Right, steps->first, steps->second); break;
    case Qt::Key_Up:
    case Qt::Key_Down: cell->bucket = moved(cell->bucket, key == Qt::Key_Up, m_rows.first, m_rows.last); break;
    case Qt::Key_Home: cell->row = steps->first; break;
    default: cell->row = steps->second;
    }
    showMark(*cell);
}

void Heatmap::showMark(Cell cell)
{
    m_mark = Mark{frame()->times[cell.row], cell.bucket};
    m_focusSeen = hasFocus();
    update();
    if (m_group)
        m_group->setTime(timeOf(cell));
    QToolTip::showText(mapToGlobal(rectOf(cell).bottomRight().toPoint()), cellText(cell), this);
    QAccessibleValueChangeEvent changed(this, cursorText());
    QAccessible::updateAccessibility(&changed);
}

bool Heatmap::dropMark()
{
    if (!std::exchange(m_mark, std::nullopt))
        return false;
    QToolTip::hideText();
    if (m_group)
        m_group->setTime(std::nullopt);
    update();
    return true;
}

void Heatmap::focusInEvent(QFocusEvent* event)
{
    TitledPanel::focusInEvent(event);
    // Who clicks knows where; who tabs must see it.
    m_focusSeen = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason
                  || event->reason() == Qt::ShortcutFocusReason;
    update();
}

void Heatmap::focusOutEvent(QFocusEvent* event)
{
    TitledPanel::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason)
        dropMark();
    m_focusSeen = false;
    update();
}

} // namespace tokenscope::ui
