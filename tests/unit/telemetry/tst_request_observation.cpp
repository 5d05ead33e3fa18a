// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_telemetry.h"
#include "telemetry/request_observation.h"

#include <QtTest>

#include <optional>
#include <stdexcept>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

const Target phi4{"ollama", "phi4"};
const Target unknown{"unknown", "unknown"};

} // namespace

Q_DECLARE_METATYPE(tokenscope::llm::Usage)

class TstRequestObservation : public QObject {
    Q_OBJECT

    std::optional<CountingMetrics> m_metrics;
    std::optional<KeptEnds> m_ends;
    std::optional<KeptRecords> m_records;
    std::optional<OnePrice> m_prices;
    std::optional<ManualClock> m_clock;

    RequestObservation begin()
    {
        return {
            Observers{*m_metrics, *m_ends, &*m_prices, *m_records, *m_clock},
            {.route = "/v1/chat/completions", .request_id = "req-1", .trace_id = "0af7651916cd43dd8448eb211c80319c"}};
    }

    const RequestRecord& theRecord() { return m_records->records.at(0); }

    /// What must hold on every path: one end, one record, the same facts in both.
    void endedOnce(const Target& target, RequestStatus status, Nanos total, EndReason reason)
    {
        QCOMPARE(m_ends->records.size(), std::size_t{1});
        QCOMPARE(m_ends->records[0].target, target);
        QCOMPARE(m_ends->records[0].status, status);
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
            QVERIFY(m_ends->records.empty()); // only the destructor ends it
        }
        endedOnce(phi4, RequestStatus::success, 100ms, EndReason::done);
        observedNothingOfAStream();
        QCOMPARE(m_ends->records[0].usage, usage);
        const auto& record = theRecord();
        QCOMPARE(record.usage, usage);
        QCOMPARE(record.request_id, std::string("req-1"));
        QCOMPARE(std::string(record.trace_id), std::string("0af7651916cd43dd8448eb211c80319c"));
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
        QVERIFY(!m_ends->records.at(0).usage.estimated);

        const auto& record = theRecord();
        QVERIFY(record.streamed);
        QCOMPARE(*record.first_event - record.accepted, Nanos(10ms));
        QCOMPARE(*record.ttft(), Nanos(20ms));
        QCOMPARE(*record.first_visible_token - record.accepted, Nanos(80ms));
        QCOMPARE(*record.last_token - record.accepted, Nanos(85ms));
        QCOMPARE(record.stream_tokens, std::uint64_t{5});
        QCOMPARE(record.chunk_count, std::uint64_t{6});
        const auto chunks = *record.chunks.marks();
        QCOMPARE(chunks.size(), std::size_t{6});
        QCOMPARE(chunks[3].bytes, 61U);
        QCOMPARE(chunks[3].tokens, 3U);
        QCOMPARE(chunks[3].at - record.accepted, Nanos(80ms));
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
        QVERIFY(!m_ends->records.at(0).usage.reported());
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
        QVERIFY(!m_ends->records.at(0).usage.reported());
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
        const auto& usage = m_ends->records.at(0).usage;
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
        const auto& usage = m_ends->records.at(0).usage;
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
        QVERIFY(!m_ends->records.at(0).usage.reported());
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
            observation.chunk(1, 2, 2);
            throw std::runtime_error("handler");
        } catch (const std::runtime_error& problem) {
            caught = std::string_view(problem.what()) == "handler";
        }
        QVERIFY(caught);
        QCOMPARE(m_metrics->inters.size(), std::size_t{1});
        QCOMPARE(m_ends->records.size(), std::size_t{1});
        QVERIFY(!m_ends->records[0].cost);
        QCOMPARE(m_records->records.size(), std::size_t{1});
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
        QCOMPARE(m_ends->records.at(0).usage,
                 (llm::Usage{.prompt = 20, .completion = 30, .total = 50, .cached = 4, .reasoning = 0}));
        QCOMPARE(*theRecord().usage_seen - theRecord().accepted, Nanos(10ms));
    }

    void countsThatCannotBeTrueAreNone_data()
    {
        using llm::Usage;
        QTest::addColumn<Usage>("said");
        QTest::addColumn<Usage>("kept");
        const auto row = [](const char* name, const Usage& said, const Usage& kept) {
            QTest::newRow(name) << said << kept;
        };
        row("a total of its own", {.prompt = 1, .completion = 2, .total = 40},
            {.prompt = 1, .completion = 2, .total = 3});
        row("a total of nothing", {.prompt = 1, .completion = 2, .total = 0},
            {.prompt = 1, .completion = 2, .total = 3});
        row("a total alone", {.total = 40}, {.total = 40});
        row("more cached than asked", {.prompt = 5, .cached = 6}, {.prompt = 5});
        row("all of it cached", {.prompt = 5, .cached = 5}, {.prompt = 5, .cached = 5});
        row("more reasoning than output", {.completion = 3, .reasoning = 777}, {.completion = 3});
        row("more written to the cache than asked", {.prompt = 5, .cache_creation = 6}, {.prompt = 5});
        row("as large as a number can be", {.prompt = UINT64_MAX, .completion = 1}, {.completion = 1});
        row("all of them", {.prompt = UINT64_MAX, .completion = UINT64_MAX, .total = UINT64_MAX}, {});
    }

    void countsThatCannotBeTrueAreNone()
    {
        QFETCH(llm::Usage, said);
        QFETCH(llm::Usage, kept);
        {
            auto observation = begin();
            observation.usage(said);
        }
        QVERIFY(m_ends->records.at(0).usage == kept);
    }

    void namesThatClientsMakeUpAreCut()
    {
        const std::string plain(256, 'm');
        std::string longer(100'000, 'm');
        for (std::size_t i = 0; i + 1 < longer.size(); i += 2) // every other byte begins a character
            longer.replace(i, 2, "\xC3\xA4");
        {
            auto observation = begin();
            observation.parsed(longer, false);
            observation.routed({"demo", longer});
            observation.response_facts(longer, plain);
        }
        const auto& record = theRecord();
        for (const auto& name : {record.requested_model, record.target.model, record.response_model}) {
            QVERIFY2(name.size() <= 256, qPrintable(QString::number(name.size())));
            QVERIFY(name.ends_with("\xC3\xA4…")); // at a whole character
        }
        QCOMPARE(record.finish_reason, plain); // just fits
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
        QCOMPARE(m_ends->records.at(0).target, phi4);
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
        QCOMPARE(theRecord().chunks.marks()->size(), std::size_t{4096});
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
        QCOMPARE(theRecord().chunks.marks()->at(0).bytes, UINT32_MAX);
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
