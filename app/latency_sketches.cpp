// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "latency_sketches.h"

#include "telemetry/gen_ai_recorder.h"
#include "telemetry/label_lists.h"

#include <array>
#include <cassert>

namespace tokenscope::app {

using telemetry::Metric;
using telemetry::RequestStatus;

void LatencySketches::first_token(const telemetry::Target& target, Nanos latency, std::string_view trace_id)
{
    m_tokens.first_token(target, latency, trace_id);
    add(Metric::first_token_latency, {target.backend, target.model}, seconds(latency));
}

void LatencySketches::inter_token(const telemetry::Target& target, std::span<const telemetry::TokenGap> gaps)
{
    m_tokens.inter_token(target, gaps);
    for (const auto& [gap, tokens] : gaps)
        if (tokens > 0)
            add(Metric::inter_token_latency, {target.backend, target.model}, seconds(gap) / tokens, tokens);
}

void LatencySketches::finished(const telemetry::RequestRecord& record)
{
    m_requests.finished(record);
    const auto total = seconds(record.total());
    add(Metric::total_latency, {record.target.backend, record.target.model, to_string(record.status)}, total);
    add(Metric::request_latency, {}, total);
    add_gen_ai(record);
}

void LatencySketches::add_gen_ai(const telemetry::RequestRecord& record)
{
    const auto labels = telemetry::GenAiRecorder::labels_of(record);
    const auto error = record.status == RequestStatus::success ? std::string_view() : record.error_type;
    add(Metric::gen_ai_request_duration,
        {labels.operation, labels.provider, labels.request_model, labels.response_model, error},
        seconds(record.total()));
    if (const auto ttft = record.streamed ? record.ttft() : std::nullopt)
        add(Metric::gen_ai_time_to_first_token,
            {labels.operation, labels.provider, labels.request_model, labels.response_model}, seconds(*ttft));
}

void LatencySketches::add(Metric metric, std::initializer_list<std::string_view> label_values, double value,
                          std::uint32_t times)
{
    const auto& spec = telemetry::spec(metric);
    assert(label_values.size() == spec.labels.size());
    std::array<std::string_view, 8> names;
    for (std::size_t i = 0; i < spec.labels.size(); ++i)
        names.at(i) = spec.labels[i].name;
    m_store.add(spec.name, std::span(names).first(label_values.size()),
                std::span(label_values.begin(), label_values.size()), m_clock.wall().time_since_epoch().count(), value,
                times);
}

} // namespace tokenscope::app
