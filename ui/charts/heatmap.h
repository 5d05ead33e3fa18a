// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/heat_cells.h"
#include "charts/titled_panel.h"

#include <QImage>
#include <QPointer>

#include <cstdint>
#include <optional>
#include <utility>

namespace tokenscope::ui {

class ChartGroup;

/// What a click into a heatmap means.
struct HeatCell {
    std::int64_t fromMs = 0; ///< the step of its column, at least 5 s
    std::int64_t toMs = 0;
    double above = 0;    ///< its row's bounds: exclusive, -infinity for the lowest
    double upTo = 0;     ///< inclusive, infinity for the highest
    bool bounded = true; ///< else its rows are no buckets, and have no bounds
};

/// A distribution over time: a column for each step, over the time from the step before to its own, a row for each bucket, the stronger
/// the more fell into it. Shares the crosshair of its group.
///
/// Keys: arrows, Home and End move from cell to cell (Shift: faster), Enter is a click there, Esc takes the mark away.
class Heatmap : public TitledPanel {
    Q_OBJECT

public:
    Heatmap(const Theme& theme, ChartGroup* group, QWidget* parent = nullptr);
    /// Before the frame, of which only this is shown and told.
    void setTimeRange(std::int64_t fromMs, std::int64_t toMs);
    /// What a click leads to, as words for the tooltip; only then cellWanted() is emitted. Empty: to nothing.
    void setClickHint(const QString& hint);
    const HeatCells& cells() const { return m_cells; }
    const HeatRows& rows() const { return m_rows; }
    /// What the strongest colour of its key stands for, e.g. "12".
    QString highestText() const;
    /// What the keyboard's mark stands on, in words; empty where there is none.
    QString cursorText() const;

Q_SIGNALS:
    void cellWanted(const HeatCell& cell); ///< something was counted there

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    QString readData() override;
    bool hasData() const override { return m_cells.highest > 0; }
    void paintData(QPainter& painter, const QRect& area) override;
    int keyWidth() const override;
    void paintKey(QPainter& painter, const QRect& area) const override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Cell {
        std::size_t row = 0;
        std::size_t bucket = 0;
        bool operator==(const Cell&) const = default;
    };
    struct Mark {
        std::int64_t ms = 0; ///< rather than a row: another answer has other ones
        std::size_t bucket = 0;
    };
    QString bucketName(const HeatCells::Bucket& bucket) const;
    QString boundName(const HeatCells::Bucket& bucket) const;
    QString boundBelow(std::size_t bucket) const;
    std::optional<Cell> cellAt(const QPointF& position) const;
    std::optional<Cell> markedCell() const;
    std::optional<Cell> newestCell() const;
    std::optional<std::pair<std::size_t, std::size_t>> shownSteps() const; ///< the first and the last of the range
    double countAt(Cell cell) const { return m_cells.buckets[cell.bucket].counts[cell.row]; }
    QRectF rectOf(Cell cell) const;
    std::int64_t timeOf(Cell cell) const;
    QString cellText(Cell cell) const;
    void want(Cell cell);
    void moveMark(int key, bool fast);
    void showMark(Cell cell);
    bool dropMark();
    QColor colorOf(double count) const;
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
    QString m_clickHint;
    std::optional<Cell> m_pressed;
    std::optional<Mark> m_mark;
    bool m_focusSeen = false; ///< the keyboard's
};

} // namespace tokenscope::ui
