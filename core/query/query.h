// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace tokenscope::query {

enum class Function { value, rate, increase, mean, quantile, heatmap, share };
enum class Aggregation { sum, avg, min, max, count };

/// One question about one metric, as data: any source can answer it. In PromQL's terms (m = metric with its matchers and
/// offset, w = window):
///   value     agg by (by) (m)
///   rate      sum by (by) (rate(m[w]))
///   increase  sum by (by) (increase(m[w]))
///   mean      sum by (by) (rate(m_sum[w])) / sum by (by) (rate(m_count[w]))
///   quantile  histogram_quantile(q, sum by (le, by) (rate(m_bucket[w])))      for every q
///   heatmap   sum by (le) (increase(m_bucket[step]))     cumulative; `by` and `window` have no meaning
///   share     of / in: both parts grouped by the same labels; or `in` by some of those of `of` or by none:
///             of / on (in's by) group_left () in
///             with or_zero a share is 0 where `in` has a value and `of` has none: there are no series of errors before the
///             first error, but where requests are counted that means none. (of >= -Inf or in * 0) / in
/// After that, in this order: topk(k, ...) at every step, ... * scale.
struct Query {
    std::string metric; ///< empty for a share
    Function function = Function::value;
    Aggregation aggregation = Aggregation::sum;
    std::vector<double> quantiles;
    std::vector<std::string> by;
    /// Label to matcher: "v" equal, "!v" not equal, "~re" and "!~re" fully anchored RE2 regular expressions.
    std::map<std::string, std::string> where;
    std::chrono::milliseconds window{60'000};
    std::chrono::milliseconds offset{0}; ///< this long ago; of a share's parts, not of the share
    std::size_t topk = 0;                ///< only so many columns with the highest values, step by step; 0: all
    double scale = 1.0;                  ///< the result is multiplied by it
    std::vector<Query> parts;            ///< of a share: `of` and `in`, neither of them a quantile, heatmap or share
    bool or_zero = false;                ///< of a share, both parts grouped alike: see above
};

} // namespace tokenscope::query
