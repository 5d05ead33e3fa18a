// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"
#include "support/random_query.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace tokenscope::tests {

/// What several servers with a troubled life would publish, as random as a seed makes it: counters that are reset, series that
/// come and go, label sets that change, buckets that appear with their first observation, NaN and infinities.
class RandomHistory {
public:
    /// Every metric's name begins with `prefix`.
    RandomHistory(std::string prefix, std::uint32_t seed);

    /// The samples of the next scrape; times pass outside.
    std::vector<query::Sample> scrape();
    /// Whether this scrape is missed, as some are, at times many in a row.
    bool missed();
    /// What to ask about it.
    Vocabulary vocabulary() const;

private:
    struct Life {
        query::Labels labels;
        double value = 0;
        std::map<double, double> buckets; ///< those that have been met
        double sum = 0, count = 0;
        int away = 0;    ///< scrapes until it comes back
        int strange = 0; ///< scrapes for which its value is none
        double odd = 0;  ///< what it is then
    };

    std::size_t below(std::size_t limit) { return m_random() % limit; }
    bool present(Life& life);
    void count(const std::string& metric, Life& life);
    void gauge(const std::string& metric, Life& life);
    void observe(const std::string& metric, Life& life);

    std::string m_prefix;
    std::mt19937 m_random;
    std::map<std::string, std::vector<Life>> m_counters, m_gauges, m_histograms;
    int m_missing = 0;
    std::vector<query::Sample> m_samples;
};

} // namespace tokenscope::tests
