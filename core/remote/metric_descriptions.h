// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scrape/family.h"
#include "sources/monitoring.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::remote {

/// What the families of a page tell of the metrics that a query can name: m_bucket has the help of the histogram m.
class MetricDescriptions {
public:
    MetricDescriptions() = default;
    explicit MetricDescriptions(std::vector<scrape::Family> families);

    /// Type "unknown" where the page says nothing. OpenMetrics' infos, state sets and gauge histograms are gauges, and so are
    /// the times at which something was created.
    sources::MetricInfo describe(std::string_view metric) const;

private:
    const scrape::Family* find(std::string_view name) const;

    std::map<std::string, scrape::Family, std::less<>> m_families;
};

} // namespace tokenscope::remote
