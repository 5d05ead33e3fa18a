// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/catalogue.h"

#include "telemetry/chunk_gaps.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tokenscope::telemetry {

namespace {

using enum LabelOrigin;

constexpr LabelSpec backend_model[] = {{"backend"}, {"model"}};
constexpr LabelSpec backend_model_status[] = {{"backend"}, {"model"}, {"status", closed}};
constexpr LabelSpec backend_model_type[] = {{"backend"}, {"model"}, {"type", closed}};
constexpr LabelSpec http_labels[] = {{"method", closed}, {"path"}, {"endpoint"}, {"status", closed}};
constexpr LabelSpec http_route_labels[] = {{"method", closed}, {"path"}, {"endpoint"}};
constexpr LabelSpec operation_backend[] = {{"operation", closed}, {"backend", closed}};
constexpr LabelSpec operation_backend_status[] = {{"operation", closed}, {"backend", closed}, {"status", closed}};
constexpr LabelSpec store_backend[] = {{"backend", closed}};
constexpr LabelSpec gpu_labels[] = {{"gpu"}, {"name"}};
constexpr LabelSpec worker[] = {{"worker_id"}, {"worker_type", closed}};
constexpr LabelSpec build_labels[] = {{"version", closed}, {"qt", closed}};
constexpr LabelSpec provider[] = {{"provider"}};
constexpr LabelSpec provider_reason[] = {{"provider"}, {"reason", closed}};
constexpr LabelSpec provider_model[] = {{"provider"}, {"model"}};
constexpr LabelSpec provider_model_operation[] = {{"provider"}, {"model"}, {"operation", closed}};
constexpr LabelSpec provider_model_operation_status[] = {
    {"provider"}, {"model"}, {"operation", closed}, {"status", closed}};
constexpr LabelSpec provider_model_currency[] = {{"provider"}, {"model"}, {"currency"}};
constexpr LabelSpec provider_model_type[] = {{"provider"}, {"model"}, {"type", closed}};
constexpr LabelSpec gen_ai_labels[] = {
    {"gen_ai_operation_name", closed}, {"gen_ai_provider_name"}, {"gen_ai_request_model"}, {"gen_ai_response_model"}};
constexpr LabelSpec gen_ai_token_labels[] = {{"gen_ai_operation_name", closed},
                                             {"gen_ai_provider_name"},
                                             {"gen_ai_request_model"},
                                             {"gen_ai_response_model"},
                                             {"gen_ai_token_type", closed}};
constexpr LabelSpec gen_ai_outcome_labels[] = {{"gen_ai_operation_name", closed},
                                               {"gen_ai_provider_name"},
                                               {"gen_ai_request_model"},
                                               {"gen_ai_response_model"},
                                               {"error_type", closed}};
constexpr LabelSpec overhead_stage[] = {{"stage", closed}};
constexpr LabelSpec client_key[] = {{"key"}};
constexpr LabelSpec family[] = {{"family", closed}};

// Supersets of the source documents' buckets, so that their queries hold and percentiles are finer.
constexpr double first_token_buckets[] = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60};
constexpr double inter_token_buckets[] = {.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
constexpr double duration_buckets[] = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300};
constexpr double size_buckets[] = {64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};
constexpr double stage_buckets[] = {.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .075,
                                    .1,    .25,    .5,    .75,  1,     2.5,  5,   7.5,  10};
constexpr double overhead_buckets[] = {.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01,
                                       .025,   .05,     .1,     .25,   .5,     1,     2.5,  5,     10};
// OpenTelemetry's, and three more at the top.
constexpr double token_usage_buckets[] = {1,     4,     16,     64,      256,     1024,     4096,
                                          16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};
constexpr double gen_ai_first_token_buckets[] = {.001, .005, .01, .02, .04, .06, .08, .1, .25, .5,  .75, 1,
                                                 2.5,  5,    7.5, 10,  15,  20,  30,  45, 60,  120, 300, 600};
constexpr double gen_ai_output_token_buckets[] = {.01, .025, .05, .075, .1,  .15, .2,  .3,
                                                  .4,  .5,   .75, 1,    2.5, 120, 300, 600};
