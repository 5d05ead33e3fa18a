// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/duration_text.h"
#include "query/query_json.h"
#include "query/validate.h"
#include "support/random_query.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <limits>

using namespace tokenscope;
using namespace tokenscope::query;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

bool same(const Query& a, const Query& b)
{
    return a.metric == b.metric && a.function == b.function && a.aggregation == b.aggregation
           && a.quantiles == b.quantiles && a.by == b.by && a.where == b.where && a.window == b.window
           && a.offset == b.offset && a.topk == b.topk && a.scale == b.scale
           && std::ranges::equal(a.parts, b.parts, same);
}

struct Wrong {
    const char* name;
    const char* json;
    const char* param;
};

const Wrong wrongs[] = {
    {"not an object", R"(["m"])", ""},
    {"null", R"(null)", ""},
    {"nothing", R"({})", "/metric"},
    {"empty metric", R"({"metric": ""})", "/metric"},
    {"metric is a number", R"({"metric": 1})", "/metric"},
    {"metric with a space", R"({"metric": "a b"})", "/metric"},
    {"unknown key", R"({"metric": "m", "colour": "red"})", "/colour"},
    {"unknown key to be escaped", R"({"metric": "m", "a/b~c": 1})", "/a~1b~0c"},
    {"key in capitals", R"({"Metric": "m"})", "/Metric"},
    {"unknown function", R"({"metric": "m", "fn": "irate"})", "/fn"},
    {"function is null", R"({"metric": "m", "fn": null})", "/fn"},
    {"unknown aggregation", R"({"metric": "m", "agg": "median"})", "/agg"},
    {"aggregation of a rate", R"({"metric": "m", "fn": "rate", "agg": "sum"})", "/agg"},
    {"quantiles of a value", R"({"metric": "m", "q": 0.5})", "/q"},
    {"no quantile", R"({"metric": "m", "fn": "quantile"})", "/q"},
    {"empty quantiles", R"({"metric": "m", "fn": "quantile", "q": []})", "/q"},
    {"quantile is a text", R"({"metric": "m", "fn": "quantile", "q": [0.5, "0.9"]})", "/q/1"},
    {"quantiles in a list", R"({"metric": "m", "fn": "quantile", "q": [[0.5]]})", "/q/0"},
    {"label is a number", R"({"metric": "m", "by": 5})", "/by"},
    {"second label is wrong", R"({"metric": "m", "by": ["a", "b c"]})", "/by/1"},
    {"only label is wrong", R"({"metric": "m", "by": "b c"})", "/by"},
    {"label is null", R"({"metric": "m", "by": ["a", null]})", "/by/1"},
    {"label that PromQL reads as a number", R"({"metric": "m", "by": ["iNf"]})", "/by/0"},
    {"label that PromQL reads as a keyword", R"({"metric": "m", "by": "WITHOUT"})", "/by"},
    {"label that the quantile has", R"({"metric": "m", "fn": "quantile", "q": 0.5, "by": ["quantile"]})", "/by/0"},
    {"by of a heatmap", R"({"metric": "m", "fn": "heatmap", "by": ["a"]})", "/by"},
    {"where is a list", R"({"metric": "m", "where": ["a"]})", "/where"},
    {"matcher is a number", R"({"metric": "m", "where": {"status": 200}})", "/where/status"},
    {"matcher of no label", R"({"metric": "m", "where": {"a/b": "x"}})", "/where/a~1b"},
    {"matcher of an empty label", R"({"metric": "m", "where": {"": "x"}})", "/where/"},
    {"matcher of the metric's name", R"({"metric": "m", "where": {"__name__": "x"}})", "/where/__name__"},
    {"window is a number", R"({"metric": "m", "fn": "rate", "window": 60})", "/window"},
    {"window without unit", R"({"metric": "m", "fn": "rate", "window": "60"})", "/window"},
    {"window with a fraction", R"({"metric": "m", "fn": "rate", "window": "1.5m"})", "/window"},
    {"window of weeks", R"({"metric": "m", "fn": "rate", "window": "1w"})", "/window"},
    {"window of 0", R"({"metric": "m", "fn": "rate", "window": "0s"})", "/window"},
    {"window below 0", R"({"metric": "m", "fn": "rate", "window": "-1m"})", "/window"},
    {"window of centuries", R"({"metric": "m", "fn": "rate", "window": "40000d"})", "/window"},
    {"window of a value", R"({"metric": "m", "window": "1m"})", "/window"},
    {"window of a heatmap", R"({"metric": "m", "fn": "heatmap", "window": "1m"})", "/window"},
    {"offset of centuries", R"({"metric": "m", "offset": "-40000d"})", "/offset"},
    {"topk below 0", R"({"metric": "m", "topk": -1})", "/topk"},
    {"topk with a fraction", R"({"metric": "m", "topk": 2.5})", "/topk"},
    {"enormous topk", R"({"metric": "m", "topk": 18446744073709551615})", "/topk"},
    {"scale is a text", R"({"metric": "m", "scale": "2"})", "/scale"},
    {"parts of a value", R"({"metric": "m", "of": {"metric": "m"}})", "/of"},
    {"share without parts", R"({"fn": "share"})", "/of"},
    {"share of nothing", R"({"fn": "share", "of": {"metric": "m"}})", "/in"},
    {"share with a metric", R"({"fn": "share", "metric": "m", "of": {"metric": "m"}, "in": {"metric": "m"}})",
     "/metric"},
    {"share with an offset", R"({"fn": "share", "offset": "1m", "of": {"metric": "m"}, "in": {"metric": "m"}})",
     "/offset"},
    {"part is a text", R"({"fn": "share", "of": "m", "in": {"metric": "m"}})", "/of"},
    {"part without metric", R"({"fn": "share", "of": {"metric": "m"}, "in": {}})", "/in/metric"},
    {"unknown key in a part", R"({"fn": "share", "of": {"metric": "m", "x": 1}, "in": {"metric": "m"}})", "/of/x"},
    {"wrong label in a part", R"({"fn": "share", "of": {"metric": "m", "by": ["1"]}, "in": {"metric": "m"}})",
     "/of/by/0"},
    {"quantile as a part", R"({"fn": "share", "of": {"metric": "m", "fn": "quantile", "q": 1}, "in": {"metric": "m"}})",
     "/of/fn"},
    {"zeros for other labels",
     R"({"fn": "share", "or_zero": true, "of": {"metric": "m", "by": "a"}, "in": {"metric": "m"}})", "/or_zero"},
    {"zeros of no share", R"({"metric": "m", "or_zero": true})", "/or_zero"},
    {"zeros as a number", R"({"fn": "share", "or_zero": 0, "of": {"metric": "m"}, "in": {"metric": "m"}})", "/or_zero"},
    {"share as a part", R"({"fn": "share", "of": {"metric": "m"}, "in": {"fn": "share"}})", "/in/fn"},
    {"heatmap as a part", R"({"fn": "share", "of": {"metric": "m"}, "in": {"metric": "m", "fn": "heatmap"}})",
     "/in/fn"},
    {"in has more labels",
     R"({"fn": "share", "of": {"metric": "m", "by": "a"}, "in": {"metric": "m", "by": ["a", "b"]}})", "/in/by"},
};

} // namespace

class TestQueryJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyField();
    void defaultsAreLeftOut();
    void share();
    void refusals_data();
    void refusals();
    void notUtf8();
    void roundTrip();
    void deepNesting();
    void durations_data();
    void durations();
};

void TestQueryJson::everyField()
{
    const auto query =
        parse_query(json::parse(R"({"metric": "h", "fn": "quantile", "q": [0.5, 1], "by": ["model", "le"],
        "where": {"status": "!~5.."}, "window": "1h30m", "offset": "-500ms", "topk": 3, "scale": 1000})"));
    QVERIFY2(query.has_value(), query ? "" : query.error().message.c_str());
    QVERIFY(same(*query, {.metric = "h",
                          .function = Function::quantile,
                          .quantiles = {0.5, 1},
                          .by = {"model", "le"},
                          .where = {{"status", "!~5.."}},
                          .window = 90min,
                          .offset = -500ms,
                          .topk = 3,
                          .scale = 1'000}));
    QCOMPARE(parse_query(json::parse(R"({"metric": "m", "agg": "max", "by": "a"})"))->aggregation, Aggregation::max);
    QCOMPARE(parse_query(json::parse(R"({"metric": "m", "fn": "quantile", "q": 0.9})"))->quantiles,
             std::vector<double>{0.9});
}

void TestQueryJson::defaultsAreLeftOut()
{
    QCOMPARE(to_json({.metric = "m"}).dump(), std::string(R"({"metric":"m"})"));
    QCOMPARE(to_json({.metric = "m", .function = Function::rate, .by = {"a"}, .window = 90s}).dump(),
             std::string(R"({"by":"a","fn":"rate","metric":"m","window":"1m30s"})"));
    // What a heatmap does not use would be refused when it is read again.
    QCOMPARE(
        to_json({.metric = "m", .function = Function::heatmap, .quantiles = {1}, .by = {"a"}, .window = 90s}).dump(),
        std::string(R"({"fn":"heatmap","metric":"m"})"));
}

void TestQueryJson::share()
{
    const auto text = json::parse(R"({"fn": "share", "of": {"metric": "hits", "fn": "rate", "by": ["a", "b"]},
        "in": {"metric": "all", "fn": "rate", "by": "b", "offset": "1d"}, "topk": 2, "scale": 100.0})");
    const auto query = parse_query(text);
    QVERIFY2(query.has_value(), query ? "" : query.error().message.c_str());
    QCOMPARE(query->parts.size(), std::size_t{2});
    QCOMPARE(query->parts[1].offset, std::chrono::milliseconds(24h));
    QCOMPARE(to_json(*query).dump(), text.dump());
    const auto zeros = json::parse(R"({"fn": "share", "of": {"metric": "a"}, "in": {"metric": "b"}, "or_zero": true})");
    QCOMPARE(to_json(*parse_query(zeros)).dump(), zeros.dump());
}

void TestQueryJson::refusals_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("param");
    for (const auto& wrong : wrongs)
        QTest::newRow(wrong.name) << QByteArray(wrong.json) << QByteArray(wrong.param);
}

void TestQueryJson::refusals()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, param);
    const auto query = parse_query(json::parse(text.begin(), text.end()));
    QVERIFY(!query);
    QCOMPARE(query.error().code, ErrorCode::invalid_request);
    QCOMPARE(QByteArray::fromStdString(query.error().param), param);
    QVERIFY2(query.error().message.ends_with('.'), query.error().message.c_str());
}

