// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_view.h"

#include "charts/plot_item.h"

#include <QChart>
#include <QLegend>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

PlotView::PlotView(const Theme& theme, QWidget* parent)
    : QChartView(parent), m_anchor(new QLineSeries(this)), m_timeAxis(new QValueAxis(this)),
      m_valueAxis(new QValueAxis(this)), m_item(new PlotItem(theme, chart()))
{
    // An empty series makes the chart keep its domain; ticks, grid and lines are ours, since Qt's are neither round in
    // time nor quick with many points.
    chart()->addSeries(m_anchor);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    chart()->addAxis(m_valueAxis, Qt::AlignLeft);
    m_anchor->attachAxis(m_timeAxis);
    m_anchor->attachAxis(m_valueAxis);
    m_timeAxis->setVisible(false);
    m_valueAxis->setVisible(false);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->setMinimumSize(0, 0);
    chart()->setAnimationOptions(QChart::NoAnimation);

    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setFocusPolicy(Qt::NoFocus);
    setMinimumSize(0, 0);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    // The picture covers all of it: what is behind need not be painted first.
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(true);
}

void PlotView::setPlotScene(PlotScene scene)
{
    m_timeAxis->setRange(static_cast<double>(scene.fromMs), static_cast<double>(scene.toMs));
    m_valueAxis->setRange(scene.values.minimum, scene.values.maximum);
    if (chart()->plotArea() != scene.plot)
        chart()->setPlotArea(scene.plot);
    m_item->setScene(std::move(scene));
    // Not through the graphics scene: once anything has made it update as a whole (a palette, a font), it passes on no update of an
    // item until it paints all its items itself, which a copy of the picture does not.
    viewport()->update();
}

std::int64_t PlotView::timeAt(double x) const
{
    const PlotScene& scene = m_item->plotScene();
    const double share = std::clamp((x - scene.plot.left()) / std::max(1.0, scene.plot.width()), 0.0, 1.0);
    return scene.fromMs + std::llround(share * static_cast<double>(scene.toMs - scene.fromMs));
}

void PlotView::setCrosshair(std::optional<double> x, std::vector<std::pair<double, QColor>> markers)
{
    if (!x && !m_item->hasCrosshair())
        return;
    viewport()->update(m_item->crosshairStrip());
    m_item->setCrosshair(x, std::move(markers));
    viewport()->update(m_item->crosshairStrip());
}

void PlotView::paintEvent(QPaintEvent* event)
{
    if (m_item->plotScene().pixelRatio != std::max(1.0, devicePixelRatioF()))
        Q_EMIT pixelRatioChanged();
    if (!m_item->hasPicture(viewport()->devicePixelRatioF())) {
        QChartView::paintEvent(event);
        return;
    }
    QPainter painter(viewport());
    m_item->paintCopy(painter, event->region());
}

bool PlotView::isDrag(double x) const
{
    return m_pressed && std::abs(x - *m_pressed) >= 6;
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    m_item->setSize(viewport()->size());
    viewport()->update();
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = event->position().x();
    const PlotScene& scene = m_item->plotScene();
    m_msPerPixel = event->modifiers().testFlag(Qt::ShiftModifier)
                       ? static_cast<double>(scene.toMs - scene.fromMs) / std::max(1.0, scene.plot.width())
                       : 0;
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    if (m_pressed && m_msPerPixel > 0) {
        Q_EMIT panned(std::llround((*m_pressed - x) * m_msPerPixel));
    } else if (isDrag(x)) {
        const QRectF& plot = m_item->plotScene().plot;
        m_item->setSelection(
            std::pair(std::clamp(*m_pressed, plot.left(), plot.right()), std::clamp(x, plot.left(), plot.right())));
        viewport()->update();
    }
    Q_EMIT hovered(event->position().toPoint());
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_pressed)
        return;
    const double x = event->position().x();
    const bool dragged = isDrag(x);
    const auto [from, to] = std::minmax({timeAt(*m_pressed), timeAt(x)});
    m_pressed.reset();
    m_item->setSelection(std::nullopt);
    viewport()->update();
    if (std::exchange(m_msPerPixel, 0) > 0)
        Q_EMIT panFinished();
    else if (!dragged)
        Q_EMIT clicked(timeAt(x), event->position().toPoint());
    else if (to > from)
        Q_EMIT rangeDragged(from, to);
}

void PlotView::wheelEvent(QWheelEvent* event)
{
    constexpr double notch = 120;
    const int turned = event->angleDelta().y();
    // Alone it scrolls the page, on every page: who passes over a chart means to go on.
    if (turned == 0 || !m_item->plotScene().message.isEmpty() || !event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    event->accept();
    Q_EMIT zoomed(std::pow(0.8, std::clamp(turned / notch, -4.0, 4.0)), timeAt(event->position().x()));
}

void PlotView::contextMenuEvent(QContextMenuEvent* event)
{
    event->ignore(); // the chart has one
}

void PlotView::mouseDoubleClickEvent(QMouseEvent*)
{
    m_pressed.reset();
    Q_EMIT doubleClicked();
}

void PlotView::leaveEvent(QEvent* event)
{
    QChartView::leaveEvent(event);
    Q_EMIT left();
}

} // namespace tokenscope::ui
