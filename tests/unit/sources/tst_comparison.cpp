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
                const auto query = client_query(latency, backend);
                QVERIFY(!query::validate(query));
                const auto matchers = query::Matchers::compile(query.where);
                QVERIFY(matchers.has_value());
                QVERIFY(matchers->accept({{"backend", backend}, {"status", "success"}}));
                QVERIFY(!matchers->accept({{"backend", "axb"}, {"status", "success"}}));
            }
            for (const auto metric : server_metrics(latency))
                QVERIFY(!query::validate(server_query(std::string(metric), "a:1")));
        }
        QVERIFY(server_query("m", {}).where.empty());
    }

    void the_gap_is_only_where_both_are()
    {
        const auto joined = side_by_side(frame({0, 1000, 2000}, {{"0.5", {1, 2, 3}}, {"0.95", {4, absent, 6}}}),
                                         frame({0, 1000, 2000}, {{"0.5", {0.5, absent, 1}}, {"0.95", {1, 2, 3}}}));
        QCOMPARE(joined.times.size(), std::size_t{3});
        QCOMPARE(joined.columns.size(), std::size_t{6});
        QCOMPARE(column(joined, "gap p50").values[0], 0.5);
        QVERIFY(std::isnan(column(joined, "gap p50").values[1]));
        QCOMPARE(column(joined, "client p50").values[1], 2.0);
        QVERIFY(std::isnan(column(joined, "gap p95").values[1]));
        QCOMPARE(column(joined, "server p95").values[1], 2.0);
        QCOMPARE(column(joined, "gap p95").values[2], 3.0);
    }

    void only_steps_of_both_are_kept()
    {
        const auto joined = side_by_side(frame({0, 1000, 2000, 3000}, {{"0.5", {1, 2, 3, 4}}}),
                                         frame({1000, 2500, 3000, 4000}, {{"0.5", {1, 1, 1, 1}}}));
        QCOMPARE(joined.times, (std::vector<std::int64_t>{1000, 3000}));
        QCOMPARE(column(joined, "gap p50").values, (std::vector<double>{1, 3}));
        QVERIFY(std::isnan(column(joined, "gap p95").values[0])); // nobody reported it
    }

    void empty_answers_are_no_trouble()
    {
        QVERIFY(side_by_side({}, {}).times.empty());
        auto one = frame({0}, {{"0.5", {1}}});
        one.warnings = {"careful"};
        const auto joined = side_by_side(one, frame({0}, {}));
        QCOMPARE(joined.times.size(), std::size_t{1});
        QVERIFY(std::isnan(column(joined, "gap p50").values[0]));
        QCOMPARE(joined.warnings.size(), std::size_t{1});
        // Fewer values than steps must not be read past their end.
        QVERIFY(std::isnan(
            column(side_by_side(frame({0, 1}, {{"0.5", {1}}}), frame({1}, {{"0.5", {1}}})), "gap p50").values[0]));
    }
};

QTEST_APPLESS_MAIN(TestComparison)
#include "tst_comparison.moc"
