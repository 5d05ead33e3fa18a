// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_observation.h"

#include <QtTest>

#include <new>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

struct CountingMetrics final : TokenMetrics {
    struct First {
        Target target;
        Nanos latency;
        std::string trace;
    };
    struct Inter {
        Target target;
        Nanos gap;
        std::uint32_t tokens;
    };
    struct Used {
        Target target;
        llm::Usage usage;
    };
    struct Finished {
        Target target;
        RequestStatus status;
        Nanos total;
        std::string trace;
    };
    std::vector<First> firsts;
    std::vector<Inter> inters;
    std::vector<Used> usages;
    std::vector<Finished> ends;
    bool failing = false;

    void first_token(const Target& target, Nanos latency, std::string_view trace) override
    {
        firsts.push_back({target, latency, std::string(trace)});
    }
    void inter_token(const Target& target, Nanos gap, std::uint32_t tokens) override
    {
        inters.push_back({target, gap, tokens});
    }
    void usage(const Target& target, const llm::Usage& usage) override
    {
        usages.push_back({target, usage});
        fail_if_told();
    }
    void finished(const Target& target, RequestStatus status, Nanos total, std::string_view trace) override
    {
        ends.push_back({target, status, total, std::string(trace)});
        fail_if_told();
    }
    void fail_if_told() const
    {
        if (failing)
            throw std::bad_alloc();
    }
};

struct KeptEnds final : RequestMetrics {
    std::vector<RequestRecord> records;
    bool failing = false;
    void finished(const RequestRecord& record) override
    {
        records.push_back(record);
        if (failing)
            throw std::bad_alloc();
    }
};

struct OnePrice final : Pricing {
    mutable int asked = 0;
    bool failing = false;
    std::optional<Cost> cost_of(const Target& target, const llm::Usage& usage) const override
    {
        ++asked;
        if (failing)
            throw std::runtime_error("prices");
        if (target.model != "phi4" || !usage.completion)
            return std::nullopt;
        return Cost{.amount = 0.25 * static_cast<double>(*usage.completion), .currency = "EUR"};
    }
};

struct KeptRecords final : RecordSink {
    std::vector<RequestRecord> records;
    bool failing = false;
    void publish(RequestRecord record) override
    {
        records.push_back(std::move(record));
        if (failing)
            throw std::runtime_error("sink");
    }
};

const Target phi4{"ollama", "phi4"};
const Target unknown{"unknown", "unknown"};

} // namespace

class TstRequestObservation : public QObject {
    Q_OBJECT

    std::optional<CountingMetrics> m_metrics;
    std::optional<KeptEnds> m_ends;
    std::optional<KeptRecords> m_records;
    std::optional<OnePrice> m_prices;
    std::optional<ManualClock> m_clock;

    RequestObservation begin()
    {
        return begin(false);
    }

    RequestObservation begin(bool sampled)
    {
        return {Observers{*m_metrics, *m_ends, &*m_prices, *m_records, *m_clock},
                {.route = "/v1/chat/completions",
                 .operation = "chat",
                 .request_id = "req-1",
                 .trace_id = "0af7651916cd43dd8448eb211c80319c",
                 .sampled = sampled,
                 .client = "laptop"}};
    }

    const RequestRecord& theRecord() { return m_records->records.at(0); }

    /// What must hold on every path: one end, one record, the same facts in both.
    void endedOnce(const Target& target, RequestStatus status, Nanos total, EndReason reason)
    {
        QCOMPARE(m_metrics->ends.size(), std::size_t{1});
        QCOMPARE(m_metrics->ends[0].target, target);
        QCOMPARE(m_metrics->ends[0].status, status);
        QCOMPARE(m_metrics->ends[0].total, total);
        QCOMPARE(m_ends->records.size(), std::size_t{1});
        QCOMPARE(m_ends->records[0].target, target);
        QCOMPARE(m_ends->records[0].total(), total);
        QCOMPARE(m_ends->records[0].end_reason, reason);
        QCOMPARE(m_ends->records[0].error_type.empty(), status == RequestStatus::success);
        QCOMPARE(m_records->records.size(), std::size_t{1});
        QCOMPARE(theRecord().target, target);
        QCOMPARE(theRecord().status, status);
        QCOMPARE(theRecord().total(), total);
        QCOMPARE(theRecord().end_reason, reason);
        QCOMPARE(theRecord().error.empty(), status == RequestStatus::success);
    }

