// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/columns.h"
#include "query/evaluator.h"
#include "query/query_json.h"
#include "support/series_notation.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::query;

namespace {

constexpr std::int64_t minute = 60'000;

struct Case {
    const char* name;
    const char* series; ///< a value a minute
    const char* query;
    std::vector<const char*> expected; ///< "name{labels}: values at 4, 5 and 6 minutes", '-' for none
};

const char* const gauges = R"(
    g{i="a"} _x4 1 9 4
    g{i="b"} _x4 2 8 NaN
    g{i="c"} _x4 3 7 stale
    g{i="d"} _x4 3 7 -Inf)";
const char* const traffic = R"(
    hits{model="a", zone="x"} 0+1x6
    hits{model="a", zone="y"} 0+2x6
    hits{model="b", zone="x"} 0+3x6
    hits{zone="x"}            0+4x6
    all{model="a", zone="x"}  0+10x6
    all{model="a", zone="y"}  0+20x6
    all{model="b", zone="x"}  5x6
    all{model="c", zone="x"}  0+1x6)";
const char* const buckets = R"(
    h_bucket{le="+Inf", m="1"} 0+40x6
    h_bucket{le="10", m="1"}   0+30x6
    h_bucket{le="2", m="1"}    0+20x6
    h_bucket{le="2", m="2"}    0+5x6
    h_bucket{le="2.0", m="1"}  0+20x6
    h_bucket{le="-1", m="1"}   5x6
    h_bucket{le="x", m="1"}    0+1x6
    h_bucket{m="1"}            0+1x6)";

