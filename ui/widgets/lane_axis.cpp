// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lane_axis.h"

#include "charts/value_ticks.h"
#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int labelWidth = 80; ///< with the room around it

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
    const int most = std::max(1, static_cast<int>(width) / labelWidth);
    for (const auto& tick : valueTicks(0, m_geometry.span, most, Unit::seconds, AxisEnd::exact).ticks) {
        const double x = m_geometry.x(tick.value);
        painter.setPen(tokens.hairline);
        painter.drawLine(QPointF(x, height() - 3), QPointF(x, height()));
        painter.setPen(tokens.secondary);
        const double text = metrics.horizontalAdvance(tick.label);
        const double left = std::clamp(x - text / 2, m_geometry.plotLeft, m_geometry.plotRight - text);
        painter.drawText(QPointF(left, metrics.ascent()), tick.label);
    }
    painter.setPen(tokens.hairline);
    painter.drawLine(QPointF(m_geometry.plotLeft, height() - 0.5), QPointF(m_geometry.plotRight, height() - 0.5));
}

} // namespace tokenscope::ui
