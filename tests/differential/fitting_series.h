// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"
#include "query/series_store.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tokenscope::tests {

/// Series that given queries find: of each metric a few, with labels that the matchers accept and some that they do not, and
/// values of the metric's kind. Counters are reset, series come and go, gauges are at times NaN or infinite.
class FittingSeries {
public:
    void add(const query::Query& query);

    /// The samples of the next scrape.
    std::vector<query::Sample> scrape();

private:
    enum class Kind { gauge, counter, histogram };
    struct State {
        double value = 0, sum = 0;
        std::vector<double> buckets;
        int away = 0;
    };
    struct Metric {
        Kind kind = Kind::gauge;
        std::map<query::Labels, State> series;
    };

    void scrape(const std::string& name, const query::Labels& labels, Metric& metric, State& state);
    std::size_t below(std::size_t limit) { return m_random() % limit; }

    std::map<std::string, Metric> m_metrics;
    std::mt19937 m_random{4};
    std::vector<query::Sample> m_samples;
};

} // namespace tokenscope::tests
