// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_document_queries.h"

namespace tokenscope::test {

const std::vector<DocumentQuery>& document_queries()
{
    static const std::vector<DocumentQuery> all = {
        // 001. Without `by` the documents mean every series: here all labels, `path` standing for its twin `endpoint`.
        {"llm-gateway", "rate(http_requests_total[5m])",
         R"({"metric": "http_requests_total", "fn": "rate", "by": ["method", "path", "status"], "window": "5m"})"},
        {"llm-gateway", "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))",
         R"({"metric": "http_request_duration_seconds", "fn": "quantile", "q": 0.95,
             "by": ["method", "path", "status"], "window": "5m"})"},
        {"llm-gateway", "rate(http_requests_total{status=~\"5..\"}[5m])",
         R"({"metric": "http_requests_total", "fn": "rate", "by": ["method", "path", "status"],
             "where": {"status": "~5.."}, "window": "5m"})"},
        {"llm-gateway", "rate(provider_tokens_total[1m]) * 60",
         R"({"metric": "provider_tokens_total", "fn": "rate", "by": ["provider", "model", "type"], "scale": 60})"},
        {"llm-gateway", "histogram_quantile(0.95, sum by (le, provider, model) (rate(..._bucket[5m])))",
         R"({"metric": "provider_request_duration_seconds", "fn": "quantile", "q": 0.95, "by": ["provider", "model"],
             "window": "5m"})"},
        // 002
        {"http-api", "rate(http_requests_total[5m])",
         R"({"metric": "http_requests_total", "fn": "rate", "by": ["method", "endpoint", "status"], "window": "5m"})"},
        {"http-api", "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))",
         R"({"metric": "http_request_duration_seconds", "fn": "quantile", "q": 0.95,
             "by": ["method", "endpoint", "status"], "window": "5m"})"},
        {"http-api", "sum(rate(http_requests_total{status=~\"4..|5..\"}[5m]))",
         R"({"metric": "http_requests_total", "fn": "rate", "where": {"status": "~4..|5.."}, "window": "5m"})"},
        {"http-api", "topk(10, sum(rate(http_requests_total[5m])) by (endpoint))",
         R"({"metric": "http_requests_total", "fn": "rate", "by": "endpoint", "window": "5m", "topk": 10})"},
        {"http-api", "http_requests_in_flight", R"({"metric": "http_requests_in_flight"})"},
        // 003: latency
        {"inference-pipeline", "avg(request_latency_seconds_sum) / avg(request_latency_seconds_count)",
         R"({"fn": "share", "of": {"metric": "request_latency_seconds_sum", "agg": "avg"},
             "in": {"metric": "request_latency_seconds_count", "agg": "avg"}})"},
        {"inference-pipeline", "histogram_quantile(0.50 and 0.95 and 0.99, rate(request_latency_seconds_bucket[5m]))",
         R"({"metric": "request_latency_seconds", "fn": "quantile", "q": [0.5, 0.95, 0.99], "window": "5m"})"},
        {"inference-pipeline", "slowest, an estimate (corrected)",
         R"({"metric": "request_latency_seconds", "fn": "quantile", "q": 1, "window": "5m"})"},
        {"inference-pipeline", "fastest, an estimate (corrected)",
         R"({"metric": "request_latency_seconds", "fn": "quantile", "q": 0.000001, "window": "5m"})"},
        // 003: throughput
        {"inference-pipeline", "rate(request_count_total[1m])", R"({"metric": "request_count_total", "fn": "rate"})"},
        {"inference-pipeline", "tokenizer_throughput_qps", R"({"metric": "tokenizer_throughput_qps"})"},
        {"inference-pipeline", "inference_throughput_qps", R"({"metric": "inference_throughput_qps"})"},
        {"inference-pipeline", "overall_throughput_qps", R"({"metric": "overall_throughput_qps"})"},
        {"inference-pipeline", "worker_throughput_qps{worker_type=\"model\"}",
         R"({"metric": "worker_throughput_qps", "by": "worker_id", "where": {"worker_type": "model"}})"},
        // 003: shares of the stages
        {"inference-pipeline", "tokenization's share * 100",
         R"({"fn": "share", "scale": 100,
             "of": {"metric": "tokenization_latency_seconds_sum", "fn": "rate", "window": "5m"},
             "in": {"metric": "request_latency_seconds_sum", "fn": "rate", "window": "5m"}})"},
        {"inference-pipeline", "inference's share * 100",
         R"({"fn": "share", "scale": 100,
             "of": {"metric": "inference_latency_seconds_sum", "fn": "rate", "window": "5m"},
             "in": {"metric": "request_latency_seconds_sum", "fn": "rate", "window": "5m"}})"},
        {"inference-pipeline", "queue wait's share * 100",
         R"({"fn": "share", "scale": 100,
             "of": {"metric": "queue_wait_latency_seconds_sum", "fn": "rate", "window": "5m"},
             "in": {"metric": "request_latency_seconds_sum", "fn": "rate", "window": "5m"}})"},
        // 003: queues, machine, padding
        {"inference-pipeline", "tokenizer_queue_size", R"({"metric": "tokenizer_queue_size"})"},
        {"inference-pipeline", "model_queue_size", R"({"metric": "model_queue_size"})"},
        {"inference-pipeline", "batch_queue_size", R"({"metric": "batch_queue_size"})"},
        {"inference-pipeline", "gpu_memory_mb", R"({"metric": "gpu_memory_mb", "by": ["gpu", "name"]})"},
        {"inference-pipeline", "gpu_utilization_pct",
         R"({"metric": "gpu_utilization_pct", "agg": "avg", "by": ["gpu", "name"]})"},
        {"inference-pipeline", "cpu_percent", R"({"metric": "cpu_percent", "agg": "avg"})"},
        {"inference-pipeline", "padding_ratio", R"({"metric": "padding_ratio", "agg": "avg"})"},
        {"inference-pipeline", "rate(padded_tokens_total[1m])", R"({"metric": "padded_tokens_total", "fn": "rate"})"},
        {"inference-pipeline", "rate(total_tokens_total[1m])", R"({"metric": "total_tokens_total", "fn": "rate"})"},
        {"inference-pipeline", "max_seq_length", R"({"metric": "max_seq_length", "agg": "max"})"},
        {"inference-pipeline", "avg_seq_length", R"({"metric": "avg_seq_length", "agg": "avg"})"},
    };
    return all;
}

} // namespace tokenscope::test
