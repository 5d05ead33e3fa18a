// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lane.h"
#include "widgets/lane_geometry.h"

#include <QListView>

#include <functional>
#include <vector>

namespace tokenscope::ui {

class LaneAxis;
class LaneModel;
class LanePainter;
class Theme;

/// Things under way as bars on one time axis that begins where each of them began: they grow to the right, and those that
/// take longer are longer. Rows become flatter where there are many, and are scrolled, as a whole, where there are more. A row
/// is a list item for the keyboard and for screen readers.
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
    /// Rows at most that can be seen at once in a view of this height, and the height for so many that need not be flat.
    int rowsIn(int height) const;
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
    int flatRow() const;
    int roomyRow() const;
    int axisHeight() const;
    int spareHeight() const; ///< below the last whole row
    void choose(const QModelIndex& index);
    void chooseSpan();
    LaneGeometry divide() const;

    const Theme& m_theme;
    LaneModel* m_model;
    LanePainter* m_painter;
    LaneAxis* m_axis;
    double m_span = 1;
};

} // namespace tokenscope::ui
