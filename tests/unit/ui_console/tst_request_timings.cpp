// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/record_json.h"
#include "models/request_facts.h"
#include "models/request_timings.h"
#include "telemetry/filter/request_filter.h"
#include "recorded_requests.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;

namespace {

telemetry::RequestRecord blank()
{
    telemetry::RequestRecord record;
    record.accepted = Instant(1h);
    record.ended = record.accepted;
    return record;
}

/// "Reading 1, Queue 12": in milliseconds.
QString textOf(const std::vector<RequestPhase>& phases)
{
    QStringList out;
    for (const auto& phase : phases)
        out << phaseName(phase.kind) + QLatin1Char(' ') + QString::number(std::round((phase.to - phase.from) * 1000));
    return out.join(QStringLiteral(", "));
}

QString value(const std::vector<Timing>& rows, const char* name)
{
    for (const auto& row : rows) {
        if (row.name == QString::fromUtf8(name))
            return row.value;
    }
    return QStringLiteral("no such row");
}

QString fact(const telemetry::RequestRecord& record, const char* label)
{
    for (const auto& group : factsOf(record)) {
        for (const auto& shown : group.facts) {
            if (shown.label == QString::fromUtf8(label))
                return shown.value;
        }
    }
    return QStringLiteral("no such fact");
}

telemetry::RequestRecord streamOf(const std::vector<std::pair<int, std::uint32_t>>& chunks)
{
    auto record = blank();
    record.streamed = true;
    for (const auto& [ms, tokens] : chunks) {
        const auto at = record.accepted + std::chrono::milliseconds(ms);
        record.chunks.add({at, 10, tokens});
        if (tokens > 0) {
            record.first_token = record.first_token.value_or(at);
            record.last_token = at;
            record.stream_tokens += tokens;
        }
        record.ended = at;
    }
    record.chunk_count = record.chunks.marks()->size();
    return record;
}

} // namespace

