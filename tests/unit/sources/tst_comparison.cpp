// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/comparison.h"

#include "query/matcher.h"
#include "query/validate.h"

#include <QTest>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::sources;

namespace {

const double absent = std::nan("");

query::Frame frame(std::vector<std::int64_t> times, std::map<std::string, std::vector<double>> columns)
{
    query::Frame result{.times = std::move(times), .columns = {}, .warnings = {}};
    for (auto& [quantile, values] : columns)
        result.columns.push_back({.name = {}, .labels = {{"quantile", quantile}}, .values = std::move(values)});
    return result;
}

/// Answers of one side to both questions.
LatencyFrames side(std::vector<std::int64_t> times, std::vector<double> mean,
                   std::map<std::string, std::vector<double>> percentiles)
{
    query::Frame means{.times = times, .columns = {}, .warnings = {}};
    if (!mean.empty())
        means.columns.push_back({.name = "mean", .labels = {}, .values = std::move(mean)});
    return {.mean = std::move(means), .percentiles = frame(std::move(times), std::move(percentiles))};
}

const query::Column& column(const query::Frame& frame, const std::string& name)
{
    for (const auto& one : frame.columns) {
        if (one.name == name)
            return one;
    }
    qFatal("no %s", name.c_str());
}

} // namespace

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addresses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("address");
        const auto row = [](const char* url, const char* address) {
            QTest::newRow(url) << QString::fromLatin1(url) << QString::fromLatin1(address);
        };
        row("http://localhost:8000/v1", "127.0.0.1:8000");
        row("http://127.0.0.1:8000/metrics", "127.0.0.1:8000");
        row("http://[::1]:8000/v1", "127.0.0.1:8000");
        row("http://0.0.0.0:8000", "127.0.0.1:8000");
        row("localhost:8000", "127.0.0.1:8000");
        row("[::1]:8000", "127.0.0.1:8000");
        row("HTTP://Gpu-1.Example:8000/v1?x=1", "gpu-1.example:8000");
        row("https://api.example/v1", "api.example:443");
        row("http://api.example", "api.example:80");
        row("http://me:pass@api.example:81/v1", "api.example:81");
        row("http://[2001:DB8::7]:9/v1", "[2001:db8::7]:9");
        row("http://[2001:db8::7]/v1", "[2001:db8::7]:80");
        row("api.example", "");
        row("http://", "");
        row("http://:8000", "");
        row("http://[::1", "");
        row("http://api.example:99999", "");
        row("http://api.example:x", "");
        row("", "");
        row("://", "");
    }

    void addresses()
    {
        QFETCH(QString, url);
        QFETCH(QString, address);
        QCOMPARE(QString::fromStdString(server_address(url.toStdString())), address);
    }

    void the_first_known_metric_is_taken()
    {
        const MetricNames names{"sglang:time_to_first_token_seconds_bucket", "vllm:time_to_first_token_seconds_bucket",
                                "tgi_request_duration_bucket", "vllm:e2e_request_latency_seconds"};
        QCOMPARE(server_metric(Latency::first_token, names), std::string("vllm:time_to_first_token_seconds"));
        QCOMPARE(server_metric(Latency::total, names),
                 std::string("tgi_request_duration")); // vLLM's has no buckets here
        QVERIFY(server_metric(Latency::total, {}).empty());
    }

    void queries_are_valid_and_match_exactly()
    {
        for (const auto latency : {Latency::first_token, Latency::total}) {
            for (const auto* backend : {"vllm", "!odd", "~a.b", ""}) {
                const auto queries = client_queries(latency, backend);
                for (const auto& query : {queries.mean, queries.percentiles}) {
                    QVERIFY(!query::validate(query));
                    const auto matchers = query::Matchers::compile(query.where);
                    QVERIFY(matchers.has_value());
                    QVERIFY(matchers->accept({{"backend", backend}, {"status", "success"}}));
                    QVERIFY(!matchers->accept({{"backend", "axb"}, {"status", "success"}}));
                }
            }
            for (const auto metric : server_metrics(latency)) {
                const auto queries = server_queries(std::string(metric), "a:1");
                for (const auto& query : {queries.mean, queries.percentiles}) {
                    QVERIFY(!query::validate(query));
                    QCOMPARE(query.where, (std::map<std::string, std::string>{{"instance", "a:1"}}));
                }
            }
        }
        const auto of_all = server_queries("m", {});
        QVERIFY(of_all.percentiles.where.empty() && of_all.mean.where.empty());
        // What the mean is of is what the percentiles are of.
        QCOMPARE(of_all.mean.metric, of_all.percentiles.metric);
        QVERIFY(of_all.mean.function == query::Function::mean);
    }

    void the_gap_is_only_where_both_are()
    {
        const auto joined =
            side_by_side(side({0, 1000, 2000}, {3, 4, absent}, {{"0.5", {1, 2, 3}}, {"0.95", {4, absent, 6}}}),
                         side({0, 1000, 2000}, {1, absent, 1}, {{"0.5", {0.5, absent, 1}}, {"0.95", {1, 2, 3}}}));
        QCOMPARE(joined.times.size(), std::size_t{3});
        QCOMPARE(joined.columns.size(), std::size_t{9});
        QCOMPARE(column(joined, "gap mean").values[0], 2.0);
        QVERIFY(std::isnan(column(joined, "gap mean").values[1]));
        QVERIFY(std::isnan(column(joined, "gap mean").values[2]));
        QCOMPARE(column(joined, "client mean").values[1], 4.0);
        QCOMPARE(column(joined, "server mean").values[2], 1.0);
        QCOMPARE(column(joined, "gap p50").values[0], 0.5);
        QVERIFY(std::isnan(column(joined, "gap p50").values[1]));
        QCOMPARE(column(joined, "client p50").values[1], 2.0);
        QVERIFY(std::isnan(column(joined, "gap p95").values[1]));
        QCOMPARE(column(joined, "server p95").values[1], 2.0);
        QCOMPARE(column(joined, "gap p95").values[2], 3.0);
        QCOMPARE(column(joined, "gap p95").labels, (query::Labels{{"of", "gap"}, {"quantile", "0.95"}}));
        QCOMPARE(column(joined, "gap mean").labels, (query::Labels{{"of", "gap"}}));
    }

    void only_steps_of_all_answers_are_kept()
    {
        auto client = side({0, 1000, 2000, 3000}, {1, 2, 3, 4}, {{"0.5", {1, 2, 3, 4}}});
        const auto server = side({1000, 2500, 3000, 4000}, {1, 1, 1, 1}, {{"0.5", {1, 1, 1, 1}}});
        const auto joined = side_by_side(client, server);
        QCOMPARE(joined.times, (std::vector<std::int64_t>{1000, 3000}));
        QCOMPARE(column(joined, "gap p50").values, (std::vector<double>{1, 3}));
        QCOMPARE(column(joined, "gap mean").values, (std::vector<double>{1, 3}));
        QVERIFY(std::isnan(column(joined, "gap p95").values[0])); // nobody reported it
        client.mean.times.resize(2);                              // cut short
        QCOMPARE(side_by_side(client, server).times, (std::vector<std::int64_t>{1000}));
    }

    void empty_answers_are_no_trouble()
    {
        QVERIFY(side_by_side({}, {}).times.empty());
        auto one = side({0}, {1}, {{"0.5", {1}}});
        one.mean.warnings = one.percentiles.warnings = {"careful"};
        const auto joined = side_by_side(one, side({0}, {}, {}));
        QCOMPARE(joined.times.size(), std::size_t{1});
        QVERIFY(std::isnan(column(joined, "gap p50").values[0]));
        QVERIFY(std::isnan(column(joined, "gap mean").values[0]));
        QCOMPARE(joined.warnings, (std::vector<std::string>{"careful"})); // of both questions, told once
        // Fewer values than steps must not be read past their end.
        const auto ragged = side_by_side(side({0, 1}, {1}, {{"0.5", {1}}}), side({1}, {1}, {{"0.5", {1}}}));
        QVERIFY(std::isnan(column(ragged, "gap p50").values[0]));
        QVERIFY(std::isnan(column(ragged, "gap mean").values[0]));
    }
};

QTEST_APPLESS_MAIN(TestComparison)
#include "tst_comparison.moc"
