// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/catalogue.h"

#include <array>

namespace tokenscope::telemetry {

namespace {

using enum LabelOrigin;

constexpr LabelSpec backend_model[] = {{"backend"}, {"model"}};
constexpr LabelSpec backend_model_status[] = {{"backend"}, {"model"}, {"status", closed}};
constexpr LabelSpec backend_model_type[] = {{"backend"}, {"model"}, {"type", closed}};
constexpr LabelSpec http_labels[] = {{"method", closed}, {"path"}, {"endpoint"}, {"status", closed}};
constexpr LabelSpec operation_backend[] = {{"operation", closed}, {"backend", closed}};
constexpr LabelSpec operation_backend_status[] = {{"operation", closed}, {"backend", closed}, {"status", closed}};
constexpr LabelSpec store_backend[] = {{"backend", closed}};
constexpr LabelSpec gpu_labels[] = {{"gpu"}, {"name"}};
constexpr LabelSpec build_labels[] = {{"version", closed}, {"qt", closed}};
constexpr LabelSpec provider[] = {{"provider"}};
constexpr LabelSpec provider_reason[] = {{"provider"}, {"reason", closed}};
constexpr LabelSpec provider_model[] = {{"provider"}, {"model"}};
constexpr LabelSpec provider_model_type[] = {{"provider"}, {"model"}, {"type", closed}};
constexpr LabelSpec client_key[] = {{"key"}};
constexpr LabelSpec family[] = {{"family", closed}};

// Supersets of the source documents' buckets, so that their queries hold and percentiles are finer.
constexpr double first_token_buckets[] = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60};
constexpr double inter_token_buckets[] = {.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
constexpr double duration_buckets[] = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300};
constexpr double wait_buckets[] = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60, 120};

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
     "Seconds from accepting a model request to its end.", backend_model_status, duration_buckets},
    {Metric::model_tokens,
     "aigateway_model_tokens_total",
     counter,
     "Tokens by type: prompt, completion, total (total includes the other two). Counts the backend did not report are "
     "in "
     "tokenscope_estimated_tokens_total as well.",
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
    {Metric::http_requests_in_flight, "http_requests_in_flight", gauge, "HTTP requests being served now.", {}, {}},

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
     "Requests waiting for a free slot of any provider: the sum of tokenscope_queue_depth.",
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
