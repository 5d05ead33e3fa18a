// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/value_ticks.h"
#include "format/format.h"
#include "theme/color_math.h"
#include "theme/theme.h"
#include "widgets/stream_timeline.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int leftMargin = 40;
constexpr int rightMargin = 10;
constexpr double barShare = 0.62;
constexpr int tickDistance = 84;
constexpr std::size_t mostStalls = 3;

QColor faint(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

} // namespace

QRect StreamTimeline::plot() const
{
    const auto line = QFontMetrics(m_theme.tokens().small).height();
    return rect().adjusted(leftMargin, line + 6, -rightMargin, -line - 8);
}

QRect StreamTimeline::bars() const
{
    auto area = plot();
    area.setHeight(static_cast<int>(area.height() * barShare));
    return area;
}

QRect StreamTimeline::curve() const
{
    auto area = plot();
    area.setTop(bars().bottom() + m_theme.tokens().space3);
    return area;
}

void StreamTimeline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.tokens().small);
    if (m_stream.chunks().empty() || plot().width() < 20 || plot().height() < 40)
        return;
    paintAxis(painter);
    paintStalls(painter);
    painter.setClipRect(plot().adjusted(-1, -1, 1, 1));
    paintBars(painter);
    paintCurve(painter);
    painter.setClipping(false);
    paintCurrent(painter);
    if (hasFocus()) {
        painter.setPen(QPen(m_theme.tokens().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void StreamTimeline::paintAxis(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto area = plot();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto ticks =
        valueTicks(m_range.from, m_range.to, std::max(1, area.width() / tickDistance), Unit::seconds, AxisEnd::exact);
    const auto line = painter.fontMetrics().height();
    for (const auto& tick : ticks.ticks) {
        if (tick.value < m_range.from || tick.value > m_range.to)
            continue;
        const int x = static_cast<int>(xOf(tick.value));
        painter.setPen(tokens.hairline);
        painter.drawLine(x, area.top(), x, area.bottom());
        painter.setPen(tokens.secondary);
        const int half = painter.fontMetrics().horizontalAdvance(tick.label) / 2 + 1;
        const int middle = std::clamp(x, half, width() - half);
        painter.drawText(QRect(middle - half, area.bottom() + 4, 2 * half, line), Qt::AlignCenter, tick.label);
    }
    painter.setPen(tokens.hairline);
    painter.drawLine(bars().bottomLeft(), bars().bottomRight());
    painter.drawLine(curve().bottomLeft(), curve().bottomRight());
    const auto scale = [&](const QRect& band, const QString& top, const QString& unit) {
        painter.setPen(tokens.secondary);
        painter.drawText(QRect(0, band.top() - line / 2, leftMargin - 6, line), Qt::AlignRight | Qt::AlignVCenter, top);
        painter.drawText(QRect(0, band.top() + line / 2, leftMargin - 6, line), Qt::AlignRight | Qt::AlignVCenter,
                         unit);
    };
    const auto highest = formatValue(m_stream.highest(m_range, m_measure),
                                     m_measure == StreamHeight::tokens ? Unit::tokens : Unit::bytes);
    scale(bars(), highest.number, highest.unit);
    const auto all = formatValue(static_cast<double>(m_stream.tokensAt(m_range.to)), Unit::none);
    scale(curve(), all.number, tr("Σ tok"));
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void StreamTimeline::paintStalls(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto area = plot();
    const auto line = painter.fontMetrics().height();
    std::vector<QRect> taken;
    for (const auto& gap : m_stream.stalls(mostStalls)) {
        if (gap.to < m_range.from || gap.from > m_range.to)
            continue;
        const double from = std::max<double>(area.left(), xOf(gap.from));
        const double to = std::min<double>(area.right(), xOf(gap.to));
        painter.fillRect(QRectF(from, area.top(), std::max(1.0, to - from), area.height()), faint(tokens.warn, 0.14F));
        const auto text = tr("%1 stall").arg(formatValue(gap.length(), Unit::seconds).joined());
        const int wide = painter.fontMetrics().horizontalAdvance(text) + 2;
        const int left = std::clamp(static_cast<int>((from + to) / 2) - wide / 2, 0, std::max(0, width() - wide));
        const QRect label(left, 1, wide, line);
        // The longest come first: a shorter one gives way.
        if (std::any_of(taken.begin(), taken.end(),
                        [&](const QRect& other) { return other.intersects(label.adjusted(-6, 0, 6, 0)); }))
            continue;
        taken.push_back(label);
        painter.setPen(tokens.warn);
        painter.drawText(label, Qt::AlignCenter, text);
    }
}

void StreamTimeline::paintBars(QPainter& painter) const
{
    const auto area = bars();
    const auto& tokens = m_theme.tokens();
    const double most = m_stream.highest(m_range, m_measure);
    const auto columns = m_stream.columns(m_range, area.width(), m_measure);
    const int wide = columns.size() > static_cast<std::size_t>(area.width()) / 6    ? 1
                     : columns.size() > static_cast<std::size_t>(area.width()) / 12 ? 2
                                                                                    : 3;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const auto& column : columns) {
        // A chunk without tokens is still there.
        const int tall = std::max(2, static_cast<int>(column.value / most * area.height()));
        painter.fillRect(area.left() + column.x - wide / 2, area.bottom() - tall + 1, wide, tall,
                         column.value == 0 ? tokens.secondary : tokens.accent);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void StreamTimeline::paintCurve(QPainter& painter) const
{
    const auto area = curve();
    const auto before = m_stream.tokensAt(m_range.from);
    const auto all = m_stream.tokensAt(m_range.to);
    const double span = std::max<double>(1, static_cast<double>(all));
    const auto yOf = [&](std::uint64_t tokens) {
        return area.bottom() - static_cast<double>(tokens) / span * (area.height() - 2);
    };
    QPolygonF steps;
    steps << QPointF(area.left(), yOf(before));
    for (const auto& column : m_stream.columns(m_range, area.width(), m_measure)) {
        const double x = area.left() + column.x;
        steps << QPointF(x, steps.back().y());
        steps << QPointF(x, yOf(m_stream.tokensAt(timeAt(x + 1 - 1e-6))));
    }
    steps << QPointF(area.right(), steps.back().y());
    auto ground = steps;
    ground << QPointF(area.right(), area.bottom()) << QPointF(area.left(), area.bottom());
    painter.setPen(Qt::NoPen);
    painter.setBrush(faint(m_theme.tokens().good, 0.14F));
    painter.drawPolygon(ground);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.tokens().good, 1.5));
    painter.drawPolyline(steps);
}

void StreamTimeline::paintCurrent(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto area = plot();
    if (m_dragFrom) {
        const QRect chosen(QPoint(std::min(*m_dragFrom, m_dragTo), area.top()),
                           QPoint(std::max(*m_dragFrom, m_dragTo), area.bottom()));
        painter.fillRect(chosen, faint(tokens.accent, 0.2F));
    }
    if (!m_current)
        return;
    const auto x = xOf(m_stream.chunks()[*m_current].at);
    if (x < area.left() - 1 || x > area.right() + 1)
        return;
    painter.setPen(QPen(tokens.text, 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
}

} // namespace tokenscope::ui
