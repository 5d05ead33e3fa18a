// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/edits.h"

#include <QPoint>
#include <QRect>

#include <optional>
#include <vector>

namespace tokenscope::ui {

/// Where a row of panels lies on the page.
struct RowGeometry {
    QRect area; ///< with its title
    std::vector<QRect> panels;
};

struct DropTarget {
    dashboards::PanelSpot spot;
    QRect mark; ///< a bar between two panels, or the whole of an empty row
};

/// Before which row a whole row goes.
struct RowDropTarget {
    std::size_t to = 0; ///< the count of rows: behind the last
    QRect mark;         ///< a bar between two rows
};

/// Where a panel goes that is let go at this point: beside the nearest one, in the nearest row. Absent where there is no row.
std::optional<DropTarget> dropTarget(const std::vector<RowGeometry>& rows, QPoint at);
/// Where a whole row goes that is let go at this height: before the first whose middle is below. Absent where there is no row.
std::optional<RowDropTarget> rowDropTarget(const std::vector<RowGeometry>& rows, int y);

} // namespace tokenscope::ui
