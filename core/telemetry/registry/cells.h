// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/catalogue.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tokenscope::telemetry {

/// What the cells of a family share, of those that share nothing.
struct NoContext {
    NoContext(const MetricSpec&, const Clock&) {}
};

/// A whole number that only rises; it stays where it is once it is beyond all counting. Thread-safe.
class Counter {
public:
    using Context = NoContext;

    explicit Counter(const Context&) {}
    void increment(std::uint64_t by = 1) noexcept
    {
        if (by <= most_at_once) [[likely]]
            m_value.fetch_add(by, std::memory_order_relaxed);
        else
            add_much(by);
    }
    double value() const noexcept { return static_cast<double>(m_value.load(std::memory_order_relaxed)); }

private:
    /// More, which only a backend out of its mind reports, could make the number begin anew at 0.
    static constexpr std::uint64_t most_at_once = 0xFFFF'FFFF;

    void add_much(std::uint64_t by) noexcept;

    std::atomic<std::uint64_t> m_value{0};
};

/// A number that only rises, by fractions too. Thread-safe.
class Amount {
public:
    using Context = NoContext;

    explicit Amount(const Context&) {}
    /// Less than 0, or NaN, is not added.
    void add(double by) noexcept
    {
        if (by >= 0)
            m_value.fetch_add(by, std::memory_order_relaxed);
    }
    double value() const noexcept { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<double> m_value{0};
};

/// A whole number that rises and falls. Thread-safe.
class Gauge {
public:
    using Context = NoContext;

    explicit Gauge(const Context&) {}
    void set(std::size_t value) noexcept { m_value.store(static_cast<std::int64_t>(value), std::memory_order_relaxed); }
    void add(std::int64_t by) noexcept { m_value.fetch_add(by, std::memory_order_relaxed); }
    double value() const noexcept { return static_cast<double>(m_value.load(std::memory_order_relaxed)); }

private:
    std::atomic<std::int64_t> m_value{0};
};

} // namespace tokenscope::telemetry
