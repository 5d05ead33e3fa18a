// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_snapshots.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace tokenscope::test {

using namespace telemetry;

namespace {

FamilySnapshot family(MetricKind kind, std::string name, SeriesSnapshot series)
{
    return {.name = std::move(name), .help = {}, .kind = kind, .series = {std::move(series)}};
}

Labels labels_of(const MetricSpec& spec, std::string_view open, std::string_view closed)
{
    Labels labels;
    for (const auto& label : spec.labels)
        labels.push_back({std::string(label.name), std::string(label.values == LabelOrigin::open ? open : closed)});
    std::sort(labels.begin(), labels.end());
    return labels;
}

std::variant<double, HistogramValue> value_of(const MetricSpec& spec)
{
    if (spec.kind != MetricKind::histogram)
        return 12345.678;
    HistogramValue value{.buckets = {}, .sum = 3.25};
    std::uint64_t count = 0;
    const auto add = [&](double bound, double seen) {
        const Exemplar exemplar{.trace_id = std::string(32, 'a'), .value = seen, .at = WallTime(std::chrono::hours(9))};
        value.buckets.push_back({.upper_bound = bound, .cumulative = ++count, .exemplar = exemplar});
    };
    for (const double bound : spec.buckets)
        add(bound, bound);
    add(std::numeric_limits<double>::infinity(), 1e9);
    return value;
}

} // namespace

FamilySnapshot counter(std::string name, double value, Labels labels)
{
    return family(MetricKind::counter, std::move(name), {.labels = std::move(labels), .value = value});
}

FamilySnapshot gauge(std::string name, double value, Labels labels)
{
    return family(MetricKind::gauge, std::move(name), {.labels = std::move(labels), .value = value});
}

FamilySnapshot histogram(std::string name, HistogramValue value, Labels labels)
{
    return family(MetricKind::histogram, std::move(name), {.labels = std::move(labels), .value = std::move(value)});
}

Snapshot whole_catalogue()
{
    Snapshot snapshot;
    for (const auto& spec : catalogue()) {
        auto& family = snapshot.emplace_back(FamilySnapshot{
            .name = std::string(spec.name), .help = std::string(spec.help), .kind = spec.kind, .series = {}});
        family.series.push_back({.labels = labels_of(spec, hostile_value, "closed"), .value = value_of(spec)});
        if (!spec.labels.empty())
            family.series.push_back({.labels = labels_of(spec, "plain", "other"), .value = value_of(spec)});
    }
    return snapshot;
}

} // namespace tokenscope::test
