// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/task.h"
#include "net/watchdog.h"
#include "telemetry/live/queue_line.h"
#include "telemetry/queue_metrics.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tokenscope::telemetry {
class RequestObservation;
}

namespace tokenscope::providers {

/// Admission to one provider: at most `max_in_flight` calls at a time, and a bounded number that wait. First come, first
/// served within a client key, and fair between keys: a free place goes to the waiting key whose last turn was longest ago,
/// a new one before all others. So a key that floods the queue delays another by one call, not by its whole backlog, and no
/// key waits for more than one call of each other. Nor does a flood take the queue's places: where it is full and another
/// key comes that has clearly less in it, the newest waiter of the key with the most is turned away instead.
/// Without keys everything is one key. Used on one I/O thread; must outlive its tickets and waiters.
class AdmissionQueue {
    struct Waiter;
    /// What is known of one key while it has anything waiting or in flight, or anybody else waits.
    struct Line {
        std::list<Waiter*> waiters;
        std::size_t in_flight = 0;
        std::uint64_t last_turn = 0;                 ///< 0: none yet
        std::shared_ptr<telemetry::QueueLine> shown; ///< null: nobody has looked
    };
    using Lines = std::map<std::string, Line, std::less<>>;

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
        Ticket(Ticket&& other) noexcept
            : m_queue(std::exchange(other.m_queue, nullptr)), m_line(other.m_line), m_since(other.m_since)
        {
        }
        Ticket& operator=(Ticket&&) = delete;
        ~Ticket();

    private:
        friend class AdmissionQueue;
        Ticket(AdmissionQueue& queue, Lines::iterator line, Instant since)
            : m_queue(&queue), m_line(line), m_since(since)
        {
        }

        AdmissionQueue* m_queue;
        Lines::iterator m_line;
        Instant m_since;
    };

    /// Waits for a turn of `key`, the client key's name. Errors: queue_full and queue_timeout (both with retry_after),
    /// client_gone. `observed` is told where it waits; null: nobody wants to know.
    net::Task<Result<Ticket>> enter(CancelToken cancel, std::string_view key = {},
                                    telemetry::RequestObservation* observed = nullptr);

    /// Takes effect at once: a raised max_in_flight admits waiters, a lowered one lets calls in flight finish. Those who
    /// wait keep their place and the timeout they came with.
    void set_limits(Limits limits);

    std::size_t waiting() const { return m_waiting; }
    std::size_t in_flight() const { return m_in_flight; }

private:
    /// A request in line. Settled once; then its coroutine is posted on.
    struct Waiter {
        enum class Outcome { waiting, admitted, displaced, timeout, gone };
        Lines::iterator line;
        std::uint64_t arrival = 0;
        telemetry::RequestObservation* observed = nullptr; ///< to be told when it waits no more
        Outcome outcome = Outcome::waiting;
        std::list<Waiter*>::iterator place;
        std::function<void()> resume;
    };

    static net::Task<void> suspend(Waiter& waiter);
    void show_place(Waiter& waiter, telemetry::RequestObservation& observed) const;
    /// Makes room in a full queue for a request of `line`. False if it has to go itself.
    bool displace_for(const Line& line);
    void settle(Waiter& waiter, Waiter::Outcome outcome);
    void admit_waiting();
    void take_place(Line& line);
    void leave(Lines::iterator line, Nanos service);
    void forget_idle();
    tl::unexpected<Error> reject(std::string_view reason, ErrorCode code, std::string message);
    std::chrono::seconds drain_time() const;

    const std::string m_provider;
    Limits m_limits;
    telemetry::QueueMetrics& m_metrics;
    const Clock& m_clock;
    net::Watchdog& m_watchdog;
    Lines m_lines;
    std::size_t m_in_flight = 0;
    std::size_t m_waiting = 0;
    std::uint64_t m_turns = 0;
    std::uint64_t m_arrivals = 0;
    std::optional<double> m_service; ///< seconds that recent calls held their place, as a moving average
};

} // namespace tokenscope::providers
