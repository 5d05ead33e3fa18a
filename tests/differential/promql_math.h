// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/metrics_page.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

/// The functions of PromQL that the source documents use, worked out from raw samples by Prometheus' documentation and
/// without any code of the product, so that both can be checked against it.
/// https://prometheus.io/docs/prometheus/latest/querying/functions/
namespace tokenscope::tests {

using test::InstantVector;
using test::LabelMap;

struct RawPoint {
    std::int64_t ms = 0; ///< since 1970
    double value = 0;
};
/// What a range selector such as x[5m] returns: every stored sample of each series, oldest first.
using RangeVector = std::map<LabelMap, std::vector<RawPoint>>;

/// rate() at `at_ms` of samples of the last `window`, extrapolated to its ends. Series with fewer than two are left out.
InstantVector rate(const RangeVector& samples, std::int64_t at_ms, std::chrono::seconds window);
/// histogram_quantile() of series of buckets.
InstantVector histogram_quantile(double q, const InstantVector& buckets);
/// sum by (names).
InstantVector sum_by(const InstantVector& vector, const std::set<std::string>& names);
/// avg of all.
InstantVector average(const InstantVector& vector);
/// a / b * factor for the series both have.
InstantVector ratio(const InstantVector& a, const InstantVector& b, double factor = 1);
InstantVector plus(const InstantVector& a, const InstantVector& b);
InstantVector scaled(InstantVector vector, double factor);
/// The `most` greatest.
InstantVector topk(std::size_t most, const InstantVector& vector);
/// The last sample of each.
InstantVector last_of(const RangeVector& samples);
/// Those whose label has one of the values' beginnings, e.g. "5" for status=~"5..".
RangeVector beginning_with(const RangeVector& samples, const std::string& label, const std::string& first_characters);

} // namespace tokenscope::tests
