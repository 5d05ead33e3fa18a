// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/snapshot.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace tokenscope::telemetry {

/// A family of sampled values. They are plain state rather than registry entries, because they come and go.
class SampledFamily {
public:
    explicit SampledFamily(Metric id)
    {
        m_family.name = spec(id).name;
        m_family.help = spec(id).help;
        m_family.kind = spec(id).kind;
    }

    /// `labels` are sorted by name.
    void add(const std::optional<double>& value, Labels labels = {})
    {
        if (!value || std::isnan(*value))
            return;
        const auto same = [&](const auto& series) { return series.labels == labels; };
        if (std::any_of(m_family.series.begin(), m_family.series.end(), same))
            return; // a second series of the same name would make the whole page invalid
        m_family.series.push_back({std::move(labels), *value});
    }

    void append_to(Snapshot& page)
    {
        if (!m_family.series.empty())
            page.push_back(std::move(m_family));
    }

private:
    FamilySnapshot m_family;
};

} // namespace tokenscope::telemetry
