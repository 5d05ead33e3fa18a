// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/gen_ai_recorder.h"

#include "telemetry/shared_time.h"

#include <algorithm>

namespace tokenscope::telemetry {

GenAiRecorder::GenAiRecorder(SeriesFactory& factory)
    : m_token_usage(factory.make<Histogram>(Metric::gen_ai_token_usage)),
      m_duration(factory.make<Histogram>(Metric::gen_ai_request_duration)),
      m_first_token(factory.make<Histogram>(Metric::gen_ai_time_to_first_token)),
      m_output_token(factory.make<Histogram>(Metric::gen_ai_time_per_output_token)),
      m_first_chunk(factory.make<Histogram>(Metric::gen_ai_time_to_first_chunk)),
      m_output_chunk(factory.make<Histogram>(Metric::gen_ai_time_per_output_chunk))
{
}

void GenAiRecorder::record_stream(const RequestRecord& record, std::string_view trace, Bundle& series)
{
    const auto [operation, provider, request_model, response_model] = labels_of(record);
    const auto in = [&](Remembered<Histogram>& histogram, Series<Histogram>& family) -> Histogram& {
        return histogram.in(family, operation, provider, request_model, response_model);
    };
    if (const auto ttft = record.ttft()) {
        in(series.first_token, m_first_token).observe(*ttft, trace);
        // Of a stream that broke, the end is when that was noticed.
        const auto tokens = record.usage.completion.value_or(0);
        if (tokens > 1 && record.status == RequestStatus::success)
            in(series.output_token, m_output_token).observe(shared(record.total() - *ttft, tokens - 1), trace);
    }
    if (record.first_event) {
        const auto issued = record.dequeued.value_or(record.accepted);
        in(series.first_chunk, m_first_chunk).observe(std::max(*record.first_event - issued, Nanos(0)), trace);
    }
    if (!record.chunk_gaps.empty())
        in(series.output_chunk, m_output_chunk).add(record.chunk_gaps.counts, record.chunk_gaps.sum);
}

} // namespace tokenscope::telemetry
