// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/token_metrics.h"
#include "telemetry/tracing/trace_ids.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::telemetry {

/// How far a request has come. It may go back from `waiting` to `queued` with another attempt; a whole reply has no tokens
/// on its way and stays `waiting` to its end.
enum class LivePhase {
    reading,  ///< its body is being read
    queued,   ///< in line for a place at its provider
    waiting,  ///< at the provider; no token yet
    streaming ///< tokens are coming
};

/// A request that has not ended, as it was at one moment.
struct LiveRequest {
    std::uint64_t id = 0; ///< unique in this process, rises with every request begun
    std::string request_id;
    TraceText trace_id;
    std::string route;
    std::string client;          ///< name of the client's key; empty where none is asked for
    std::string requested_model; ///< empty until the body has been read
    Target target;               ///< "unknown" until the model is resolved
    bool streamed = false;
    LivePhase phase = LivePhase::reading;
    WallTime started;
    Instant accepted;
    std::optional<Instant> queued, dequeued; ///< at the provider that is being tried at present
    std::optional<Instant> first_token, last_token;
    std::uint64_t tokens = 0; ///< that reached the client so far
    std::uint64_t bytes = 0;
    /// As the how-manieth of those at its provider it would be served if nobody came or left any more, from 1; absent
    /// where it does not wait. A provider serves the client keys in turns (AdmissionQueue), so that somebody with another key
    /// may come later and still go first: then the place grows.
    std::optional<std::size_t> queue_position;
};

/// The requests in flight, for whoever looks. Writers pay for a few relaxed stores a chunk and never wait for a reader. Readers
/// ask on their own clock. Thread-safe.
class LiveRequests {
public:
    virtual ~LiveRequests() = default;
    /// All that have begun and not ended, oldest first.
    virtual std::vector<LiveRequest> now() const = 0;
};

} // namespace tokenscope::telemetry
