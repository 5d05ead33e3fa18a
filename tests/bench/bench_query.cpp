// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluator.h"

#include <QTest>

using namespace tokenscope::query;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(tokenscope::query::Query)

/// An hour at a second's resolution over a few hundred series, which a chart may ask for at every refresh.
class BenchQuery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void answers_data();
    void answers();

private:
    SeriesStore m_store{{.max_age_ms = 7'200'000, .max_bytes = std::size_t{512} << 20}};
};

void BenchQuery::initTestCase()
{
    for (int second = 0; second <= 3'600; ++second) {
        std::vector<Sample> samples;
        for (int i = 0; i < 300; ++i) {
            const auto id = std::to_string(i);
            samples.push_back({"steady_total", {{"id", id}}, 1.0 * second * i});
            samples.push_back({"falling", {{"id", id}}, 1.0 * (second * 7 % 10)});
            samples.push_back({"h_bucket",
                               {{"le", i % 20 == 19 ? "+Inf" : std::to_string(i % 20)}, {"id", std::to_string(i / 20)}},
                               1.0 * second * (i % 20)});
        }
        m_store.append(second * 1'000, samples);
    }
}

void BenchQuery::answers_data()
{
    QTest::addColumn<Query>("query");
    for (const auto window : {10s, 60s, 3'600s}) {
        const auto name = [&](const char* what) { return std::string(what) + ' ' + std::to_string(window.count()); };
        QTest::newRow(name("rate").c_str())
            << Query{.metric = "steady_total", .function = Function::rate, .by = {"id"}, .window = window};
        QTest::newRow(name("rate of a gauge").c_str())
            << Query{.metric = "falling", .function = Function::rate, .by = {"id"}, .window = window};
        QTest::newRow(name("quantiles").c_str()) << Query{
            .metric = "h", .function = Function::quantile, .quantiles = {0.5, 0.99}, .by = {"id"}, .window = window};
    }
    QTest::newRow("values") << Query{.metric = "falling", .by = {"id"}};
    QTest::newRow("top 10") << Query{.metric = "falling", .by = {"id"}, .topk = 10};
}

void BenchQuery::answers()
{
    QFETCH(Query, query);
    std::size_t columns = 0;
    QBENCHMARK_ONCE
    {
        columns = evaluate(query, m_store, 0, 3'600'000, 1'000)->columns.size();
    }
    QVERIFY(columns > 0);
}

QTEST_APPLESS_MAIN(BenchQuery)
#include "bench_query.moc"
