// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "page.h"

#include <QtTest>

#include <algorithm>
#include <iterator>
#include <vector>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;
using test::Page;

namespace {

const Instant start{1h};
const std::string trace = "0af7651916cd43dd8448eb211c80319c";

constexpr auto tokens = "gen_ai_client_token_usage";
constexpr auto duration = "gen_ai_server_request_duration_seconds";
constexpr auto first_token = "gen_ai_server_time_to_first_token_seconds";
constexpr auto output_token = "gen_ai_server_time_per_output_token_seconds";
constexpr auto first_chunk = "gen_ai_client_operation_time_to_first_chunk_seconds";
constexpr auto output_chunk = "gen_ai_client_operation_time_per_output_chunk_seconds";

RequestRecord ordinary()
{
    return {.trace_id = trace,
            .operation = "chat",
            .target = {"work", "gpt-5"},
            .genai_provider = "openai",
            .response_model = "gpt-5-2026-01-01",
            .status = RequestStatus::success,
            .accepted = start,
            .ended = start + 2s};
}

/// Given to its provider after 100 ms; the first chunk came after 300 ms, the first token after 500.
RequestRecord streamed()
{
    auto record = ordinary();
    record.streamed = true;
    record.queued = record.dequeued = start + 100ms;
    record.first_event = start + 300ms;
    record.first_token = start + 500ms;
    record.usage.completion = 4;
    return record;
}

Page::Labels labels(Page::Labels more = {})
{
    more.insert({{"gen_ai_operation_name", "chat"},
                 {"gen_ai_provider_name", "openai"},
                 {"gen_ai_request_model", "gpt-5"},
                 {"gen_ai_response_model", "gpt-5-2026-01-01"}});
    return more;
}

} // namespace

/// Family E: OpenTelemetry's GenAI conventions.
class TstGenAiRecorder : public QObject {
    Q_OBJECT

    std::optional<Metrics> m_metrics;

private Q_SLOTS:
    void init() { m_metrics.emplace(BuildInfo{"1", ""}); }

