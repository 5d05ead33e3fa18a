// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <list>

namespace tokenscope::net {

/// Deadlines for many connections on one coarse timer: arming one costs no system call, and none fires more than a tick late.
/// Used on one I/O thread; must outlive its guards.
class Watchdog {
public:
    explicit Watchdog(boost::asio::any_io_executor executor,
                      std::chrono::milliseconds tick = std::chrono::milliseconds(50));

    /// One deadline. `expire` runs once when it passes, typically to close a socket so that what waits for it ends.
    class Guard {
    public:
        Guard(Watchdog& dog, std::function<void()> expire);
        ~Guard();
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;

        void arm(std::chrono::milliseconds after); ///< replaces the deadline before
        void disarm();
        bool armed() const { return m_armed; }
        bool expired() const { return m_expired; }

    private:
        friend class Watchdog;
        Watchdog& m_dog;
        std::function<void()> m_expire;
        std::list<Guard*>::iterator m_place;
        std::chrono::steady_clock::time_point m_deadline;
        bool m_armed = false;
        bool m_expired = false;
    };

    /// No deadline fires any more and the timer is idle, so that the io_context can run out of work.
    void stop();

private:
    void start_tick();
    void on_tick();

    boost::asio::steady_timer m_timer;
    const std::chrono::milliseconds m_tick;
    std::list<Guard*> m_armed;
    bool m_ticking = false;
    bool m_stopped = false;
};

} // namespace tokenscope::net
