// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/first_paint.h"

#include "charts/time_series_chart.h"

#include <QEvent>
#include <QTimer>
#include <QWidget>

#include <algorithm>

namespace tokenscope::ui {

namespace {

bool answered(const TimeSeriesChart* chart)
{
    const bool seen = chart->isVisible() && !chart->visibleRegion().isEmpty();
    return !seen || (chart->hasAnswer() && chart->layoutCount() > 0);
}

} // namespace

FirstPaint::FirstPaint(QWidget& window) : QObject(&window), m_window(window)
{
    window.installEventFilter(this);
}

bool FirstPaint::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::UpdateRequest && m_window.isVisible()) {
        const auto charts = m_window.findChildren<TimeSeriesChart*>();
        if (std::all_of(charts.begin(), charts.end(), answered)) {
            m_window.removeEventFilter(this);
            // This request is painted before the next turn of the loop.
            QTimer::singleShot(0, this, &FirstPaint::painted);
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace tokenscope::ui
