// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/request_truth.h"

#include "telemetry/catalogue.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace tokenscope::test {

using telemetry::RequestRecord;

namespace {

std::span<const double> buckets_of(const std::string& family)
{
    for (const auto& row : telemetry::catalogue())
        if (row.name == family)
            return row.buckets;
    throw std::runtime_error(family + " is not in the catalogue");
}

using Duration = std::optional<Nanos>;

/// Absent where either end is, or where a retry has put them out of order.
Duration between(std::optional<Instant> from, std::optional<Instant> to)
{
    return from && to && *from <= *to ? Duration(*to - *from) : std::nullopt;
}

/// Of those that are known.
Duration total_of(std::initializer_list<Duration> parts)
{
    Duration sum;
    for (const auto& part : parts)
        if (part)
            sum = sum.value_or(Nanos(0)) + *part;
    return sum;
}

std::string status_of(const RequestRecord& record)
{
    return record.status == telemetry::RequestStatus::success ? "success" : "error";
}

} // namespace

void RequestTruth::count(const std::string& sample, LabelMap labels, double by)
{
    // To Prometheus an empty label and none are the same.
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
    m_samples[sample][std::move(labels)] += by;
}

void RequestTruth::observe(const std::string& family, LabelMap labels, double value, double times)
{
    count(family + "_sum", labels, value * times);
    count(family + "_count", labels, times);
    for (const auto bound : buckets_of(family)) {
        labels["le"] = bound_text(bound);
        count(family + "_bucket", labels, value <= bound ? times : 0);
    }
    labels["le"] = "+Inf";
    count(family + "_bucket", labels, times);
}

RequestTruth::RequestTruth(const Records& records)
{
    for (const auto& record : records) {
        add_traffic(*record);
        add_stages(*record);
        add_overhead(*record);
        add_gen_ai(*record);
    }
}

void RequestTruth::add_traffic(const RequestRecord& record)
{
    const LabelMap target{{"backend", record.target.backend}, {"model", record.target.model}};
    const auto with = [](LabelMap labels, const std::string& name, const std::string& value) {
        labels[name] = value;
        return labels;
    };
    count("aigateway_requests_total", with(target, "status", status_of(record)));
    observe("aigateway_total_latency_seconds", with(target, "status", status_of(record)), seconds(record.total()));
    const auto tokens = [&](const std::string& type, const std::optional<std::uint64_t>& number) {
        if (number)
            count("aigateway_model_tokens_total", with(target, "type", type), static_cast<double>(*number));
    };
    tokens("prompt", record.usage.prompt);
    tokens("completion", record.usage.completion);
    tokens("total", record.usage.total);
    if (record.usage.estimated && record.usage.completion)
        count("tokenscope_estimated_tokens_total",
              {{"provider", record.target.backend}, {"model", record.target.model}, {"type", "completion"}},
              static_cast<double>(*record.usage.completion));
    if (record.first_token) {
        observe("aigateway_first_token_latency_seconds", target, seconds(*record.ttft()));
        add_gaps(record, target);
    }
    count("http_requests_total", {{"method", "POST"},
                                  {"path", record.route},
                                  {"endpoint", record.route},
                                  {"status", std::to_string(record.http_status)}});
}

void RequestTruth::add_gaps(const RequestRecord& record, const LabelMap& target)
{
    const std::string family = "aigateway_inter_token_latency_seconds";
    std::optional<Instant> before;
    const auto chunks = record.chunks.marks();
    for (const auto& chunk : *chunks) {
        if (chunk.tokens == 0)
            continue;
        if (before)
            observe(family, target, seconds(chunk.at - *before) / chunk.tokens, chunk.tokens);
        else if (chunk.tokens > 1)
            observe(family, target, 0, chunk.tokens - 1);
        before = chunk.at;
    }
}

void RequestTruth::add_stages(const RequestRecord& record)
{
    using telemetry::Stage;
    const std::pair<Stage, std::string> stages[] = {{Stage::tokenizer_queue_wait, "tokenizer_queue_wait"},
                                                    {Stage::tokenization, "tokenization"},
                                                    {Stage::scheduler, "scheduler"},
                                                    {Stage::inference, "inference"},
                                                    {Stage::mp_queue_send, "mp_queue_send"},
                                                    {Stage::mp_queue_receive, "mp_queue_receive"},
                                                    {Stage::grpc_deserialize, "grpc_deserialize"},
                                                    {Stage::grpc_serialize, "grpc_serialize"},
                                                    {Stage::pipeline_overhead, "pipeline_overhead"}};
    const auto time_of = [&record](Stage stage) { return record.stages[static_cast<std::size_t>(stage)]; };
    const auto add = [this](const std::string& name, Duration duration) {
        if (duration)
            observe(name + "_latency_seconds", {}, seconds(*duration));
    };
    count("request_count_total", {});
    add("request", record.total());
    for (const auto& [stage, name] : stages)
        add(name, time_of(stage));
    const auto admission = between(record.queued, record.dequeued);
    const auto model_wait = total_of({admission, time_of(Stage::model_queue_wait)});
    add("model_queue_wait", model_wait);
    add("queue_wait", total_of({model_wait, time_of(Stage::tokenizer_queue_wait)}));
}