    void observedNothingOfAStream()
    {
        QVERIFY(m_metrics->firsts.empty());
        QVERIFY(m_metrics->inters.empty());
        QVERIFY(!theRecord().ttft());
    }

private Q_SLOTS:
    void init()
    {
        m_metrics.emplace();
        m_ends.emplace();
        m_records.emplace();
        m_prices.emplace();
        m_clock.emplace();
    }

    void success()
    {
        const auto accepted = m_clock->now();
        const auto wall = m_clock->wall();
        const llm::Usage usage{.prompt = 12, .completion = 5, .total = 17, .cached = 0};
        {
            auto observation = begin();
            m_clock->advance(1ms);
            observation.parsed("phi4", false);
            observation.routed(phi4);
            m_clock->advance(1ms);
            observation.queued();
            m_clock->advance(3ms);
            observation.dequeued();
            m_clock->advance(1ms);
            observation.connected();
            observation.sent();
            m_clock->advance(94ms);
            observation.first_byte();
            observation.usage(usage);
            observation.response_facts("phi4:latest", "stop");
            observation.http_status(200);
            observation.succeed();
            QVERIFY(m_metrics->ends.empty()); // only the destructor ends it
        }
        endedOnce(phi4, RequestStatus::success, 100ms, EndReason::done);
        observedNothingOfAStream();
        QCOMPARE(m_metrics->usages.size(), std::size_t{1});
        QCOMPARE(m_metrics->usages[0].target, phi4);
        QCOMPARE(m_metrics->usages[0].usage, usage);
        const auto& record = theRecord();
        QCOMPARE(record.usage, usage);
        QCOMPARE(record.request_id, std::string("req-1"));
        QCOMPARE(record.trace_id, std::string("0af7651916cd43dd8448eb211c80319c"));
        QCOMPARE(record.route, std::string("/v1/chat/completions"));
        QCOMPARE(record.requested_model, std::string("phi4"));
        QCOMPARE(record.response_model, std::string("phi4:latest"));
        QCOMPARE(record.finish_reason, std::string("stop"));
        QCOMPARE(record.http_status, 200U);
        QVERIFY(!record.streamed);
        QCOMPARE(record.started, wall);
        QCOMPARE(record.accepted, accepted);
        QCOMPARE(*record.parsed - accepted, Nanos(1ms));
        QCOMPARE(*record.queued - accepted, Nanos(2ms));
        QCOMPARE(*record.dequeued - accepted, Nanos(5ms));
        QCOMPARE(*record.sent - accepted, Nanos(6ms));
        QCOMPARE(*record.first_byte - accepted, Nanos(100ms));
        QCOMPARE(*record.usage_seen - accepted, Nanos(100ms));
        QCOMPARE(record.ended - accepted, Nanos(100ms));
    }

