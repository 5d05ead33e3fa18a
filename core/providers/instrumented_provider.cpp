// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/instrumented_provider.h"

#include "providers/provider_span.h"
#include "telemetry/request_observation.h"

#include <variant>

namespace tokenscope::providers {

namespace {

/// A backend that accepted the model's name has vouched for it, so it may become a label.
void accepted(ModelCall& call, const Provider& provider)
{
    call.observed.routed({.backend = provider.name(), .model = call.upstream_model});
}

void observe_reply(ModelCall& call, const Provider& provider, const Reply& reply)
{
    if (reply.status >= 400)
        return;
    accepted(call, provider);
    call.observed.usage(reply.usage);
    call.observed.response_facts(reply.response_model, reply.finish_reason);
}

class ObservingSink final : public StreamSink {
public:
    ObservingSink(StreamSink& inner, ModelCall& call, const Provider& provider, ProviderSpan& span)
        : m_inner(inner), m_call(call), m_provider(provider), m_span(span)
    {
    }

    Task<Result<void>> begin(const Headers& headers) override
    {
        accepted(m_call, m_provider);
        m_span.began();
        return m_inner.begin(headers);
    }

    Task<Result<void>> write(StreamChunk chunk) override
    {
        // Before the write: a slow client must not make its backend look slow.
        m_call.observed.chunk(chunk.bytes.size(), chunk.tokens, chunk.visible_tokens);
        m_span.chunk(chunk);
        return m_inner.write(chunk);
    }

private:
    StreamSink& m_inner;
    ModelCall& m_call;
    const Provider& m_provider;
    ProviderSpan& m_span;
};

} // namespace

Task<Result<Reply>> InstrumentedProvider::generate(ModelCall& call)
{
    ProviderSpan span(call, inner(), "provider.generate");
    auto reply = co_await inner().generate(call);
    span.ended(reply);
    if (reply)
        observe_reply(call, inner(), *reply);
    co_return reply;
}

Task<Result<StreamOutcome>> InstrumentedProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    ProviderSpan span(call, inner(), "provider.generate_stream");
    ObservingSink observing(sink, call, inner(), span);
    auto outcome = co_await inner().generate_stream(call, observing);
    span.ended(outcome);
    if (!outcome)
        co_return outcome;
    if (const auto* reply = std::get_if<Reply>(&*outcome)) {
        observe_reply(call, inner(), *reply);
    } else {
        const auto& end = std::get<StreamEnd>(*outcome);
        call.observed.usage(end.usage);
        call.observed.response_facts(end.response_model, end.finish_reason);
    }
    co_return outcome;
}

} // namespace tokenscope::providers
