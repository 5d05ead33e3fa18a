// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/plot_scene.h"

#include <QGraphicsItem>
#include <QPixmap>

#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::ui {

class Theme;

/// The plot inside a QChart: the scene, drawn once into a picture, and the crosshair over it. Moving the crosshair repaints
/// two narrow strips from the picture.
class PlotItem : public QGraphicsItem {
public:
    struct Marker {
        double y = 0;
        QColor color;
    };

    PlotItem(const Theme& theme, QGraphicsItem* parent);

    void setSize(const QSizeF& size);
    void setScene(PlotScene scene);
    const PlotScene& plotScene() const { return m_scene; }
    void setCrosshair(std::optional<double> x, std::vector<Marker> markers);
    /// The stretch being dragged over, from x to x.
    void setSelection(std::optional<std::pair<double, double>> selection);

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void updateStrip(double x);
    void renderPicture(double devicePixelRatio);

    const Theme& m_theme;
    QSizeF m_size;
    PlotScene m_scene;
    QPixmap m_picture; ///< null when it has to be drawn again
    std::optional<double> m_crosshair;
    std::vector<Marker> m_markers;
    std::optional<std::pair<double, double>> m_selection;
};

} // namespace tokenscope::ui
