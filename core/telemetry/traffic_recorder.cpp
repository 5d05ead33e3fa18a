// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/traffic_recorder.h"

#include "telemetry/label_lists.h"

namespace tokenscope::telemetry {

TrafficRecorder::TrafficRecorder(SeriesFactory& factory)
    : m_total(factory.make<Histogram>(Metric::total_latency)), m_tokens(factory.make<Counter>(Metric::model_tokens)),
      m_requests(factory.make<Counter>(Metric::requests)), m_estimated(factory.make<Counter>(Metric::estimated_tokens))
{
}

void TrafficRecorder::record(const RequestRecord& record, Bundle& series)
{
    const auto& [backend, model] = record.target;
    auto& outcome = record.status == RequestStatus::success ? series.success : series.error;
    outcome.requests.in(m_requests, backend, model, to_string(record.status)).increment();
    outcome.total.in(m_total, backend, model, to_string(record.status))
        .observe(seconds(record.total()), record.exemplar());
    const auto count = [&](Remembered<Counter>& counter, std::string_view type, const auto& tokens) {
        if (tokens)
            counter.in(m_tokens, backend, model, type).increment(static_cast<double>(*tokens));
    };
    const auto& usage = record.usage;
    count(series.prompt, "prompt", usage.prompt);
    count(series.completion, "completion", usage.completion);
    count(series.total, "total", usage.total);
    if (usage.estimated && usage.completion)
        series.estimated.in(m_estimated, backend, model, "completion")
            .increment(static_cast<double>(*usage.completion));
}

} // namespace tokenscope::telemetry
