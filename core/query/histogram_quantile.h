// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace tokenscope::query {

/// A cumulative bucket of a classic histogram: how many observations were at most `upper`.
struct Bucket {
    double upper = 0;
    double count = 0;
};

/// The buckets of one histogram at one moment, and quantiles estimated from them as Prometheus 2 does (promql/quantile.go):
/// buckets with the same bound are added up, a count below the one before is raised to it, and inside a bucket observations
/// are taken to be spread evenly, in the first one from 0.
class CumulativeHistogram {
public:
    /// In any order.
    explicit CumulativeHistogram(std::vector<Bucket> buckets);

    /// NaN for a NaN quantile, without a +Inf bucket, with no other bucket, and without observations; -Inf below 0 and +Inf
    /// above 1; the highest finite bound where the quantile lies beyond it.
    double quantile(double q) const;

private:
    std::vector<Bucket> m_buckets; ///< sorted, distinct, monotonic; empty where no quantile can be told
};

/// The value of a bucket's `le` label; absent where it is no number.
std::optional<double> parse_bound(std::string_view le);

} // namespace tokenscope::query
