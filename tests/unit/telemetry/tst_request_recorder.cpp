// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "page.h"

#include <QtTest>

#include <limits>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;
using test::Page;

namespace {

const Instant start{1h};

/// Accepted, parsed after 2 ms, queued after 3, let in after 10, connected after 11, left by its provider after 90, ended
/// after 100.
RequestRecord ordinary()
{
    RequestRecord record{.target = {"up", "m1"}, .status = RequestStatus::success, .accepted = start, .attempts = 1};
    record.parsed = start + 2ms;
    record.queued = start + 3ms;
    record.dequeued = start + 10ms;
    record.connected = start + 11ms;
    record.provider_ended = start + 90ms;
    record.ended = start + 100ms;
    return record;
}

std::string part(const Page& page, const char* stage)
{
    return page.sum("tokenscope_overhead_seconds", {{"stage", stage}});
}

} // namespace

/// What is measured of single requests in the families D and F.
class TstRequestRecorder : public QObject {
    Q_OBJECT

    std::optional<Metrics> m_metrics;

private Q_SLOTS:
    void init() { m_metrics.emplace(BuildInfo{"1", ""}); }

    void anOrdinaryRequest()
    {
        m_metrics->requests().finished(ordinary());
        const Page page(*m_metrics);
        QCOMPARE(page.value("request_count_total"), std::optional(1.0));
        QCOMPARE(page.sum("request_latency_seconds"), std::string("1 x 0.1"));
        QCOMPARE(page.sum("queue_wait_latency_seconds"), std::string("1 x 0.007"));
        QCOMPARE(page.sum("model_queue_wait_latency_seconds"), std::string("1 x 0.007"));
        QCOMPARE(page.sum("overhead_latency_seconds"), std::string("1 x 0.013")); // 3 before the queue, 10 at the end
        QCOMPARE(part(page, "parse"), std::string("1 x 0.002"));
        QCOMPARE(part(page, "queue"), std::string("1 x 0.007"));
        QCOMPARE(part(page, "connect"), std::string("1 x 0.001"));
        QCOMPARE(part(page, "relay"), std::string("1 x 0.01"));
    }

    void whatNobodyMeasuredIsAbsent()
    {
        m_metrics->requests().finished(ordinary());
        const Page page(*m_metrics);
        for (const auto* name :
             {"tokenization_latency_seconds", "inference_latency_seconds", "tokenizer_queue_wait_latency_seconds",
              "mp_queue_send_latency_seconds", "mp_queue_receive_latency_seconds", "grpc_serialize_latency_seconds",
              "grpc_deserialize_latency_seconds", "scheduler_latency_seconds", "pipeline_overhead_latency_seconds",
              "tokenscope_cost_total"})
            QVERIFY2(page.series(name) == 0, name);
    }

