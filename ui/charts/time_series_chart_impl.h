// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_legend.h"
#include "charts/chart_series.h"
#include "charts/chart_tooltip.h"
#include "charts/plot_view.h"
#include "charts/series_colors.h"
#include "charts/series_visibility.h"
#include "charts/span_pyramid.h"
#include "charts/time_series_chart.h"

#include <QPointer>
#include <QTimer>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QContextMenuEvent;
class QKeyEvent;
class QPainter;
QT_END_NAMESPACE

namespace tokenscope::ui {

/// What is behind a TimeSeriesChart: the parts it is made of, and the data shown in them.
class TimeSeriesChart::Impl {
public:
    Impl(TimeSeriesChart& chart, const Theme& theme, ChartGroup* group);
    ~Impl() { delete m_tooltip; }

    enum class Change { data, axis }; ///< what has to be worked out anew

    void schedule(Change change = Change::data);
    void apply();
    void place();
    void paintHeader(QPainter& painter) const;
    int pointCount() const;

    // What the user does: time_series_chart_input.cpp.
    void leave();
    void showRange(ChartSpan span); ///< from outside
    bool handleKey(const QKeyEvent& event);
    void dropCursor();
    void openMenu(const QContextMenuEvent& event);
    QString crosshairText() const;
    QString valuesAsCsv() const;

    QString m_title;
    QString m_subtitle;
    QString m_emptyText;
    QString m_undrawnText;
    QString m_error;
    Unit m_unit = Unit::none;
    bool m_percentiles = false;
    bool m_loading = false;
    bool m_stacked = false;
    bool m_legendShown = true;
    double m_minimumSpan = 0;
    std::optional<double> m_minimum, m_maximum;
    int m_headerReserve = 0;
    QString m_clickHint;
    std::int64_t m_fromMs = 0;
    std::int64_t m_toMs = 0;
    query::FramePtr m_frame; ///< the newest; drawn at the next display frame
    int m_layoutCount = 0;

private:
    void connectParts();
    void readData();
    void readStatistics();
    bool roomForTable() const;
    void chooseLegendForm();
    int innerWidth() const;
    int legendRows(int width) const;
    QString subtitle() const;
    void hover(const QPoint& position);
    void showCrosshair();
    void showTooltip(std::size_t index);
    void updateLegend();
    void toggle(const QString& identity);
    void findVisible();
    void stack();
    /// Where its line is at a sample; absent also where a layer has no thickness, and the line below it is seen.
    std::optional<double> seenAt(const ChartSeries& series, std::size_t index) const;
    std::optional<std::size_t> indexAt(std::int64_t ms) const;
    std::optional<std::size_t> crosshairIndex() const;
    ChartSpan span() const; ///< that is shown

    void zoomTo(ChartSpan span, ChartGroup::Gesture gesture);
    void zoom(double factor, std::int64_t aroundMs, ChartGroup::Gesture gesture);
    void pan(std::int64_t byMs);
    void finishPan();
    void goBack();
    void goLive();
    void moveCursor(int key, bool fast);
    void showCursor();
    void click(std::int64_t ms, std::optional<QPoint> position);
    void wantMoment(std::int64_t ms, std::optional<int> y);
    std::optional<std::size_t> columnAt(std::size_t index, int y) const;
    QString details(std::size_t series) const;
    std::vector<ChartTooltip::Row> rowsAt(std::size_t index) const;
    void addMessages(PlotScene& scene, bool hasData) const;
    QString format(std::optional<double> value) const { return formatValue(value, m_unit).joined(); }

    TimeSeriesChart& m_chart;
    const Theme& m_theme;
    QPointer<ChartGroup> m_group;
    ChartLegend* m_legend;
    PlotView* m_view;
    QPointer<ChartTooltip> m_tooltip;
    QTimer m_timer;
    QTimer m_nowTimer;    ///< where no more data come, the axis does not go on saying "now"
    QTimer m_valuesTimer; ///< the legend follows the crosshair more slowly than the eye the line
    QTimer m_clickTimer;  ///< until a click is known to be no half of a double click
    std::function<void()> m_clicked;
    bool m_dirty = true;
    bool m_dataDirty = true;
    bool m_hasData = false;
    bool m_hasPoints = false; ///< of them some that can be drawn
    SeriesVisibility m_visibility;
    SeriesColors m_colors;
    query::FramePtr m_drawn;                   ///< what m_series and the scene are of
    query::FramePtr m_plotted;                 ///< where its lines are: other than the values where they are stacked
    std::shared_ptr<FramePyramids> m_pyramids; ///< of m_plotted
    std::vector<ChartSeries> m_series;
    std::vector<std::array<QString, 4>> m_statistics; ///< parallel to it, where the legend is a table
    std::vector<ChartSeries> m_visible;               ///< of them, as the scene has them
    std::optional<QPoint> m_mouse;                    ///< in the view, while it is there
    std::optional<std::int64_t> m_cursor;             ///< where the keyboard has put the crosshair
    std::optional<ChartSpan> m_panStart;              ///< what was shown before
    std::optional<std::size_t> m_readAt;              ///< whose values the legend shows; else the newest
};

} // namespace tokenscope::ui