void TestQueryJson::notUtf8()
{
    QCOMPARE(validate({.metric = "m", .where = {{"a", "\xff"}}})->param, std::string("/where/a"));
    QCOMPARE(validate({.metric = "m", .where = {{"\xff", "a"}}})->param, std::string("/where"));
    QCOMPARE(validate({.metric = "m", .scale = std::numeric_limits<double>::infinity()})->param, std::string("/scale"));
    QCOMPARE(validate({.metric = "m", .function = Function::quantile, .quantiles = {0.5, std::nan("")}})->param,
             std::string("/q/1"));
}

void TestQueryJson::roundTrip()
{
    tests::RandomQueries queries(tests::hostile_vocabulary(), 7);
    for (int i = 0; i < 5'000; ++i) {
        const auto query = queries.next();
        const auto error = validate(query);
        QVERIFY2(!error, error ? (error->param + ' ' + error->message).c_str() : "");
        const auto text = to_json(query).dump();
        const auto again = parse_query(json::parse(text));
        QVERIFY2(again.has_value(), again ? "" : (text + ' ' + again.error().param + again.error().message).c_str());
        QVERIFY2(same(*again, query), text.c_str());
        QCOMPARE(to_json(*again).dump(), text);
    }
}

void TestQueryJson::deepNesting()
{
    json nested = {{"metric", "m"}};
    for (int i = 0; i < 2'000; ++i)
        nested = {{"fn", "share"}, {"in", {{"metric", "m"}}}, {"of", std::move(nested)}};
    const auto query = parse_query(nested);
    QVERIFY(!query);
    QCOMPARE(query.error().param, std::string("/of/fn"));
}

void TestQueryJson::durations_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("ms"); // -1: refused
    const auto row = [](const char* text, qint64 ms) { QTest::newRow(text) << QByteArray(text) << ms; };
    row("1ms", 1);
    row("90s", 90'000);
    row("1d2h3m4s5ms", 93'784'005);
    row("0s", 0);
    row("1h5ms", 3'600'005);
    row("007m", 420'000);
    for (const char* wrong : {"",
                              "-",
                              "s",
                              "1",
                              "1 s",
                              " 1s",
                              "1s ",
                              "1m1h",
                              "1s1s",
                              "1S",
                              "1y",
                              "+1s",
                              "--1s",
                              "1s-",
                              "1e3s",
                              "0x1s",
                              "99999999999999999999s",
                              "999999999999999d",
                              "1sm",
                              "1mss"})
        row(wrong, -1);
}

void TestQueryJson::durations()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, ms);
    const auto duration = parse_duration(std::string_view(text.data(), static_cast<std::size_t>(text.size())));
    QCOMPARE(duration.has_value(), ms >= 0);
    if (duration) {
        QCOMPARE(duration->count(), ms);
        QCOMPARE(parse_duration(duration_text(*duration)), duration);
        QCOMPARE(parse_duration("-" + text.toStdString()), std::optional(-*duration));
    }
}

QTEST_APPLESS_MAIN(TestQueryJson)
#include "tst_query_json.moc"
