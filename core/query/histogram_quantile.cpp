// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/histogram_quantile.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace tokenscope::query {

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
} // namespace

CumulativeHistogram::CumulativeHistogram(std::vector<Bucket> buckets)
{
    std::ranges::stable_sort(buckets, {}, &Bucket::upper);
    if (buckets.empty() || buckets.back().upper != infinity)
        return;
    for (const auto& bucket : buckets) {
        if (!m_buckets.empty() && m_buckets.back().upper == bucket.upper)
            m_buckets.back().count += bucket.count;
        else
            m_buckets.push_back(bucket);
    }
    double highest = m_buckets.front().count;
    for (auto& bucket : m_buckets) {
        if (bucket.count > highest)
            highest = bucket.count;
        else if (bucket.count < highest)
            bucket.count = highest;
    }
}

double CumulativeHistogram::quantile(double q) const
{
    if (std::isnan(q))
        return not_a_number;
    if (q < 0)
        return -infinity;
    if (q > 1)
        return infinity;
    if (m_buckets.size() < 2 || m_buckets.back().count == 0)
        return not_a_number;

    double rank = q * m_buckets.back().count;
    const auto last = m_buckets.end() - 1;
    // Not lower_bound on the count: with NaN among them only this comparison takes Prometheus' path.
    const auto bucket =
        std::partition_point(m_buckets.begin(), last, [&](const Bucket& b) { return !(b.count >= rank); });
    if (bucket == last)
        return (last - 1)->upper;
    if (bucket == m_buckets.begin()) {
        if (bucket->upper <= 0)
            return bucket->upper;
        return bucket->upper * (rank / bucket->count);
    }
    const auto& before = *(bucket - 1);
    rank -= before.count;
    return before.upper + (bucket->upper - before.upper) * (rank / (bucket->count - before.count));
}

std::optional<double> parse_bound(std::string_view le)
{
    if (le.size() > 1 && le.front() == '+' && le[1] != '-')
        le.remove_prefix(1);
    double bound = 0;
    const auto [end, error] = std::from_chars(le.data(), le.data() + le.size(), bound);
    if (error != std::errc() || end != le.data() + le.size() || std::isnan(bound))
        return std::nullopt;
    return bound;
}

} // namespace tokenscope::query
