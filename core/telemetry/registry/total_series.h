// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/registry/registry.h"
#include "telemetry/registry/series.h"

#include <string>
#include <utility>

namespace tokenscope::telemetry {

/// Two families without labels that are the series of another one taken together, so that nothing is observed for them:
/// their times, and how many there were. They appear with the first. Thread-safe.
class TotalSeries final : public Collectable {
public:
    /// `parts` is counted by bounds that include those of `times`, and must outlive the registry's use.
    TotalSeries(Registry& registry, Metric times, Metric count, const Series<Histogram>& parts)
        : m_times(spec(times)), m_count(spec(count)), m_parts(parts)
    {
        registry.add(*this);
    }
    TotalSeries(const TotalSeries&) = delete;
    TotalSeries& operator=(const TotalSeries&) = delete;

    void collect(Snapshot& into) const override
    {
        const auto all = m_parts.sum();
        const auto count = all.count();
        if (count == 0)
            return;
        const auto append = [&into](const MetricSpec& row, auto value) {
            FamilySnapshot family{
                .name = std::string(row.name), .help = std::string(row.help), .kind = row.kind, .series = {}};
            family.series.push_back({{}, std::move(value)});
            into.push_back(std::move(family));
        };
        append(m_times, all.value(m_times.buckets));
        append(m_count, static_cast<double>(count));
    }

private:
    const MetricSpec& m_times;
    const MetricSpec& m_count;
    const Series<Histogram>& m_parts;
};

} // namespace tokenscope::telemetry
