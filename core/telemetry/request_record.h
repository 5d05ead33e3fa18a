// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "llm/usage.h"
#include "telemetry/chunk_gaps.h"
#include "telemetry/chunk_timeline.h"
#include "telemetry/pricing.h"
#include "telemetry/stages.h"
#include "telemetry/token_metrics.h"
#include "telemetry/tracing/trace_ids.h"

#include <cstdint>
#include <optional>
#include <string>

namespace tokenscope::telemetry {

enum class EndReason { done, client_gone, upstream_error, in_stream_error, timeout, rejected, error };

/// Stable lower-case name, e.g. "client_gone".
std::string_view to_string(EndReason reason);

/// Everything known of one model request. Immutable once published, but that its chunks may be let go of. Every definition of
/// TTFT, inter-token latency and time per output token in use (design note field.md, D.1) can be computed from it.
struct RequestRecord {
    std::uint64_t sequence = 0; ///< rises by one with every finished request of this process
    std::string request_id;
    TraceText trace_id;
    bool sampled = false; ///< whether the trace is recorded
    std::string route;
    std::string_view operation; ///< gen_ai.operation.name, e.g. "chat"; a literal; empty where unknown
    std::string client;         ///< name of the client's key; empty where none is asked for
    Target target;
    std::string requested_model;
    std::string genai_provider; ///< gen_ai.provider.name: a well-known name, else the backend's
    std::string response_model;
    std::string finish_reason;
    bool streamed = false;
    unsigned http_status = 0;
    RequestStatus status = RequestStatus::error;
    EndReason end_reason = EndReason::error;
    std::string error;           ///< one sentence; empty where all went well
    std::string_view error_type; ///< its kind, e.g. "timeout" or "upstream_5xx"; a literal; empty where all went well

    WallTime started;
    Instant accepted;
    std::optional<Instant> parsed, queued, dequeued, connected, sent, first_byte, first_event, first_token,
        first_visible_token, last_token, usage_seen;
    std::optional<Instant> last_event;     ///< the last chunk, also where `chunks` has no room for it
    std::optional<Instant> provider_ended; ///< the end of the last call of a provider
    Instant ended;
    ChunkTimeline chunks; ///< the first 4,096; `chunk_count` has them all
    std::uint64_t chunk_count = 0;
    ChunkGaps chunk_gaps;            ///< of all chunks, each to the one before
    std::uint64_t stream_tokens = 0; ///< counted by us in the stream
    llm::Usage usage;
    std::uint32_t attempts = 0; ///< calls of providers: retries and fallbacks count
    StageTimes stages;          ///< summed over the attempts; all absent but for the demo provider's requests
    std::optional<Cost> cost;

    /// The trace to show beside a latency in a histogram; empty where it is not recorded.
    std::string_view exemplar() const { return sampled ? trace_id.view() : std::string_view(); }
    Nanos total() const { return ended - accepted; }
    std::optional<Nanos> ttft() const
    {
        return first_token ? std::optional<Nanos>(*first_token - accepted) : std::nullopt;
    }
};

} // namespace tokenscope::telemetry
