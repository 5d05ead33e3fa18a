// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace tokenscope::query {

enum class Function { value, rate, increase, mean, quantile };
enum class Aggregation { sum, avg, min, max, count };

/// One question about one metric, as data: any source can answer it. In PromQL's terms (m = metric with its matchers, w = window):
///   value     agg by (by) (m)
///   rate      sum by (by) (rate(m[w]))
///   increase  sum by (by) (increase(m[w]))
///   mean      sum by (by) (rate(m_sum[w])) / sum by (by) (rate(m_count[w]))
///   quantile  histogram_quantile(q, sum by (le, by) (rate(m_bucket[w])))      for every q
struct Query {
    std::string metric;
    Function function = Function::value;
    Aggregation aggregation = Aggregation::sum;
    std::vector<double> quantiles;
    std::vector<std::string> by;
    /// Label to matcher: "v" equal, "!v" not equal, "~re" and "!~re" fully anchored RE2 regular expressions.
    std::map<std::string, std::string> where;
    std::chrono::milliseconds window{60'000};
    double scale = 1.0; ///< the result is multiplied by it
};

} // namespace tokenscope::query
