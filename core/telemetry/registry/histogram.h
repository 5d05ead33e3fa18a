// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/catalogue.h"
#include "telemetry/registry/bucket_bounds.h"
#include "telemetry/registry/spin_lock.h"
#include "telemetry/snapshot.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// What a histogram had counted at one moment.
class HistogramCounts {
public:
    struct Exemplar {
        std::size_t bucket = 0;
        std::array<char, 32> trace_id{};
        std::int64_t value = 0;
        WallTime at;
    };

    /// Of none yet. `bounds` must outlive this.
    explicit HistogramCounts(const BucketBounds& bounds) : m_bounds(bounds), m_counts(bounds.buckets()) {}

    /// Counted by the same bounds.
    void add(const HistogramCounts& other);
    std::uint64_t count() const;
    /// As a page has it: by `published`, all of which are among the bounds.
    HistogramValue value(std::span<const double> published) const;

private:
    friend class Histogram;

    std::size_t published_bucket(std::size_t bucket, std::span<const double> published) const;

    const BucketBounds& m_bounds;
    std::vector<std::uint64_t> m_counts; ///< by bucket
    std::uint64_t m_sum_carry = 0;
    std::uint64_t m_sum = 0;
    std::vector<Exemplar> m_exemplars; ///< at most one of a bucket
};

/// Observations counted by bucket. They are whole numbers, times of nanoseconds: sums are exact, and become seconds when
/// they are read. A snapshot is of one moment: its sum and its counts belong together. Thread-safe.
class Histogram {
public:
    struct Context {
        /// A family whose name ends in "_seconds" observes times, any other one counts.
        Context(const MetricSpec& spec, const Clock& when)
            : bounds(spec.finer_buckets.empty() ? spec.buckets : spec.finer_buckets,
                     spec.name.ends_with("_seconds") ? 1e9 : 1),
              published(spec.buckets), clock(when)
        {
        }
        BucketBounds bounds; ///< what is counted by
        std::span<const double> published;
        const Clock& clock; ///< when an exemplar was observed
    };

    /// `context` must outlive the histogram.
    explicit Histogram(const Context& context);

    /// `time` is not negative. `trace_id`: 32 hex digits of a sampled trace, else empty. The first one in a bucket since it was
    /// last read becomes the bucket's exemplar: more than one between two pages would be lost work.
    void observe(Nanos time, std::string_view trace_id = {}) noexcept { record(time.count(), trace_id); }
    void observe(std::uint64_t count) noexcept
    {
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        record(static_cast<std::int64_t>(std::min(count, most)), {});
    }
    /// `times` observations of `time` at the cost of one; `sum` is what they add up to.
    void observe_times(Nanos time, std::uint64_t times, Nanos sum) noexcept
    {
        assert(time >= Nanos(0) && sum >= Nanos(0));
        if (times == 0)
            return;
        const auto bucket = m_context.bounds.bucket_of(time.count());
        const std::lock_guard lock(m_lock);
        m_counts[bucket] += times;
        add_to_sum(sum.count());
    }
    /// Observations that were counted elsewhere: so many more in each bucket, the one to +Inf last.
    void add(std::span<const std::uint32_t> counts, Nanos sum) noexcept;

    HistogramCounts counts() const;
    HistogramValue value() const { return counts().value(m_context.published); }

private:
    using Slot = HistogramCounts::Exemplar;

    void record(std::int64_t value, std::string_view trace_id) noexcept
    {
        assert(value >= 0);
        const auto bucket = m_context.bounds.bucket_of(value);
        const std::lock_guard lock(m_lock);
        ++m_counts[bucket];
        add_to_sum(value);
        if (!trace_id.empty() && (m_fresh >> bucket & 1U) == 0) [[unlikely]]
            keep_exemplar(bucket, value, trace_id);
    }
    void add_to_sum(std::int64_t value) noexcept
    {
        const auto by = static_cast<std::uint64_t>(value);
        m_sum += by;
        m_sum_carry += m_sum < by ? 1 : 0;
    }
    [[gnu::cold]] void keep_exemplar(std::size_t bucket, std::int64_t value, std::string_view trace_id) noexcept;

    const Context& m_context;
    mutable SpinLock m_lock; ///< of what follows
    // A thousand requests at a time fill 64 bits with nanoseconds in a few months.
    std::uint32_t m_sum_carry = 0;
    mutable std::uint32_t m_fresh = 0; ///< by bucket, a bit: its exemplar has not been read yet
    std::uint64_t m_sum = 0;
    const std::unique_ptr<std::uint64_t[]> m_counts; ///< by bucket
    std::forward_list<Slot> m_exemplars;             ///< only of buckets that have one
};

} // namespace tokenscope::telemetry