    void aRefusalIsCountedAndMeasuresNothingElse()
    {
        RequestRecord record{.accepted = start, .ended = start + 1ms};
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.value("request_count_total"), std::optional(1.0));
        QCOMPARE(page.sum("request_latency_seconds"), std::string("1 x 0.001"));
        for (const auto* name : {"queue_wait_latency_seconds", "model_queue_wait_latency_seconds",
                                 "overhead_latency_seconds", "tokenscope_overhead_seconds"})
            QVERIFY2(page.series(name) == 0, name);
    }

    void aRequestThatLeftTheQueueWithoutASlotDidNotWaitForOne()
    {
        auto record = ordinary();
        record.dequeued.reset();
        record.connected.reset();
        record.provider_ended.reset();
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.sum("queue_wait_latency_seconds"), std::string("absent"));
        QCOMPARE(page.sum("overhead_latency_seconds"), std::string("absent"));
        QCOMPARE(part(page, "parse"), std::string("1 x 0.002"));
        QCOMPARE(part(page, "queue"), std::string("absent"));
    }

    void everyStageHasItsHistogram()
    {
        auto record = ordinary();
        for (std::size_t i = 0; i < stage_count; ++i)
            record.stages[i] = (i + 1) * 1ms;
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        const auto of = [&page](const char* name) { return page.sum(std::string(name) + "_latency_seconds"); };
        QCOMPARE(of("tokenizer_queue_wait"), std::string("1 x 0.001"));
        QCOMPARE(of("tokenization"), std::string("1 x 0.002"));
        QCOMPARE(of("model_queue_wait"), std::string("1 x 0.01")); // 3 in the engine, 7 for a slot
        QCOMPARE(of("scheduler"), std::string("1 x 0.004"));
        QCOMPARE(of("inference"), std::string("1 x 0.005"));
        QCOMPARE(of("mp_queue_send"), std::string("1 x 0.006"));
        QCOMPARE(of("mp_queue_receive"), std::string("1 x 0.007"));
        QCOMPARE(of("grpc_deserialize"), std::string("1 x 0.008"));
        QCOMPARE(of("grpc_serialize"), std::string("1 x 0.009"));
        QCOMPARE(of("pipeline_overhead"), std::string("1 x 0.01"));
        QCOMPARE(of("queue_wait"), std::string("1 x 0.011")); // 10, and 1 for a tokenizer worker
    }

    void aStageOfNoTimeIsMeasured()
    {
        auto record = ordinary();
        record.stages[static_cast<std::size_t>(Stage::scheduler)] = 0ns;
        m_metrics->requests().finished(record);
        QCOMPARE(Page(*m_metrics).sum("scheduler_latency_seconds"), std::string("1 x 0"));
    }

    void retriesAreNoConnectingTime()
    {
        auto record = ordinary();
        record.attempts = 3;
        record.connected = start + 80ms; // the last attempt's
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(part(page, "connect"), std::string("absent"));
        QCOMPARE(part(page, "queue"), std::string("1 x 0.007"));
    }

    void instantsOutOfOrderAreNotObserved()
    {
        auto record = ordinary();
        record.connected = start + 5ms; // on a connection that was there before its slot
        record.provider_ended = start + 200ms;
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(part(page, "connect"), std::string("absent"));
        QCOMPARE(part(page, "relay"), std::string("absent"));
        QCOMPARE(page.sum("overhead_latency_seconds"), std::string("absent"));
    }

    void stageBuckets()
    {
        auto record = ordinary();
        record.ended = start + 75ms;
        record.provider_ended.reset();
        m_metrics->requests().finished(record);
        record.ended = start + 75ms + 1ns;
        m_metrics->requests().finished(record);
        record.ended = start + 11s;
        m_metrics->requests().finished(record);
        const auto latency = Page(*m_metrics).histogram("request_latency_seconds");
        QVERIFY(latency);
        const auto up_to = [&](double bound) {
            for (const auto& bucket : latency->buckets)
                if (bucket.upper_bound == bound)
                    return static_cast<int>(bucket.cumulative);
            return -1;
        };
        QCOMPARE(up_to(.05), 0);
        QCOMPARE(up_to(.075), 1);
        QCOMPARE(up_to(.1), 2);
        QCOMPARE(up_to(10), 2);
        QCOMPARE(up_to(std::numeric_limits<double>::infinity()), 3);
    }

    void costs()
    {
        auto record = ordinary();
        const auto ask = [&](double amount, const char* currency) {
            record.cost = Cost{.amount = amount, .currency = currency};
            m_metrics->requests().finished(record);
        };
        ask(0.25, "USD");
        ask(0.5, "USD");
        ask(0, "EUR"); // free, which is a price
        ask(-1, "USD");
        ask(std::numeric_limits<double>::infinity(), "USD");
        ask(std::numeric_limits<double>::quiet_NaN(), "GBP");
        const Page page(*m_metrics);
        const auto cost = [&](const char* currency) {
            return page.value("tokenscope_cost_total", {{"provider", "up"}, {"model", "m1"}, {"currency", currency}});
        };
        QCOMPARE(cost("USD"), std::optional(0.75));
        QCOMPARE(cost("EUR"), std::optional(0.0));
        QCOMPARE(cost("GBP"), std::optional<double>());
    }
};

QTEST_APPLESS_MAIN(TstRequestRecorder)
#include "tst_request_recorder.moc"
