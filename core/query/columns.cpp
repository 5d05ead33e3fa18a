// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/columns.h"

#include "query/histogram_quantile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace tokenscope::query {

namespace {

std::string value_of(const Labels& labels, const std::string& name)
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
}

std::string percentile_name(const std::string& quantile)
{
    double number = 0;
    const auto* end = quantile.data() + quantile.size();
    return std::from_chars(quantile.data(), end, number).ptr == end ? fmt::format("p{:.6g}", number * 100) : quantile;
}

} // namespace

std::vector<std::string> grouping(const Query& query)
{
    if (query.function == Function::heatmap)
        return {"le"};
    if (query.function == Function::share)
        return query.parts.empty() ? std::vector<std::string>() : grouping(query.parts.front());
    std::vector<std::string> result;
    for (const auto& label : query.by) {
        // A quantile is computed over `le`, so that label is gone afterwards.
        const bool used_up = query.function == Function::quantile && label == "le";
        if (!used_up && std::ranges::find(result, label) == result.end())
            result.push_back(label);
    }
    return result;
}

std::string column_name(const Query& query, const Labels& labels)
{
    std::vector<std::string> parts;
    if (query.function == Function::quantile)
        parts.push_back(percentile_name(value_of(labels, "quantile")));
    for (const auto& label : grouping(query)) {
        auto value = value_of(labels, label);
        parts.push_back(value.empty() ? fmt::format("(no {})", label) : std::move(value));
    }
    if (!parts.empty())
        return fmt::format("{}", fmt::join(parts, " / "));
    return query.function == Function::share && !query.parts.empty() ? query.parts.front().metric : query.metric;
}

void sort_columns(const Query& query, std::vector<Column>& columns)
{
    std::ranges::stable_sort(columns, {}, &Column::labels);
    if (query.function != Function::heatmap)
        return;
    std::ranges::stable_sort(columns, {}, [](const Column& column) {
        return parse_bound(value_of(column.labels, "le")).value_or(std::numeric_limits<double>::infinity());
    });
}

} // namespace tokenscope::query
