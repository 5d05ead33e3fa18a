// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_accessible.h"

#include "charts/time_series_chart.h"

#include <QAccessibleWidget>

namespace tokenscope::ui {
namespace {

class AccessibleChart : public QAccessibleWidget {
public:
    explicit AccessibleChart(TimeSeriesChart* chart) : QAccessibleWidget(chart, QAccessible::Chart), m_chart(chart) {}

    QString text(QAccessible::Text which) const override
    {
        return which == QAccessible::Value ? m_chart->crosshairText() : QAccessibleWidget::text(which);
    }

private:
    TimeSeriesChart* m_chart;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object)
{
    auto* chart = qobject_cast<TimeSeriesChart*>(object);
    return chart ? new AccessibleChart(chart) : nullptr;
}

} // namespace

void installChartAccessibility()
{
    QAccessible::installFactory(makeInterface);
}

} // namespace tokenscope::ui
