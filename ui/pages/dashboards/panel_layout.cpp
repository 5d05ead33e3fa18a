// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_layout.h"

#include <algorithm>
#include <array>
#include <set>

namespace tokenscope::ui {

namespace {

constexpr int narrowBelow = 520; ///< px

int spanOf(const dashboards::Panel& panel, int pageWidth)
{
    const int wanted = std::clamp(static_cast<int>(panel.width), 1, gridColumns);
    if (pageWidth >= wideFrom)
        return wanted;
    const bool stat = panel.kind == dashboards::PanelKind::stat;
    if (pageWidth < narrowBelow)
        return stat ? gridColumns / 2 : gridColumns;
    if (stat)
        return wanted <= 3 ? 3 : wanted <= 4 ? 4 : wanted <= 6 ? 6 : gridColumns;
    return wanted <= 6 ? 6 : gridColumns;
}

/// Tiles of which some are missing stand in rows as equal as the grid has them, rather than one alone in the last.
int evenSpan(const std::vector<dashboards::Panel>& panels, int pageWidth, const std::vector<bool>& leftOut)
{
    int span = 0;
    int count = 0;
    for (std::size_t i = 0; i < panels.size(); ++i) {
        if (leftOut[i])
            continue;
        const int own = spanOf(panels[i], pageWidth);
        if (panels[i].kind != dashboards::PanelKind::stat || (span != 0 && own != span))
            return 0;
        span = own;
        ++count;
    }
    if (count == 0)
        return 0;
    const int lines = (count * span + gridColumns - 1) / gridColumns;
    const int perLine = (count + lines - 1) / lines;
    return lines > 1 && gridColumns % perLine == 0 ? gridColumns / perLine : 0;
}

/// Nothing to the right of the last one of a line: it takes the rest.
void fillLines(std::vector<PanelPlace>& places, const std::vector<dashboards::Panel>& panels)
{
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto& place = places[i];
        if (place.span == 0 || panels[i].kind == dashboards::PanelKind::stat)
            continue; // a number does not need it
        int end = gridColumns;
        for (const auto& other : places) {
            const bool beside = other.line < place.line + place.height && place.line < other.line + other.height;
            if (&other != &place && beside && other.column > place.column)
                end = std::min(end, other.column);
        }
        place.span = end - place.column;
    }
}

} // namespace

std::vector<PanelPlace> placePanels(const std::vector<dashboards::Panel>& panels, int pageWidth,
                                    const std::vector<bool>& leftOut)
{
    std::vector<PanelPlace> places;
    std::array<int, gridColumns> skyline{}; // the first free line of each column
    const bool thinned = std::ranges::find(leftOut, true) != leftOut.end();
    const int even = thinned ? evenSpan(panels, pageWidth, leftOut) : 0;
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const auto& panel = panels[i];
        if (i < leftOut.size() && leftOut[i]) {
            places.push_back({.span = 0, .height = 0});
            continue;
        }
        PanelPlace place{
            .span = even > 0 ? even : spanOf(panel, pageWidth),
            .height = panel.kind == dashboards::PanelKind::stat ? 1 : std::clamp(static_cast<int>(panel.height), 1, 8)};
        int best = -1;
        for (int column = 0; column + place.span <= gridColumns; ++column) {
            const auto first = skyline.begin() + column;
            const int line = *std::max_element(first, first + place.span);
            if (best < 0 || line < best) {
                best = line;
                place.column = column;
            }
        }
        place.line = best;
        std::fill_n(skyline.begin() + place.column, place.span, best + place.height);
        places.push_back(place);
    }
    // On a wide page a gap is what the dashboard says, unless one of its panels is missing.
    if (pageWidth < wideFrom || thinned)
        fillLines(places, panels);
    return places;
}

int linesThatGrow(const std::vector<dashboards::Panel>& panels, const std::vector<PanelPlace>& places)
{
    std::set<int> lines;
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (int line = 0; panels[i].kind != dashboards::PanelKind::stat && line < places[i].height; ++line)
            lines.insert(places[i].line + line);
    }
    return static_cast<int>(lines.size());
}

int grownLine(int usual, int spare, int lines)
{
    return lines == 0 ? usual : std::clamp(usual + spare / lines, usual, usual * 8 / 5);
}

} // namespace tokenscope::ui
