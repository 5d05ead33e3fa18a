// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/live/live_requests.h"
#include "telemetry/live/queue_line.h"
#include "telemetry/registry/spin_lock.h"

#include <atomic>
#include <limits>
#include <memory>
#include <string>

namespace tokenscope::telemetry {

/// One request on the board. Written by its own thread only, read by any: numbers are relaxed atomics, texts a value
/// that is exchanged whole.
class LiveEntry {
public:
    /// What of `begun` never changes is kept as it is; the rest is taken as the first state.
    explicit LiveEntry(LiveRequest begun);

    std::uint64_t id() const { return m_fixed.id; }

    void client(std::string key_name);
    void parsed(std::string requested_model, bool streamed);
    void routed(Target target);
    void queued(Instant now);
    /// It waits for its turn there; an empty place: no more.
    void in_line(QueuePlace place);
    void dequeued(Instant now);
    void attempt();
    void chunk(Instant now, std::size_t bytes, std::uint32_t tokens);

    /// As it is now, but for its position in the queue, which only those of all others tell: `place` is for that.
    LiveRequest read(QueuePlace& place) const;

private:
    struct Texts {
        std::string client;
        std::string requested_model;
        Target target;
        bool streamed = false;
    };
    using Ticks = std::atomic<Instant::rep>;
    static constexpr Instant::rep absent = std::numeric_limits<Instant::rep>::min();

    template <typename Change>
    void change(Change&& change);
    /// Readers that see the phase also see what was written before.
    void set(LivePhase phase) { m_phase.store(phase, std::memory_order_release); }
    static void set(Ticks& ticks, Instant now);
    static std::optional<Instant> get(const Ticks& ticks);

    const LiveRequest m_fixed; ///< of it only what is known from the beginning is looked at
    mutable SpinLock m_lock;   ///< of the next two; held for an exchange of pointers
    std::shared_ptr<const Texts> m_texts;
    QueuePlace m_place;
    std::atomic<LivePhase> m_phase{LivePhase::reading};
    Ticks m_queued{absent}, m_dequeued{absent}, m_first_token{absent}, m_last_token{absent};
    std::atomic<std::uint64_t> m_tokens{0}, m_bytes{0};
};

} // namespace tokenscope::telemetry
