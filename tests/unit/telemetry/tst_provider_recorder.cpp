// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "page.h"

#include <QtTest>

#include <atomic>
#include <thread>
#include <vector>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;
using test::Page;

namespace {

const ProviderCall plain{.provider = "up", .model = "m1", .operation = "generate"};
const ProviderCall stream{.provider = "up", .model = "m1", .operation = "generate_stream"};

Page::Labels call(const char* operation, Page::Labels more = {})
{
    more.insert({{"provider", "up"}, {"model", "m1"}, {"operation", operation}});
    return more;
}

const Page::Labels target{{"provider", "up"}, {"model", "m1"}};

} // namespace

/// Family B of the providers, and the bodies' sizes.
class TstProviderRecorder : public QObject {
    Q_OBJECT

    std::optional<Metrics> m_metrics;

private Q_SLOTS:
    void init() { m_metrics.emplace(BuildInfo{"1", ""}); }

    void calls()
    {
        auto& hooks = m_metrics->providers();
        hooks.finished(plain, RequestStatus::success, 1s, std::nullopt, {.prompt = 7, .completion = 3}, {});
        hooks.finished(plain, RequestStatus::error, 2s, std::nullopt, {}, {});
        hooks.finished(plain, RequestStatus::success, 1s, std::nullopt, {.prompt = 5}, {});
        const Page page(*m_metrics);
        const auto count = [&](const char* status) {
            return page.value("provider_requests_total", call("generate", {{"status", status}}));
        };
        QCOMPARE(count("success"), std::optional(2.0));
        QCOMPARE(count("error"), std::optional(1.0));
        QCOMPARE(page.sum("provider_request_duration_seconds", call("generate")), std::string("3 x 4"));
        const auto tokens = [&](const char* type) {
            return page.value("provider_tokens_total", {{"provider", "up"}, {"model", "m1"}, {"type", type}});
        };
        QCOMPARE(tokens("input"), std::optional(12.0));
        QCOMPARE(tokens("output"), std::optional(3.0));
        for (const auto* name :
             {"provider_stream_ttfb_seconds", "provider_stream_chunks_total", "provider_stream_duration_seconds"})
            QVERIFY2(page.series(name) == 0, name);
    }

    void streams()
    {
        auto& hooks = m_metrics->providers();
        hooks.first_byte(stream, 250ms, {});
        hooks.chunks(stream, 40);
        hooks.chunks(stream, 2);
        hooks.finished(stream, RequestStatus::error, 1s, 750ms, {.completion = 2, .estimated = true}, {});
        hooks.finished(stream, RequestStatus::error, 1s, std::nullopt, {}, {}); // refused
        const Page page(*m_metrics);
        QCOMPARE(page.sum("provider_stream_ttfb_seconds", target), std::string("1 x 0.25"));
        QCOMPARE(page.value("provider_stream_chunks_total", target), std::optional(42.0));
        QCOMPARE(page.sum("provider_stream_duration_seconds", target), std::string("1 x 0.75"));
        QCOMPARE(page.sum("provider_request_duration_seconds", call("generate_stream")), std::string("2 x 2"));
        QCOMPARE(page.value("provider_tokens_total", {{"provider", "up"}, {"model", "m1"}, {"type", "input"}}),
                 std::optional<double>());
    }

    void exemplars()
    {
        const std::string trace = "0af7651916cd43dd8448eb211c80319c";
        auto& hooks = m_metrics->providers();
        hooks.first_byte(stream, 250ms, trace);
        hooks.finished(stream, RequestStatus::success, 1s, 750ms, {}, trace);
        const Page page(*m_metrics);
        const auto has = [](const std::optional<HistogramValue>& histogram) {
            for (const auto& bucket : histogram->buckets)
                if (bucket.exemplar)
                    return true;
            return false;
        };
        QVERIFY(has(page.histogram("provider_stream_ttfb_seconds", target)));
        QVERIFY(has(page.histogram("provider_request_duration_seconds", call("generate_stream"))));
        QVERIFY(!has(page.histogram("provider_stream_duration_seconds", target)));
    }

    void bodies()
    {
        const std::string trace = "0af7651916cd43dd8448eb211c80319c";
        HttpEnd end{.method = "POST", .route = "/v1/x", .status = 200, .duration = 1s, .trace_id = trace};
        end.request_bytes = 64;
        end.response_bytes = 100'000'000;
        m_metrics->http().started();
        m_metrics->http().finished(end);
        end.status = 404; // sizes do not tell replies apart
        end.request_bytes = 65;
        end.response_bytes = 0;
        m_metrics->http().started();
        m_metrics->http().finished(end);
        const Page page(*m_metrics);
        const Page::Labels route{{"method", "POST"}, {"path", "/v1/x"}, {"endpoint", "/v1/x"}};
        QCOMPARE(page.sum("http_request_size_bytes", route), std::string("2 x 129"));
        QCOMPARE(page.sum("http_response_size_bytes", route), std::string("2 x 100000000"));
        const auto request = page.histogram("http_request_size_bytes", route);
        QCOMPARE(request->buckets.at(0).cumulative, std::uint64_t{1}); // 64
        QCOMPARE(request->buckets.at(1).cumulative, std::uint64_t{2}); // 256
        QCOMPARE(page.histogram("http_response_size_bytes", route)->buckets.at(10).cumulative, std::uint64_t{1});
        auto timed = route;
        timed["status"] = "200";
        const auto duration = page.histogram("http_request_duration_seconds", timed);
        int exemplars = 0;
        for (const auto& bucket : duration->buckets)
            exemplars += bucket.exemplar ? 1 : 0;
        QCOMPARE(exemplars, 1);
    }

    void threadsLoseNothing()
    {
        constexpr int threads = 4;
        constexpr int each = 5000;
        std::vector<std::thread> writers;
        for (int t = 0; t < threads; ++t) {
            writers.emplace_back([this, t] {
                const std::string own = "m" + std::to_string(t);
                for (int i = 0; i < each; ++i) {
                    const ProviderCall one{
                        .provider = "up", .model = i % 2 ? std::string_view(own) : "m1", .operation = "generate"};
                    m_metrics->providers().finished(one, RequestStatus::success, 1ms, std::nullopt, {.prompt = 1}, {});
                }
            });
        }
        for (auto& writer : writers)
            writer.join();
        const Page page(*m_metrics);
        double sum = 0;
        for (int t = 0; t < threads; ++t)
            sum += page.value("provider_tokens_total",
                              {{"provider", "up"}, {"model", "m" + std::to_string(t)}, {"type", "input"}})
                       .value_or(0);
        QCOMPARE(sum, static_cast<double>(threads * each));
    }
};

QTEST_APPLESS_MAIN(TstProviderRecorder)
#include "tst_provider_recorder.moc"
