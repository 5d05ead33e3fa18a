// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/gen_ai_recorder.h"

namespace tokenscope::telemetry {

namespace {

/// A name beyond this is a backend's mistake or malice, and would be kept for good.
constexpr std::size_t longest_response_model = 200;

} // namespace

GenAiRecorder::GenAiRecorder(SeriesFactory& factory)
    : m_token_usage(factory.make<Histogram>(Metric::gen_ai_token_usage)),
      m_duration(factory.make<Histogram>(Metric::gen_ai_request_duration)),
      m_first_token(factory.make<Histogram>(Metric::gen_ai_time_to_first_token)),
      m_output_token(factory.make<Histogram>(Metric::gen_ai_time_per_output_token)),
      m_first_chunk(factory.make<Histogram>(Metric::gen_ai_time_to_first_chunk)),
      m_output_chunk(factory.make<Histogram>(Metric::gen_ai_time_per_output_chunk))
{
}

GenAiRecorder::Labels GenAiRecorder::labels_of(const RequestRecord& record)
{
    const bool too_long = record.response_model.size() > longest_response_model;
    // Before its provider is known a request has the target's "unknown".
    return {.operation = record.operation,
            .provider = record.genai_provider.empty() ? record.target.backend : record.genai_provider,
            .request_model = record.target.model,
            .response_model = too_long ? other_label : std::string_view(record.response_model)};
}

void GenAiRecorder::record(const RequestRecord& record, const Labels& labels, Bundle& series)
{
    record_duration(record, labels, series);
    record_tokens(record.usage, labels, series);
    if (record.streamed)
        record_stream(record, labels, series);
}

void GenAiRecorder::record_duration(const RequestRecord& record, const Labels& labels, Bundle& series)
{
    const auto& [operation, provider, request_model, response_model] = labels;
    auto& duration =
        record.status == RequestStatus::success
            ? series.duration.in(m_duration, operation, provider, request_model, response_model, std::string_view())
            : m_duration.at({operation, provider, request_model, response_model, record.error_type});
    duration.observe(seconds(record.total()), record.exemplar());
}

void GenAiRecorder::record_tokens(const llm::Usage& usage, const Labels& labels, Bundle& series)
{
    const auto& [operation, provider, request_model, response_model] = labels;
    const auto observe = [&](Remembered<Histogram>& histogram, std::string_view type, const auto& tokens) {
        if (tokens)
            histogram.in(m_token_usage, operation, provider, request_model, response_model, type)
                .observe(static_cast<double>(*tokens));
    };
    observe(series.input, "input", usage.prompt);
    observe(series.output, "output", usage.completion);
    observe(series.cached_input, "cached_input", usage.cached);
    observe(series.cache_creation_input, "cache_creation_input", usage.cache_creation);
    observe(series.reasoning, "reasoning", usage.reasoning);
}

void GenAiRecorder::record_stream(const RequestRecord& record, const Labels& labels, Bundle& series)
{
    const auto& [operation, provider, request_model, response_model] = labels;
    const auto in = [&](Remembered<Histogram>& histogram, Series<Histogram>& family) -> Histogram& {
        return histogram.in(family, operation, provider, request_model, response_model);
    };
    if (const auto ttft = record.ttft()) {
        in(series.first_token, m_first_token).observe(seconds(*ttft), record.exemplar());
        // Of a stream that broke, the end is when that was noticed.
        const auto tokens = record.usage.completion.value_or(0);
        if (tokens > 1 && record.status == RequestStatus::success)
            in(series.output_token, m_output_token)
                .observe(seconds(record.total() - *ttft) / static_cast<double>(tokens - 1), record.exemplar());
    }
    if (record.first_event) {
        const auto issued = record.dequeued.value_or(record.accepted);
        in(series.first_chunk, m_first_chunk).observe(seconds(*record.first_event - issued), record.exemplar());
    }
    if (!record.chunk_gaps.empty())
        in(series.output_chunk, m_output_chunk).add(record.chunk_gaps.counts, seconds(record.chunk_gaps.sum));
}

} // namespace tokenscope::telemetry
