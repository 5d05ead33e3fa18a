// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_series_chart.h"

#include "charts/chart_accessible.h"
#include "charts/time_series_chart_impl.h"
#include "theme/panel.h"
#include "theme/theme.h"

#include <QPainter>

namespace tokenscope::ui {

TimeSeriesChart::TimeSeriesChart(const Theme& theme, ChartGroup* group, QWidget* parent)
    : QWidget(parent), m_impl(std::make_unique<Impl>(*this, theme, group)), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    installChartAccessibility();
}

TimeSeriesChart::~TimeSeriesChart() = default;

void TimeSeriesChart::setTitle(const QString& title)
{
    m_impl->m_title = title;
    setAccessibleName(title);
    update();
}

void TimeSeriesChart::setSubtitle(const QString& subtitle)
{
    m_impl->m_subtitle = subtitle;
    update();
}

void TimeSeriesChart::setUnit(Unit unit)
{
    m_impl->m_unit = unit;
    m_impl->schedule();
    update();
}

void TimeSeriesChart::setEmptyText(const QString& text)
{
    m_impl->m_emptyText = text;
    m_impl->schedule();
}

void TimeSeriesChart::setUndrawnText(const QString& text)
{
    m_impl->m_undrawnText = text;
    m_impl->schedule();
}

void TimeSeriesChart::setPercentiles(bool percentiles)
{
    m_impl->m_percentiles = percentiles;
    m_impl->schedule();
}

void TimeSeriesChart::setStacked(bool stacked)
{
    m_impl->m_stacked = stacked;
    m_impl->schedule();
}

void TimeSeriesChart::setLegendShown(bool shown)
{
    m_impl->m_legendShown = shown;
    m_impl->schedule();
}

void TimeSeriesChart::setYMinimumSpan(double span)
{
    m_impl->m_minimumSpan = span;
    m_impl->schedule();
}

void TimeSeriesChart::setYMaximum(std::optional<double> maximum)
{
    m_impl->m_maximum = maximum;
    m_impl->schedule();
}

void TimeSeriesChart::setYMinimum(std::optional<double> minimum)
{
    m_impl->m_minimum = minimum;
    m_impl->schedule();
}

void TimeSeriesChart::setHeaderReserve(int width)
{
    m_impl->m_headerReserve = width;
    update();
}

void TimeSeriesChart::setClickHint(const QString& hint)
{
    m_impl->m_clickHint = hint;
}

void TimeSeriesChart::setTimeRange(std::int64_t fromMs, std::int64_t toMs)
{
    m_impl->showRange({fromMs, toMs});
}

void TimeSeriesChart::setFrame(query::FramePtr frame)
{
    if (frame == m_impl->m_frame && m_impl->m_error.isEmpty() && !m_impl->m_loading)
        return;
    m_impl->m_frame = std::move(frame);
    m_impl->m_error.clear();
    m_impl->m_loading = false;
    m_impl->schedule();
}

query::FramePtr TimeSeriesChart::frame() const
{
    return m_impl->m_frame;
}

void TimeSeriesChart::setError(const QString& message)
{
    m_impl->m_error = message;
    m_impl->m_loading = false;
    m_impl->schedule();
}

void TimeSeriesChart::setLoading()
{
    m_impl->m_error.clear();
    m_impl->m_loading = true;
    m_impl->schedule();
}

bool TimeSeriesChart::hasAnswer() const
{
    return m_impl->m_frame || !m_impl->m_error.isEmpty();
}

int TimeSeriesChart::layoutCount() const
{
    return m_impl->m_layoutCount;
}

int TimeSeriesChart::pointCount() const
{
    return m_impl->pointCount();
}

QString TimeSeriesChart::crosshairText() const
{
    return m_impl->crosshairText();
}

QString TimeSeriesChart::valuesAsCsv() const
{
    return m_impl->valuesAsCsv();
}

QSize TimeSeriesChart::sizeHint() const
{
    return {400, 220};
}

QSize TimeSeriesChart::minimumSizeHint() const
{
    return {220, 140};
}

void TimeSeriesChart::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_theme.tokens());
    QPainter painter(this);
    m_impl->paintHeader(painter);
    if (!m_focusSeen)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().accent, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), m_theme.tokens().radius, m_theme.tokens().radius);
}

void TimeSeriesChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_impl->apply();
}

void TimeSeriesChart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_impl->leave();
    m_impl->dropCursor();
}

void TimeSeriesChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_impl->schedule();
    m_impl->apply();
}

void TimeSeriesChart::keyPressEvent(QKeyEvent* event)
{
    if (!m_impl->handleKey(*event)) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_focusSeen = hasFocus();
    update();
}

void TimeSeriesChart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    // Who clicks knows where; who tabs must see it.
    m_focusSeen = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason
                  || event->reason() == Qt::ShortcutFocusReason;
    update();
}

void TimeSeriesChart::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    // A menu is a look aside: what it is about stays marked.
    if (event->reason() != Qt::PopupFocusReason)
        m_impl->dropCursor();
    m_focusSeen = false;
    update();
}

void TimeSeriesChart::contextMenuEvent(QContextMenuEvent* event)
{
    m_impl->openMenu(*event);
}

} // namespace tokenscope::ui
