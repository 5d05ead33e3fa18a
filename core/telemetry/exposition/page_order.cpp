// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition/page_order.h"

#include <algorithm>

namespace tokenscope::telemetry {

std::vector<OrderedFamily> in_page_order(const Snapshot& snapshot)
{
    std::vector<OrderedFamily> ordered;
    ordered.reserve(snapshot.size());
    for (const auto& family : snapshot) {
        if (family.series.empty())
            continue;
        auto& series = ordered.emplace_back(OrderedFamily{&family, {}}).series;
        series.reserve(family.series.size());
        for (const auto& one : family.series)
            series.push_back(&one);
        std::stable_sort(series.begin(), series.end(),
                         [](const auto* a, const auto* b) { return a->labels < b->labels; });
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto& a, const auto& b) { return a.family->name < b.family->name; });
    return ordered;
}

std::size_t text_size(const std::vector<OrderedFamily>& families)
{
    constexpr std::size_t most_of_a_line = 48; // suffix, braces, le and value
    constexpr std::size_t label_marks = 4;
    std::size_t size = 16;
    for (const auto& [family, series] : families) {
        size += 3 * family->name.size() + family->help.size() + 64;
        for (const auto* one : series) {
            std::size_t line = family->name.size() + most_of_a_line;
            for (const auto& label : one->labels)
                line += label.name.size() + label.value.size() + label_marks;
            const auto* histogram = std::get_if<HistogramValue>(&one->value);
            size += line * (histogram ? histogram->buckets.size() + 2 : 1);
        }
    }
    return size;
}

std::string_view type_name(MetricKind kind)
{
    switch (kind) {
    case MetricKind::counter: return "counter";
    case MetricKind::gauge: return "gauge";
    case MetricKind::histogram: break;
    }
    return "histogram";
}

} // namespace tokenscope::telemetry
