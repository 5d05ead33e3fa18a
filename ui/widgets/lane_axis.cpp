// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lane_axis.h"

#include "charts/value_ticks.h"
#include "theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr int labelWidth = 80; ///< with the room around it
constexpr int mostLabels = 10; ///< more say nothing more, however much room there is

/// Round steps that also end where the axis does, where there are any.
std::vector<ValueTick> ticksOf(double span, int most)
{
    const auto with = [span](int intervals) {
        return valueTicks(0, span, intervals, Unit::seconds, AxisEnd::exact).ticks;
    };
    for (int intervals = most; intervals > 1; --intervals) {
        auto ticks = with(intervals);
        if (!ticks.empty() && std::abs(ticks.back().value - span) < span * 1e-6)
            return ticks;
    }
    return with(most);
}

} // namespace

LaneAxis::LaneAxis(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void LaneAxis::setGeometryOfRows(const LaneGeometry& geometry)
{
    m_geometry = geometry;
    update();
}

QSize LaneAxis::sizeHint() const
{
    return {120, QFontMetrics(m_theme.tokens().small).height() + m_theme.tokens().space1};
}

void LaneAxis::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    const QFontMetrics metrics(tokens.small);
    QPainter painter(this);
    painter.setFont(tokens.small);
    const double width = m_geometry.plotRight - m_geometry.plotLeft;
    const int most = std::clamp(static_cast<int>(width) / labelWidth, 1, mostLabels);
    for (const auto& tick : ticksOf(m_geometry.span, most)) {
        const double x = std::floor(m_geometry.x(tick.value)) + 0.5; // as sharp as the line below
        painter.setPen(tokens.hairline);
        painter.drawLine(QPointF(x, height() - 3), QPointF(x, height()));
        painter.setPen(tokens.secondary);
        painter.drawText(QPointF(x - metrics.horizontalAdvance(tick.label) / 2.0, metrics.ascent()), tick.label);
    }
    painter.setPen(tokens.hairline);
    painter.drawLine(QPointF(m_geometry.plotLeft, height() - 0.5), QPointF(m_geometry.plotRight, height() - 0.5));
}

} // namespace tokenscope::ui
