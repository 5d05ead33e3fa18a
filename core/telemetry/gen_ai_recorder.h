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
    static Labels labels_of(const RequestRecord& record);
    /// Of one combination of them.
    struct Bundle {
        Remembered<Histogram> duration, first_token, output_token, first_chunk, output_chunk;
        Remembered<Histogram> input, output, cached_input, cache_creation_input, reasoning;
    };

    explicit GenAiRecorder(SeriesFactory& factory);
    void record(const RequestRecord& record, const Labels& labels, Bundle& series);

private:
    void record_duration(const RequestRecord& record, const Labels& labels, Bundle& series);
    void record_tokens(const llm::Usage& usage, const Labels& labels, Bundle& series);
    void record_stream(const RequestRecord& record, const Labels& labels, Bundle& series);

    Series<Histogram> m_token_usage;
    Series<Histogram> m_duration;
    Series<Histogram> m_first_token;
    Series<Histogram> m_output_token;
    Series<Histogram> m_first_chunk;
    Series<Histogram> m_output_chunk;
};

} // namespace tokenscope::telemetry
