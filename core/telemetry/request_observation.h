// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/live/queue_line.h"
#include "telemetry/observers.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

class LiveEntry;

/// What is known of a request when its headers have been read.
struct RequestBeginning {
    std::string route;          ///< its template
    std::string_view operation; ///< gen_ai.operation.name; a literal
    std::string request_id;
    TraceText trace_id;
    bool sampled = false;
};

/// The one observer of one model request: begun when its headers have been read, ended exactly once, by its destructor,
/// whatever path left the handler. It starts out as an error; only succeed() makes it a success. The only caller of
/// TokenMetrics and RequestMetrics. Used on one thread.
class RequestObservation {
public:
    RequestObservation(const Observers& observers, RequestBeginning beginning);
    ~RequestObservation();
    RequestObservation(const RequestObservation&) = delete;
    RequestObservation& operator=(const RequestObservation&) = delete;

    // What is learnt on the way. Each instant keeps its first value, except that a retry may move connected and sent.
    void parsed(std::string requested_model, bool streamed);
    /// `genai_provider`: gen_ai.provider.name, where it is not the backend's own.
    void routed(Target target, std::string_view genai_provider = {});
    void queued();
    void dequeued();
    /// Whether somebody may look at it while it is in flight: only then is in_line() of use.
    bool watched() const { return m_live != nullptr; }
    /// Between queued() and dequeued(), where it has to wait; an empty place: it has left the line.
    void in_line(QueuePlace place);
    void connected();
    void sent();
    void first_byte();

    /// A chunk was handed to the client's connection. Observes the first token and, after it, inter-token latency.
    void chunk(std::size_t bytes, std::uint32_t tokens, std::uint32_t visible_tokens);
    void usage(const llm::Usage& usage);
    void response_facts(std::string response_model, std::string finish_reason);
    void http_status(unsigned status);
    void client(std::string key_name);
    /// Time spent in a stage; adds up over the attempts.
    void stage(Stage stage, Nanos duration);
    /// A provider is being called; the call has ended.
    void attempt();
    void attempt_ended();

    /// The reply is complete and good.
    void succeed();
    /// The first call decides; it also undoes a succeed() (a reply that could not be delivered is no success).
    /// `error_type`: a literal, where more is known than the reason.
    void fail(EndReason reason, std::string message, std::string_view error_type = {});

    const RequestRecord& so_far() const { return m_record; }
    bool streaming_began() const { return m_record.chunk_count > 0; }

private:
    void settle();
    void add_gap(Instant now, Nanos gap, std::uint32_t tokens);
    void observe_gaps();

    const Observers m_observers;
    RequestRecord m_record;
    std::shared_ptr<LiveEntry> m_live; ///< null: nobody looks
    bool m_failed = false;
    std::array<TokenGap, 32> m_gaps; ///< not observed yet
    std::size_t m_gap_count = 0;
    Instant m_gaps_since; ///< when the first of them was
};

} // namespace tokenscope::telemetry
