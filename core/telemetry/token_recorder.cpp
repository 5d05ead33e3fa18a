// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/token_recorder.h"

#include "telemetry/label_lists.h"

namespace tokenscope::telemetry {

TokenRecorder::TokenRecorder(SeriesFactory& factory)
    : m_first_token(factory.make<Histogram>(Metric::first_token_latency)),
      m_inter_token(factory.make<Histogram>(Metric::inter_token_latency)),
      m_total(factory.make<Histogram>(Metric::total_latency)), m_tokens(factory.make<Counter>(Metric::model_tokens)),
      m_requests(factory.make<Counter>(Metric::requests)), m_estimated(factory.make<Counter>(Metric::estimated_tokens)),
      m_bundles(factory.labels())
{
}

void TokenRecorder::first_token(const Target& target, Nanos latency, std::string_view trace_id)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, target.backend, target.model);
    series.first_token.in(m_first_token, target.backend, target.model).observe(seconds(latency), trace_id);
}

void TokenRecorder::inter_token(const Target& target, std::span<const TokenGap> gaps)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, target.backend, target.model);
    Histogram* histogram = nullptr; // not before there is something to observe: a series that is asked for appears
    for (const auto& [gap, tokens] : gaps) {
        if (tokens == 0)
            continue;
        if (!histogram)
            histogram = &series.inter_token.in(m_inter_token, target.backend, target.model);
        histogram->observe_times(seconds(gap) / tokens, tokens, seconds(gap));
    }
}

void TokenRecorder::usage(const Target& target, const llm::Usage& usage)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, target.backend, target.model);
    const auto count = [&](Remembered<Counter>& counter, std::string_view type, const auto& tokens) {
        if (tokens)
            counter.in(m_tokens, target.backend, target.model, type).increment(static_cast<double>(*tokens));
    };
    count(series.prompt, "prompt", usage.prompt);
    count(series.completion, "completion", usage.completion);
    count(series.total, "total", usage.total);
    if (usage.estimated && usage.completion)
        series.estimated.in(m_estimated, target.backend, target.model, "completion")
            .increment(static_cast<double>(*usage.completion));
}

void TokenRecorder::finished(const Target& target, RequestStatus status, Nanos total, std::string_view trace_id)
{
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, target.backend, target.model);
    auto& outcome = status == RequestStatus::success ? series.success : series.error;
    outcome.requests.in(m_requests, target.backend, target.model, to_string(status)).increment();
    outcome.total.in(m_total, target.backend, target.model, to_string(status)).observe(seconds(total), trace_id);
}

} // namespace tokenscope::telemetry
