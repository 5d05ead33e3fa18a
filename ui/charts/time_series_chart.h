// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_group.h"
#include "format/format.h"
#include "query/frame.h"

#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>

namespace tokenscope::ui {

class Theme;

/// What a click into a chart means.
struct ChartMoment {
    std::int64_t fromMs = 0; ///< the stretch that the sample there stands for, at least 5 s
    std::int64_t toMs = 0;
    std::optional<std::size_t> column; ///< of the frame, whose line is there
};

/// The console's only way to draw values over time: a titled panel with round ticks, gaps, a legend with the last values
/// and a crosshair. Qt Charts gives the chrome; the lines are drawn by our own item from decimated columns (decision 0003).
///
/// Mouse: drag zooms, Shift-drag pans, the wheel with Ctrl zooms at the mouse (alone it is the page's), a double click goes back to
/// the range before. Keys: arrows, Home and End move the crosshair (Shift: faster), + and -
/// zoom there, Backspace goes back, 0 to the live range, Enter is a click at the crosshair.
class TimeSeriesChart : public QWidget {
    Q_OBJECT

public:
    TimeSeriesChart(const Theme& theme, ChartGroup* group, QWidget* parent = nullptr);
    ~TimeSeriesChart() override;

    void setTitle(const QString& title);       ///< also the accessible name
    void setSubtitle(const QString& subtitle); ///< the formula or unit, small, beside the title
    void setUnit(Unit unit);
    void setEmptyText(const QString& text); ///< what to do to see data here
    /// What is said over the grid where there are values, and none that can be drawn.
    void setUndrawnText(const QString& text);
    /// Columns that are percentiles of one thing share a hue (p50 strongest) with a faint band between.
    void setPercentiles(bool percentiles);
    void setStacked(bool stacked);                   ///< each series on top of the one before
    void setLegendShown(bool shown);                 ///< as it is at first
    void setYMinimumSpan(double span);               ///< so that noise near zero is not blown up to full height
    void setYMaximum(std::optional<double> maximum); ///< 100 for per cent
    void setYMinimum(std::optional<double> minimum); ///< where the axis begins, in place of 0 or the least value
    void setHeaderReserve(int width);                ///< px on the right of the title that others stand on
    /// What a click leads to, as words for the tooltip; only then momentWanted() is emitted. Empty: to nothing.
    void setClickHint(const QString& hint);

    void setTimeRange(std::int64_t fromMs, std::int64_t toMs);
    /// Replaces the data; one repaint a display frame however often it is called; nothing at all while hidden.
    void setFrame(query::FramePtr frame);
    query::FramePtr frame() const;
    void setError(const QString& message); ///< shown over the last data, until the next frame
    /// No answer yet: shown only while there is no data.
    void setLoading();
    bool hasAnswer() const; ///< data, be it none, or an error

    /// How often data were laid out: once for a burst of changes, never while hidden.
    int layoutCount() const;

    /// Number of points with a value in the current frame; what tests and accessibility look at.
    int pointCount() const;

    /// The crosshair's time and the values there; empty where there is no crosshair.
    QString crosshairText() const;
    /// The values that are to be seen, as comma separated lines.
    QString valuesAsCsv() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void timeClicked(qint64 ms);                    ///< a click into the plot
    void rangeSelected(qint64 fromMs, qint64 toMs); ///< dragged over: zoom in
    void rangeReset();                              ///< back from the first zoom: to the live range
    void momentWanted(const ChartMoment& moment);   ///< a click, not the first half of a double click

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
    const Theme& m_theme;
    bool m_focusSeen = false; ///< the keyboard's
};

} // namespace tokenscope::ui