    void aWholeReply()
    {
        auto record = ordinary();
        record.usage = {.prompt = 100, .completion = 20, .total = 120};
        record.first_event = record.first_token = start + 1s; // a wish to stream that was not granted has none of these
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.sum(duration, labels()), std::string("1 x 2"));
        QCOMPARE(page.series(duration), std::size_t{1});
        for (const auto* name : {first_token, output_token, first_chunk, output_chunk})
            QVERIFY2(page.series(name) == 0, name);
    }

    void tokensByType()
    {
        auto record = ordinary();
        record.usage = {.prompt = 100, .completion = 0, .total = 100, .cached = 64, .cache_creation = 16};
        m_metrics->requests().finished(record);
        record.usage = {.prompt = 3, .reasoning = 2};
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        const auto of = [&](const char* type) { return page.sum(tokens, labels({{"gen_ai_token_type", type}})); };
        QCOMPARE(of("input"), std::string("2 x 103"));
        QCOMPARE(of("output"), std::string("1 x 0")); // reported as 0
        QCOMPARE(of("cached_input"), std::string("1 x 64"));
        QCOMPARE(of("cache_creation_input"), std::string("1 x 16"));
        QCOMPARE(of("reasoning"), std::string("1 x 2"));
        QCOMPARE(page.series(tokens), std::size_t{5}); // the total is no type
        const auto input = page.histogram(tokens, labels({{"gen_ai_token_type", "input"}}));
        QCOMPARE(input->buckets.at(0).upper_bound, 1.0);
        QCOMPARE(input->buckets.at(0).cumulative, std::uint64_t{0});
        QCOMPARE(input->buckets.at(1).cumulative, std::uint64_t{1}); // 4
        QCOMPARE(input->buckets.at(3).cumulative, std::uint64_t{1}); // 64
        QCOMPARE(input->buckets.at(4).cumulative, std::uint64_t{2}); // 256
    }

    void aStream()
    {
        auto record = streamed();
        record.chunk_gaps.add(10ms);
        record.chunk_gaps.add(30ms);
        record.chunk_gaps.add(700s);
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.sum(first_token, labels()), std::string("1 x 0.5"));
        QCOMPARE(page.sum(output_token, labels()),
                 std::string("1 x 0.5"));                                  // 1.5 s for the three tokens after the first
        QCOMPARE(page.sum(first_chunk, labels()), std::string("1 x 0.2")); // since the provider has it
        QCOMPARE(page.sum(output_chunk, labels()), std::string("3 x 700.04"));
        const auto gaps = page.histogram(output_chunk, labels());
        QCOMPARE(gaps->buckets.at(0).cumulative, std::uint64_t{1});  // 0.01
        QCOMPARE(gaps->buckets.at(1).cumulative, std::uint64_t{1});  // 0.02
        QCOMPARE(gaps->buckets.at(2).cumulative, std::uint64_t{2});  // 0.04
        QCOMPARE(gaps->buckets.at(16).cumulative, std::uint64_t{2}); // 600
        QCOMPARE(gaps->buckets.at(17).cumulative, std::uint64_t{3});
    }

    void aStreamOfOneTokenHasNoTimePerToken()
    {
        auto record = streamed();
        record.usage.completion = 1;
        m_metrics->requests().finished(record);
        record.usage.completion.reset();
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.series(output_token), std::size_t{0});
        QCOMPARE(page.series(output_chunk), std::size_t{0}); // one chunk has no gap
        QCOMPARE(page.sum(first_token, labels()), std::string("2 x 1"));
    }

    void aStreamWithoutTokens()
    {
        auto record = streamed();
        record.first_token.reset();
        record.dequeued.reset();
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.series(first_token), std::size_t{0});
        QCOMPARE(page.series(output_token), std::size_t{0});
        QCOMPARE(page.sum(first_chunk, labels()), std::string("1 x 0.3"));
    }

    void aStreamThatBroke()
    {
        auto record = streamed();
        record.status = RequestStatus::error;
        record.error_type = "in_stream_error";
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.sum(first_token, labels()), std::string("1 x 0.5"));
        QCOMPARE(page.sum(duration, labels({{"error_type", "in_stream_error"}})), std::string("1 x 2"));
        QCOMPARE(page.sum(tokens, labels({{"gen_ai_token_type", "output"}})), std::string("1 x 4"));
        QCOMPARE(page.series(output_token), std::size_t{0}); // its end says nothing of its tokens
    }

    void errorTypesAreSeriesOfTheDurationAlone()
    {
        auto record = ordinary();
        m_metrics->requests().finished(record);
        record.status = RequestStatus::error;
        for (const auto* type : {"timeout", "upstream_5xx", "timeout"}) {
            record.error_type = type;
            m_metrics->requests().finished(record);
        }
        const Page page(*m_metrics);
        QCOMPARE(page.sum(duration, labels()), std::string("1 x 2"));
        QCOMPARE(page.sum(duration, labels({{"error_type", "timeout"}})), std::string("2 x 4"));
        QCOMPARE(page.sum(duration, labels({{"error_type", "upstream_5xx"}})), std::string("1 x 2"));
        QCOMPARE(page.series(duration), std::size_t{3});
    }

    void aRequestThatWasRefusedBeforeItsModelWasKnown()
    {
        RequestRecord record{.operation = "chat", .accepted = start, .ended = start + 1ms};
        record.error_type = "rejected";
        m_metrics->requests().finished(record);
        QCOMPARE(Page(*m_metrics)
                     .sum(duration, {{"gen_ai_operation_name", "chat"},
                                     {"gen_ai_provider_name", "unknown"},
                                     {"gen_ai_request_model", "unknown"},
                                     {"error_type", "rejected"}}),
                 std::string("1 x 0.001"));
    }

    void onlySampledTracesBecomeExemplars()
    {
        m_metrics->requests().finished(streamed());
        const auto exemplars = [this](const char* name) {
            std::vector<std::string> found;
            const auto histogram = Page(*m_metrics).histogram(name, labels());
            for (const auto& bucket : histogram->buckets)
                if (bucket.exemplar)
                    found.push_back(bucket.exemplar->trace_id);
            return found;
        };
        QVERIFY(exemplars(duration).empty());
        auto record = streamed();
        record.sampled = true;
        m_metrics->requests().finished(record);
        QCOMPARE(exemplars(duration), std::vector<std::string>{trace});
        QCOMPARE(exemplars(first_token), std::vector<std::string>{trace});
        QCOMPARE(exemplars(first_chunk), std::vector<std::string>{trace});
    }

    void namesThatBackendsMakeUpAreBounded()
    {
        m_metrics->set_series_cap(3);
        auto record = ordinary();
        for (int i = 0; i < 3000; ++i) { // more than there are bundles, too
            record.response_model = "model-" + std::to_string(i);
            m_metrics->requests().finished(record);
        }
        record.response_model = "model-1"; // still itself
        m_metrics->requests().finished(record);
        const Page page(*m_metrics);
        QCOMPARE(page.series(duration), std::size_t{4});
        QCOMPARE(page.sum(duration, {{"gen_ai_operation_name", "chat"},
                                     {"gen_ai_provider_name", "<other>"},
                                     {"gen_ai_request_model", "<other>"},
                                     {"gen_ai_response_model", "<other>"}}),
                 std::string("2997 x 5994"));
        auto known = labels();
        known["gen_ai_response_model"] = "model-1";
        QCOMPARE(page.sum(duration, known), std::string("2 x 4"));
        // Each of them is counted, though its series was found before.
        QCOMPARE(page.value("tokenscope_dropped_series_total", {{"family", duration}}), std::optional(2997.0));
    }

    void aNameThatIsABookIsNoLabel()
    {
        auto record = ordinary();
        record.response_model = std::string(1'000'000, 'x');
        m_metrics->requests().finished(record);
        auto other = labels();
        other["gen_ai_response_model"] = "<other>";
        QCOMPARE(Page(*m_metrics).sum(duration, other), std::string("1 x 2"));
    }

    void bucketsAreTheConventionsAndThreeMore()
    {
        const auto has = [](Metric id, std::vector<double> bounds) {
            const auto& row = spec(id);
            return std::equal(row.buckets.begin(), row.buckets.end(), bounds.begin(), bounds.end());
        };
        const std::vector<double> doubling{.01,  .02,   .04,   .08,   .16,   .32, .64, 1.28, 2.56,
                                           5.12, 10.24, 20.48, 40.96, 81.92, 120, 300, 600};
        QVERIFY(has(Metric::gen_ai_request_duration, doubling));
        QVERIFY(has(Metric::gen_ai_time_to_first_chunk, doubling));
        QVERIFY(has(Metric::gen_ai_time_per_output_chunk, doubling));
        QVERIFY(has(Metric::gen_ai_time_to_first_token, {.001, .005, .01, .02, .04, .06, .08, .1, .25, .5,  .75, 1,
                                                         2.5,  5,    7.5, 10,  15,  20,  30,  45, 60,  120, 300, 600}));
        QVERIFY(has(Metric::gen_ai_time_per_output_token,
                    {.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 120, 300, 600}));
        std::vector<double> fourfold;
        for (double bound = 1; bound <= 67'108'864; bound *= 4)
            fourfold.push_back(bound);
        QVERIFY(has(Metric::gen_ai_token_usage, fourfold));
    }
};

QTEST_APPLESS_MAIN(TstGenAiRecorder)
#include "tst_gen_ai_recorder.moc"
