// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/task.h"
#include "net/watchdog.h"
#include "telemetry/queue_metrics.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <utility>

namespace tokenscope::providers {

/// First come, first served admission to one provider. Used on one I/O thread; must outlive its tickets and waiters.
class AdmissionQueue {
public:
    struct Limits {
        std::size_t max_in_flight = 64;
        std::size_t max_queue = 256;
        std::chrono::milliseconds timeout{60'000}; ///< longest wait for a turn
    };

    AdmissionQueue(std::string provider, Limits limits, telemetry::QueueMetrics& metrics, const Clock& clock,
                   net::Watchdog& watchdog);

    /// A place among those in flight; leaving scope gives it to the next in line.
    class Ticket {
    public:
        explicit Ticket(AdmissionQueue& queue) : m_queue(&queue) {}
        Ticket(Ticket&& other) noexcept : m_queue(std::exchange(other.m_queue, nullptr)) {}
        Ticket& operator=(Ticket&&) = delete;
        ~Ticket();

    private:
        AdmissionQueue* m_queue;
    };

    /// Waits for a turn. Errors: queue_full (with retry_after), queue_timeout, client_gone.
    net::Task<Result<Ticket>> enter(CancelToken cancel);

    std::size_t waiting() const { return m_waiting.size(); }
    std::size_t in_flight() const { return m_in_flight; }

private:
    /// A request in line. Settled once; then its coroutine is posted on.
    struct Waiter {
        enum class Outcome { waiting, admitted, timeout, gone };
        Outcome outcome = Outcome::waiting;
        std::list<Waiter*>::iterator place;
        std::function<void()> resume;
    };

    static net::Task<void> suspend(Waiter& waiter);
    void settle(Waiter& waiter, Waiter::Outcome outcome);
    void leave();

    const std::string m_provider;
    const Limits m_limits;
    telemetry::QueueMetrics& m_metrics;
    const Clock& m_clock;
    net::Watchdog& m_watchdog;
    std::size_t m_in_flight = 0;
    std::list<Waiter*> m_waiting;
};

} // namespace tokenscope::providers
