// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <new>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace tokenscope::telemetry {

namespace {

/// Before an exemplar gives way to the next. Prometheus keeps whole milliseconds and takes a second exemplar of the same one,
/// seen by its next scrape, for out of order; what it makes of a decimal may be off by one.
constexpr std::chrono::milliseconds least_age{2};

} // namespace

Histogram::Histogram(const Context& context)
    : m_context(context), m_counts(std::make_unique<std::uint64_t[]>(context.bounds.buckets()))
{
}

void Histogram::add(std::span<const std::uint32_t> counts, Nanos sum) noexcept
{
    const auto buckets = std::min(counts.size(), m_context.bounds.buckets());
    const std::lock_guard lock(m_lock);
    for (std::size_t i = 0; i < buckets; ++i)
        m_counts[i] += counts[i];
    add_to_sum(sum.count());
}

void Histogram::keep_exemplar(std::size_t bucket, std::int64_t value, std::string_view trace_id) noexcept
{
    if (trace_id.size() != std::tuple_size_v<decltype(Slot::trace_id)>)
        return;
    auto slot = std::find_if(m_exemplars.begin(), m_exemplars.end(), [=](const Slot& s) { return s.bucket == bucket; });
    if (slot == m_exemplars.end()) {
        try {
            slot = m_exemplars.insert_after(m_exemplars.before_begin(), Slot{.bucket = bucket});
        } catch (const std::bad_alloc&) {
            return;
        }
    }
    const auto now = m_context.clock.wall();
    // A clock that was set back starts anew.
    if (now >= slot->at && now - slot->at < least_age)
        return;
    m_fresh |= 1U << bucket;
    std::copy(trace_id.begin(), trace_id.end(), slot->trace_id.begin());
    slot->value = value;
    slot->at = now;
}

HistogramCounts Histogram::counts() const
{
    HistogramCounts read(m_context.bounds); // allocated before the lock
    read.m_exemplars.reserve(m_context.bounds.buckets());
    const std::lock_guard lock(m_lock);
    std::copy_n(m_counts.get(), read.m_counts.size(), read.m_counts.begin());
    read.m_exemplars.assign(m_exemplars.begin(), m_exemplars.end());
    read.m_sum_carry = m_sum_carry;
    read.m_sum = m_sum;
    m_fresh = 0;
    return read;
}

void HistogramCounts::add(const HistogramCounts& other)
{
    assert(m_counts.size() == other.m_counts.size());
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_sum += other.m_sum;
    m_sum_carry += other.m_sum_carry + (m_sum < other.m_sum ? 1 : 0);
    m_exemplars.insert(m_exemplars.end(), other.m_exemplars.begin(), other.m_exemplars.end());
}

std::uint64_t HistogramCounts::count() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), std::uint64_t{0});
}

std::size_t HistogramCounts::published_bucket(std::size_t bucket, std::span<const double> published) const
{
    const auto bounds = m_bounds.published();
    if (bucket == bounds.size())
        return published.size();
    return static_cast<std::size_t>(std::lower_bound(published.begin(), published.end(), bounds[bucket])
                                    - published.begin());
}

HistogramValue HistogramCounts::value(std::span<const double> published) const
{
    HistogramValue value;
    value.sum = static_cast<double>(std::ldexp(static_cast<long double>(m_sum_carry), 64) + m_sum) / m_bounds.scale();
    value.buckets.reserve(published.size() + 1);
    for (const double bound : published)
        value.buckets.push_back({.upper_bound = bound, .cumulative = 0, .exemplar = {}});
    value.buckets.push_back({.upper_bound = std::numeric_limits<double>::infinity(), .cumulative = 0, .exemplar = {}});
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        value.buckets[published_bucket(i, published)].cumulative += m_counts[i];
    for (std::size_t i = 1; i < value.buckets.size(); ++i)
        value.buckets[i].cumulative += value.buckets[i - 1].cumulative;
    for (const auto& one : m_exemplars) {
        auto& kept = value.buckets[published_bucket(one.bucket, published)].exemplar;
        if (!kept || kept->at < one.at)
            kept = telemetry::Exemplar{.trace_id = std::string(one.trace_id.begin(), one.trace_id.end()),
                                       .value = static_cast<double>(one.value) / m_bounds.scale(),
                                       .at = one.at};
    }
    return value;
}

} // namespace tokenscope::telemetry
