// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/catalogue.h"
#include "telemetry/exposition.h"
#include "telemetry/metrics.h"

#include <QFile>
#include <QtTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

using LabelMap = std::map<std::string, std::string>;
const Target phi4{"ollama", "phi4"};

/// The value of one sample of the page; nothing where it is not there.
std::optional<double> value(const Metrics& metrics, std::string_view name, const LabelMap& labels = {})
{
    for (const auto& sample : flatten(metrics.collect())) {
        if (sample.name == name && sample.labels == labels)
            return sample.value;
    }
    return std::nullopt;
}

std::size_t series_of(const Metrics& metrics, std::string_view name)
{
    std::size_t count = 0;
    for (const auto& sample : flatten(metrics.collect()))
        count += sample.name == name ? 1 : 0;
    return count;
}

using Value = std::optional<double>;
const Value absent;

/// One that ended well and one that did not, with all that can be known of them.
void publishARequest(Metrics& metrics)
{
    const Instant start{1h};
    RequestRecord record{.operation = "chat",
                         .target = phi4,
                         .genai_provider = "ollama",
                         .response_model = "phi4:latest",
                         .streamed = true,
                         .status = RequestStatus::success,
                         .accepted = start,
                         .ended = start + 9s,
                         .usage = {.prompt = 9, .completion = 3, .cached = 1, .reasoning = 1, .cache_creation = 1},
                         .attempts = 1,
                         .cost = Cost{.amount = 1, .currency = "USD"}};
    record.parsed = record.queued = record.dequeued = record.connected = start + 1s;
    record.first_event = record.first_token = start + 2s;
    record.provider_ended = start + 8s;
    record.chunk_gaps.add(1s);
    record.stages.fill(1ms);
    metrics.requests().finished(record);
    record.status = RequestStatus::error;
    record.error_type = "timeout";
    metrics.requests().finished(record);

    const ProviderCall call{.provider = "ollama", .model = "phi4", .operation = "generate_stream"};
    metrics.providers().first_byte(call, 1s, {});
    metrics.providers().chunks(call, 2);
    metrics.providers().finished(call, RequestStatus::success, 3s, 2s, record.usage, {});
}

/// A request of which no more is known than this.
void end_request(Metrics& metrics, const Target& target, RequestStatus status, Nanos total,
                 const llm::Usage& usage = {})
{
    const Instant start{1h};
    metrics.requests().finished(
        {.target = target, .status = status, .accepted = start, .ended = start + total, .usage = usage});
}

LabelMap with_le(LabelMap labels, std::string le)
{
    labels.emplace("le", std::move(le));
    return labels;
}

} // namespace

class TstMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsWithNothingInvented()
    {
        const Metrics metrics({"1.2.3", ""});
        std::set<std::string> names;
        for (const auto& family : metrics.collect())
            names.insert(family.name);
        QCOMPARE(names, (std::set<std::string>{"http_requests_in_flight", "tokenscope_build_info",
                                               "tokenscope_dropped_series_total", "tokenscope_spans_dropped_total"}));
        QCOMPARE(value(metrics, "tokenscope_build_info", {{"version", "1.2.3"}}), Value(1));
        QCOMPARE(value(Metrics({"1.2.3", "6.4.2"}), "tokenscope_build_info", {{"qt", "6.4.2"}, {"version", "1.2.3"}}),
                 Value(1));
    }

    void theManualHasEveryMetric()
    {
        QFile file(QStringLiteral(TOKENSCOPE_DOCS "/telemetry.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto manual = file.readAll();
        for (const auto& row : catalogue()) {
            const QByteArray name =
                "| `" + QByteArray(row.name.data(), static_cast<qsizetype>(row.name.size())) + "` |";
            QVERIFY2(manual.contains(name), name.constData());
            const QByteArray meaning =
                " | " + QByteArray(row.help.data(), static_cast<qsizetype>(row.help.size())) + " |";
            QVERIFY2(manual.contains(meaning), meaning.constData());
        }
        QCOMPARE(manual.count("\n| `"), static_cast<qsizetype>(catalogue().size()));
    }

    void bucketsIncludeTheirBound()
    {
        Metrics metrics({"1", ""});
        metrics.tokens().first_token(phi4, 100ms, {});
        metrics.tokens().first_token(phi4, 100ms + 1ns, {});
        metrics.tokens().first_token(phi4, 2min, {});
        const LabelMap labels{{"backend", "ollama"}, {"model", "phi4"}};
        const auto bucket = [&](const char* le) {
            return value(metrics, "aigateway_first_token_latency_seconds_bucket", with_le(labels, le));
        };
        QCOMPARE(bucket("0.05"), Value(0));
        QCOMPARE(bucket("0.1"), Value(1));
        QCOMPARE(bucket("0.25"), Value(2));
        QCOMPARE(bucket("60"), Value(2));
        QCOMPARE(bucket("+Inf"), Value(3));
        QCOMPARE(value(metrics, "aigateway_first_token_latency_seconds_count", labels), Value(3));
    }

    void aChunkOfSeveralTokensIsObservedOnceAToken()
    {
        Metrics metrics({"1", ""});
        metrics.tokens().inter_token(phi4, std::array{TokenGap{40ms, 4}}); // 10 ms each: on the bound of 0.01
        metrics.tokens().inter_token(phi4, std::array{TokenGap{30ms, 1}});
        metrics.tokens().inter_token(phi4, std::array{TokenGap{30ms, 0}});
        metrics.tokens().inter_token(phi4, std::array{TokenGap{0ns, 2}});
        const LabelMap labels{{"backend", "ollama"}, {"model", "phi4"}};
        const std::string name = "aigateway_inter_token_latency_seconds";
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.0005")), Value(2));
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.005")), Value(2));
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.01")), Value(6));
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.025")), Value(6));
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.05")), Value(7));
        QCOMPARE(value(metrics, name + "_count", labels), Value(7));
        QVERIFY(std::abs(*value(metrics, name + "_sum", labels) - 0.07) < 1e-12);
    }

    void aShareAboveABoundStaysAboveIt()
    {
        Metrics metrics({"1", ""});
        metrics.tokens().inter_token(phi4, std::array{TokenGap{40ms + 1ns, 4}, TokenGap{40ms, 4}, TokenGap{1ns, 3}});
        const LabelMap labels{{"backend", "ollama"}, {"model", "phi4"}};
        const std::string name = "aigateway_inter_token_latency_seconds";
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.0005")), Value(3));
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.01")), Value(7));
        QCOMPARE(value(metrics, name + "_bucket", with_le(labels, "0.025")), Value(11));
        QVERIFY(value(metrics, name + "_sum", labels) == Value(0.080000002)); // of the chunks, to the last digit
    }

    void aChunkSlowerThanEveryBucketLandsInInf()
    {
        Metrics metrics({"1", ""});
        metrics.tokens().inter_token(phi4, std::array{TokenGap{100s, 3}});
        const LabelMap labels{{"backend", "ollama"}, {"model", "phi4"}};
        QCOMPARE(value(metrics, "aigateway_inter_token_latency_seconds_bucket", with_le(labels, "10")), Value(0));
        QCOMPARE(value(metrics, "aigateway_inter_token_latency_seconds_bucket", with_le(labels, "+Inf")), Value(3));
    }

    void absentTokenCountsMakeNoSeries()
    {
        Metrics metrics({"1", ""});
        const auto tokens = [&](const char* type) {
            return value(metrics, "aigateway_model_tokens_total",
                         {{"backend", "ollama"}, {"model", "phi4"}, {"type", type}});
        };
        end_request(metrics, phi4, RequestStatus::success, 1ms, {.prompt = 12, .completion = 0});
        QCOMPARE(tokens("prompt"), Value(12));
        QCOMPARE(tokens("completion"), Value(0)); // reported as 0
        QCOMPARE(tokens("total"), absent);
        QCOMPARE(series_of(metrics, "tokenscope_estimated_tokens_total"), std::size_t{0});

        end_request(metrics, phi4, RequestStatus::success, 1ms, {.completion = 5, .estimated = true});
        QCOMPARE(tokens("completion"), Value(5));
        QCOMPARE(value(metrics, "tokenscope_estimated_tokens_total",
                       {{"provider", "ollama"}, {"model", "phi4"}, {"type", "completion"}}),
                 Value(5));
    }

    void finishedRequests()
    {
        Metrics metrics({"1", ""});
        end_request(metrics, phi4, RequestStatus::success, 1s);
        end_request(metrics, phi4, RequestStatus::success, 2s);
        end_request(metrics, {}, RequestStatus::error, 1ms);
        const LabelMap good{{"backend", "ollama"}, {"model", "phi4"}, {"status", "success"}};
        const LabelMap bad{{"backend", "unknown"}, {"model", "unknown"}, {"status", "error"}};
        QCOMPARE(value(metrics, "aigateway_requests_total", good), Value(2));
        QCOMPARE(value(metrics, "aigateway_requests_total", bad), Value(1));
        QCOMPARE(value(metrics, "aigateway_total_latency_seconds_bucket", with_le(good, "1")), Value(1));
        QCOMPARE(value(metrics, "aigateway_total_latency_seconds_sum", good), Value(3));
        QCOMPARE(value(metrics, "aigateway_total_latency_seconds_count", bad), Value(1));
        QCOMPARE(series_of(metrics, "aigateway_requests_total"), std::size_t{2});
    }

    void http()
    {
        Metrics metrics({"1", ""});
        metrics.http().started();
        metrics.http().started();
        QCOMPARE(value(metrics, "http_requests_in_flight"), Value(2));
        metrics.http().finished({.method = "POST", .route = "/v1/responses/{id}", .status = 499, .duration = 300ms});
        metrics.http().finished({.method = "BREW\n", .route = "<unmatched>", .status = 405, .duration = 1ms});
        QCOMPARE(value(metrics, "http_requests_in_flight"), Value(0));
        const LabelMap post{
            {"method", "POST"}, {"path", "/v1/responses/{id}"}, {"endpoint", "/v1/responses/{id}"}, {"status", "499"}};
        QCOMPARE(value(metrics, "http_requests_total", post), Value(1));
        QCOMPARE(value(metrics, "http_request_duration_seconds_bucket", with_le(post, "0.25")), Value(0));
        QCOMPARE(value(metrics, "http_request_duration_seconds_bucket", with_le(post, "0.5")), Value(1));
        QCOMPARE(
            value(metrics, "http_requests_total",
                  {{"method", "<other>"}, {"path", "<unmatched>"}, {"endpoint", "<unmatched>"}, {"status", "405"}}),
            Value(1));
        metrics.http().finished({.method = "get", .route = "/", .status = 0, .duration = 1ms});
        metrics.http().finished({.method = "get", .route = "/", .status = 1'000'000, .duration = 1ms});
        QCOMPARE(value(metrics, "http_requests_total",
                       {{"method", "<other>"}, {"path", "/"}, {"endpoint", "/"}, {"status", "<other>"}}),
                 Value(2));
    }

    void methodsAndStatusesOfOneRoute()
    {
        Metrics metrics({"1", ""});
        const auto end = [&](std::string_view method, unsigned status) {
            metrics.http().started();
            metrics.http().finished({.method = method, .route = "/v1", .status = status, .duration = 1ms});
        };
        for (int i = 0; i < 2; ++i)
            for (const char* method : {"POST", "BREW", "<other>", "GET", "POST"})
                for (const unsigned status : {200U, 404U, 200U})
                    end(method, status);
        const auto count = [&](const char* method, const char* status) {
            const LabelMap labels{{"method", method}, {"path", "/v1"}, {"endpoint", "/v1"}, {"status", status}};
            const auto requests = value(metrics, "http_requests_total", labels);
            return requests == value(metrics, "http_request_duration_seconds_count", labels) ? requests : absent;
        };
        const auto sizes = [&](const char* method) {
            return value(metrics, "http_request_size_bytes_count",
                         {{"method", method}, {"path", "/v1"}, {"endpoint", "/v1"}});
        };
        QCOMPARE(count("POST", "200"), Value(8));
        QCOMPARE(count("POST", "404"), Value(4));
        QCOMPARE(count("<other>", "200"), Value(8));
        QCOMPARE(count("<other>", "404"), Value(4));
        QCOMPARE(count("GET", "200"), Value(4));
        QCOMPARE(count("GET", "404"), Value(2));
        QCOMPARE(sizes("POST"), Value(12));
        QCOMPARE(sizes("GET"), Value(6));
        QCOMPARE(series_of(metrics, "http_requests_total"), std::size_t{6});
    }

    void conversations()
    {
        Metrics metrics({"1", ""});
        auto& hooks = metrics.conversations();
        hooks.operation("create", "sqlite", "success", 5ms);
        hooks.operation("create", "sqlite", "success", 5ms + 1ns);
        hooks.operation("create", "sqlite", "error", 6s);
        hooks.operation("get", "memory", "not_found", 0ns);
        hooks.operation("a raw id", "a raw path", "a raw message", 1ms);
        const auto count = [&](const char* operation, const char* backend, const char* status) {
            return value(metrics, "conversation_operations_total",
                         {{"operation", operation}, {"backend", backend}, {"status", status}});
        };
        QCOMPARE(count("create", "sqlite", "success"), Value(2));
        QCOMPARE(count("create", "sqlite", "error"), Value(1));
        QCOMPARE(count("get", "memory", "not_found"), Value(1));
        QCOMPARE(count("<other>", "<other>", "<other>"), Value(1));
        const LabelMap create{{"operation", "create"}, {"backend", "sqlite"}};
        const std::string duration = "conversation_operation_duration_seconds";
        QCOMPARE(value(metrics, duration + "_bucket", with_le(create, "0.005")), Value(1));
        QCOMPARE(value(metrics, duration + "_bucket", with_le(create, "0.01")), Value(2));
        QCOMPARE(value(metrics, duration + "_count", create), Value(3)); // whatever the outcome

        QCOMPARE(value(metrics, "conversation_active_count", {{"backend", "sqlite"}}), absent);
        hooks.active("sqlite", 7);
        hooks.active("sqlite", 0);
        QCOMPARE(value(metrics, "conversation_active_count", {{"backend", "sqlite"}}), Value(0));
        QCOMPARE(value(metrics, "conversation_active_count", {{"backend", "memory"}}), absent);
    }

    void refusalsAndRetries()
    {
        Metrics metrics({"1", ""}, 2);
        for (const auto* key : {"laptop", "laptop", "ci", "one key too many"})
            metrics.gateway().rate_limited(key);
        metrics.gateway().retried("ollama", "status_429");
        metrics.gateway().retried("ollama", "the upstream's own words");
        const auto limited = [&](const char* key) {
            return value(metrics, "tokenscope_rate_limited_total", {{"key", key}});
        };
        QCOMPARE(limited("laptop"), Value(2));
        QCOMPARE(limited("ci"), Value(1));
        QCOMPARE(limited("<other>"), Value(1));
        QCOMPARE(limited("anonymous"), absent);
        const auto retries = [&](const char* reason) {
            return value(metrics, "tokenscope_upstream_retries_total", {{"provider", "ollama"}, {"reason", reason}});
        };
        QCOMPARE(retries("status_429"), Value(1));
        QCOMPARE(retries("<other>"), Value(1));
        QCOMPARE(retries("reset"), absent);
    }

    void declaredQueuesStartAtARealZero()
    {
        Metrics metrics({"1", ""});
        QCOMPARE(value(metrics, "model_queue_size"), absent);
        metrics.declare_provider("ollama");
        metrics.declare_provider("demo");
        QCOMPARE(value(metrics, "tokenscope_queue_depth", {{"provider", "ollama"}}), Value(0));
        QCOMPARE(value(metrics, "tokenscope_queue_wait_seconds_count", {{"provider", "ollama"}}), Value(0));
        QCOMPARE(value(metrics, "tokenscope_queue_rejected_total", {{"provider", "ollama"}, {"reason", "timeout"}}),
                 Value(0));
        QCOMPARE(value(metrics, "model_queue_size"), Value(0));

        metrics.queues().depth("ollama", 3);
        metrics.queues().depth("demo", 4);
        metrics.queues().depth("ollama", 2);
        metrics.declare_provider("ollama"); // does not reset
        metrics.queues().waited("ollama", 0ns);
        metrics.queues().waited("ollama", 30ms);
        metrics.queues().rejected("ollama", "full");
        metrics.queues().rejected("ollama", "a reason nobody knows");
        QCOMPARE(value(metrics, "tokenscope_queue_depth", {{"provider", "ollama"}}), Value(2));
        QCOMPARE(value(metrics, "model_queue_size"), Value(6));
        QCOMPARE(value(metrics, "tokenscope_queue_wait_seconds_bucket", {{"provider", "ollama"}, {"le", "0.001"}}),
                 Value(1));
        QCOMPARE(value(metrics, "tokenscope_queue_wait_seconds_count", {{"provider", "ollama"}}), Value(2));
        QCOMPARE(value(metrics, "tokenscope_queue_rejected_total", {{"provider", "ollama"}, {"reason", "full"}}),
                 Value(1));
        QCOMPARE(value(metrics, "tokenscope_queue_rejected_total", {{"provider", "ollama"}, {"reason", "<other>"}}),
                 Value(1));
    }

    void removedGpusLeaveThePage()
    {
        Metrics metrics({"1", ""});
        metrics.set_gpus(
            {{"0", "A", 50.0, 2.0 * 1024 * 1024}, {"1", "B", 0.0, std::nullopt}, {"1", "B", 99.0, std::nullopt}});
        const LabelMap a{{"gpu", "0"}, {"name", "A"}};
        const LabelMap b{{"gpu", "1"}, {"name", "B"}};
        QCOMPARE(value(metrics, "gpu_utilization_pct", a), Value(50));
        QCOMPARE(value(metrics, "gpu_memory_mb", a), Value(2));
        QCOMPARE(value(metrics, "gpu_utilization_pct", b), Value(0));
        QCOMPARE(value(metrics, "gpu_memory_mb", b), absent);
        QCOMPARE(series_of(metrics, "gpu_utilization_pct"), std::size_t{2}); // a repeated GPU would spoil the page

        metrics.set_gpus({{"0", "A", std::numeric_limits<double>::quiet_NaN(), 1024.0 * 1024}});
        QCOMPARE(value(metrics, "gpu_utilization_pct", a), absent);
        QCOMPARE(value(metrics, "gpu_memory_mb", a), Value(1));
        QCOMPARE(series_of(metrics, "gpu_utilization_pct"), std::size_t{0});
        metrics.set_gpus({});
        QCOMPARE(series_of(metrics, "gpu_memory_mb"), std::size_t{0});
    }

    void cpuAndProcess()
    {
        Metrics metrics({"1", ""});
        metrics.set_cpu(12.5);
        metrics.set_process({.cpu_seconds = 1.5,
                             .resident_bytes = 4096,
                             .open_fds = 7,
                             .max_fds = std::nullopt,
                             .start_time_seconds = 1767225600.25});
        QCOMPARE(value(metrics, "cpu_percent"), Value(12.5));
        QCOMPARE(value(metrics, "process_cpu_seconds_total"), Value(1.5));
        QCOMPARE(value(metrics, "process_resident_memory_bytes"), Value(4096));
        QCOMPARE(value(metrics, "process_open_fds"), Value(7));
        QCOMPARE(value(metrics, "process_max_fds"), absent);
        QCOMPARE(value(metrics, "process_start_time_seconds"), Value(1767225600.25));
        metrics.set_cpu(std::nullopt);
        metrics.set_process({});
        QCOMPARE(value(metrics, "cpu_percent"), absent);
        QCOMPARE(value(metrics, "process_cpu_seconds_total"), absent);
    }

    void theCapFoldsNewSeriesIntoOther()
    {
        Metrics metrics({"1", ""}, 2);
        for (const auto* model : {"a", "b", "c", "d", "a"})
            end_request(metrics, {"ollama", model}, RequestStatus::success, 1ms);
        const auto requests = [&](const char* backend, const char* model) {
            return value(metrics, "aigateway_requests_total",
                         {{"backend", backend}, {"model", model}, {"status", "success"}});
        };
        QCOMPARE(requests("ollama", "a"), Value(2)); // known before the cap was reached
        QCOMPARE(requests("ollama", "b"), Value(1));
        QCOMPARE(requests("ollama", "c"), absent);
        QCOMPARE(requests("<other>", "<other>"), Value(2)); // status is kept: its values are few
        QCOMPARE(value(metrics, "tokenscope_dropped_series_total", {{"family", "aigateway_requests_total"}}), Value(2));
        QCOMPARE(value(metrics, "tokenscope_dropped_series_total", {{"family", "http_requests_total"}}), Value(0));

        for (int i = 0; i < 1000; ++i)
            end_request(metrics, {"ollama", std::to_string(i)}, RequestStatus::error, 1ms);
        QCOMPARE(series_of(metrics, "aigateway_requests_total"), std::size_t{4});
        QCOMPARE(value(metrics, "aigateway_total_latency_seconds_count",
                       {{"backend", "<other>"}, {"model", "<other>"}, {"status", "error"}}),
                 Value(1000));
    }

    void labelsThatAreNotTextDoNotSpoilThePage()
    {
        Metrics metrics({"1", ""});
        end_request(metrics, {"ollama", "a\xFF"}, RequestStatus::success, 1ms);
        end_request(metrics, {"ollama", "a\xFE"}, RequestStatus::success, 1ms);
        end_request(metrics, {"ollama", std::string("a\0", 2)}, RequestStatus::success, 1ms);
        QCOMPARE(value(metrics, "aigateway_requests_total",
                       {{"backend", "ollama"}, {"model", "a\xEF\xBF\xBD"}, {"status", "success"}}),
                 Value(3));
        QCOMPARE(series_of(metrics, "aigateway_requests_total"), std::size_t{1});
    }

    void labelValuesThatConcatenateAlikeAreDifferentSeries()
    {
        Metrics metrics({"1", ""});
        end_request(metrics, {"ab", "c"}, RequestStatus::success, 1ms);
        end_request(metrics, {"a", "bc"}, RequestStatus::success, 1ms);
        QCOMPARE(series_of(metrics, "aigateway_requests_total"), std::size_t{2});
    }

    void threadsLoseNothing()
    {
        Metrics metrics({"1", ""});
        constexpr int threads = 6;
        constexpr int each = 3000;
        std::atomic<bool> done = false;
        std::thread reader([&] {
            while (!done) {
                metrics.collect();
                metrics.set_gpus({{"0", "A", 1.0, 1.0}});
            }
        });
        std::vector<std::thread> writers;
        for (int t = 0; t < threads; ++t) {
            writers.emplace_back([&, t] {
                const Target own{"ollama", "m" + std::to_string(t)};
                for (int i = 0; i < each; ++i) {
                    const auto& target = i % 2 == 0 ? own : phi4;
                    metrics.http().started();
                    metrics.tokens().inter_token(target, std::array{TokenGap{2ms, 2}});
                    end_request(metrics, target, RequestStatus::success, 1ms, {.completion = 1});
                    metrics.http().finished(
                        {.method = "POST", .route = "/v1/chat/completions", .status = 200, .duration = 1ms});
                }
            });
        }
        for (auto& writer : writers)
            writer.join();
        done = true;
        reader.join();
        const LabelMap shared{{"backend", "ollama"}, {"model", "phi4"}};
        QCOMPARE(value(metrics, "aigateway_inter_token_latency_seconds_count", shared), Value(threads * each));
        QCOMPARE(value(metrics, "aigateway_model_tokens_total",
                       {{"backend", "ollama"}, {"model", "m3"}, {"type", "completion"}}),
                 Value(each / 2));
        QCOMPARE(value(metrics, "http_requests_in_flight"), Value(0));
    }

    void theCatalogueIsSound()
    {
        std::set<std::string_view> names;
        for (const auto& row : catalogue()) {
            QVERIFY2(names.insert(row.name).second, row.name.data());
            QVERIFY2(!row.help.empty() && row.help.find('\n') == std::string_view::npos, row.name.data());
            QCOMPARE(row.buckets.empty(), row.kind != MetricKind::histogram);
            QVERIFY(std::is_sorted(row.buckets.begin(), row.buckets.end(), std::less_equal<>{}));
            QCOMPARE(row.name.ends_with("_total"), row.kind == MetricKind::counter);
        }
    }

    void everyRowCanBePublishedAsItSays()
    {
        Metrics metrics({"1", "6.4.2"});
        metrics.tokens().first_token(phi4, 1ms, {});
        metrics.tokens().inter_token(phi4, std::array{TokenGap{1ms, 1}});
        publishARequest(metrics);
        end_request(metrics, phi4, RequestStatus::success, 1ms,
                    {.prompt = 1, .completion = 1, .total = 2, .estimated = true});
        metrics.http().started();
        metrics.http().finished({.method = "GET", .route = "/health", .status = 200, .duration = 1ms});
        metrics.conversations().operation("create", "sqlite", "success", 1ms);
        metrics.conversations().active("sqlite", 1);
        metrics.gateway().rate_limited("anonymous");
        metrics.gateway().retried("ollama", "reset");
        metrics.model_memory().loaded("ollama", {{"phi4", 1U, 1U}});
        metrics.declare_provider("ollama");
        metrics.pipeline().worker_finished(WorkerType::model, metrics.pipeline().worker_started(WorkerType::model), 1,
                                           1ms);
        metrics.pipeline().batch({.sequences = 1, .tokens = 1, .padding = 0, .longest = 1});
        metrics.set_cpu(1);
        metrics.set_gpus({{"0", "A", 1.0, 1.0}});
        metrics.set_process({1, 1, 1, 1, 1});

        std::map<std::string, const MetricSpec*> rows;
        for (const auto& row : catalogue())
            rows.emplace(row.name, &row);
        for (const auto& family : metrics.collect()) {
            QVERIFY2(rows.contains(family.name), family.name.c_str());
            const auto& row = *rows.at(family.name);
            QCOMPARE(family.help, std::string(row.help));
            QCOMPARE(static_cast<int>(family.kind), static_cast<int>(row.kind));
            std::set<std::string> labels;
            for (const auto& series : family.series) // a label that is empty is not there
                for (const auto& label : series.labels)
                    labels.insert(label.name);
            QCOMPARE(labels.size(), row.labels.size());
            for (const auto& label : row.labels)
                QVERIFY2(labels.contains(std::string(label.name)), family.name.c_str());
            if (row.kind == MetricKind::histogram)
                QCOMPARE(std::get<HistogramValue>(family.series.front().value).buckets.size(), row.buckets.size() + 1);
            rows.erase(family.name);
        }
        QVERIFY2(rows.empty(), rows.empty() ? "" : rows.begin()->first.c_str());
    }
};

QTEST_APPLESS_MAIN(TstMetrics)
#include "tst_metrics.moc"