void RequestTruth::add_overhead(const RequestRecord& record)
{
    const auto part = [this](const std::string& stage, Duration duration) {
        if (duration)
            observe("tokenscope_overhead_seconds", {{"stage", stage}}, seconds(*duration));
    };
    const auto relay = between(record.provider_ended, record.ended);
    part("parse", between(record.accepted, record.parsed));
    part("queue", between(record.queued, record.dequeued));
    part("connect", record.attempts == 1 ? between(record.dequeued, record.connected) : std::nullopt);
    part("relay", relay);
    if (const auto before = between(record.accepted, record.queued); before && relay)
        observe("overhead_latency_seconds", {}, seconds(*before + *relay));
    if (record.cost)
        count(
            "tokenscope_cost_total",
            {{"provider", record.target.backend}, {"model", record.target.model}, {"currency", record.cost->currency}},
            record.cost->amount);
}

/// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
void RequestTruth::add_gen_ai(const RequestRecord& record)
{
    const bool routed = !record.genai_provider.empty();
    LabelMap labels{{"gen_ai_operation_name", std::string(record.operation)},
                    {"gen_ai_provider_name", routed ? record.genai_provider : record.target.backend},
                    {"gen_ai_request_model", record.target.model},
                    {"gen_ai_response_model", record.response_model}};
    if (record.streamed)
        add_gen_ai_stream(record, labels);
    const auto tokens = [&](const std::string& type, const std::optional<std::uint64_t>& number) {
        auto with_type = labels;
        with_type["gen_ai_token_type"] = type;
        if (number)
            observe("gen_ai_client_token_usage", with_type, static_cast<double>(*number));
    };
    tokens("input", record.usage.prompt);
    tokens("output", record.usage.completion);
    tokens("cached_input", record.usage.cached);
    tokens("cache_creation_input", record.usage.cache_creation);
    tokens("reasoning", record.usage.reasoning);
    if (record.status == telemetry::RequestStatus::error)
        labels["error_type"] = record.error_type;
    observe("gen_ai_server_request_duration_seconds", labels, seconds(record.total()));
}

void RequestTruth::add_gen_ai_stream(const RequestRecord& record, const LabelMap& labels)
{
    const auto tokens = record.usage.completion.value_or(0);
    if (const auto ttft = record.ttft()) {
        observe("gen_ai_server_time_to_first_token_seconds", labels, seconds(*ttft));
        if (tokens > 1 && record.status == telemetry::RequestStatus::success)
            // In whole nanoseconds, begun ones included.
            observe("gen_ai_server_time_per_output_token_seconds", labels,
                    std::ceil(static_cast<double>((record.total() - *ttft).count()) / static_cast<double>(tokens - 1))
                        / 1e9);
    }
    const auto chunks = record.chunks.marks();
    for (std::size_t i = 0; i < chunks->size(); ++i) {
        const auto at = (*chunks)[i].at;
        if (i == 0)
            observe("gen_ai_client_operation_time_to_first_chunk_seconds", labels,
                    seconds(at - record.dequeued.value_or(record.accepted)));
        else
            observe("gen_ai_client_operation_time_per_output_chunk_seconds", labels, seconds(at - (*chunks)[i - 1].at));
    }
}

InstantVector RequestTruth::at(const std::string& sample) const
{
    const auto found = m_samples.find(sample);
    return found == m_samples.end() ? InstantVector() : found->second;
}

std::string RequestTruth::contradiction(const MetricsPage& page) const
{
    for (const auto& [sample, should] : m_samples)
        if (auto wrong = difference(without_idle(page.at(sample), should), should); !wrong.empty())
            return sample + " " + wrong;
    return {};
}

InstantVector without_idle(InstantVector is, const InstantVector& should)
{
    std::erase_if(is, [&should](const auto& series) { return series.second == 0 && !should.contains(series.first); });
    return is;
}

} // namespace tokenscope::test