const Case cases[] = {
    {"topk",
     gauges,
     R"({"metric": "g", "by": "i", "topk": 2})",
     {"a{i=a}: - 9 4", "b{i=b}: - 8 -", "c{i=c}: 3 - -", "d{i=d}: 3 - -inf"}},
    {"of equal ones the first",
     gauges,
     R"({"metric": "g", "by": "i", "topk": 3})",
     {"a{i=a}: - 9 4", "b{i=b}: 2 8 -", "c{i=c}: 3 7 -", "d{i=d}: 3 - -inf"}},
    {"the highest", gauges, R"({"metric": "g", "by": "i", "topk": 1})", {"a{i=a}: - 9 4", "c{i=c}: 3 - -"}},
    {"more than there are",
     gauges,
     R"({"metric": "g", "by": "i", "topk": 1000000000})",
     {"a{i=a}: 1 9 4", "b{i=b}: 2 8 -", "c{i=c}: 3 7 -", "d{i=d}: 3 7 -inf"}},
    {"the scale comes after topk",
     gauges,
     R"({"metric": "g", "by": "i", "topk": 1, "scale": -2})",
     {"a{i=a}: - -18 -8", "c{i=c}: -6 - -"}},
    {"nothing is left of infinity times 0",
     gauges,
     R"({"metric": "g", "by": "i", "where": {"i": "d"}, "scale": 0})",
     {"d{i=d}: 0 0 -"}},
    {"topk of each quantile",
     buckets,
     R"({"metric": "h", "fn": "quantile", "q": [0.1, 0.4], "by": "m", "where": {"le": "!2.0"}, "topk": 1, "window": "2m"})",
     {"p10 / 1{m=1,quantile=0.1}: -0.4 -0.4 -0.4", "p40 / 1{m=1,quantile=0.4}: 1.4 1.4 1.4"}},
    {"share of the same labels",
     traffic,
     R"({"fn": "share", "of": {"metric": "hits", "fn": "rate", "by": ["model", "zone"], "window": "2m"},
         "in": {"metric": "all", "fn": "rate", "by": ["zone", "model"], "window": "2m"}})",
     {"a / x{model=a,zone=x}: 0.1 0.1 0.1", "a / y{model=a,zone=y}: 0.1 0.1 0.1",
      "b / x{model=b,zone=x}: inf inf inf"}},
    {"share of everything",
     traffic,
     R"({"fn": "share", "of": {"metric": "hits", "fn": "rate", "by": "zone", "window": "2m"},
         "in": {"metric": "hits", "fn": "rate", "window": "2m"}, "scale": 100})",
     {"x{zone=x}: 80 80 80", "y{zone=y}: 20 20 20"}},
    {"share of some of the labels",
     traffic,
     R"({"fn": "share", "of": {"metric": "hits", "fn": "increase", "by": ["zone", "model"], "window": "2m"},
         "in": {"metric": "hits", "fn": "increase", "by": "model", "window": "2m"}})",
     {"x / (no model){model=,zone=x}: 1 1 1", "x / a{model=a,zone=x}: 0.333333333333 0.333333333333 0.333333333333",
      "y / a{model=a,zone=y}: 0.666666666667 0.666666666667 0.666666666667", "x / b{model=b,zone=x}: 1 1 1"}},
    {"share of nothing", traffic, R"({"fn": "share", "of": {"metric": "hits"}, "in": {"metric": "nobody"}})", {}},
    {"no part yet is none of it",
     traffic,
     R"({"fn": "share", "or_zero": true, "of": {"metric": "nobody", "fn": "rate", "by": "zone", "window": "2m"},
         "in": {"metric": "hits", "fn": "rate", "by": "zone", "window": "2m"}})",
     {"x{zone=x}: 0 0 0", "y{zone=y}: 0 0 0"}},
    {"none of what is absent",
     traffic,
     R"({"fn": "share", "or_zero": true, "of": {"metric": "hits"}, "in": {"metric": "nobody"}})",
     {}},
    {"none in 0",
     traffic,
     R"({"fn": "share", "or_zero": true, "of": {"metric": "nobody"},
         "in": {"metric": "all", "fn": "rate", "where": {"model": "b"}, "window": "2m"}})",
     {}},
    {"zeros beside numbers, in both orders of the labels",
     traffic,
     R"({"fn": "share", "or_zero": true, "scale": 100,
         "of": {"metric": "hits", "fn": "rate", "by": ["zone", "model"], "where": {"model": "a"}, "window": "2m"},
         "in": {"metric": "hits", "fn": "rate", "by": ["model", "zone"], "where": {"model": "!"}, "window": "2m"}})",
     {"x / a{model=a,zone=x}: 100 100 100", "y / a{model=a,zone=y}: 100 100 100", "x / b{model=b,zone=x}: 0 0 0"}},
    {"share with modified parts",
     traffic,
     R"({"fn": "share", "of": {"metric": "hits", "by": "model", "topk": 1, "scale": 10},
         "in": {"metric": "hits", "offset": "4m"}, "topk": 5})",
     {"(no model){model=}: inf 20 12"}},
    {"0 in 0",
     traffic,
     R"({"fn": "share", "of": {"metric": "all", "fn": "rate", "where": {"model": "b"}, "window": "2m"},
         "in": {"metric": "all", "fn": "rate", "where": {"model": "b"}, "window": "2m"}})",
     {}},
    {"a label that a share's column lacks",
     traffic,
     R"({"fn": "share", "of": {"metric": "hits"}, "in": {"metric": "all"}})",
     {"hits{}: 0.31007751938 0.3125 0.314136125654"}},
    {"heatmap",
     buckets,
     R"({"metric": "h", "fn": "heatmap"})",
     {"-1{le=-1}: 0 0 0", "2{le=2}: 25 25 25", "2.0{le=2.0}: 20 20 20", "10{le=10}: 30 30 30",
      "+Inf{le=+Inf}: 40 40 40"}},
    {"heatmap of some",
     buckets,
     R"({"metric": "h", "fn": "heatmap", "where": {"m": "2"}, "scale": 2, "offset": "1m"})",
     {"2{le=2}: 10 10 10"}},
};

QByteArray text(const Column& column)
{
    QByteArray labels;
    for (const auto& [name, value] : column.labels)
        labels += QByteArray(labels.isEmpty() ? "" : ",") + QByteArray::fromStdString(name + '=' + value);
    QByteArray result = QByteArray::fromStdString(column.name) + '{' + labels + "}:";
    for (const auto value : column.values)
        result += ' ' + (std::isnan(value) ? QByteArray("-") : QByteArray::number(value, 'g', 12));
    return result;
}

} // namespace

Q_DECLARE_METATYPE(const Case*)

/// topk, share, heatmap, offset and scale, with names and order of the columns.
class TestModifiers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void heatmapNeedsTwoScrapesAStep();
    void errorsOfParts();
    void limits();
    void manyResets();
};

