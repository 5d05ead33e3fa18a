// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/request_record.h"

namespace tokenscope::telemetry {

/// Family E: OpenTelemetry's GenAI conventions, of the server that the gateway is to its clients and of the client that it
/// is to its providers. https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
class GenAiRecorder {
public:
    /// The labels that all families have.
    struct Labels {
        std::string_view operation, provider, request_model, response_model;
    };
    static Labels labels_of(const RequestRecord& record)
    {
        const bool too_long = record.response_model.size() > longest_response_model;
        // Before its provider is known a request has the target's "unknown".
        return {.operation = record.operation,
                .provider = record.genai_provider.empty() ? record.target.backend : record.genai_provider,
                .request_model = record.target.model,
                .response_model = too_long ? other_label : std::string_view(record.response_model)};
    }
    /// Of one combination of them.
    struct Bundle {
        Remembered<Histogram> duration, first_token, output_token, first_chunk, output_chunk;
        Remembered<Histogram> input, output, cached_input, cache_creation_input, reasoning;
    };

    explicit GenAiRecorder(SeriesFactory& factory);
    // Inline, as its one caller's path is hot.
    [[gnu::always_inline]] void record(const RequestRecord& record, Nanos time, std::string_view trace,
                                       const Labels& labels, Bundle& series)
    {
        duration_of(record, labels, series).observe(time, trace);
        const auto& usage = record.usage;
        const auto observe = [&](Remembered<Histogram>& histogram, const auto& type, const auto& tokens) {
            if (tokens)
                histogram
                    .in(m_token_usage, labels.operation, labels.provider, labels.request_model, labels.response_model,
                        type)
                    .observe(*tokens);
        };
        observe(series.input, "input", usage.prompt);
        observe(series.output, "output", usage.completion);
        observe(series.cached_input, "cached_input", usage.cached);
        observe(series.cache_creation_input, "cache_creation_input", usage.cache_creation);
        observe(series.reasoning, "reasoning", usage.reasoning);
        if (record.streamed)
            record_stream(record, trace, series);
    }

private:
    /// A name beyond this is a backend's mistake or malice, and would be kept for good.
    static constexpr std::size_t longest_response_model = 200;

    [[gnu::always_inline]] Histogram& duration_of(const RequestRecord& record, const Labels& labels, Bundle& series)
    {
        const auto& [operation, provider, request_model, response_model] = labels;
        if (record.status == RequestStatus::success) [[likely]]
            return series.duration.in(m_duration, operation, provider, request_model, response_model, "");
        return m_duration.at({operation, provider, request_model, response_model, record.error_type});
    }
    void record_stream(const RequestRecord& record, std::string_view trace, Bundle& series);

    Series<Histogram> m_token_usage;
    Series<Histogram> m_duration;
    Series<Histogram> m_first_token;
    Series<Histogram> m_output_token;
    Series<Histogram> m_first_chunk;
    Series<Histogram> m_output_chunk;
};

} // namespace tokenscope::telemetry
