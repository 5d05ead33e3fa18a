// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/plot_scene.h"

#include <QGraphicsItem>
#include <QHash>
#include <QPixmap>
#include <QRegion>

#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::ui {

class Theme;

/// The plot inside a QChart: the scene, drawn once into a picture, and the crosshair over it. Whoever changes it asks the view to
/// paint: all of it, or for the crosshair two narrow strips, crosshairStrip() before and after.
class PlotItem : public QGraphicsItem {
public:
    using Marker = std::pair<double, QColor>; ///< its height, and of which series

    PlotItem(const Theme& theme, QGraphicsItem* parent);

    void setSize(const QSizeF& size);
    void setScene(PlotScene scene);
    const PlotScene& plotScene() const { return m_scene; }
    void setCrosshair(std::optional<double> x, std::vector<Marker> markers);
    /// The stretch being dragged over, from x to x.
    void setSelection(std::optional<std::pair<double, double>> selection);

    QRect crosshairStrip() const; ///< what the crosshair covers; empty where there is none
    bool hasCrosshair() const { return m_crosshair.has_value(); }

    /// The scene has been drawn for such a device; then paintCopy() shows it without going through the graphics scene.
    bool hasPicture(double devicePixelRatio) const;
    void paintCopy(QPainter& painter, const QRegion& region);

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void renderPicture(double devicePixelRatio);
    void paintOver(QPainter& painter);
    const QPixmap& dot(const QColor& color);

    const Theme& m_theme;
    QSizeF m_size;
    PlotScene m_scene;
    QPixmap m_picture; ///< null when it has to be drawn again
    std::optional<double> m_crosshair;
    std::vector<Marker> m_markers;
    QHash<QRgb, QPixmap> m_dots; ///< markers, ready to be copied
    std::optional<std::pair<double, double>> m_selection;
};

} // namespace tokenscope::ui
