// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/promql.h"

#include <QTest>

#include <limits>

using namespace tokenscope::query;

class TestPromql : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void functions();
    void modifiers();
    void shares();
    void matchersAreEscaped();
    void namesThatAreKeywords();
};

void TestPromql::functions()
{
    Query query{.metric = "m"};
    QCOMPARE(to_promql(query), std::string("sum(m)"));
    query.by = {"a", "b"};
    query.aggregation = Aggregation::avg;
    QCOMPARE(to_promql(query), std::string("avg by (a, b) (m)"));
    query.function = Function::rate;
    QCOMPARE(to_promql(query), std::string("sum by (a, b) (rate(m[1m]))"));
    query.function = Function::increase;
    query.scale = -0.5;
    QCOMPARE(to_promql(query), std::string("sum by (a, b) (increase(m[1m])) * -0.5"));
    query = {.metric = "m", .function = Function::mean, .where = {{"x", "1"}}, .window = std::chrono::minutes(5)};
    QCOMPARE(to_promql(query), std::string("sum(rate(m_sum{x=\"1\"}[5m])) / sum(rate(m_count{x=\"1\"}[5m]))"));
    query = {.metric = "m", .function = Function::quantile, .by = {"a"}};
    QCOMPARE(to_promql(query, 0.999), std::string("histogram_quantile(0.999, sum by (le, a) (rate(m_bucket[1m])))"));
    QCOMPARE(to_promql(query, -std::numeric_limits<double>::infinity()),
             std::string("histogram_quantile(-Inf, sum by (le, a) (rate(m_bucket[1m])))"));
}

void TestPromql::modifiers()
{
    using namespace std::chrono_literals;
    Query query{.metric = "h", .function = Function::heatmap, .by = {"ignored"}, .where = {{"a", "b"}}};
    QCOMPARE(to_promql(query, 0.5, 15s), std::string("sum by (le) (increase(h_bucket{a=\"b\"}[15s]))"));
    query = {.metric = "m", .where = {{"a", "b"}}, .offset = 5min};
    QCOMPARE(to_promql(query), std::string("sum(m{a=\"b\"} offset 5m)"));
    query.offset = -5s;
    query.topk = 3;
    query.scale = 100;
    QCOMPARE(to_promql(query), std::string("topk(3, sum(m{a=\"b\"} offset -5s)) * 100"));
    query = {.metric = "m", .function = Function::mean, .offset = 1ms, .topk = 1};
    QCOMPARE(to_promql(query), std::string("topk(1, sum(rate(m_sum[1m] offset 1ms)) / sum(rate(m_count[1m] offset "
                                           "1ms)))"));
}

void TestPromql::shares()
{
    const auto share = [](std::vector<std::string> of, std::vector<std::string> in) {
        return to_promql({.function = Function::share,
                          .parts = {{.metric = "a", .by = std::move(of)}, {.metric = "b", .by = std::move(in)}}});
    };
    QCOMPARE(share({}, {}), std::string("(sum(a)) / (sum(b))"));
    QCOMPARE(share({"x", "y"}, {"y", "x", "y"}), std::string("(sum by (x, y) (a)) / (sum by (y, x, y) (b))"));
    QCOMPARE(to_promql({.function = Function::share,
                        .parts = {{.metric = "a", .by = {"x"}}, {.metric = "b", .by = {"x"}}},
                        .or_zero = true}),
             std::string("((sum by (x) (a)) >= -Inf or (sum by (x) (b)) * 0) / (sum by (x) (b))"));
    QCOMPARE(share({"x"}, {}), std::string("(sum by (x) (a)) / on () group_left () (sum(b))"));
    QCOMPARE(share({"x", "y"}, {"y"}), std::string("(sum by (x, y) (a)) / on (y) group_left () (sum by (y) (b))"));
}

void TestPromql::namesThatAreKeywords()
{
    QCOMPARE(to_promql({.metric = "on", .where = {{"a", "b"}}}), std::string("sum({__name__=\"on\", a=\"b\"})"));
    QCOMPARE(to_promql({.metric = "Inf"}), std::string("sum({__name__=\"Inf\"})"));
    QCOMPARE(to_promql({.metric = "on", .function = Function::heatmap}),
             std::string("sum by (le) (increase(on_bucket[1m]))"));
    QCOMPARE(to_promql({.metric = "sum"}), std::string("sum(sum)"));
}

void TestPromql::matchersAreEscaped()
{
    const Query query{.metric = "m",
                      .where = {{"a", "x\"y\\z"},
                                {"b", "!two\nlines"},
                                {"c", "~5\\d+"},
                                {"d", "!~\"}) or vector(1) #"},
                                {"e", "\xc3\xa9"},
                                {"f", "\xef\xbf\xbd"}}};
    QCOMPARE(to_promql(query), std::string("sum(m{a=\"x\\\"y\\\\z\", b!=\"two\\x0alines\", c=~\"5\\\\d+\", "
                                           "d!~\"\\\"}) or vector(1) #\", e=\"\xc3\xa9\", f=\"\\ufffd\"})"));
}

QTEST_APPLESS_MAIN(TestPromql)
#include "tst_promql.moc"
