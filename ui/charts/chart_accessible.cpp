// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_accessible.h"

#include "charts/chart_legend.h"
#include "charts/heatmap.h"
#include "charts/legend_accessible.h"
#include "charts/time_series_chart.h"

#include <QAccessibleWidget>

namespace tokenscope::ui {
namespace {

/// `read` says what its crosshair or mark stands on.
template <typename Chart>
class AccessibleChart : public QAccessibleWidget {
public:
    AccessibleChart(Chart* chart, QString (Chart::*read)() const)
        : QAccessibleWidget(chart, QAccessible::Chart), m_chart(chart), m_read(read)
    {
    }

    QString text(QAccessible::Text which) const override
    {
        return which == QAccessible::Value ? (m_chart->*m_read)() : QAccessibleWidget::text(which);
    }

private:
    Chart* m_chart;
    QString (Chart::*m_read)() const;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object)
{
    if (auto* chart = qobject_cast<TimeSeriesChart*>(object))
        return new AccessibleChart(chart, &TimeSeriesChart::crosshairText);
    if (auto* heatmap = qobject_cast<Heatmap*>(object))
        return new AccessibleChart(heatmap, &Heatmap::cursorText);
    if (auto* legend = qobject_cast<ChartLegend*>(object))
        return new AccessibleLegend(legend);
    return nullptr;
}

} // namespace

void installChartAccessibility()
{
    QAccessible::installFactory(makeInterface);
}

} // namespace tokenscope::ui