class TestRequestTimings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWholeRequestHasNoHoles()
    {
        test::RequestSamples samples;
        const auto record = samples.run({});
        const auto phases = phasesOf(*record);
        QVERIFY2(textOf(phases).startsWith(QStringLiteral("Reading 1, Queue 12, Connect 2, Sending 1, First token ")),
                 qPrintable(textOf(phases)));
        QVERIFY2(textOf(phases).endsWith(QStringLiteral("Tail 4")), qPrintable(textOf(phases)));
        QCOMPARE(phases.front().from, 0.0);
        for (std::size_t i = 1; i < phases.size(); ++i)
            QCOMPARE(phases[i].from, phases[i - 1].to);
        QCOMPARE(phases.back().to, seconds(record->total()));
    }

    void aFailedRequestEndsWhereItStopped()
    {
        auto record = blank();
        record.ended = record.accepted + 5ms;
        QCOMPARE(textOf(phasesOf(record)), QStringLiteral("Reading 5"));
        record.parsed = record.accepted + 1ms;
        QCOMPARE(textOf(phasesOf(record)), QStringLiteral("Reading 1, Preparing 4"));
        record.queued = record.parsed;
        QCOMPARE(textOf(phasesOf(record)), QStringLiteral("Reading 1, Queue 4"));
        record.queued.reset();
        record.connected = record.accepted + 3ms;
        record.sent = record.accepted + 3ms;
        QCOMPARE(textOf(phasesOf(record)), QStringLiteral("Reading 1, Connect 2, First token 2"));
        record.first_byte = record.accepted + 4ms;
        QCOMPARE(textOf(phasesOf(record)), QStringLiteral("Reading 1, Connect 2, First token 1, Receiving 1"));
        QCOMPARE(textOf(phasesOf(blank())), QString());
    }

    void aRetryThatMovedInstantsBackGivesNoNegativePhase()
    {
        auto record = blank();
        record.parsed = record.accepted + 9ms;
        record.connected = record.accepted + 2ms;
        record.sent = record.accepted + 1ms;
        record.ended = record.accepted + 4ms;
        for (const auto& phase : phasesOf(record))
            QVERIFY(phase.to > phase.from);
    }

    void gapsFollowTheirDefinitions()
    {
        // 1 + 1 + 2 tokens, then one chunk without any.
        const auto record = streamOf({{100, 1}, {140, 1}, {200, 2}, {210, 0}});
        const auto tokens = tokenGaps(record);
        QVERIFY(tokens);
        QVERIFY(std::abs(tokens->mean - 0.1 / 3) < 1e-12); // = (last - first) / (n - 1)
        QVERIFY(std::abs(tokens->longest - 0.04) < 1e-12);
        QVERIFY(std::abs(tokens->p95 - 0.04) < 1e-12);
        const auto chunks = chunkGaps(record);
        QVERIFY(chunks);
        QVERIFY(std::abs(chunks->longest - 0.06) < 1e-12);
        QVERIFY(std::abs(chunks->mean - 0.11 / 3) < 1e-12);
        // Two tokens that came at once had no gap between them.
        const auto atOnce = tokenGaps(streamOf({{100, 2}}));
        QVERIFY(atOnce);
        QCOMPARE(atOnce->longest, 0.0);
        QVERIFY(!tokenGaps(streamOf({{100, 1}})));
        QVERIFY(!chunkGaps(streamOf({{100, 1}})));
        // Of a stream whose chunks are no longer in memory nothing is made up.
        const auto gone = streamOf({{100, 1}, {140, 1}, {200, 2}});
        gone.chunks.forget();
        QVERIFY(!tokenGaps(gone) && !chunkGaps(gone));
        const auto rows = timingsOf(gone);
        QVERIFY(std::any_of(rows.begin(), rows.end(), [](const Timing& row) {
            return row.definition.endsWith(QStringLiteral("The chunks are no longer in memory."));
        }));
        QVERIFY(!tokenGaps(blank()));
    }

    void p95IsWeightedByTokens()
    {
        std::vector<std::pair<int, std::uint32_t>> chunks{{0, 1}};
        for (int i = 1; i <= 90; ++i)
            chunks.emplace_back(i * 10, 1);
        chunks.emplace_back(900 + 1000, 10); // a tenth of all tokens waited 100 ms each
        const auto gaps = tokenGaps(streamOf(chunks));
        QVERIFY(gaps);
        QVERIFY(std::abs(gaps->p95 - 0.1) < 1e-12);
    }

    void absentIsADash()
    {
        const auto record = blank();
        const auto rows = timingsOf(record);
        for (const auto* name :
             {"Time to first token", "Time per output token", "Between tokens, mean", "Output speed"})
            QCOMPARE(value(rows, name), QStringLiteral("–"));
        for (const auto& row : rows)
            QVERIFY2(!row.definition.isEmpty(), qPrintable(row.name));
        for (const auto* label : {"Model", "Provider", "Prompt", "Output", "Cost", "HTTP status", "Client",
                                  "Request id", "Trace id", "Finish reason"})
            QCOMPARE(fact(record, label), QStringLiteral("–"));
        QVERIFY(stagesOf(record).empty());
    }

    void zeroIsNotAbsent()
    {
        auto record = blank();
        record.usage.cached = 0;
        record.cost = telemetry::Cost{.amount = 0, .currency = "USD"};
        QCOMPARE(fact(record, "… from the cache"), QStringLiteral("0"));
        QCOMPARE(fact(record, "Cost"), QStringLiteral("$0.00"));
        record.cost = telemetry::Cost{.amount = 0.0123456, .currency = "EUR"};
        QCOMPARE(fact(record, "Cost"), QStringLiteral("0.0123456 EUR"));
        record.usage.completion = 1'234'567;
        record.usage.estimated = true;
        QCOMPARE(fact(record, "Output"), QStringLiteral("1,234,567 est."));
        record.stages[1] = Nanos(2'000'000);
        QCOMPARE(stagesOf(record).size(), telemetry::stage_count);
        QCOMPARE(value(stagesOf(record), "Tokenization"), QStringLiteral("2.00 ms"));
        QCOMPARE(value(stagesOf(record), "Scheduler"), QStringLiteral("–"));
    }

    void filtersAreQuotedWhereTheyMust()
    {
        auto record = blank();
        record.target = {.backend = "ollama", .model = "my \"model\" 8b"};
        record.route = "/v1/chat/completions";
        QStringList filters;
        for (const auto& group : factsOf(record)) {
            for (const auto& shown : group.facts)
                filters << (shown.filter.isEmpty() ? QStringList() : QStringList(shown.filter));
        }
        QVERIFY(filters.contains(QStringLiteral("provider:=ollama")));
        QVERIFY(filters.contains(QStringLiteral("model:=\"my \\\"model\\\" 8b\"")));
        QVERIFY(filters.contains(QStringLiteral("route:=/v1/chat/completions")));
        for (const auto& filter : filters) {
            const auto parsed = telemetry::parse_request_filter(filter.toStdString());
            QVERIFY2(parsed && parsed->matches(record, record.started), qPrintable(filter));
        }
    }

    void jsonHasWhatIsKnownAndNothingElse()
    {
        test::RequestSamples samples;
        const auto record = samples.run({});
        const auto json = nlohmann::json::parse(recordJson(*record).toStdString());
        QCOMPARE(json.at("request_id").get<std::string>(), std::string("req_7f3a"));
        QCOMPARE(json.at("usage").at("prompt_tokens").get<int>(), 1234);
        QCOMPARE(json.at("usage").at("cached_tokens").get<int>(), 0);
        QVERIFY(!json.at("usage").contains("reasoning_tokens"));
        QVERIFY(!json.contains("error"));
        QVERIFY(!json.contains("cost"));
        QCOMPARE(json.at("chunks").size(), std::size_t{120});
        QVERIFY(std::abs(json.at("seconds_since_accept").at("parsed").get<double>() - 0.001) < 1e-12);
        auto bad = blank();
        bad.error = "not \xff UTF-8";
        QVERIFY(!nlohmann::json::parse(recordJson(bad).toStdString(), nullptr, false).is_discarded());
    }
};

QTEST_GUILESS_MAIN(TestRequestTimings)
#include "tst_request_timings.moc"
