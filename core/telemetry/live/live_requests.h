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

/// How far a request has come. It may go back from `waiting` to `queued` with another attempt.
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
    std::optional<Instant> queued, dequeued, first_token, last_token;
    std::uint64_t tokens = 0; ///< that reached the client so far
    std::uint64_t bytes = 0;
    /// Its place in the provider's line, from 1; absent where it does not wait. Who is served next also depends on the
    /// client keys (AdmissionQueue), so that the place may grow.
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
