// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/provider.h"
#include "telemetry/tracing/span.h"

#include <string_view>

namespace tokenscope::providers {

/// The span of one attempt at a provider, of kind client. While it lasts, the call's `traceparent` names it as the parent
/// of what the upstream does. Ends with its scope; where nobody has said by then how the attempt came out, it was cut off by
/// an exception, and is an error.
class ProviderSpan {
public:
    /// `span_name`: "provider.generate" or "provider.generate_stream", and for what generates no text "provider.embed" or
    /// "provider.rerank".
    ProviderSpan(ModelCall& call, const Provider& provider, std::string_view span_name);
    ~ProviderSpan();
    ProviderSpan(const ProviderSpan&) = delete;
    ProviderSpan& operator=(const ProviderSpan&) = delete;

    /// The upstream has begun its stream.
    void began();
    void chunk(const StreamChunk& chunk);

    void ended(const Result<Reply>& reply);
    void ended(const Result<StreamOutcome>& outcome);

private:
    void note_reply(const Reply& reply);
    void note_facts(const llm::Usage& usage, std::string_view response_model, std::string_view finish_reason);
    void note_error(const Error& error);

    telemetry::Span m_span;
    std::uint64_t m_chunks = 0;
    bool m_token_seen = false;
    bool m_concluded = false;
};

} // namespace tokenscope::providers
