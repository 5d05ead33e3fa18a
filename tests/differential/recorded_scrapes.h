// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "prometheus_server.h"

#include "query/series_store.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::tests {

/// What a scraper keeps of scrapes, without a SeriesStore: so that a store that loses or bends a sample is found out when both are
/// asked the same. As Prometheus has it: of two samples of a series the first counts, and one that vanishes becomes stale.
class RecordedScrapes {
public:
    /// In the order of their times, none of which the samples tell themselves.
    void add(std::int64_t time, std::span<const query::Sample> samples);

    /// Everything, as copy_to() does it from a store. Empty on success.
    QString copy_to(PrometheusServer& server) const;

private:
    using Key = std::pair<std::string, query::Labels>;

    std::map<Key, std::vector<query::Point>> m_series;
    std::int64_t m_before = 0; ///< time of the scrape before
};

} // namespace tokenscope::tests
