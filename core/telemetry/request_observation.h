// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tokenscope::telemetry {

/// Takes finished records. Thread-safe.
class RecordSink {
public:
    virtual ~RecordSink() = default;
    virtual void publish(RequestRecord record) = 0;
};

/// The one observer of one model request: begun when its headers have been read, ended exactly once, by its destructor,
/// whatever path left the handler. It starts out as an error; only succeed() makes it a success. The only caller of
/// TokenMetrics. Used on one thread.
class RequestObservation {
public:
    RequestObservation(TokenMetrics& metrics, RecordSink& records, const Clock& clock, std::string route,
                       std::string request_id, std::string trace_id);
    ~RequestObservation();
    RequestObservation(const RequestObservation&) = delete;
    RequestObservation& operator=(const RequestObservation&) = delete;

    // What is learnt on the way. Each instant keeps its first value, except that a retry may move connected and sent.
    void parsed(std::string requested_model, bool streamed);
    void routed(Target target);
    void queued();
    void dequeued();
    void connected();
    void sent();
    void first_byte();

    /// A chunk was handed to the client's connection. Observes the first token and, after it, inter-token latency.
    void chunk(std::size_t bytes, std::uint32_t tokens, std::uint32_t visible_tokens);
    void usage(const llm::Usage& usage);
    void response_facts(std::string response_model, std::string finish_reason);
    void http_status(unsigned status);
    /// Time spent in a stage; adds up over the attempts.
    void stage(Stage stage, Nanos duration);
    /// A provider is being called.
    void attempt();

    /// The reply is complete and good.
    void succeed();
    /// The first call decides; it also undoes a succeed() (a reply that could not be delivered is no success).
    void fail(EndReason reason, std::string message);

    const RequestRecord& so_far() const { return m_record; }
    bool streaming_began() const { return m_record.chunk_count > 0; }

private:
    TokenMetrics& m_metrics;
    RecordSink& m_records;
    const Clock& m_clock;
    RequestRecord m_record;
    bool m_failed = false;
};

} // namespace tokenscope::telemetry
