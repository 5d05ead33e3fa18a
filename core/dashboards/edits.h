// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::dashboards {

/// A panel's place: the row, and how many panels of it stand before.
struct PanelSpot {
    std::size_t row = 0;
    std::size_t at = 0;
    bool operator==(const PanelSpot&) const = default;
};

std::optional<PanelSpot> spot_of(const Dashboard& dashboard, std::string_view id);
/// Null where there is none.
const Panel* find_panel(const Dashboard& dashboard, std::string_view id);
/// An id that resembles the title and that no panel has.
std::string free_panel_id(const Dashboard& dashboard, std::string_view title);

// What an editor does. Those that take an id return whether anything changed.

/// A row past the last is made; a place past a row's end is its end.
void insert_panel(Dashboard& dashboard, Panel panel, PanelSpot spot);
/// The panel of the same id.
bool replace_panel(Dashboard& dashboard, Panel panel);
bool remove_panel(Dashboard& dashboard, std::string_view id);
/// A copy behind it; the copy's id, empty where there is no such panel.
std::string duplicate_panel(Dashboard& dashboard, std::string_view id);
/// `to` as the places are before.
bool move_panel(Dashboard& dashboard, std::string_view id, PanelSpot to);
/// By one place: on (1) or back (-1), over a row's end into the next row.
bool shift_panel(Dashboard& dashboard, std::string_view id, int step);
/// Into the row below (1) or above (-1), at the same place as far as it has one.
bool shift_panel_row(Dashboard& dashboard, std::string_view id, int step);
/// The whole row, with its panels; `to` as the places are before, the count of rows for the end.
bool move_row(Dashboard& dashboard, std::size_t row, std::size_t to);
/// Wider and higher by so much, within what a grid has.
bool resize_panel(Dashboard& dashboard, std::string_view id, int columns, int lines);

} // namespace tokenscope::dashboards
