// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "local_metrics.h"

#include "telemetry/catalogue.h"

#include <string>

namespace tokenscope::app {

namespace {

std::string_view type_of(telemetry::MetricKind kind)
{
    switch (kind) {
    case telemetry::MetricKind::counter: return "counter";
    case telemetry::MetricKind::gauge: return "gauge";
    case telemetry::MetricKind::histogram: return "histogram";
    }
    return "unknown";
}

bool has_series(const telemetry::MetricSpec& spec, std::string_view metric)
{
    if (spec.kind != telemetry::MetricKind::histogram)
        return metric == spec.name;
    if (!metric.starts_with(spec.name))
        return false;
    const auto part = metric.substr(spec.name.size());
    return part == "_bucket" || part == "_sum" || part == "_count";
}

} // namespace

sources::MetricInfo describe_metric(std::string_view metric)
{
    for (const auto& spec : telemetry::catalogue())
        if (has_series(spec, metric))
            return {
                .name = std::string(metric), .type = std::string(type_of(spec.kind)), .help = std::string(spec.help)};
    return {.name = std::string(metric), .type = "unknown"};
}

std::vector<std::string> expected_metrics()
{
    std::vector<std::string> names;
    for (const auto& spec : telemetry::catalogue()) {
        if (!spec.name.starts_with("aigateway_"))
            continue;
        const std::string name(spec.name);
        if (spec.kind != telemetry::MetricKind::histogram)
            names.push_back(name);
        else
            for (const auto* part : {"_bucket", "_sum", "_count"})
                names.push_back(name + part);
    }
    return names;
}

} // namespace tokenscope::app
