// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/metrics.h"
#include "telemetry/text.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tokenscope::test {

/// What a metrics page says at one moment, to be asked about single series.
class Page {
public:
    using Labels = std::map<std::string, std::string>;

    explicit Page(const telemetry::Metrics& metrics) : m_snapshot(metrics.collect()) {}

    /// Of a counter or gauge; nothing where it is not there.
    std::optional<double> value(std::string_view name, const Labels& labels = {}) const
    {
        const auto* series = find(name, labels);
        return series ? std::optional(std::get<double>(series->value)) : std::nullopt;
    }

    std::optional<telemetry::HistogramValue> histogram(std::string_view name, const Labels& labels = {}) const
    {
        const auto* series = find(name, labels);
        return series ? std::optional(std::get<telemetry::HistogramValue>(series->value)) : std::nullopt;
    }

    /// "3 x 0.25" for three observations that add up to 0.25; "absent".
    std::string sum(std::string_view name, const Labels& labels = {}) const
    {
        const auto found = histogram(name, labels);
        if (!found)
            return "absent";
        return std::to_string(found->count()) + " x " + telemetry::number_text(found->sum);
    }

    /// How many series the family has.
    std::size_t series(std::string_view name) const
    {
        for (const auto& family : m_snapshot)
            if (family.name == name)
                return family.series.size();
        return 0;
    }

private:
    const telemetry::SeriesSnapshot* find(std::string_view name, const Labels& labels) const
    {
        telemetry::Labels wanted;
        for (const auto& [label, text] : labels)
            wanted.push_back({label, text});
        for (const auto& family : m_snapshot) {
            if (family.name != name)
                continue;
            for (const auto& series : family.series)
                if (series.labels == wanted)
                    return &series;
        }
        return nullptr;
    }

    telemetry::Snapshot m_snapshot;
};

} // namespace tokenscope::test
