// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"
#include "query/frame.h"

#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>

namespace tokenscope::ui {

class Theme;

/// The crosshair shared by the charts of a page: where one is hovered, all show the same instant.
class ChartGroup : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    std::optional<std::int64_t> time() const { return m_time; }
    void setTime(std::optional<std::int64_t> msSinceEpoch);

Q_SIGNALS:
    void timeChanged();

private:
    std::optional<std::int64_t> m_time;
};

/// The console's only way to draw values over time: a titled panel with round ticks, gaps, a legend with the last values
/// and a crosshair. Qt Charts gives the chrome; the lines are drawn by our own item from decimated columns (decision 0003).
class TimeSeriesChart : public QWidget {
    Q_OBJECT

public:
    TimeSeriesChart(const Theme& theme, ChartGroup* group, QWidget* parent = nullptr);
    ~TimeSeriesChart() override;

    void setTitle(const QString& title);       ///< also the accessible name
    void setSubtitle(const QString& subtitle); ///< the formula or unit, small, beside the title
    void setUnit(Unit unit);
    void setEmptyText(const QString& text); ///< what to do to see data here
    /// Columns that are percentiles of one thing share a hue (p50 strongest) with a faint band between.
    void setPercentiles(bool percentiles);
    void setStacked(bool stacked);                   ///< each series on top of the one before
    void setLegendShown(bool shown);                 ///< as it is at first
    void setYMinimumSpan(double span);               ///< so that noise near zero is not blown up to full height
    void setYMaximum(std::optional<double> maximum); ///< 100 for per cent

    void setTimeRange(std::int64_t fromMs, std::int64_t toMs);
    /// Replaces the data; one repaint a display frame however often it is called; nothing at all while hidden.
    void setFrame(query::FramePtr frame);
    query::FramePtr frame() const;
    void setError(const QString& message); ///< shown over the last data, until the next frame
    /// No answer yet: shown only while there is no data.
    void setLoading();

    /// How often data were laid out: once for a burst of changes, never while hidden.
    int layoutCount() const;

    /// Number of points with a value in the current frame; what tests and accessibility look at.
    int pointCount() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void timeClicked(qint64 ms);                    ///< a click into the plot
    void rangeSelected(qint64 fromMs, qint64 toMs); ///< dragged over: zoom in
    void rangeReset();                              ///< double click: zoom back

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
    const Theme& m_theme;
};

} // namespace tokenscope::ui
