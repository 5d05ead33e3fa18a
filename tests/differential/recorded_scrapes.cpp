// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorded_scrapes.h"

#include "comparison.h"

#include <bit>

namespace tokenscope::tests {

namespace {

/// Prometheus' own (model/value/value.go), not what the store takes for it.
double marker()
{
    return std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
}

} // namespace

void RecordedScrapes::add(std::int64_t time, std::span<const query::Sample> samples)
{
    for (const auto& sample : samples) {
        auto& points = m_series[{sample.name, sample.labels}];
        if (points.empty() || points.back().time < time)
            points.push_back({time, sample.value});
    }
    for (auto& [key, points] : m_series) {
        const auto& last = points.back();
        const bool ended = std::bit_cast<std::uint64_t>(last.value) == std::bit_cast<std::uint64_t>(marker());
        if (last.time == m_before && !ended)
            points.push_back({time, marker()});
    }
    m_before = time;
}

QString RecordedScrapes::copy_to(PrometheusServer& server) const
{
    std::vector<PrometheusServer::NamedSeries> all;
    for (const auto& [key, points] : m_series) // by metric, then by labels
        all.push_back({key.first, {key.second, points}});
    return write_all(server, std::move(all));
}

} // namespace tokenscope::tests
