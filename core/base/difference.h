// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// How far two samples differ, and how sure that is.
namespace tokenscope {

/// A difference and the interval that holds the true one with 95 % confidence.
struct Difference {
    double value = 0;
    double low = 0;
    double high = 0;

    /// Nothing can be said as long as 0 may be the truth.
    bool certain() const { return low > 0 || high < 0; }
};

/// The q-quantile of a sorted sample: its value number ceil(q n), from 1 (the inverse of its distribution function; type 1
/// of Hyndman and Fan, "Sample quantiles in statistical packages", 1996). The sample must not be empty; 0 < q < 1.
double sorted_quantile(std::span<const double> sorted, double q);

/// Whether a sample is large enough to say anything on its q-quantile: at least one value is to be expected beyond it.
bool enough_for_quantile(std::size_t count, double q);

/// after's q-quantile minus before's, both samples sorted, with the percentile bootstrap's interval (Efron 1979). A resample's k-th
/// smallest of n is the sample's value at the k-th smallest of n uniform numbers, which has a Beta(k, n-k+1) distribution: so it is
/// drawn at once, without drawing the others. Same seed, same result. Absent where a sample is too small.
std::optional<Difference> quantile_difference(std::span<const double> before, std::span<const double> after, double q,
                                              std::uint64_t seed = 1, std::size_t resamples = 4000);

/// The share after minus the share before, with Newcombe's interval from the two Wilson scores ("Interval estimation for the
/// difference between independent proportions", 1998, method 10). Absent where either has no trials.
std::optional<Difference> share_difference(std::size_t hits_before, std::size_t before, std::size_t hits_after,
                                           std::size_t after);

} // namespace tokenscope
