// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_legend.h"
#include "charts/chart_series.h"
#include "charts/chart_tooltip.h"
#include "charts/plot_view.h"
#include "charts/series_visibility.h"
#include "charts/time_series_chart.h"

#include <QPointer>
#include <QTimer>

#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace tokenscope::ui {

struct SceneInput;

/// What is behind a TimeSeriesChart: the parts it is made of, and the data shown in them.
class TimeSeriesChart::Impl {
public:
    Impl(TimeSeriesChart& chart, const Theme& theme, ChartGroup* group);
    ~Impl() { delete m_tooltip; }

    void schedule();
    void apply();
    void place();
    void paintHeader(QPainter& painter) const;
    void leave();
    int pointCount() const;

    QString m_title;
    QString m_subtitle;
    QString m_emptyText;
    QString m_error;
    Unit m_unit = Unit::none;
    bool m_percentiles = false;
    bool m_loading = false;
    bool m_stacked = false;
    bool m_legendShown = true;
    double m_minimumSpan = 0;
    std::optional<double> m_maximum;
    std::int64_t m_fromMs = 0;
    std::int64_t m_toMs = 0;
    query::FramePtr m_frame; ///< the newest; drawn at the next display frame
    int m_layoutCount = 0;
    bool m_dirty = true;

private:
    void hover(const QPoint& position);
    void showCrosshair();
    void showTooltip(std::size_t index);
    void updateLegend(std::optional<std::size_t> index);
    void toggle(const QString& identity);
    void addSeries(SceneInput& input) const;
    void stack(SceneInput& input);
    std::optional<std::size_t> indexAt(std::int64_t ms) const;
    QString details(std::size_t series) const;
    void addMessages(PlotScene& scene, bool hasData) const;
    QString format(std::optional<double> value) const { return formatValue(value, m_unit).joined(); }
    const query::Column& column(const ChartSeries& series) const { return m_drawn->columns[series.column]; }

    TimeSeriesChart& m_chart;
    const Theme& m_theme;
    QPointer<ChartGroup> m_group;
    ChartLegend* m_legend;
    PlotView* m_view;
    QPointer<ChartTooltip> m_tooltip;
    QTimer m_timer;
    SeriesVisibility m_visibility;
    query::FramePtr m_drawn;   ///< what m_series and the scene are of
    query::FramePtr m_plotted; ///< where its lines are: other than the values where they are stacked
    std::vector<ChartSeries> m_series;
    std::optional<QPoint> m_mouse; ///< in the view, while it is there
};

} // namespace tokenscope::ui
