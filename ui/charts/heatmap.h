// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/heat_cells.h"
#include "charts/titled_panel.h"

#include <QImage>
#include <QPointer>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

class ChartGroup;

/// A distribution over time: a column for each step, over the time from the step before to its own, a row for each bucket, the stronger the more fell into it. Shares the
/// crosshair of its group.
class Heatmap : public TitledPanel {
    Q_OBJECT

public:
    Heatmap(const Theme& theme, ChartGroup* group, QWidget* parent = nullptr);
    /// Before the frame, of which only this is shown and told.
    void setTimeRange(std::int64_t fromMs, std::int64_t toMs);
    const HeatCells& cells() const { return m_cells; }
    const HeatRows& rows() const { return m_rows; }

protected:
    QString readData() override;
    bool hasData() const override { return m_cells.highest > 0; }
    void paintData(QPainter& painter, const QRect& area) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Cell {
        std::size_t row = 0;
        std::size_t bucket = 0;
    };
    QString bucketName(const HeatCells::Bucket& bucket) const;
    QString boundName(const HeatCells::Bucket& bucket) const;
    QString boundBelow(std::size_t bucket) const;
    std::optional<Cell> cellAt(const QPointF& position) const;
    double x(std::int64_t ms) const;
    void paintValueAxis(QPainter& painter, const QRect& area) const;

    QPointer<ChartGroup> m_group;
    HeatCells m_cells;
    HeatRows m_rows;             ///< of its buckets, that are shown
    QImage m_image;              ///< a pixel for each cell
    QRectF m_plot;               ///< where they were painted
    std::int64_t m_rowsSpan = 0; ///< the length of time for which they were chosen
    std::int64_t m_fromMs = 0;
    std::int64_t m_toMs = 0;
};

} // namespace tokenscope::ui