    void streamedSuccess()
    {
        {
            auto observation = begin();
            observation.parsed("phi4", true);
            observation.routed(phi4);
            QVERIFY(!observation.streaming_began());
            m_clock->advance(10ms);
            observation.chunk(50, 0, 0); // role only: no token
            QVERIFY(observation.streaming_began());
            m_clock->advance(10ms);
            observation.chunk(60, 1, 0); // reasoning: the first token, not yet visible
            m_clock->advance(30ms);
            observation.chunk(0, 0, 0); // keep-alive: does not end the gap
            m_clock->advance(30ms);
            observation.chunk(61, 3, 3);
            m_clock->advance(5ms);
            observation.chunk(62, 1, 1);
            m_clock->advance(15ms);
            observation.chunk(99, 0, 0); // usage
            observation.usage({.prompt = 7, .completion = 5, .total = 12});
            observation.succeed();
        }
        endedOnce(phi4, RequestStatus::success, 100ms, EndReason::done);
        QCOMPARE(m_metrics->firsts.size(), std::size_t{1});
        QCOMPARE(m_metrics->firsts[0].target, phi4);
        QCOMPARE(m_metrics->firsts[0].latency, Nanos(20ms));
        QCOMPARE(m_metrics->inters.size(), std::size_t{2});
        QCOMPARE(m_metrics->inters[0].gap, Nanos(60ms));
        QCOMPARE(m_metrics->inters[0].tokens, 3U);
        QCOMPARE(m_metrics->inters[1].gap, Nanos(5ms));
        QCOMPARE(m_metrics->inters[1].tokens, 1U);
        QCOMPARE(m_metrics->usages.size(), std::size_t{1});
        QVERIFY(!m_metrics->usages[0].usage.estimated);

        const auto& record = theRecord();
        QVERIFY(record.streamed);
        QCOMPARE(*record.first_event - record.accepted, Nanos(10ms));
        QCOMPARE(*record.ttft(), Nanos(20ms));
        QCOMPARE(*record.first_visible_token - record.accepted, Nanos(80ms));
        QCOMPARE(*record.last_token - record.accepted, Nanos(85ms));
        QCOMPARE(record.stream_tokens, std::uint64_t{5});
        QCOMPARE(record.chunk_count, std::uint64_t{6});
        QCOMPARE(record.chunks.size(), std::size_t{6});
        QCOMPARE(record.chunks[3].bytes, 61U);
        QCOMPARE(record.chunks[3].tokens, 3U);
        QCOMPARE(record.chunks[3].at - record.accepted, Nanos(80ms));
    }

    void errorBeforeTheModelIsKnown()
    {
        {
            auto observation = begin();
            m_clock->advance(2ms);
            observation.http_status(400);
            observation.fail(EndReason::rejected, "The body is not JSON (at byte 3).");
        }
        endedOnce(unknown, RequestStatus::error, 2ms, EndReason::rejected);
        observedNothingOfAStream();
        QVERIFY(m_metrics->usages.empty());
        QCOMPARE(theRecord().error, std::string("The body is not JSON (at byte 3)."));
        QVERIFY(!theRecord().parsed);
    }

