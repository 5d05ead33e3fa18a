// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/registry/spin_lock.h"
#include "telemetry/snapshot.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

namespace tokenscope::telemetry {

/// What all series of a family share, and what their cells would otherwise each keep.
struct CellContext {
    std::span<const double> bounds; ///< of histograms: upper bounds, rising, without +Inf
    const Clock& clock;             ///< when an exemplar was observed
};

/// A number that only rises. Thread-safe.
class Counter {
public:
    explicit Counter(const CellContext&) {}
    /// Less than 0, or NaN, is not added.
    void increment(double by = 1) noexcept
    {
        if (by >= 0)
            m_value.fetch_add(by, std::memory_order_relaxed);
    }
    double value() const noexcept { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<double> m_value{0};
};

/// A number that rises and falls. Thread-safe.
class Gauge {
public:
    explicit Gauge(const CellContext&) {}
    void set(double value) noexcept { m_value.store(value, std::memory_order_relaxed); }
    void add(double by) noexcept { m_value.fetch_add(by, std::memory_order_relaxed); }
    double value() const noexcept { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<double> m_value{0};
};

/// Observations counted by bucket. A snapshot is of one moment: its sum and its counts belong together. Thread-safe.
class Histogram {
public:
    /// `context` must outlive the histogram.
    explicit Histogram(const CellContext& context);

    /// `trace_id`: 32 hex digits of a sampled trace, which becomes its bucket's exemplar; else empty. NaN is not observed.
    void observe(double value, std::string_view trace_id = {}) noexcept
    {
        const std::lock_guard lock(m_lock);
        if (!find_bucket(value))
            return;
        ++m_counts[m_bucket];
        m_sum += value;
        if (!trace_id.empty())
            keep_exemplar(value, trace_id);
    }
    /// `times` observations of `value` at the cost of one; `sum` is what they add up to.
    void observe_times(double value, std::uint64_t times, double sum) noexcept
    {
        if (times == 0)
            return;
        const std::lock_guard lock(m_lock);
        if (!find_bucket(value))
            return;
        m_counts[m_bucket] += times;
        m_sum += sum;
    }
    /// Observations that were counted elsewhere: so many more in each bucket, the one to +Inf last.
    void add(std::span<const std::uint32_t> counts, double sum) noexcept;

    HistogramValue value() const;

private:
    struct Slot {
        std::uint32_t bucket = 0;
        std::array<char, 32> trace_id{};
        double value = 0;
        WallTime at;
    };

    /// Makes m_bucket the value's. Mostly it still is, which spares the search. False for NaN, which is above nothing.
    bool find_bucket(double value) noexcept { return (value > m_above && value <= m_up_to) || search_bucket(value); }
    bool search_bucket(double value) noexcept;
    void keep_exemplar(double value, std::string_view trace_id) noexcept;

    const CellContext& m_context;
    mutable SpinLock m_lock;    ///< of what follows
    std::uint32_t m_bucket = 0; ///< the last observation's, and its bounds: at first no value's
    double m_above = std::numeric_limits<double>::infinity();
    double m_up_to = 0;
    double m_sum = 0;
    const std::unique_ptr<std::uint64_t[]> m_counts; ///< one a bound, and one to +Inf
    std::forward_list<Slot> m_exemplars;             ///< only of buckets that have one
};

} // namespace tokenscope::telemetry
