// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tokenscope::tests {

/// What random queries are made of.
struct Vocabulary {
    std::vector<std::string> gauges, counters, histograms; ///< metrics; of a histogram the name without "_bucket"
    std::vector<std::string> labels;
    std::vector<std::string> matchers;                     ///< as in Query::where
    std::vector<std::chrono::milliseconds> times;          ///< windows, and offsets with either sign
    std::vector<double> quantiles, scales;
};

/// Names that are keywords, matchers with everything that has to be escaped, times of all sizes.
Vocabulary hostile_vocabulary();

/// An endless row of queries that validate() accepts, the same for the same seed. Fields that the function does not use have
/// their defaults.
class RandomQueries {
public:
    RandomQueries(Vocabulary vocabulary, std::uint32_t seed) : m_words(std::move(vocabulary)), m_random(seed) {}

    query::Query next();

private:
    query::Query simple(bool only_parts);
    query::Query share();
    std::size_t below(std::size_t limit) { return m_random() % limit; }
    bool once_in(std::size_t times) { return below(times) == 0; }
    template <typename T>
    const T& any(const std::vector<T>& all)
    {
        return all[below(all.size())];
    }

    Vocabulary m_words;
    std::mt19937 m_random;
};

} // namespace tokenscope::tests
