// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/provider_span.h"

#include "base/shielded.h"
#include "telemetry/request_observation.h"
#include "telemetry/tracing/span_errors.h"

#include <fmt/format.h>

namespace tokenscope::providers {

ProviderSpan::ProviderSpan(ModelCall& call, const Provider& provider, std::string_view span_name)
    : m_span(telemetry::child_of(call.span, span_name, telemetry::SpanKind::client))
{
    if (!m_span.recording())
        return;
    call.trace.set_span(m_span.id());
    m_span.set("provider.name", provider.name());
    m_span.set("provider.model", call.upstream_model);
    if (const auto& record = call.observed.so_far(); !record.operation.empty())
        m_span.set("gen_ai.operation.name", record.operation);
    m_span.set("gen_ai.provider.name", provider.genai_name());
    m_span.set("gen_ai.request.model", call.upstream_model);
}

ProviderSpan::~ProviderSpan()
{
    if (!m_span.recording() || m_concluded)
        return;
    shielded([this] { m_span.fail(to_string(ErrorCode::internal), "The gateway failed at this call."); });
}

void ProviderSpan::began()
{
    if (m_span.recording())
        m_span.set("provider.ttfb_seconds", m_span.age());
}

void ProviderSpan::chunk(const StreamChunk& chunk)
{
    if (!m_span.recording())
        return;
    if (m_chunks++ == 0)
        m_span.set("gen_ai.response.time_to_first_chunk", m_span.age());
    if (chunk.tokens > 0 && !m_token_seen) {
        m_token_seen = true;
        m_span.event("first_token");
    }
}

void ProviderSpan::ended(const Result<Reply>& reply)
{
    if (!m_span.recording())
        return;
    m_concluded = true;
    if (reply)
        note_reply(*reply);
    else
        note_error(reply.error());
}

void ProviderSpan::ended(const Result<StreamOutcome>& outcome)
{
    if (!m_span.recording())
        return;
    m_concluded = true;
    if (!outcome)
        return note_error(outcome.error());
    if (const auto* reply = std::get_if<Reply>(&*outcome))
        return note_reply(*reply);
    const auto& end = std::get<StreamEnd>(*outcome);
    m_span.set("provider.chunk_count", m_chunks);
    note_facts(end.usage, end.response_model, end.finish_reason);
    if (end.error)
        note_error(*end.error);
}

void ProviderSpan::note_reply(const Reply& reply)
{
    if (reply.status >= 400)
        m_span.fail(fmt::to_string(reply.status), fmt::format("The provider answered {}.", reply.status));
    else
        note_facts(reply.usage, reply.response_model, reply.finish_reason);
}

void ProviderSpan::note_facts(const llm::Usage& usage, std::string_view response_model, std::string_view finish_reason)
{
    if (usage.prompt) {
        m_span.set("provider.input_tokens", *usage.prompt);
        m_span.set("gen_ai.usage.input_tokens", *usage.prompt);
    }
    if (usage.completion) {
        m_span.set("provider.output_tokens", *usage.completion);
        m_span.set("gen_ai.usage.output_tokens", *usage.completion);
    }
    if (!response_model.empty())
        m_span.set("gen_ai.response.model", response_model);
    if (!finish_reason.empty())
        m_span.set_list("gen_ai.response.finish_reasons", finish_reason);
}

void ProviderSpan::note_error(const Error& error)
{
    // Whether the client has left or the gateway is stopping is for the request's span to say.
    if (error.code == ErrorCode::client_gone)
        m_span.abandon("cancelled", "The call was cancelled before the reply was complete.");
    else
        telemetry::note_error(m_span, error);
}

} // namespace tokenscope::providers
