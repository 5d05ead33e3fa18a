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
    void matchersAreEscaped();
};

void TestPromql::functions()
{
    Query query{.metric = "m"};
    QCOMPARE(to_promql(query), std::string("sum(m)"));
    query.by = {"a", "b"};
    query.aggregation = Aggregation::avg;
    QCOMPARE(to_promql(query), std::string("avg by (a, b) (m)"));
    query.function = Function::rate;
    QCOMPARE(to_promql(query), std::string("sum by (a, b) (rate(m[60000ms]))"));
    query.function = Function::increase;
    query.scale = -0.5;
    QCOMPARE(to_promql(query), std::string("sum by (a, b) (increase(m[60000ms])) * -0.5"));
    query = {.metric = "m", .function = Function::mean, .where = {{"x", "1"}}, .window = std::chrono::minutes(5)};
    QCOMPARE(to_promql(query),
             std::string("sum(rate(m_sum{x=\"1\"}[300000ms])) / sum(rate(m_count{x=\"1\"}[300000ms]))"));
    query = {.metric = "m", .function = Function::quantile, .by = {"a"}};
    QCOMPARE(to_promql(query, 0.999),
             std::string("histogram_quantile(0.999, sum by (le, a) (rate(m_bucket[60000ms])))"));
    QCOMPARE(to_promql(query, -std::numeric_limits<double>::infinity()),
             std::string("histogram_quantile(-Inf, sum by (le, a) (rate(m_bucket[60000ms])))"));
}

void TestPromql::matchersAreEscaped()
{
    const Query query{.metric = "m",
                      .where = {{"a", "x\"y\\z"},
                                {"b", "!two\nlines"},
                                {"c", "~5\\d+"},
                                {"d", "!~\"}) or vector(1) #"},
                                {"e", "\xc3\xa9"}}};
    QCOMPARE(to_promql(query), std::string("sum(m{a=\"x\\\"y\\\\z\", b!=\"two\\x0alines\", c=~\"5\\\\d+\", "
                                           "d!~\"\\\"}) or vector(1) #\", e=\"\xc3\xa9\"})"));
}

QTEST_APPLESS_MAIN(TestPromql)
#include "tst_promql.moc"
