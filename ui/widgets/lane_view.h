// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lane.h"
#include "widgets/lane_geometry.h"

#include <QListView>

#include <functional>
#include <vector>

class QLabel;

namespace tokenscope::ui {

class LaneAxis;
class LaneModel;
class LanePainter;
class Theme;

/// Things under way as bars on one time axis that begins where each of them began: they grow to the right, and those that
/// take longer are longer. Where there are more than fit they are scrolled, row by row, and the last row says how many are out of
/// sight. A row is a list item for the keyboard and for screen readers.
class LaneView : public QListView {
    Q_OBJECT

public:
    explicit LaneView(const Theme& theme, QWidget* parent = nullptr);

    /// By row.
    void setLanes(std::vector<Lane> lanes);
    /// For tool tips, by a lane's id.
    void setDetails(std::function<QString(std::uint64_t id)> details);
    const LaneModel& lanes() const { return *m_model; }
    const LaneGeometry& geometryOfRows() const;
    int rowHeight() const;
    int rowsIn(int height) const; ///< that a view of this height has room for
    int heightFor(int rows) const;

    QSize minimumSizeHint() const override { return {240, 64}; }

Q_SIGNALS:
    void chosen(const QString& key); ///< a click, or Enter

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void updateGeometries() override;

private:
    void dress();
    void arrange();
    void showMore();
    int axisHeight() const;
    int rowsSeen() const;    ///< one less where the last says what is out of sight
    int spareHeight() const; ///< below the lanes
    void choose(const QModelIndex& index);
    void chooseSpan();
    LaneGeometry divide() const;

    const Theme& m_theme;
    LaneModel* m_model;
    LanePainter* m_painter;
    LaneAxis* m_axis;
    QLabel* m_more;
    double m_span = 1;
};

} // namespace tokenscope::ui
