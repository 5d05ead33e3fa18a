// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/cells.h"

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

Histogram::Histogram(const CellContext& context)
    : m_context(context), m_counts(std::make_unique<std::uint64_t[]>(context.bounds.size() + 1))
{
}

bool Histogram::search_bucket(double value) noexcept
{
    if (std::isnan(value))
        return false;
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    const auto& bounds = m_context.bounds;
    const auto bound = std::lower_bound(bounds.begin(), bounds.end(), value);
    m_bucket = static_cast<std::uint32_t>(bound - bounds.begin());
    m_above = bound == bounds.begin() ? -infinity : *(bound - 1);
    m_up_to = bound == bounds.end() ? infinity : *bound;
    return true;
}

void Histogram::add(std::span<const std::uint32_t> counts, double sum) noexcept
{
    const auto buckets = std::min(counts.size(), m_context.bounds.size() + 1);
    const std::lock_guard lock(m_lock);
    for (std::size_t i = 0; i < buckets; ++i)
        m_counts[i] += counts[i];
    m_sum += sum;
}

void Histogram::keep_exemplar(double value, std::string_view trace_id) noexcept
{
    if (trace_id.size() != std::tuple_size_v<decltype(Slot::trace_id)>)
        return;
    auto slot =
        std::find_if(m_exemplars.begin(), m_exemplars.end(), [this](const Slot& s) { return s.bucket == m_bucket; });
    if (slot == m_exemplars.end()) {
        try {
            slot = m_exemplars.insert_after(m_exemplars.before_begin(), Slot{.bucket = m_bucket});
        } catch (const std::bad_alloc&) {
            return;
        }
    }
    const auto now = m_context.clock.wall();
    // A clock that was set back starts anew.
    if (now >= slot->at && now - slot->at < least_age)
        return;
    std::copy(trace_id.begin(), trace_id.end(), slot->trace_id.begin());
    slot->value = value;
    slot->at = now;
}

HistogramValue Histogram::value() const
{
    const auto& bounds = m_context.bounds;
    std::vector<std::uint64_t> counts(bounds.size() + 1); // allocated before the lock
    std::vector<Slot> exemplars;
    exemplars.reserve(bounds.size() + 1);
    HistogramValue value;
    {
        const std::lock_guard lock(m_lock);
        std::copy_n(m_counts.get(), counts.size(), counts.begin());
        exemplars.assign(m_exemplars.begin(), m_exemplars.end());
        value.sum = m_sum;
    }
    std::uint64_t cumulative = 0;
    value.buckets.reserve(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        cumulative += counts[i];
        const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
        value.buckets.push_back({.upper_bound = bound, .cumulative = cumulative, .exemplar = {}});
    }
    for (const auto& slot : exemplars)
        value.buckets[slot.bucket].exemplar = Exemplar{
            .trace_id = std::string(slot.trace_id.begin(), slot.trace_id.end()), .value = slot.value, .at = slot.at};
    return value;
}

} // namespace tokenscope::telemetry
