// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/plot_scene.h"

#include <QChartView>

#include <optional>
#include <utility>
#include <vector>

QT_BEGIN_NAMESPACE
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace tokenscope::ui {

class PlotItem;
class Theme;

/// A chart view that holds the plot item and tells what the mouse does in it, in times.
class PlotView : public QChartView {
    Q_OBJECT

public:
    PlotView(const Theme& theme, QWidget* parent);

    PlotItem& item() { return *m_item; }
    void setPlotScene(PlotScene scene);
    /// At x in the view, with a marker at each height.
    void setCrosshair(std::optional<double> x, std::vector<std::pair<double, QColor>> markers);
    std::int64_t timeAt(double x) const;

Q_SIGNALS:
    void hovered(const QPoint& position);
    void left();
    void clicked(qint64 ms, const QPoint& position);
    void rangeDragged(qint64 fromMs, qint64 toMs);
    void doubleClicked();
    void zoomed(double factor, qint64 aroundMs); ///< the wheel with Ctrl: a larger one shows more time
    void panned(qint64 byMs);                    ///< since the mouse was pressed, while it is dragged with Shift
    void panFinished();
    void pixelRatioChanged(); ///< the scene is laid out for another device than it is painted on

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    bool isDrag(double x) const;

    QLineSeries* m_anchor;
    QValueAxis* m_timeAxis;
    QValueAxis* m_valueAxis;
    PlotItem* m_item;
    std::optional<double> m_pressed;
    double m_msPerPixel = 0; ///< while Shift-dragged, else 0
};

} // namespace tokenscope::ui