    void nobodySaidHowItEnded()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
            m_clock->advance(2ms);
        }
        endedOnce(phi4, RequestStatus::error, 2ms, EndReason::error);
    }

    void upstreamError()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
            observation.sent();
            m_clock->advance(40ms);
            observation.http_status(502);
            observation.fail(EndReason::upstream_error, "The upstream closed the connection.");
        }
        endedOnce(phi4, RequestStatus::error, 40ms, EndReason::upstream_error);
        observedNothingOfAStream();
        QVERIFY(m_metrics->usages.empty());
    }

    void clientGoneMidStream()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
            m_clock->advance(10ms);
            observation.chunk(10, 1, 1);
            m_clock->advance(10ms);
            observation.chunk(10, 4, 4);
            observation.http_status(499);
            observation.fail(EndReason::client_gone, "The client closed the connection.");
        }
        endedOnce(phi4, RequestStatus::error, 20ms, EndReason::client_gone);
        QCOMPARE(m_metrics->firsts.size(), std::size_t{1});
        QCOMPARE(m_metrics->inters.size(), std::size_t{1});
        QCOMPARE(m_metrics->usages.size(), std::size_t{1});
        const auto& usage = m_metrics->usages[0].usage;
        QCOMPARE(usage.completion, std::optional<std::uint64_t>(5));
        QVERIFY(usage.estimated);
        QVERIFY(!usage.prompt); // nobody told: absent, not 0
        QVERIFY(!usage.total);
        QCOMPARE(theRecord().usage, usage);
        QVERIFY(!theRecord().usage_seen);
        QCOMPARE(theRecord().http_status, 499U);
    }

    void clientGoneAfterThePromptWasReported()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
            observation.usage({.prompt = 9});
            observation.chunk(10, 2, 2);
            observation.fail(EndReason::client_gone, "The client closed the connection.");
        }
        const auto& usage = m_metrics->usages.at(0).usage;
        QCOMPARE(usage, (llm::Usage{.prompt = 9, .completion = 2, .total = 11, .estimated = true}));
    }

    void streamWithoutATokenInventsNoUsage()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
            observation.chunk(10, 0, 0);
            observation.fail(EndReason::client_gone, "The client closed the connection.");
        }
        QVERIFY(m_metrics->usages.empty());
        observedNothingOfAStream();
        QVERIFY(!theRecord().usage.reported());
    }

    void inStreamError()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
            observation.http_status(200);
            m_clock->advance(10ms);
            observation.chunk(10, 1, 1);
            m_clock->advance(10ms);
            observation.succeed();                                                        // said too early ...
            observation.fail(EndReason::in_stream_error, "The model ran out of memory."); // ... and taken back
            observation.succeed();
            observation.fail(EndReason::client_gone, "Later calls change nothing.");
        }
        endedOnce(phi4, RequestStatus::error, 20ms, EndReason::in_stream_error);
        QCOMPARE(theRecord().error, std::string("The model ran out of memory."));
        QCOMPARE(theRecord().http_status, 200U);
        QVERIFY(theRecord().usage.estimated);
    }

    void exceptionUnwinding()
    {
        bool caught = false;
        try {
            auto observation = begin();
            observation.routed(phi4);
            m_clock->advance(3ms);
            throw std::runtime_error("handler");
        } catch (const std::runtime_error& problem) {
            caught = std::string_view(problem.what()) == "handler";
        }
        QVERIFY(caught);
        endedOnce(phi4, RequestStatus::error, 3ms, EndReason::error);
    }

    void throwingHooksWhileUnwinding()
    {
        m_metrics->failing = true;
        m_ends->failing = true;
        m_prices->failing = true;
        m_records->failing = true;
        bool caught = false;
        try {
            auto observation = begin();
            observation.chunk(1, 1, 1);
            throw std::runtime_error("handler");
        } catch (const std::runtime_error& problem) {
            caught = std::string_view(problem.what()) == "handler";
        }
        QVERIFY(caught);
        QCOMPARE(m_metrics->usages.size(), std::size_t{1});
        QCOMPARE(m_metrics->ends.size(), std::size_t{1});
        QCOMPARE(m_ends->records.size(), std::size_t{1});
        QVERIFY(!m_ends->records[0].cost);
        QCOMPARE(m_records->records.size(), std::size_t{1});
    }

    void whatIsKnownFromTheBeginning()
    {
        {
            const auto observation = begin(true);
        }
        const auto& record = theRecord();
        QCOMPARE(record.operation, std::string_view("chat"));
        QCOMPARE(record.client, std::string("laptop"));
        QVERIFY(record.sampled);
        QVERIFY(record.genai_provider.empty());
    }

    void theCostIsAskedForOnceAndOnlyOfTokens()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
        }
        QCOMPARE(m_prices->asked, 0); // a request without tokens has no price, not even 0
        QVERIFY(!m_records->records.at(0).cost);
        {
            auto observation = begin();
            observation.routed(phi4);
            observation.chunk(1, 3, 3); // counted by us
            observation.succeed();
        }
        QCOMPARE(m_prices->asked, 1);
        QCOMPARE(m_ends->records.at(1).cost, std::optional<Cost>({.amount = 0.75, .currency = "EUR"}));
        QCOMPARE(m_records->records.at(1).cost, m_ends->records.at(1).cost);
        {
            auto observation = begin();
            observation.usage({.completion = 3});
        }
        QVERIFY(!m_records->records.at(2).cost); // an unknown model is not free
        {
            RequestObservation observation({*m_metrics, *m_ends, nullptr, *m_records, *m_clock}, {});
            observation.usage({.completion = 3});
        }
        QVERIFY(!m_records->records.at(3).cost);
        QCOMPARE(m_ends->records.size(), std::size_t{4});
    }

    void onlySampledTracesAreShownBesideLatencies()
    {
        for (const bool sampled : {false, true}) {
            auto observation = begin(sampled);
            observation.chunk(1, 1, 1);
        }
        QCOMPARE(m_metrics->firsts.at(0).trace, std::string());
        QCOMPARE(m_metrics->ends.at(0).trace, std::string());
        QCOMPARE(m_metrics->firsts.at(1).trace, std::string("0af7651916cd43dd8448eb211c80319c"));
        QCOMPARE(m_metrics->ends.at(1).trace, std::string("0af7651916cd43dd8448eb211c80319c"));
    }

    void errorTypes_data()
    {
        QTest::addColumn<int>("reason"); // -1: nobody said anything
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QByteArray>("kept");
        const auto row = [](const char* name, int reason, const char* said, const char* kept) {
            QTest::newRow(name) << reason << QByteArray(said) << QByteArray(kept);
        };
        row("nothing said", -1, "", "error");
        row("the reason", static_cast<int>(EndReason::timeout), "", "timeout");
        row("more than the reason", static_cast<int>(EndReason::upstream_error), "upstream_5xx", "upstream_5xx");
    }

    void errorTypes()
    {
        QFETCH(int, reason);
        QFETCH(QByteArray, said);
        QFETCH(QByteArray, kept);
        const auto literal = said.toStdString();
        {
            auto observation = begin();
            observation.succeed(); // undone by a failure that follows
            if (reason >= 0)
                observation.fail(static_cast<EndReason>(reason), "What happened.", literal);
        }
        QCOMPARE(theRecord().error_type, reason < 0 ? std::string_view() : std::string_view(kept.toStdString()));
        if (reason >= 0)
            return;
        {
            const auto observation = begin();
        }
        QCOMPARE(m_records->records.at(1).error_type, std::string_view("error"));
    }

    void theProvidersNameForOpenTelemetry()
    {
        {
            auto observation = begin();
            observation.routed(phi4);
        }
        {
            auto observation = begin();
            observation.routed(phi4);
            observation.routed({"work", "gpt-5"}, "openai"); // a fallback
        }
        QCOMPARE(theRecord().genai_provider, std::string("ollama"));
        QCOMPARE(m_records->records.at(1).genai_provider, std::string("openai"));
    }

    void gapsOfAllChunksAreCounted()
    {
        {
            auto observation = begin();
            m_clock->advance(3s); // before the first chunk there is no gap
            observation.chunk(1, 0, 0);
            observation.chunk(1, 1, 1);
            m_clock->advance(10ms);
            observation.chunk(1, 0, 0);
            m_clock->advance(10ms + 1ns);
            observation.chunk(1, 2, 0);
            m_clock->advance(11min);
            observation.chunk(1, 0, 0);
            for (int i = 0; i < 5000; ++i) {
                m_clock->advance(1s);
                observation.chunk(1, 0, 0);
            }
        }
        const auto& gaps = theRecord().chunk_gaps;
        QCOMPARE(gaps.counts[0], 2U); // 0 and 10 ms: bounds are inclusive
        QCOMPARE(gaps.counts[1], 1U);
        QCOMPARE(gaps.counts[7], 5000U); // 1.28 s; more chunks than there are marks
        QCOMPARE(gaps.counts.back(), 1U);
        QCOMPARE(gaps.sum, Nanos(20ms + 1ns + 11min + 5000s));
        QCOMPARE(*theRecord().last_event, theRecord().ended);
    }

    void theEndOfTheLastCallIsKept()
    {
        {
            auto observation = begin();
            observation.attempt();
            m_clock->advance(1ms);
            observation.attempt_ended();
            observation.attempt();
            m_clock->advance(1ms);
            observation.attempt_ended();
            m_clock->advance(1ms);
        }
        QCOMPARE(theRecord().attempts, 2U);
        QCOMPARE(*theRecord().provider_ended - theRecord().accepted, Nanos(2ms));
        {
            const auto observation = begin();
        }
        QVERIFY(!m_records->records.at(1).provider_ended);
    }

    void lastUsageOfEachKindCounts()
    {
        {
            auto observation = begin();
            m_clock->advance(5ms);
            observation.usage({}); // says nothing
            m_clock->advance(5ms);
            observation.usage({.prompt = 20, .completion = 1, .cached = 4});
            m_clock->advance(5ms);
            observation.usage({.completion = 30, .reasoning = 0}); // cumulative: replaces 1, keeps the prompt
            observation.succeed();
        }
        QCOMPARE(m_metrics->usages.size(), std::size_t{1});
        QCOMPARE(m_metrics->usages[0].usage,
                 (llm::Usage{.prompt = 20, .completion = 30, .total = 50, .cached = 4, .reasoning = 0}));
        QCOMPARE(*theRecord().usage_seen - theRecord().accepted, Nanos(10ms));
    }

    void aReportedTotalIsNotRecomputed()
    {
        {
            auto observation = begin();
            observation.usage({.prompt = 1, .completion = 2, .total = 40});
        }
        QCOMPARE(m_metrics->usages.at(0).usage.total, std::optional<std::uint64_t>(40));
    }

    void hooksUseTheTargetKnownAtThatTime()
    {
        {
            auto observation = begin();
            observation.chunk(1, 1, 1);
            observation.routed(phi4);
            observation.chunk(1, 1, 1);
        }
        QCOMPARE(m_metrics->firsts.at(0).target, unknown);
        QCOMPARE(m_metrics->inters.at(0).target, phi4);
        QCOMPARE(m_metrics->ends.at(0).target, phi4);
    }

    void aRetryMovesConnectedAndSentOnly()
    {
        {
            auto observation = begin();
            const auto every = [&] {
                observation.parsed("phi4", true);
                observation.queued();
                observation.dequeued();
                observation.connected();
                observation.sent();
                observation.first_byte();
            };
            m_clock->advance(1ms);
            every();
            m_clock->advance(1ms);
            every();
        }
        const auto& record = theRecord();
        for (const auto& kept : {record.parsed, record.queued, record.dequeued, record.first_byte})
            QCOMPARE(*kept - record.accepted, Nanos(1ms));
        for (const auto& moved : {record.connected, record.sent})
            QCOMPARE(*moved - record.accepted, Nanos(2ms));
    }

    void aVeryLongStreamKeepsItsFirstMarks()
    {
        {
            auto observation = begin();
            for (int i = 0; i < 5000; ++i)
                observation.chunk(1, 1, 1);
            observation.chunk(std::size_t{1} << 40, 0, 0);
        }
        QCOMPARE(theRecord().chunks.size(), std::size_t{4096});
        QCOMPARE(theRecord().chunk_count, std::uint64_t{5001});
        QCOMPARE(theRecord().stream_tokens, std::uint64_t{5000});
        QCOMPARE(m_metrics->inters.size(), std::size_t{4999});
    }

    void aHugeChunkDoesNotWrapItsSize()
    {
        {
            auto observation = begin();
            observation.chunk((std::size_t{1} << 32) + 1, 0, 0);
        }
        QCOMPARE(theRecord().chunks.at(0).bytes, UINT32_MAX);
    }

    void emptyFactsDoNotEraseKnownOnes()
    {
        {
            auto observation = begin();
            observation.response_facts("phi4:latest", "");
            observation.response_facts("", "length");
        }
        QCOMPARE(theRecord().response_model, std::string("phi4:latest"));
        QCOMPARE(theRecord().finish_reason, std::string("length"));
    }

    void endReasonsHaveStableNames()
    {
        QCOMPARE(to_string(EndReason::done), std::string_view("done"));
        QCOMPARE(to_string(EndReason::client_gone), std::string_view("client_gone"));
        QCOMPARE(to_string(EndReason::upstream_error), std::string_view("upstream_error"));
        QCOMPARE(to_string(EndReason::in_stream_error), std::string_view("in_stream_error"));
        QCOMPARE(to_string(EndReason::timeout), std::string_view("timeout"));
        QCOMPARE(to_string(EndReason::rejected), std::string_view("rejected"));
        QCOMPARE(to_string(EndReason::error), std::string_view("error"));
    }
};

QTEST_APPLESS_MAIN(TstRequestObservation)
#include "tst_request_observation.moc"
