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
    update();
}

void PlotItem::setCrosshair(std::optional<double> x, std::vector<Marker> markers)
{
    if (m_crosshair)
        updateStrip(*m_crosshair);
    m_crosshair = x;
    m_markers = std::move(markers);
    if (m_crosshair)
        updateStrip(*m_crosshair);
}

void PlotItem::setSelection(std::optional<std::pair<double, double>> selection)
{
    m_selection = selection;
    update();
}

QRectF PlotItem::boundingRect() const
{
    return {QPointF(0, 0), m_size};
}

void PlotItem::updateStrip(double x)
{
    update(QRectF(x - markerRadius - 2, 0, 2 * markerRadius + 4, m_size.height()));
}

void PlotItem::renderPicture(double devicePixelRatio)
{
    m_picture = QPixmap((m_size * devicePixelRatio).toSize());
    m_picture.setDevicePixelRatio(devicePixelRatio);
    // Opaque, so that text is drawn as sharply as elsewhere and the picture is copied, not blended.
    m_picture.fill(m_theme.tokens().surface);
    QPainter painter(&m_picture);
    paintPlot(painter, m_scene, m_theme.tokens());
}

void PlotItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget)
{
    if (m_size.isEmpty())
        return;
    const double ratio = widget ? widget->devicePixelRatioF() : painter->device()->devicePixelRatioF();
    if (m_picture.isNull() || m_picture.devicePixelRatio() != ratio)
        renderPicture(ratio);
    painter->drawPixmap(QPointF(0, 0), m_picture);

    const ThemeTokens& tokens = m_theme.tokens();
    if (m_selection) {
        QColor fill = tokens.accent;
        fill.setAlphaF(0.18F);
        painter->fillRect(
            QRectF(QPointF(m_selection->first, m_scene.plot.top()), QPointF(m_selection->second, m_scene.plot.bottom()))
                .normalized(),
            fill);
    }
    if (!m_crosshair)
        return;
    const double x = std::floor(*m_crosshair) + 0.5;
    painter->setPen(QPen(tokens.secondary, 1));
    painter->drawLine(QPointF(x, m_scene.plot.top()), QPointF(x, m_scene.plot.bottom()));
    painter->setRenderHint(QPainter::Antialiasing);
    for (const Marker& marker : m_markers) {
        painter->setPen(QPen(tokens.surface, 1.5));
        painter->setBrush(marker.color);
        painter->drawEllipse(QPointF(*m_crosshair, marker.y), markerRadius, markerRadius);
    }
}

} // namespace tokenscope::ui
