// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"

#include <vector>

namespace tokenscope::ui {

inline constexpr int gridColumns = 12;
inline constexpr int wideFrom = 900; ///< px of a page on which the panels are as wide as the dashboard says

/// Where a panel stands in the grid of its row of panels.
struct PanelPlace {
    int line = 0;
    int column = 0;
    int span = gridColumns;
    int height = 1; ///< in lines
    bool operator==(const PanelPlace&) const = default;
};

/// Side by side as the panels' widths say, in as many lines as it takes; a higher panel has others beside it in each of its
/// lines. On a narrow page (px) they become wider, so that each can be read, and fill their lines. Those that are left out
/// (parallel to the panels) have a span of 0, and the others close up and fill their lines.
std::vector<PanelPlace> placePanels(const std::vector<dashboards::Panel>& panels, int pageWidth,
                                    const std::vector<bool>& leftOut = {});

/// How many lines have a panel whose height can change: of a tile it cannot.
int linesThatGrow(const std::vector<dashboards::Panel>& panels, const std::vector<PanelPlace>& places);
/// How high such a line is (px) where so many have that much to spare, but never lower than usual, nor out of proportion.
int grownLine(int usual, int spare, int lines);

} // namespace tokenscope::ui
