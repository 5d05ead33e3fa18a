// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace tokenscope {

using Nanos = std::chrono::nanoseconds;
/// An instant of the monotonic clock. Durations are differences of two of them, never of wall times.
using Instant = std::chrono::time_point<std::chrono::steady_clock, Nanos>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/// The two clocks, passed in so that tests can turn them by hand. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    virtual WallTime wall() const = 0;
    /// Nanoseconds since 1970, as fine as the clock has them.
    virtual Nanos unix_time() const { return wall().time_since_epoch(); }
};

class SystemClock final : public Clock {
public:
    Instant now() const override { return std::chrono::steady_clock::now(); }
    WallTime wall() const override
    {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    Nanos unix_time() const override { return std::chrono::system_clock::now().time_since_epoch(); }
};

/// For tests: stands still until advanced. Not thread-safe.
class ManualClock final : public Clock {
public:
    Instant now() const override { return m_now; }
    WallTime wall() const override { return m_wall; }
    void advance(Nanos by)
    {
        m_now += by;
        m_wall += std::chrono::duration_cast<std::chrono::milliseconds>(by);
    }

private:
    Instant m_now{std::chrono::hours(1)};
    WallTime m_wall{std::chrono::milliseconds(1'700'000'000'000)};
};

inline double seconds(Nanos duration)
{
    return std::chrono::duration<double>(duration).count();
}

} // namespace tokenscope
