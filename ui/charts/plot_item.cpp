// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_item.h"

#include "charts/plot_painter.h"
#include "theme/theme.h"

#include <QPainter>
#include <QWidget>

#include <cmath>

namespace tokenscope::ui {
namespace {

constexpr double markerRadius = 3.5;
constexpr double dotMiddle = 5; ///< whole, so that a marker is copied pixel by pixel

} // namespace

PlotItem::PlotItem(const Theme& theme, QGraphicsItem* parent) : QGraphicsItem(parent), m_theme(theme)
{
    setAcceptedMouseButtons(Qt::NoButton);
}

void PlotItem::setSize(const QSizeF& size)
{
    prepareGeometryChange();
    m_size = size;
    m_picture = {};
}

void PlotItem::setScene(PlotScene scene)
{
    m_scene = std::move(scene);
    m_picture = {};
}

void PlotItem::setCrosshair(std::optional<double> x, std::vector<Marker> markers)
{
    m_crosshair = x;
    m_markers = std::move(markers);
}

QRect PlotItem::crosshairStrip() const
{
    if (!m_crosshair)
        return {};
    const double reach = markerRadius + 2;
    return QRectF(*m_crosshair - reach, 0, 2 * reach, m_size.height()).toAlignedRect();
}

void PlotItem::setSelection(std::optional<std::pair<double, double>> selection)
{
    m_selection = selection;
}

QRectF PlotItem::boundingRect() const
{
    return {QPointF(0, 0), m_size};
}

bool PlotItem::hasPicture(double devicePixelRatio) const
{
    return !m_picture.isNull() && m_picture.devicePixelRatio() == devicePixelRatio;
}

void PlotItem::renderPicture(double devicePixelRatio)
{
    m_dots.clear();
    m_picture = QPixmap((m_size * devicePixelRatio).toSize());
    m_picture.setDevicePixelRatio(devicePixelRatio);
    // Opaque, so that text is drawn as sharply as elsewhere and the picture is copied, not blended.
    m_picture.fill(m_theme.tokens().surface);
    QPainter painter(&m_picture);
    paintPlot(painter, m_scene, m_theme.tokens());
}

const QPixmap& PlotItem::dot(const QColor& color)
{
    QPixmap& dot = m_dots[color.rgba()];
    if (dot.isNull()) {
        const double ratio = m_picture.devicePixelRatio();
        dot = QPixmap((QSizeF(2 * dotMiddle, 2 * dotMiddle) * ratio).toSize());
        dot.setDevicePixelRatio(ratio);
        dot.fill(Qt::transparent);
        QPainter painter(&dot);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_theme.tokens().surface, 1.5));
        painter.setBrush(color);
        painter.drawEllipse(QPointF(dotMiddle, dotMiddle), markerRadius, markerRadius);
    }
    return dot;
}

void PlotItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget)
{
    if (m_size.isEmpty())
        return;
    const double ratio = widget ? widget->devicePixelRatioF() : painter->device()->devicePixelRatioF();
    if (!hasPicture(ratio))
        renderPicture(ratio);
    painter->drawPixmap(QPointF(0, 0), m_picture);
    paintOver(*painter);
}

void PlotItem::paintCopy(QPainter& painter, const QRegion& region)
{
    const double ratio = m_picture.devicePixelRatio();
    if (ratio == std::floor(ratio)) {
        for (const QRect& rect : region) {
            const QRectF part = QRectF(rect) & boundingRect();
            painter.drawPixmap(part, m_picture, QRectF(part.topLeft() * ratio, part.size() * ratio));
        }
    } else {
        painter.drawPixmap(QPointF(0, 0), m_picture); // parts of it would not lie on whole pixels
    }
    paintOver(painter);
}

void PlotItem::paintOver(QPainter& painter)
{
    const ThemeTokens& tokens = m_theme.tokens();
    if (m_selection) {
        QColor fill = tokens.accent;
        fill.setAlphaF(0.18F);
        painter.fillRect(
            QRectF(QPointF(m_selection->first, m_scene.plot.top()), QPointF(m_selection->second, m_scene.plot.bottom()))
                .normalized(),
            fill);
    }
    if (!m_crosshair)
        return;
    const double x = std::floor(*m_crosshair) + 0.5;
    painter.setPen(QPen(tokens.secondary, 1));
    painter.drawLine(QPointF(x, m_scene.plot.top()), QPointF(x, m_scene.plot.bottom()));
    const QPointF corner(dotMiddle, dotMiddle);
    for (const auto& [y, color] : m_markers)
        painter.drawPixmap(QPointF(std::round(*m_crosshair), std::round(y)) - corner, dot(color));
}

} // namespace tokenscope::ui
