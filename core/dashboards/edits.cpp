// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/edits.h"

#include "dashboards/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tokenscope::dashboards {

namespace {

constexpr std::size_t longest_stem = 56; ///< leaves room in an id for a number

Panel* panel_at(Dashboard& dashboard, std::string_view id)
{
    const auto spot = spot_of(dashboard, id);
    return spot ? &dashboard.rows[spot->row].panels[spot->at] : nullptr;
}

std::ptrdiff_t offset(std::size_t at)
{
    return static_cast<std::ptrdiff_t>(at);
}

std::size_t moved_by(std::size_t size, int by, std::size_t most)
{
    return static_cast<std::size_t>(
        std::clamp(static_cast<std::int64_t>(size) + by, std::int64_t{1}, static_cast<std::int64_t>(most)));
}

} // namespace

std::optional<PanelSpot> spot_of(const Dashboard& dashboard, std::string_view id)
{
    for (std::size_t row = 0; row < dashboard.rows.size(); ++row) {
        const auto& panels = dashboard.rows[row].panels;
        const auto found = std::ranges::find(panels, id, &Panel::id);
        if (found != panels.end())
            return PanelSpot{row, static_cast<std::size_t>(found - panels.begin())};
    }
    return std::nullopt;
}

const Panel* find_panel(const Dashboard& dashboard, std::string_view id)
{
    const auto spot = spot_of(dashboard, id);
    return spot ? &dashboard.rows[spot->row].panels[spot->at] : nullptr;
}

std::string free_panel_id(const Dashboard& dashboard, std::string_view title)
{
    const auto stem = id_from_name(title).substr(0, longest_stem);
    auto id = stem;
    for (std::uint64_t number = 2; find_panel(dashboard, id); ++number)
        id = fmt::format("{}-{}", stem, number);
    return id;
}

void insert_panel(Dashboard& dashboard, Panel panel, PanelSpot spot)
{
    if (spot.row >= dashboard.rows.size())
        dashboard.rows.resize(spot.row + 1);
    auto& panels = dashboard.rows[spot.row].panels;
    panels.insert(panels.begin() + offset(std::min(spot.at, panels.size())), std::move(panel));
}

bool replace_panel(Dashboard& dashboard, Panel panel)
{
    auto* const before = panel_at(dashboard, panel.id);
    if (!before)
        return false;
    *before = std::move(panel);
    return true;
}

bool remove_panel(Dashboard& dashboard, std::string_view id)
{
    const auto spot = spot_of(dashboard, id);
    if (!spot)
        return false;
    auto& panels = dashboard.rows[spot->row].panels;
    panels.erase(panels.begin() + offset(spot->at));
    return true;
}

std::string duplicate_panel(Dashboard& dashboard, std::string_view id)
{
    const auto spot = spot_of(dashboard, id);
    if (!spot)
        return {};
    auto copy = dashboard.rows[spot->row].panels[spot->at];
    copy.id = free_panel_id(dashboard, copy.id);
    auto copied = copy.id;
    insert_panel(dashboard, std::move(copy), {spot->row, spot->at + 1});
    return copied;
}

bool move_panel(Dashboard& dashboard, std::string_view id, PanelSpot to)
{
    const auto from = spot_of(dashboard, id);
    if (!from || to.row >= dashboard.rows.size())
        return false;
    to.at = std::min(to.at, dashboard.rows[to.row].panels.size());
    const bool same_row = from->row == to.row;
    if (same_row && (to.at == from->at || to.at == from->at + 1))
        return false;
    if (same_row && to.at > from->at)
        --to.at; // the place that it leaves is gone
    auto panel = dashboard.rows[from->row].panels[from->at];
    remove_panel(dashboard, id);
    insert_panel(dashboard, std::move(panel), to);
    return true;
}

bool shift_panel(Dashboard& dashboard, std::string_view id, int step)
{
    const auto spot = spot_of(dashboard, id);
    if (!spot)
        return false;
    const auto count = dashboard.rows[spot->row].panels.size();
    if (step > 0 && spot->at + 1 < count)
        return move_panel(dashboard, id, {spot->row, spot->at + 2});
    if (step < 0 && spot->at > 0)
        return move_panel(dashboard, id, {spot->row, spot->at - 1});
    if (step > 0)
        return move_panel(dashboard, id, {spot->row + 1, 0});
    return spot->row > 0 && move_panel(dashboard, id, {spot->row - 1, dashboard.rows[spot->row - 1].panels.size()});
}

bool shift_panel_row(Dashboard& dashboard, std::string_view id, int step)
{
    const auto spot = spot_of(dashboard, id);
    if (!spot || (step < 0 && spot->row == 0))
        return false;
    return move_panel(dashboard, id, {step < 0 ? spot->row - 1 : spot->row + 1, spot->at});
}

bool move_row(Dashboard& dashboard, std::size_t row, std::size_t to)
{
    auto& rows = dashboard.rows;
    if (row >= rows.size() || to > rows.size() || to == row || to == row + 1)
        return false;
    const auto at = rows.begin() + offset(row);
    if (to < row)
        std::rotate(rows.begin() + offset(to), at, at + 1);
    else
        std::rotate(at, at + 1, rows.begin() + offset(to));
    return true;
}

bool resize_panel(Dashboard& dashboard, std::string_view id, int columns, int lines)
{
    auto* const panel = panel_at(dashboard, id);
    if (!panel)
        return false;
    const auto width = moved_by(panel->width, columns, grid_columns);
    const auto height = moved_by(panel->height, lines, max_panel_height);
    const bool changed = width != panel->width || height != panel->height;
    panel->width = width;
    panel->height = height;
    return changed;
}

} // namespace tokenscope::dashboards
