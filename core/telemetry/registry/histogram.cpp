// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <new>
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

HistogramValue Histogram::value() const
{
    const auto& bounds = m_context.bounds;
    const auto published = bounds.published();
    std::vector<std::uint64_t> counts(bounds.buckets()); // allocated before the lock
    std::vector<Slot> exemplars;
    exemplars.reserve(bounds.buckets());
    std::uint32_t sum_carry = 0;
    std::uint64_t sum = 0;
    {
        const std::lock_guard lock(m_lock);
        std::copy_n(m_counts.get(), counts.size(), counts.begin());
        exemplars.assign(m_exemplars.begin(), m_exemplars.end());
        sum_carry = m_sum_carry;
        sum = m_sum;
        m_fresh = 0;
    }
    HistogramValue value;
    value.sum = static_cast<double>(std::ldexp(static_cast<long double>(sum_carry), 64) + sum) / bounds.scale();
    std::uint64_t cumulative = 0;
    value.buckets.reserve(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        cumulative += counts[i];
        const double bound = i < published.size() ? published[i] : std::numeric_limits<double>::infinity();
        value.buckets.push_back({.upper_bound = bound, .cumulative = cumulative, .exemplar = {}});
    }
    for (const auto& slot : exemplars)
        value.buckets[slot.bucket].exemplar =
            Exemplar{.trace_id = std::string(slot.trace_id.begin(), slot.trace_id.end()),
                     .value = static_cast<double>(slot.value) / bounds.scale(),
                     .at = slot.at};
    return value;
}

} // namespace tokenscope::telemetry
