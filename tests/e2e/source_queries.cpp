// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/source_queries.h"

namespace tokenscope::test {

using namespace std::chrono_literals;
using tests::average;
using tests::beginning_with;
using tests::histogram_quantile;
using tests::last_of;
using tests::plus;
using tests::rate;
using tests::ratio;
using tests::scaled;
using tests::sum_by;
using tests::topk;

namespace {

using Expected = std::function<InstantVector(Scraper&)>;

InstantVector now(Scraper& scraper, const std::string& metric)
{
    return last_of(scraper.samples(metric + "[5m]"));
}

InstantVector rate_of(Scraper& scraper, const std::string& metric, std::chrono::seconds window)
{
    const auto selector = metric + "[" + std::to_string(window.count()) + "s]";
    return rate(scraper.samples(selector), scraper.moment(), window);
}

Expected current(const std::string& metric)
{
    return [metric](Scraper& scraper) { return now(scraper, metric); };
}

Expected rate_over(const std::string& metric, std::chrono::seconds window, double factor = 1)
{
    return [=](Scraper& scraper) { return scaled(rate_of(scraper, metric, window), factor); };
}

Expected quantile(double q, const std::string& histogram, std::set<std::string> by = {})
{
    return [=](Scraper& scraper) {
        auto buckets = rate_of(scraper, histogram + "_bucket", 300s);
        return histogram_quantile(q, by.empty() ? buckets : sum_by(buckets, by));
    };
}

Expected share_of_latency(const std::string& stage)
{
    return [stage](Scraper& scraper) {
        return ratio(rate_of(scraper, stage + "_sum", 300s), rate_of(scraper, "request_latency_seconds_sum", 300s),
                     100);
    };
}

Expected with_status(const std::string& first_digits, bool summed)
{
    return [=](Scraper& scraper) {
        const auto samples = beginning_with(scraper.samples("http_requests_total[5m]"), "status", first_digits);
        const auto rates = rate(samples, scraper.moment(), 300s);
        return summed ? sum_by(rates, {}) : rates;
    };
}

void add_gateway_queries(std::vector<SourceQuery>& all)
{
    const std::string p95 = "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))";
    for (const std::string document : {"001", "002"}) {
        all.push_back(
            {document + " request rate", "rate(http_requests_total[5m])", rate_over("http_requests_total", 300s), 12});
        all.push_back({document + " P95 latency", p95, quantile(0.95, "http_request_duration_seconds"), 12});
    }
    all.push_back({"001 error rate", "rate(http_requests_total{status=~\"5..\"}[5m])", with_status("5", false), 3});
    all.push_back({"001 tokens per minute by model", "rate(provider_tokens_total[1m]) * 60",
                   rate_over("provider_tokens_total", 60s, 60), 8});
    all.push_back({"001 provider latency by model (corrected)",
                   "histogram_quantile(0.95, sum by (le, provider, model) "
                   "(rate(provider_request_duration_seconds_bucket[5m])))",
                   quantile(0.95, "provider_request_duration_seconds", {"le", "provider", "model"}), 5});
    all.push_back(
        {"002 error rate", "sum(rate(http_requests_total{status=~\"4..|5..\"}[5m]))", with_status("45", true)});
    all.push_back(
        {"002 top 10 endpoints by traffic", "topk(10, sum(rate(http_requests_total[5m])) by (endpoint))",
         [](Scraper& scraper) { return topk(10, sum_by(rate_of(scraper, "http_requests_total", 300s), {"endpoint"})); },
         10});
    all.push_back({"002 current active requests", "http_requests_in_flight", [](Scraper&) {
                       return InstantVector{{{}, ScrapedTraffic::held + ScrapedTraffic::waiting}};
                   }});
}

void add_latency_queries(std::vector<SourceQuery>& all)
{
    all.push_back({"003 average latency", "avg(request_latency_seconds_sum) / avg(request_latency_seconds_count)",
                   [](Scraper& scraper) {
                       return ratio(average(now(scraper, "request_latency_seconds_sum")),
                                    average(now(scraper, "request_latency_seconds_count")));
                   }});
    for (const auto& [name, q] : {std::pair("0.50", 0.5), std::pair("0.95", 0.95), std::pair("0.99", 0.99)})
        all.push_back({std::string("003 latency percentile ") + name,
                       std::string("histogram_quantile(") + name + ", rate(request_latency_seconds_bucket[5m]))",
                       quantile(q, "request_latency_seconds")});
    // The lowest bucket may be empty, where Prometheus divides 0 by 0 for the very 0th percentile.
    all.push_back({"003 fastest request, an estimate (corrected)",
                   "histogram_quantile(0.000001, rate(request_latency_seconds_bucket[5m]))",
                   quantile(0.000001, "request_latency_seconds")});
    all.push_back({"003 slowest request, an estimate (corrected)",
                   "histogram_quantile(1, rate(request_latency_seconds_bucket[5m]))",
                   quantile(1, "request_latency_seconds")});
    all.push_back({"003 requests per second", "rate(request_count_total[1m])", rate_over("request_count_total", 60s)});
    for (const std::string stage : {"tokenization", "inference", "queue_wait"}) {
        const auto histogram = stage + "_latency_seconds";
        all.push_back({"003 share of " + stage,
                       "(rate(" + histogram + "_sum[5m]) / rate(request_latency_seconds_sum[5m])) * 100",
                       share_of_latency(histogram)});
    }
}

void add_pipeline_queries(std::vector<SourceQuery>& all)
{
    for (const std::string gauge :
         {"tokenizer_throughput_qps", "inference_throughput_qps", "overall_throughput_qps", "tokenizer_queue_size",
          "batch_queue_size", "padding_ratio", "max_seq_length", "avg_seq_length"})
        all.push_back({"003 " + gauge, gauge, current(gauge)});
    for (const std::string where : {"{worker_type=\"model\"}", "{worker_id=\"0\", worker_type=\"model\"}",
                                    "{worker_id=\"1\", worker_type=\"model\"}"})
        all.push_back({"003 worker throughput " + where, "worker_throughput_qps" + where,
                       current("worker_throughput_qps" + where)});
    all.push_back({"003 model_queue_size", "model_queue_size", [](Scraper&) {
                       return InstantVector{{{}, ScrapedTraffic::waiting}};
                   }});
    all.push_back(
        {"003 total queue size", "tokenizer_queue_size + model_queue_size + batch_queue_size", [](Scraper& scraper) {
             return plus(plus(now(scraper, "tokenizer_queue_size"), now(scraper, "model_queue_size")),
                         now(scraper, "batch_queue_size"));
         }});
    const LabelMap first{{"gpu", "0"}, {"name", "Test GPU"}}, second{{"gpu", "1"}, {"name", "Test GPU"}};
    all.push_back({"003 GPU memory", "gpu_memory_mb",
                   [=](Scraper&) {
                       return InstantVector{{first, 2048}, {second, 12}};
                   },
                   2});
    all.push_back({"003 GPU utilization", "gpu_utilization_pct",
                   [=](Scraper&) {
                       return InstantVector{{first, 63}, {second, 8.5}};
                   },
                   2});
    all.push_back({"003 CPU usage", "cpu_percent", [](Scraper&) { return InstantVector{{{}, 37.5}}; }});
    for (const std::string counter : {"padded_tokens_total", "total_tokens_total"})
        all.push_back({"003 " + counter, "rate(" + counter + "[1m])", rate_over(counter, 60s)});
}

} // namespace

const std::vector<SourceQuery>& source_queries()
{
    static const auto queries = [] {
        std::vector<SourceQuery> all;
        add_gateway_queries(all);
        add_latency_queries(all);
        add_pipeline_queries(all);
        return all;
    }();
    return queries;
}

const std::set<std::string>& source_metrics()
{
    static const std::set<std::string> names = {
        // 000
        "aigateway_first_token_latency_seconds", "aigateway_inter_token_latency_seconds",
        "aigateway_model_tokens_total", "aigateway_requests_total", "aigateway_total_latency_seconds",
        // 001
        "http_requests_total", "http_request_duration_seconds", "http_request_size_bytes", "http_response_size_bytes",
        "provider_requests_total", "provider_request_duration_seconds", "provider_tokens_total",
        "provider_stream_ttfb_seconds", "provider_stream_chunks_total", "provider_stream_duration_seconds",
        "conversation_operations_total", "conversation_operation_duration_seconds", "conversation_active_count",
        // 002
        "http_requests_in_flight",
        // 003
        "gpu_memory_mb", "gpu_utilization_pct", "cpu_percent", "tokenizer_queue_size", "model_queue_size",
        "batch_queue_size", "padding_ratio", "max_seq_length", "avg_seq_length", "request_count_total",
        "padded_tokens_total", "total_tokens_total", "worker_request_count_total", "request_latency_seconds",
        "tokenization_latency_seconds", "inference_latency_seconds", "queue_wait_latency_seconds",
        "tokenizer_queue_wait_latency_seconds", "model_queue_wait_latency_seconds", "mp_queue_send_latency_seconds",
        "mp_queue_receive_latency_seconds", "grpc_serialize_latency_seconds", "grpc_deserialize_latency_seconds",
        "scheduler_latency_seconds", "overhead_latency_seconds", "pipeline_overhead_latency_seconds",
        "tokenizer_throughput_qps", "inference_throughput_qps", "overall_throughput_qps", "worker_throughput_qps",
        "worker_latency_ms"};
    return names;
}

} // namespace tokenscope::test
