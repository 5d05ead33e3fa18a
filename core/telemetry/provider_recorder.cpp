// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/provider_recorder.h"

#include "telemetry/label_lists.h"

namespace tokenscope::telemetry {

ProviderRecorder::ProviderRecorder(SeriesFactory& factory)
    : m_requests(factory.make<Counter>(Metric::provider_requests)),
      m_duration(factory.make<Histogram>(Metric::provider_request_duration)),
      m_tokens(factory.make<Counter>(Metric::provider_tokens)),
      m_ttfb(factory.make<Histogram>(Metric::provider_stream_ttfb)),
      m_chunks(factory.make<Counter>(Metric::provider_stream_chunks)),
      m_stream_duration(factory.make<Histogram>(Metric::provider_stream_duration)), m_bundles(factory.labels())
{
}

void ProviderRecorder::first_byte(const ProviderCall& call, Nanos ttfb, std::string_view trace_id)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, call.provider, call.model, call.operation);
    series.ttfb.in(m_ttfb, call.provider, call.model).observe(ttfb, trace_id);
}

void ProviderRecorder::chunks(const ProviderCall& call, std::uint64_t count)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, call.provider, call.model, call.operation);
    series.chunks.in(m_chunks, call.provider, call.model).increment(count);
}

void ProviderRecorder::finished(const ProviderCall& call, RequestStatus status, Nanos duration,
                                std::optional<Nanos> streamed, const llm::Usage& usage, std::string_view trace_id)
{
    const auto& [provider, model, operation] = call;
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, provider, model, operation);
    if (status == RequestStatus::success) [[likely]]
        series.successes.in(m_requests, provider, model, operation, "success").increment();
    else
        series.errors.in(m_requests, provider, model, operation, "error").increment();
    series.duration.in(m_duration, provider, model, operation).observe(duration, trace_id);
    if (streamed)
        series.stream_duration.in(m_stream_duration, provider, model).observe(*streamed);
    if (usage.prompt) [[likely]]
        series.input.in(m_tokens, provider, model, "input").increment(*usage.prompt);
    if (usage.completion) [[likely]]
        series.output.in(m_tokens, provider, model, "output").increment(*usage.completion);
}

} // namespace tokenscope::telemetry
