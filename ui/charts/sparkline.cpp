// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/sparkline.h"

#include "theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

constexpr double dotRadius = 1.5;

/// Fill and line of one unbroken stretch.
void paintRun(QPainter& painter, const QPolygonF& run, const QColor& color, double bottom)
{
    if (run.size() == 1) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(run.front(), dotRadius, dotRadius);
        return;
    }
    QColor fill = color;
    fill.setAlphaF(0.12F);
    QPolygonF area = run;
    area << QPointF(run.back().x(), bottom) << QPointF(run.front().x(), bottom);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(area);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPolyline(run);
}

} // namespace

Sparkline::Sparkline(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Sparkline::setValues(std::vector<double> values)
{
    m_values = std::move(values);
    update();
}

QSize Sparkline::sizeHint() const
{
    return {96, 24};
}

void Sparkline::paintEvent(QPaintEvent*)
{
    double top = 0;
    double low = 0;
    for (const double value : m_values) {
        if (std::isfinite(value)) {
            top = std::max(top, value);
            low = std::min(low, value);
        }
    }
    // All zeros are a line on the ground, not in the middle.
    const double span = top > low ? top - low : 1;
    const QRectF area = QRectF(rect()).adjusted(dotRadius, 1.5, -dotRadius, -1.5);
    const double step = m_values.size() > 1 ? area.width() / static_cast<double>(m_values.size() - 1) : 0;

    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF run;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (std::isfinite(m_values[i])) {
            const double x = step > 0 ? area.left() + step * static_cast<double>(i) : area.right();
            run << QPointF(x, area.bottom() - area.height() * (m_values[i] - low) / span);
        } else if (!run.isEmpty()) {
            paintRun(painter, run, m_theme.tokens().accent, area.bottom());
            run.clear();
        }
    }
    if (!run.isEmpty())
        paintRun(painter, run, m_theme.tokens().accent, area.bottom());
}

} // namespace tokenscope::ui
