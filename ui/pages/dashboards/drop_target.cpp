// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/drop_target.h"

#include <algorithm>
#include <iterator>

namespace tokenscope::ui {

namespace {

constexpr int barWidth = 3;
constexpr int barGap = 5; ///< from the panel: the middle between two

int distance(int low, int high, int at)
{
    return std::max({low - at, at - high, 0});
}

int distance(const QRect& rect, QPoint at)
{
    return distance(rect.left(), rect.right(), at.x()) + distance(rect.top(), rect.bottom(), at.y());
}

} // namespace

std::optional<DropTarget> dropTarget(const std::vector<RowGeometry>& rows, QPoint at)
{
    const auto row = std::ranges::min_element(
        rows, {}, [at](const RowGeometry& each) { return distance(each.area.top(), each.area.bottom(), at.y()); });
    if (row == rows.end())
        return std::nullopt;
    DropTarget target{.spot = {static_cast<std::size_t>(row - rows.begin()), 0}, .mark = row->area};
    const auto panel =
        std::ranges::min_element(row->panels, {}, [at](const QRect& each) { return distance(each, at); });
    if (panel == row->panels.end())
        return target;
    const bool behind = at.x() > panel->center().x();
    target.spot.at = static_cast<std::size_t>(panel - row->panels.begin()) + (behind ? 1 : 0);
    const int left = behind ? panel->right() + barGap : panel->left() - barGap - barWidth;
    target.mark = {std::max(0, left), panel->top(), barWidth, panel->height()};
    return target;
}

std::optional<RowDropTarget> rowDropTarget(const std::vector<RowGeometry>& rows, int y)
{
    if (rows.empty())
        return std::nullopt;
    const auto below = std::ranges::find_if(rows, [y](const RowGeometry& row) { return y < row.area.center().y(); });
    RowDropTarget target{.to = static_cast<std::size_t>(below - rows.begin()), .mark = {}};
    int left = rows.front().area.left();
    int right = rows.front().area.right();
    for (const auto& row : rows) {
        left = std::min(left, row.area.left());
        right = std::max(right, row.area.right());
    }
    // In the middle of the gap between the two that it would stand between.
    const int end = below == rows.begin() ? below->area.top() - 2 * barGap : std::prev(below)->area.bottom();
    const int begin = below == rows.end() ? end + 2 * barGap : below->area.top();
    target.mark = {left, std::max(0, (end + begin) / 2 - barWidth / 2), right - left + 1, barWidth};
    return target;
}

} // namespace tokenscope::ui