constexpr auto& gen_ai_duration_buckets = ChunkGaps::bounds;
constexpr double wait_buckets[] = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60, 120};

/// The bounds of both lists.
template <const auto& a, const auto& b>
constexpr auto merged = [] {
    constexpr auto padded = [] {
        std::array<double, std::size(a) + std::size(b)> all{};
        const auto end = std::set_union(std::begin(a), std::end(a), std::begin(b), std::end(b), all.begin());
        return std::pair(all, static_cast<std::size_t>(end - all.begin()));
    }();
    std::array<double, padded.second> bounds{};
    std::copy_n(padded.first.begin(), bounds.size(), bounds.begin());
    return bounds;
}();
/// A request's whole time is published by its model and of all together, its wait as a latency and as overhead.
constexpr auto& total_buckets = merged<duration_buckets, stage_buckets>;
constexpr auto& admission_buckets = merged<stage_buckets, overhead_buckets>;

constexpr auto counter = MetricKind::counter;
constexpr auto gauge = MetricKind::gauge;
constexpr auto histogram = MetricKind::histogram;

constexpr MetricSpec rows[] = {
    // Source 000.
    {Metric::first_token_latency, "aigateway_first_token_latency_seconds", histogram,
     "Seconds from accepting a streamed request to its first token (content, reasoning or tool call).", backend_model,
     first_token_buckets},
    {Metric::inter_token_latency, "aigateway_inter_token_latency_seconds", histogram,
     "Seconds between tokens of a stream after the first: the gap to the previous chunk divided by the tokens in this "
     "one, "
     "observed once a token.",
     backend_model, inter_token_buckets},
    {Metric::total_latency, "aigateway_total_latency_seconds", histogram,
     "Seconds from accepting a model request to its end.", backend_model_status, duration_buckets, total_buckets},
    {Metric::model_tokens,
     "aigateway_model_tokens_total",
     counter,
     "Tokens by type: prompt, completion, total (the other two together, of requests that have both). Counts the "
     "backend "
     "did not report are in tokenscope_estimated_tokens_total as well.",
     backend_model_type,
     {}},
    {Metric::requests,
     "aigateway_requests_total",
     counter,
     "Model requests that ended, by outcome. A stream that broke is an error although its HTTP status was 200.",
     backend_model_status,
     {}},

    // Sources 001 (path) and 002 (endpoint, in flight): two labels for the same route template, so that the queries of both run.
    {Metric::http_requests,
     "http_requests_total",
     counter,
     "HTTP requests that ended, by route template and status (499: the client left first).",
     http_labels,
     {}},
    {Metric::http_request_duration, "http_request_duration_seconds", histogram,
     "Seconds from a request's headers to the end of its reply.", http_labels, duration_buckets},
    {Metric::http_request_size, "http_request_size_bytes", histogram,
     "Bytes of a request's body, as far as it was read.", http_route_labels, size_buckets},
    {Metric::http_response_size, "http_response_size_bytes", histogram,
     "Bytes of a reply's body, as far as it was sent.", http_route_labels, size_buckets},
    {Metric::http_requests_in_flight, "http_requests_in_flight", gauge, "HTTP requests being served now.", {}, {}},

    // Source 001, the providers: each attempt is a call.
    {Metric::provider_requests,
     "provider_requests_total",
     counter,
     "Calls of a provider to run a model that ended, retries and fallbacks each for themselves. A refusal or a stream "
     "that broke is an error.",
     provider_model_operation_status,
     {}},
    {Metric::provider_request_duration, "provider_request_duration_seconds", histogram,
     "Seconds from calling a provider to the end of its reply or stream, without the wait for a free slot.",
     provider_model_operation, duration_buckets},
    {Metric::provider_tokens,
     "provider_tokens_total",
     counter,
     "Tokens of the calls of a provider, input and output; output counted in the stream where it was not reported.",
     provider_model_type,
     {}},
    {Metric::provider_stream_ttfb, "provider_stream_ttfb_seconds", histogram,
     "Seconds from calling a provider to the first byte of its stream.", provider_model, duration_buckets},
    {Metric::provider_stream_chunks,
     "provider_stream_chunks_total",
     counter,
     "Pieces in which streams of a provider arrived and were passed on.",
     provider_model,
     {}},
    {Metric::provider_stream_duration, "provider_stream_duration_seconds", histogram,
     "Seconds a stream of a provider ran from its first byte to its end.", provider_model, duration_buckets},

    // Source 001, the conversation store.
    {Metric::conversation_operations,
     "conversation_operations_total",
     counter,
     "Operations on the store of replies (create, get, delete, purge) that ended, by outcome.",
     operation_backend_status,
     {}},
    {Metric::conversation_operation_duration, "conversation_operation_duration_seconds", histogram,
     "Seconds an operation on the store of replies took; of a create, until the reply was safe.", operation_backend,
     duration_buckets},
    {Metric::conversation_active,
     "conversation_active_count",
     gauge,
     "Replies kept now; those that have expired count until they are purged.",
     store_backend,
     {}},

    // Source 003.
    {Metric::cpu_percent,
     "cpu_percent",
     gauge,
     "Busy share of this machine's CPUs in percent, 0 to 100; in a container, still of the whole machine.",
     {},
     {}},
    {Metric::gpu_utilization,
     "gpu_utilization_pct",
     gauge,
     "Busy share of a GPU of this machine in percent, 0 to 100.",
     gpu_labels,
     {}},
    {Metric::gpu_memory,
     "gpu_memory_mb",
     gauge,
     "Memory in use on a GPU of this machine, in units of 1048576 bytes, as GPU tools count it.",
     gpu_labels,
     {}},
    {Metric::model_queue_size,
     "model_queue_size",
     gauge,
     "Requests waiting for a free slot of any provider (the sum of tokenscope_queue_depth), or, tokenised, for a model "
     "worker of the demo engine.",
     {},
     {}},

    // Source 003, request by request. Those between tokenization and pipeline overhead that only an inference server can
    // know are of the demo provider's requests alone.
    {Metric::request_count, "request_count_total", counter, "Model requests that ended, whatever the outcome.", {}, {}},
    {Metric::request_latency,
     "request_latency_seconds",
     histogram,
     "Seconds from accepting a model request to its end.",
     {},
     stage_buckets,
     total_buckets},
    {Metric::tokenization,
     "tokenization_latency_seconds",
     histogram,
     "Seconds a tokenizer worker was at a request's prompt (demo provider).",
     {},
     stage_buckets},
    {Metric::inference,
     "inference_latency_seconds",
     histogram,
     "Seconds a request was in the model workers' hands, prefill and decode (demo provider).",
     {},
     stage_buckets},
    {Metric::queue_wait_latency,
     "queue_wait_latency_seconds",
     histogram,
     "Seconds a request waited in queues: for a free slot of its provider, and in the demo provider for a tokenizer "
     "and "
     "a model worker.",
     {},
     stage_buckets,
     admission_buckets},
    {Metric::tokenizer_queue_wait,
     "tokenizer_queue_wait_latency_seconds",
     histogram,
     "Seconds a request waited for a tokenizer worker (demo provider).",
     {},
     stage_buckets},
    {Metric::model_queue_wait,
     "model_queue_wait_latency_seconds",
     histogram,
     "Seconds a request waited for a free slot of its provider, and in the demo provider from tokenised to the start "
     "of "
     "its batch.",
     {},
     stage_buckets,
     admission_buckets},
    {Metric::mp_queue_send,
     "mp_queue_send_latency_seconds",
     histogram,
     "Seconds to hand a request over to the engine's threads (demo provider).",
     {},
     stage_buckets},
    {Metric::mp_queue_receive,
     "mp_queue_receive_latency_seconds",
     histogram,
     "Seconds from a token made to the connection's thread having it, summed over a request's tokens (demo provider).",
     {},
     stage_buckets},
    {Metric::grpc_serialize,
     "grpc_serialize_latency_seconds",
     histogram,
     "Seconds of encoding a request's reply; JSON here (demo provider).",
     {},
     stage_buckets},
    {Metric::grpc_deserialize,
     "grpc_deserialize_latency_seconds",
     histogram,
     "Seconds of decoding a request; JSON here (demo provider).",
     {},
     stage_buckets},
    {Metric::scheduler,
     "scheduler_latency_seconds",
     histogram,
     "Seconds of forming the batch that a request went into (demo provider).",
     {},
     stage_buckets},
    {Metric::overhead_latency,
     "overhead_latency_seconds",
     histogram,
     "Seconds that the gateway itself adds to a request: from accepting it (reading its body included) to queueing it, "
     "and from the provider's end to the end of the reply.",
     {},
     stage_buckets},
    {Metric::pipeline_overhead,
     "pipeline_overhead_latency_seconds",
     histogram,
     "Seconds a request was in the engine but in none of its stages (demo provider).",
     {},
     stage_buckets},

    // https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
    {Metric::gen_ai_token_usage, "gen_ai_client_token_usage", histogram,
     "Tokens of a request by type. cached_input and cache_creation_input are parts of input, reasoning of output: "
     "never "
     "sum all types. Output is counted in the stream where it was not reported.",
     gen_ai_token_labels, token_usage_buckets},
    {Metric::gen_ai_request_duration, "gen_ai_server_request_duration_seconds", histogram,
     "Seconds from accepting a model request to its end; error_type tells what failed.", gen_ai_outcome_labels,
     gen_ai_duration_buckets},
    {Metric::gen_ai_time_to_first_token, "gen_ai_server_time_to_first_token_seconds", histogram,
     "Seconds from accepting a streamed request to its first token (content, reasoning or tool call).", gen_ai_labels,
     gen_ai_first_token_buckets},
    {Metric::gen_ai_time_per_output_token, "gen_ai_server_time_per_output_token_seconds", histogram,
     "Seconds per token of a stream after its first, once a stream that ended well: (total - time to first token) / "
     "(output tokens - 1).",
     gen_ai_labels, gen_ai_output_token_buckets},
    {Metric::gen_ai_time_to_first_chunk, "gen_ai_client_operation_time_to_first_chunk_seconds", histogram,
     "Seconds from handing a streamed request to its provider to the first chunk, whatever is in it.", gen_ai_labels,
     gen_ai_duration_buckets},
    {Metric::gen_ai_time_per_output_chunk, "gen_ai_client_operation_time_per_output_chunk_seconds", histogram,
     "Seconds between the chunks of a stream, once a chunk after the first.", gen_ai_labels, gen_ai_duration_buckets},
    {Metric::tokenizer_queue_size,
     "tokenizer_queue_size",
     gauge,
     "Requests waiting for a tokenizer worker of the demo engine.",
     {},
     {}},
    {Metric::batch_queue_size,
     "batch_queue_size",
     gauge,
     "Requests in the batches that the demo engine is forming.",
     {},
     {}},
    {Metric::padding_ratio,
     "padding_ratio",
     gauge,
     "Share of padding in the demo engine's last batch, 0 to 1.",
     {},
     {}},
    {Metric::max_seq_length,
     "max_seq_length",
     gauge,
     "Tokens of the longest prompt in the demo engine's last batch.",
     {},
     {}},
    {Metric::avg_seq_length,
     "avg_seq_length",
     gauge,
     "Mean tokens of the prompts in the demo engine's last batch, without the padding.",
     {},
     {}},
    {Metric::padded_tokens,
     "padded_tokens_total",
     counter,
     "Padding that the demo engine has put into its batches, in tokens.",
     {},
     {}},
    {Metric::pipeline_tokens,
     "total_tokens_total",
     counter,
     "Tokens of the prompts that the demo engine has prefilled, padding included.",
     {},
     {}},
    {Metric::worker_requests,
     "worker_request_count_total",
     counter,
     "Requests that a worker of the demo engine has finished its part of.",
     worker,
     {}},
    {Metric::worker_latency,
     "worker_latency_ms",
     gauge,
     "Milliseconds that a worker of the demo engine spent on the last request it finished.",
     worker,
     {}},
    {Metric::worker_throughput,
     "worker_throughput_qps",
     gauge,
     "Requests a second that a worker of the demo engine has finished, over the last 10 s.",
     worker,
     {}},
    {Metric::tokenizer_throughput,
     "tokenizer_throughput_qps",
     gauge,
     "Requests a second that the demo engine has tokenised, over the last 10 s.",
     {},
     {}},
    {Metric::inference_throughput,
     "inference_throughput_qps",
     gauge,
     "Requests a second that the demo engine has generated a reply for, over the last 10 s.",
     {},
     {}},
    {Metric::overall_throughput,
     "overall_throughput_qps",
     gauge,
     "Requests a second that the demo engine has answered completely, over the last 10 s.",
     {},
     {}},

    // Our own.
    {Metric::build_info, "tokenscope_build_info", gauge, "Always 1; the labels tell the versions.", build_labels, {}},
    {Metric::queue_depth,
     "tokenscope_queue_depth",
     gauge,
     "Requests waiting for a free slot of the provider.",
     provider,
     {}},
    {Metric::queue_wait, "tokenscope_queue_wait_seconds", histogram,
     "Seconds an admitted request waited for a free slot of the provider; 0 where it did not have to.", provider,
     wait_buckets},
    {Metric::queue_rejected,
     "tokenscope_queue_rejected_total",
     counter,
     "Requests that left the provider's queue without a slot: full, timeout or client_gone.",
     provider_reason,
     {}},
    {Metric::rate_limited,
     "tokenscope_rate_limited_total",
     counter,
     "Requests refused by the rate limit, by the name of the client's key (anonymous: no keys are configured).",
     client_key,
     {}},
    {Metric::upstream_retries,
     "tokenscope_upstream_retries_total",
     counter,
     "Requests sent to the provider once more, by what had gone wrong before.",
     provider_reason,
     {}},
    {Metric::estimated_tokens,
     "tokenscope_estimated_tokens_total",
     counter,
     "Tokens counted in the stream because the backend did not report them (part of aigateway_model_tokens_total).",
     provider_model_type,
     {}},
    {Metric::overhead, "tokenscope_overhead_seconds", histogram,
     "Seconds of a request in the gateway's own stages: parse (accepted to parsed, the body's arrival included), queue "
     "(for a free slot), connect (slot to connection, where the first attempt was the last), relay (the provider's end "
     "to the reply's).",
     overhead_stage, overhead_buckets, admission_buckets},
    {Metric::cost,
     "tokenscope_cost_total",
     counter,
     "What requests cost by the price table, in units of the currency. Requests without a price are not in it.",
     provider_model_currency,
     {}},
    {Metric::spans_dropped,
     "tokenscope_spans_dropped_total",
     counter,
     "Spans of traces that did not reach the collector: it was down, too slow or refused them, or one request had too "
     "many.",
     {},
     {}},
    {Metric::model_vram,
     "tokenscope_model_vram_bytes",
     gauge,
     "GPU memory of a model that the provider (an Ollama server, here or elsewhere) has loaded, in bytes.",
     provider_model,
     {}},
    {Metric::model_memory,
     "tokenscope_model_memory_bytes",
     gauge,
     "All memory of such a model, on GPUs and beside them, in bytes.",
     provider_model,
     {}},
    {Metric::dropped_series,
     "tokenscope_dropped_series_total",
     counter,
     "Recordings put under the label value <other> because the family had reached its cap of series.",
     family,
     {}},

    // The names every Prometheus client library uses for its process.
    {Metric::process_cpu,
     "process_cpu_seconds_total",
     counter,
     "CPU time of this process in seconds, user and system.",
     {},
     {}},
    {Metric::process_resident_memory,
     "process_resident_memory_bytes",
     gauge,
     "Resident memory of this process in bytes.",
     {},
     {}},
    {Metric::process_open_fds, "process_open_fds", gauge, "File descriptors this process has open.", {}, {}},
    {Metric::process_max_fds, "process_max_fds", gauge, "File descriptors this process may have open.", {}, {}},
    {Metric::process_start_time,
     "process_start_time_seconds",
     gauge,
     "When this process started, in seconds since 1970.",
     {},
     {}},
};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        if (static_cast<std::size_t>(rows[i].id) != i)
            return false;
    }
    return std::size(rows) == static_cast<std::size_t>(Metric::process_start_time) + 1;
}
static_assert(in_order(), "one row for each Metric, in its order");

} // namespace

const MetricSpec& spec(Metric id)
{
    return rows[static_cast<std::size_t>(id)];
}

std::span<const MetricSpec> catalogue()
{
    return rows;
}

} // namespace tokenscope::telemetry
