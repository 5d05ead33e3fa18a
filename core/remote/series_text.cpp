// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/series_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string_view>

namespace tokenscope::remote {

namespace {

/// `order`: the names of the labels, of which a series may lack some.
std::string text_of(const query::Labels& labels, const std::vector<std::string_view>& order)
{
    using nlohmann::json;
    std::string name;
    std::vector<std::string> parts;
    for (const auto label : order) {
        const auto found = labels.find(std::string(label));
        if (found == labels.end())
            continue;
        if (label == "__name__")
            name = found->second;
        else
            parts.push_back(
                fmt::format("{}={}", label, json(found->second).dump(-1, ' ', false, json::error_handler_t::replace)));
    }
    return parts.empty() && !name.empty() ? name : fmt::format("{}{{{}}}", name, fmt::join(parts, ", "));
}

} // namespace

std::string series_text(const query::Labels& labels)
{
    std::vector<std::string_view> order;
    for (const auto& [label, value] : labels)
        order.push_back(label);
    return text_of(labels, order);
}

void name_series(std::vector<query::Column>& columns)
{
    std::map<std::string_view, std::pair<std::set<std::string_view>, std::size_t>>
        values; // and how many have the label
    for (const auto& column : columns) {
        for (const auto& [label, value] : column.labels) {
            auto& [distinct, count] = values[label];
            distinct.insert(value);
            ++count;
        }
    }
    std::vector<std::string_view> order;
    for (const auto& [label, value] : values)
        order.push_back(label);
    // That one lacks it is a difference, too.
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::string_view label) {
        const auto& [distinct, count] = values.at(label);
        return distinct.size() + (count < columns.size() ? 1 : 0);
    });
    for (auto& column : columns) {
        if (column.name.empty())
            column.name = text_of(column.labels, order);
    }
}

} // namespace tokenscope::remote
