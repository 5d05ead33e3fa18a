// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/metric_descriptions.h"

#include <array>
#include <utility>

namespace tokenscope::remote {

namespace {

using namespace std::string_view_literals;

/// A part of a family of that type is a metric with the family's name and that at its end.
struct Part {
    std::string_view type;
    std::string_view suffix;
};
constexpr std::array parts = {
    Part{"histogram"sv, "_bucket"sv},
    Part{"histogram"sv, "_sum"sv},
    Part{"histogram"sv, "_count"sv},
    Part{"histogram"sv, "_created"sv},
    Part{"summary"sv, "_sum"sv},
    Part{"summary"sv, "_count"sv},
    Part{"summary"sv, "_created"sv},
    Part{"counter"sv, "_total"sv},
    Part{"counter"sv, "_created"sv},
    Part{"gaugehistogram"sv, "_bucket"sv},
    Part{"gaugehistogram"sv, "_gcount"sv},
    Part{"gaugehistogram"sv, "_gsum"sv},
    Part{"info"sv, "_info"sv},
};

std::string plain_type(std::string_view type)
{
    if (type == "counter" || type == "gauge" || type == "histogram" || type == "summary")
        return std::string(type);
    if (type == "info" || type == "stateset" || type == "gaugehistogram")
        return "gauge";
    return "unknown";
}

/// What a scrape itself is measured by.
const std::array<sources::MetricInfo, 3> own_metrics = {{
    {"up", "gauge", "1 if the last scrape of the page succeeded, else 0.", ""},
    {"scrape_duration_seconds", "gauge", "How long the scrape of the page took.", "seconds"},
    {"scrape_samples_scraped", "gauge", "How many samples the page had.", ""},
}};

} // namespace

MetricDescriptions::MetricDescriptions(std::vector<scrape::Family> families)
{
    for (auto& family : families) {
        auto name = family.name;
        m_families.insert_or_assign(std::move(name), std::move(family));
    }
}

sources::MetricInfo MetricDescriptions::describe(std::string_view metric) const
{
    for (const auto& own : own_metrics)
        if (own.name == metric)
            return own;
    const auto info = [&](const scrape::Family& family) {
        return sources::MetricInfo{std::string(metric), plain_type(family.type), family.help, family.unit};
    };
    if (const auto* family = find(metric))
        return info(*family);
    for (const auto& part : parts) {
        if (!metric.ends_with(part.suffix))
            continue;
        const auto* family = find(metric.substr(0, metric.size() - part.suffix.size()));
        if (!family || family->type != part.type)
            continue;
        auto described = info(*family);
        if (part.suffix == "_created")
            described.type = "gauge";
        return described;
    }
    return {.name = std::string(metric), .type = "unknown", .help = {}, .unit = {}};
}

const scrape::Family* MetricDescriptions::find(std::string_view name) const
{
    const auto found = m_families.find(name);
    return found == m_families.end() ? nullptr : &found->second;
}

} // namespace tokenscope::remote