void TestModifiers::answers_data()
{
    QTest::addColumn<const Case*>("test");
    for (const auto& test : cases)
        QTest::newRow(test.name) << &test;
}

void TestModifiers::answers()
{
    QFETCH(const Case*, test);
    SeriesStore store({.max_age_ms = 60 * minute});
    tests::load(store, test->series, minute);
    const auto query = parse_query(nlohmann::json::parse(test->query));
    QVERIFY2(query.has_value(), query ? "" : query.error().message.c_str());
    const auto frame = evaluate(*query, store, 4 * minute, 6 * minute, minute);
    QVERIFY2(frame.has_value(), frame ? "" : frame.error().message.c_str());
    QList<QByteArray> actual, expected;
    for (const auto& column : frame->columns)
        actual.push_back(text(column));
    for (const char* line : test->expected)
        expected.push_back(QByteArray(line));
    QCOMPARE(actual, expected);
}

void TestModifiers::heatmapNeedsTwoScrapesAStep()
{
    SeriesStore store({.max_age_ms = 60 * minute});
    tests::load(store, buckets, minute);
    const Query query{.metric = "h", .function = Function::heatmap};
    QCOMPARE(evaluate(query, store, 0, 6 * minute, minute - 1)->columns.size(), std::size_t{0});
    QCOMPARE(evaluate(query, store, 6 * minute, 6 * minute, 3 * minute)->columns.size(), std::size_t{5});
    QCOMPARE(evaluate(query, store, 6 * minute, 6 * minute, 3 * minute)->columns.back().values.front(), 120.0);
    const auto refused = evaluate(query, store, 0, 0, std::numeric_limits<std::int64_t>::max());
    QVERIFY(!refused);
    QCOMPARE(refused.error().param, std::string("step"));
}

void TestModifiers::errorsOfParts()
{
    SeriesStore store({});
    const Query good{.metric = "m"};
    const Query bad{.metric = "m", .where = {{"a", "~("}}};
    const auto of = evaluate({.function = Function::share, .parts = {bad, good}}, store, 0, 0, 1);
    QVERIFY(!of);
    QCOMPARE(of.error().param, std::string("/of/where/a"));
    const auto in = evaluate({.function = Function::share, .parts = {good, bad}}, store, 0, 0, 1);
    QVERIFY(!in);
    QCOMPARE(in.error().param, std::string("/in/where/a"));
}

void TestModifiers::limits()
{
    SeriesStore store({});
    std::vector<Sample> samples;
    for (int i = 0; i < 2'000; ++i)
        samples.push_back({"h_bucket", {{"le", std::to_string(i)}}, 1});
    store.append(0, samples);
    // One histogram, but of too many buckets to keep at every step.
    const Query quantile{.metric = "h", .function = Function::quantile, .quantiles = {0.5}};
    for (const auto& query : {quantile, Query{.metric = "h", .function = Function::heatmap}}) {
        const auto refused = evaluate(query, store, 0, 11'000, 1);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::invalid_request);
        QVERIFY(evaluate(query, store, 0, 1'000, 1).has_value());
    }
}

void TestModifiers::manyResets()
{
    // A gauge taken for a counter falls at every other sample; added up in blocks it must be what it is one by one.
    SeriesStore store({.max_age_ms = 60 * minute});
    for (int i = 0; i <= 1'000; ++i)
        store.append(i * 1'000, std::vector<Sample>{{"g", {}, i % 2 == 0 ? 1.0 * (i % 7) : 1e9 + i}});
    for (const auto window : {std::chrono::seconds(10), std::chrono::seconds(200), std::chrono::seconds(1'000)}) {
        const auto frame =
            evaluate({.metric = "g", .function = Function::increase, .window = window}, store, 1'000'000, 1'000'000, 1);
        const auto count = static_cast<int>(window.count());
        double expected = 1'000 % 7 - (1'000 - count) % 7;
        for (int i = 1'000 - count + 1; i < 1'000; i += 2)
            expected += 1e9 + i;
        const auto value = frame->columns.front().values.front();
        QVERIFY2(std::abs(value - expected) <= 1e-12 * expected, qPrintable(QString::number(value - expected)));
    }
}

QTEST_APPLESS_MAIN(TestModifiers)
#include "tst_modifiers.moc"
