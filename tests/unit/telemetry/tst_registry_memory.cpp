// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/heap_count.h"
#include "telemetry/metrics.h"

#include <QTest>

#include <chrono>
#include <string>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using test::heap_bytes;
using namespace std::chrono_literals;

namespace {

constexpr int providers = 5;
constexpr int models = 20;
const std::string trace_id = "0123456789abcdef0123456789abcdef";
const llm::Usage usage{.prompt = 100,
                       .completion = 50,
                       .total = 150,
                       .cached = 20,
                       .reasoning = 10,
                       .cache_creation = 5,
                       .estimated = true};

/// A streamed and a whole request that went well and one that did not, with all that can be known of them.
void serve(Metrics& metrics, const Target& target)
{
    RequestRecord record;
    record.operation = "chat";
    record.trace_id = trace_id;
    record.sampled = true;
    record.target = target;
    record.genai_provider = target.backend;
    record.response_model = target.model + "-2026-01-05";
    record.usage = usage;
    record.cost = Cost{0.01, "USD"};
    record.stages.fill(1ms);
    const Instant begin{1h};
    record.accepted = begin;
    record.parsed = record.queued = begin + 1ms;
    record.dequeued = record.connected = record.sent = begin + 2ms;
    record.first_byte = record.first_event = record.first_token = record.first_visible_token = begin + 30ms;
    record.last_token = record.last_event = record.provider_ended = begin + 90ms;
    record.ended = begin + 100ms;
    record.attempts = 1;
    record.chunk_count = 2;
    record.chunk_gaps.add(60ms);
    for (const bool streamed : {false, true}) {
        for (const char* error : {"", "timeout", "upstream_5xx"}) {
            const auto status = *error ? RequestStatus::error : RequestStatus::success;
            record.streamed = streamed;
            record.status = status;
            record.error_type = error;
            metrics.tokens().first_token(target, 30ms, trace_id);
            metrics.tokens().inter_token(target, std::array{TokenGap{60ms, 3}});
            metrics.requests().finished(record);
            const ProviderCall call{target.backend, target.model, streamed ? "generate_stream" : "generate"};
            metrics.providers().first_byte(call, 30ms, trace_id);
            metrics.providers().chunks(call, 2);
            metrics.providers().finished(call, status, 90ms, 60ms, usage, trace_id);
        }
    }
}

void serve_http(Metrics& metrics)
{
    for (const char* route : {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses",
                              "/v1/messages", "/api/chat", "/v1/models", "/health", "<unmatched>"})
        for (const unsigned status : {200U, 400U, 404U, 429U, 499U, 500U, 502U, 503U})
            metrics.http().finished({.method = "POST",
                                     .route = route,
                                     .status = status,
                                     .duration = 100ms,
                                     .request_bytes = 1'000,
                                     .response_bytes = 5'000,
                                     .trace_id = trace_id});
}

void fill(Metrics& metrics, bool every_pair)
{
    for (int p = 0; p < providers; ++p) {
        const auto provider = "provider-" + std::to_string(p);
        metrics.declare_provider(provider);
        metrics.queues().waited(provider, 1ms);
        metrics.queues().rejected(provider, "full");
        for (const char* reason : {"unreachable", "reset", "timeout", "status_429", "status_5xx"})
            metrics.gateway().retried(provider, reason);
        for (int m = 0; m < models; ++m)
            if (every_pair || m % providers == p)
                serve(metrics, {provider, "a-model-of-some-vendor:" + std::to_string(m) + "b"});
    }
    serve_http(metrics);
    for (const char* operation : {"create", "get", "delete", "purge"})
        for (const char* status : {"success", "not_found", "error"})
            metrics.conversations().operation(operation, "sqlite", status, 1ms);
    metrics.conversations().active("sqlite", 100);
    for (int key = 0; key < 10; ++key)
        metrics.gateway().rate_limited("key-" + std::to_string(key));
}

} // namespace

/// What the registry costs in memory, however many requests it has seen.
class TstRegistryMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stays_small_data()
    {
        QTest::addColumn<bool>("every_pair");
        QTest::addColumn<std::size_t>("most");
        constexpr std::size_t megabyte = 1'000'000;
        QTest::newRow("20 models on 5 providers") << false << megabyte * 3 / 10;
        QTest::newRow("20 models on each of 5 providers") << true << megabyte;
    }

    void stays_small()
    {
        QFETCH(bool, every_pair);
        QFETCH(std::size_t, most);
        const std::size_t before = heap_bytes();
        Metrics metrics({.version = "1.2.3", .qt = "6.4"});
        fill(metrics, every_pair);
        const std::size_t filled = heap_bytes() - before;
        for (int i = 0; i < 50; ++i)
            fill(metrics, every_pair);
        const std::size_t later = heap_bytes() - before;
        std::size_t series = 0;
        for (const auto& family : metrics.collect())
            series += family.series.size();
        const std::size_t after_a_page = heap_bytes() - before;
        qInfo("%zu series in %zu bytes", series, filled);
        QVERIFY(filled < most);
        QVERIFY(later < filled + filled / 100); // a new exemplar may be longer than the one before
        QCOMPARE(after_a_page, later);
    }
};

QTEST_APPLESS_MAIN(TstRegistryMemory)
#include "tst_registry_memory.moc"
