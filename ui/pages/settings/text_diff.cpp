// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/text_diff.h"

#include <QStringList>

#include <algorithm>

namespace tokenscope::ui {

namespace {

using Kind = DiffLine::Kind;

QStringList linesOf(const QString& text)
{
    auto lines = text.split(QLatin1Char('\n'));
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

/// More than this and what is between the equal ends is shown as replaced: nobody reads such a comparison line by line.
constexpr qsizetype mostCells = 4'000'000;

std::vector<DiffLine> middle(const QStringList& before, const QStringList& after, int skippedBefore)
{
    const auto rows = before.size();
    const auto columns = after.size();
    std::vector<DiffLine> out;
    // The longest common subsequence, from the end so that it can be followed from the start.
    const bool small = (rows + 1) * (columns + 1) <= mostCells;
    std::vector<int> length(small ? static_cast<std::size_t>((rows + 1) * (columns + 1)) : 0);
    const auto cell = [&](qsizetype row, qsizetype column) -> int& {
        return length[static_cast<std::size_t>(row * (columns + 1) + column)];
    };
    for (auto row = small ? rows - 1 : -1; row >= 0; --row) {
        for (auto column = columns - 1; column >= 0; --column)
            cell(row, column) = before[row] == after[column] ? cell(row + 1, column + 1) + 1
                                                             : std::max(cell(row + 1, column), cell(row, column + 1));
    }
    qsizetype row = 0;
    qsizetype column = 0;
    const auto number = [skippedBefore](qsizetype line) { return static_cast<int>(line) + skippedBefore + 1; };
    while (row < rows || column < columns) {
        const bool both = row < rows && column < columns;
        if (small && both && before[row] == after[column]) {
            out.push_back({Kind::same, after[column], number(column)});
            ++row;
            ++column;
        } else if (row < rows && (column == columns || !small || cell(row + 1, column) >= cell(row, column + 1))) {
            out.push_back({Kind::removed, before[row], number(row)});
            ++row;
        } else {
            out.push_back({Kind::added, after[column], number(column)});
            ++column;
        }
    }
    return out;
}

} // namespace

std::vector<DiffLine> textDiff(const QString& before, const QString& after, int around)
{
    auto left = linesOf(before);
    auto right = linesOf(after);
    const auto shorter = std::min(left.size(), right.size());
    int head = 0;
    while (head < shorter && left[head] == right[head])
        ++head;
    int tail = 0;
    while (tail < shorter - head && left[left.size() - 1 - tail] == right[right.size() - 1 - tail])
        ++tail;
    std::vector<DiffLine> all;
    for (int i = 0; i < head; ++i)
        all.push_back({Kind::same, right[i], i + 1});
    const auto changed =
        middle(left.mid(head, left.size() - head - tail), right.mid(head, right.size() - head - tail), head);
    all.insert(all.end(), changed.begin(), changed.end());
    for (auto i = right.size() - tail; i < right.size(); ++i)
        all.push_back({Kind::same, right[i], static_cast<int>(i) + 1});

    std::vector<bool> near(all.size(), false);
    const auto count = static_cast<int>(all.size());
    for (int i = 0; i < count; ++i) {
        if (all[static_cast<std::size_t>(i)].kind == Kind::same)
            continue;
        for (int j = std::max(0, i - around); j <= std::min(count - 1, i + around); ++j)
            near[static_cast<std::size_t>(j)] = true;
    }
    std::vector<DiffLine> out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (near[i])
            out.push_back(std::move(all[i]));
        else if (out.empty() || out.back().kind != Kind::skipped)
            out.push_back({Kind::skipped, {}, 0});
    }
    return out;
}

} // namespace tokenscope::ui
