// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_telemetry.h"
#include "telemetry/request_observation.h"

#include <QtTest>

#include <optional>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

const Target phi4{"ollama", "phi4"};

} // namespace

/// What a RequestObservation puts into its record besides the instants: who asked, what it cost, what went wrong, the gaps.
class TstRequestFacts : public QObject {
    Q_OBJECT

    std::optional<CountingMetrics> m_metrics;
    std::optional<KeptEnds> m_ends;
    std::optional<KeptRecords> m_records;
    std::optional<OnePrice> m_prices;
    std::optional<ManualClock> m_clock;

    RequestObservation begin(bool sampled = false)
    {
        return {Observers{*m_metrics, *m_ends, &*m_prices, *m_records, *m_clock},
                {.route = "/v1/chat/completions",
                 .operation = "chat",
                 .request_id = "req-1",
                 .trace_id = "0af7651916cd43dd8448eb211c80319c",
                 .sampled = sampled}};
    }

    const RequestRecord& theRecord() { return m_records->records.at(0); }

private Q_SLOTS:
    void init()
    {
        m_metrics.emplace();
        m_ends.emplace();
        m_records.emplace();
        m_prices.emplace();
        m_clock.emplace();
    }

    void whatIsKnownFromTheBeginning()
    {
        {
            auto observation = begin(true);
            observation.client("laptop");
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
        QCOMPARE(m_ends->records.at(0).exemplar(), std::string_view());
        QCOMPARE(m_metrics->firsts.at(1).trace, std::string("0af7651916cd43dd8448eb211c80319c"));
        QCOMPARE(m_ends->records.at(1).exemplar(), std::string_view("0af7651916cd43dd8448eb211c80319c"));
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
};

QTEST_APPLESS_MAIN(TstRequestFacts)
#include "tst_request_facts.moc"
