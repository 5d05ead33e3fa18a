// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace tokenscope::telemetry {

/// Every metric family the gateway publishes. A new one is a name here and a row in catalogue.cpp.
enum class Metric : std::size_t {
    // A. Model traffic, as AI gateways publish it
    first_token_latency,
    inter_token_latency,
    total_latency,
    model_tokens,
    requests,
    // B. HTTP
    http_requests,
    http_request_duration,
    http_request_size,
    http_response_size,
    http_requests_in_flight,
    // B. Providers
    provider_requests,
    provider_request_duration,
    provider_tokens,
    provider_stream_ttfb,
    provider_stream_chunks,
    provider_stream_duration,
    // B. Conversations
    conversation_operations,
    conversation_operation_duration,
    conversation_active,
    // D. This machine, and who waits
    cpu_percent,
    gpu_utilization,
    gpu_memory,
    model_queue_size,
    // D. The stages of requests
    request_count,
    request_latency,
    tokenization,
    inference,
    queue_wait_latency,
    tokenizer_queue_wait,
    model_queue_wait,
    mp_queue_send,
    mp_queue_receive,
    grpc_serialize,
    grpc_deserialize,
    scheduler,
    overhead_latency,
    pipeline_overhead,
    // E. OpenTelemetry's GenAI conventions
    gen_ai_token_usage,
    gen_ai_request_duration,
    gen_ai_time_to_first_token,
    gen_ai_time_per_output_token,
    gen_ai_time_to_first_chunk,
    gen_ai_time_per_output_chunk,
    // D. The inference pipeline: queues, batches and workers
    tokenizer_queue_size,
    batch_queue_size,
    padding_ratio,
    max_seq_length,
    avg_seq_length,
    padded_tokens,
    pipeline_tokens,
    worker_requests,
    worker_latency,
    worker_throughput,
    tokenizer_throughput,
    inference_throughput,
    overall_throughput,
    // F. The gateway's own health
    build_info,
    queue_depth,
    queue_wait,
    queue_rejected,
    rate_limited,
    upstream_retries,
    estimated_tokens,
    overhead,
    cost,
    spans_dropped,
    model_vram,
    model_memory,
    dropped_series,
    process_cpu,
    process_resident_memory,
    process_open_fds,
    process_max_fds,
    process_start_time,
};

enum class MetricKind { counter, gauge, histogram };

/// Where a label's values come from, which says what the series cap folds into "<other>".
enum class LabelOrigin {
    open,   ///< configuration, clients or backends: may grow without end
    closed, ///< a short list in our own code, e.g. success and error
};

struct LabelSpec {
    std::string_view name;
    LabelOrigin values = LabelOrigin::open;
};

/// One row of the catalogue. Names, labels and units are a contract with the users' queries and do not change.
struct MetricSpec {
    Metric id;
    std::string_view name;
    MetricKind kind;
    std::string_view help; ///< unit and meaning, in one line
    std::span<const LabelSpec> labels;
    std::span<const double> buckets; ///< upper bounds, rising, without +Inf; histograms only
    /// What is counted by instead, where the same observations are published in other buckets too: both lists together.
    std::span<const double> finer_buckets = {};
};

const MetricSpec& spec(Metric id);
/// All rows, in the order of `Metric`.
std::span<const MetricSpec> catalogue();

/// What the open labels of a series beyond the cap become.
inline constexpr std::string_view other_label = "<other>";

} // namespace tokenscope::telemetry
