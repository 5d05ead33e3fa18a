// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/instrumented_provider.h"

#include "base/shielded.h"
#include "llm/plausible_usage.h"
#include "providers/provider_span.h"
#include "telemetry/request_observation.h"

#include <chrono>
#include <optional>
#include <variant>

namespace tokenscope::providers {

using telemetry::RequestStatus;

namespace {

/// How often a stream's chunks are counted: often enough for a rate, too rarely to be felt by a fast stream.
constexpr std::chrono::milliseconds count_interval{100};

constexpr std::string_view span_prefix = "provider.";

/// What the call's span is called; without the prefix, its operation in the metrics.
std::string_view span_name(llm::Api api, bool streamed)
{
    switch (api) {
    case llm::Api::embeddings:
    case llm::Api::ollama_embed:
    case llm::Api::ollama_embeddings: return "provider.embed";
    case llm::Api::rerank: return "provider.rerank";
    default: return streamed ? "provider.generate_stream" : "provider.generate";
    }
}

/// One call of a provider. It ends once, on whatever path its coroutine is left: with a reply, by an exception, or because
/// it is destroyed while it waits.
class ObservedCall {
public:
    ObservedCall(const Provider& provider, ModelCall& call, bool streamed, telemetry::ProviderMetrics& metrics,
                 const Clock& clock)
        : m_provider(provider), m_call(call),
          m_operation(span_name(call.request.api, streamed).substr(span_prefix.size())), m_metrics(metrics),
          m_clock(clock), m_began(clock.now())
    {
        call.observed.attempt();
    }
    ~ObservedCall()
    {
        m_call.observed.attempt_ended();
        const auto now = m_clock.now();
        shielded([this] { count_chunks(); });
        shielded([this, now] {
            const auto streamed = m_first_byte ? std::optional<Nanos>(now - *m_first_byte) : std::nullopt;
            m_metrics.finished(facts(), m_status, now - m_began, streamed,
                               llm::settled(llm::plausible(m_usage), m_tokens), m_call.observed.so_far().exemplar());
        });
    }
    ObservedCall(const ObservedCall&) = delete;
    ObservedCall& operator=(const ObservedCall&) = delete;

    void stream_began()
    {
        accepted();
        m_first_byte = m_clock.now();
        m_counted = *m_first_byte;
        m_metrics.first_byte(facts(), *m_first_byte - m_began, m_call.observed.so_far().exemplar());
    }

    void chunk(const StreamChunk& chunk)
    {
        m_call.observed.chunk(chunk.bytes.size(), chunk.tokens, chunk.visible_tokens);
        m_tokens += chunk.tokens;
        ++m_chunks;
        const auto now = *m_call.observed.so_far().last_event;
        if (now - m_counted < count_interval)
            return;
        m_counted = now;
        count_chunks();
    }

    void ended(const Reply& reply)
    {
        if (reply.status >= 400)
            return;
        accepted();
        learnt(reply.usage, reply.response_model, reply.finish_reason);
        m_status = RequestStatus::success;
    }

    void ended(const StreamEnd& end)
    {
        learnt(end.usage, end.response_model, end.finish_reason);
        m_status = end.error ? RequestStatus::error : RequestStatus::success;
    }

private:
    /// A backend that accepted the model's name has vouched for it, so it may become a label.
    void accepted()
    {
        m_call.observed.routed({.backend = m_provider.name(), .model = m_call.upstream_model}, m_provider.genai_name());
    }

    void learnt(const llm::Usage& usage, const std::string& response_model, const std::string& finish_reason)
    {
        m_usage = usage;
        m_call.observed.usage(usage);
        m_call.observed.response_facts(response_model, finish_reason);
    }

    telemetry::ProviderCall facts() const
    {
        // Whoever sent the call here knew whether the backend lists the model.
        return {
            .provider = m_provider.name(), .model = m_call.observed.so_far().target.model, .operation = m_operation};
    }

    void count_chunks()
    {
        if (m_chunks > 0)
            m_metrics.chunks(facts(), std::exchange(m_chunks, 0));
    }

    const Provider& m_provider;
    ModelCall& m_call;
    const std::string_view m_operation;
    telemetry::ProviderMetrics& m_metrics;
    const Clock& m_clock;
    const Instant m_began;
    std::optional<Instant> m_first_byte;
    Instant m_counted;          ///< when the chunks so far were
    std::uint64_t m_chunks = 0; ///< not counted yet
    std::uint64_t m_tokens = 0;
    llm::Usage m_usage;
    RequestStatus m_status = RequestStatus::error;
};

class ObservingSink final : public StreamSink {
public:
    ObservingSink(StreamSink& inner, ObservedCall& observed, ProviderSpan& span)
        : m_inner(inner), m_observed(observed), m_span(span)
    {
    }

    Task<Result<void>> begin(const Headers& headers) override
    {
        m_observed.stream_began();
        m_span.began();
        return m_inner.begin(headers);
    }

    Task<Result<void>> write(StreamChunk chunk) override
    {
        // Before the write: a slow client must not make its backend look slow.
        m_observed.chunk(chunk);
        m_span.chunk(chunk);
        return m_inner.write(chunk);
    }

private:
    StreamSink& m_inner;
    ObservedCall& m_observed;
    ProviderSpan& m_span;
};

} // namespace

Task<Result<Reply>> InstrumentedProvider::generate(ModelCall& call)
{
    ProviderSpan span(call, inner(), span_name(call.request.api, false));
    ObservedCall observed(inner(), call, false, m_metrics, m_clock);
    auto reply = co_await inner().generate(call);
    span.ended(reply);
    if (reply)
        observed.ended(*reply);
    co_return reply;
}

Task<Result<StreamOutcome>> InstrumentedProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    ProviderSpan span(call, inner(), span_name(call.request.api, true));
    ObservedCall observed(inner(), call, true, m_metrics, m_clock);
    ObservingSink observing(sink, observed, span);
    auto outcome = co_await inner().generate_stream(call, observing);
    span.ended(outcome);
    if (outcome)
        std::visit([&observed](const auto& ended) { observed.ended(ended); }, *outcome);
    co_return outcome;
}

} // namespace tokenscope::providers
