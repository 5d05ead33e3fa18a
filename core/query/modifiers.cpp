// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/modifiers.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace tokenscope::query {

void keep_highest(std::vector<Column>& columns, std::size_t count)
{
    if (columns.size() <= count)
        return;
    std::vector<std::size_t> order;
    for (std::size_t step = 0; step < columns.front().values.size(); ++step) {
        order.clear();
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (!std::isnan(columns[i].values[step]))
                order.push_back(i);
        if (order.size() <= count)
            continue;
        const auto rest = order.begin() + static_cast<std::ptrdiff_t>(count);
        std::ranges::nth_element(order, rest, [&](std::size_t a, std::size_t b) {
            const auto left = columns[a].values[step];
            const auto right = columns[b].values[step];
            return left > right || (left == right && a < b);
        });
        for (auto lower = rest; lower != order.end(); ++lower)
            columns[*lower].values[step] = std::numeric_limits<double>::quiet_NaN();
    }
}

std::vector<Column> share_of(std::vector<Column> of, const std::vector<Column>& in,
                             const std::vector<std::string>& labels)
{
    std::map<Labels, const Column*> wholes;
    for (const auto& column : in)
        wholes.emplace(column.labels, &column);
    std::erase_if(of, [&](Column& part) {
        Labels key;
        for (const auto& label : labels)
            key.emplace(label, part.labels.at(label));
        const auto whole = wholes.find(key);
        if (whole == wholes.end())
            return true;
        std::ranges::transform(part.values, whole->second->values, part.values.begin(), std::divides<>());
        return false;
    });
    return of;
}

void add_zeros(std::vector<Column>& of, const std::vector<Column>& in)
{
    std::map<Labels, std::size_t> parts; // numbers, since `of` grows
    for (std::size_t i = 0; i < of.size(); ++i)
        parts.emplace(of[i].labels, i);
    for (const auto& whole : in) {
        const auto [found, added] = parts.emplace(whole.labels, of.size());
        if (added)
            of.push_back({{}, whole.labels, std::vector<double>(whole.values.size(), std::nan(""))});
        auto& values = of[found->second].values;
        for (std::size_t i = 0; i < values.size(); ++i)
            if (std::isnan(values[i]))
                values[i] = whole.values[i] * 0;
    }
}

} // namespace tokenscope::query
