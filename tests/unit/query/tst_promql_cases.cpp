// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluator.h"
#include "query/query_json.h"
#include "support/series_notation.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::query;

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;

struct Case {
    const char* name;
    std::int64_t interval;
    const char* series;
    const char* query;
    std::int64_t at;
    /// Of each column its labels and value: "job=a,le=0.1 7"; those without a value do not stand here.
    std::vector<const char*> expected;
};

const char* const counters = R"(
    c{path="/up"}    0+10x11
    c{path="/reset"} 0+10x5 0+10x5)";
const char* const resets = R"(
    r{at="middle"} 0+10x4 0+10x6
    r{at="end"}    0+10x9 0 10)";

/// What Prometheus' functions.test and legacy.test ask of rate() and increase(), and the rules of its documentation.
const Case growth_cases[] = {
    {"increase over everything", 5 * minute, counters, R"({"metric": "c", "fn": "increase", "by": "path", "window": "50m"})",
     50 * minute, {"path=/reset 90", "path=/up 100"}},
    {"not extrapolated to before zero", 5 * minute, counters,
     R"({"metric": "c", "fn": "increase", "by": "path", "window": "100m"})", 50 * minute, {"path=/reset 90", "path=/up 100"}},
    {"together", 5 * minute, counters, R"({"metric": "c", "fn": "increase", "window": "50m"})", 50 * minute, {" 190"}},
    {"a reset is counted from zero", 5 * minute, "c 0 1 2 3 2 3 4", R"({"metric": "c", "fn": "increase", "window": "30m"})",
     30 * minute, {" 7"}},
    {"rate of a steady counter", 5 * minute, "c 0+80x10", R"({"metric": "c", "fn": "rate", "window": "50m"})", 50 * minute,
     {" 0.26666666666666666"}},
    {"rate over resets", 5 * minute, resets, R"({"metric": "r", "fn": "rate", "by": "at", "window": "50m"})", 50 * minute,
     {"at=end 0.03", "at=middle 0.03"}},
    {"rate next to a reset", 5 * minute, resets, R"({"metric": "r", "fn": "rate", "by": "at", "window": "5m"})", 50 * minute,
     {"at=end 0", "at=middle 0.03333333333333333"}},
    {"one sample in the window", 5 * minute, counters, R"({"metric": "c", "fn": "rate", "window": "4m"})", 50 * minute, {}},
    {"one sample at all", minute, "c 7", R"({"metric": "c", "fn": "increase", "window": "5m"})", 0, {}},
    {"two samples a window apart", minute, "c 7 9", R"({"metric": "c", "fn": "increase", "window": "1m"})", minute, {" 2"}},
    {"a window between two samples", minute, "c 7 9", R"({"metric": "c", "fn": "increase", "window": "59s"})", 90 * second,
     {}},
    {"extrapolated to both ends", minute, "c 100+10x10", R"({"metric": "c", "fn": "increase", "window": "5m"})",
     10 * minute + 30 * second, {" 50"}},
    {"half an interval where an end is far", minute, "c _x5 100 110 120", R"({"metric": "c", "fn": "increase", "window": "15m"})",
     15 * minute, {" 30"}},
    {"no further than where it was zero", minute, "c _x3 5+10x7", R"({"metric": "c", "fn": "increase", "window": "20m"})",
     10 * minute, {" 75"}},
    {"began at zero", minute, "c _x3 0+10x7", R"({"metric": "c", "fn": "increase", "window": "20m"})", 10 * minute, {" 70"}},
    {"a gap of missed scrapes", minute, "c 10+10x2 _x5 90+10x2", R"({"metric": "c", "fn": "increase", "window": "10m"})",
     10 * minute, {" 100"}},
    {"staleness is not a sample", minute, "c 0 10 stale 30 40", R"({"metric": "c", "fn": "increase", "window": "4m"})",
     4 * minute, {" 40"}},
    {"NaN between", minute, "c 0 NaN 20", R"({"metric": "c", "fn": "increase", "window": "2m"})", 2 * minute, {" 20"}},
    {"NaN at the end", minute, "c 0 10 NaN", R"({"metric": "c", "fn": "increase", "window": "2m"})", 2 * minute, {}},
    {"infinite", minute, "c 0 Inf", R"({"metric": "c", "fn": "increase", "window": "1m"})", minute, {" inf"}},
    {"negative", minute, "c -10 10", R"({"metric": "c", "fn": "increase", "window": "1m"})", minute, {" 20"}},
    {"flat", minute, "c 5x4", R"({"metric": "c", "fn": "rate", "window": "4m"})", 4 * minute, {" 0"}},
    {"five minutes ago", 5 * minute, counters,
     R"({"metric": "c", "fn": "increase", "by": "path", "window": "10m", "offset": "25m"})", 50 * minute,
     {"path=/reset 20", "path=/up 20"}},
    {"ahead", 5 * minute, counters, R"({"metric": "c", "fn": "increase", "by": "path", "window": "10m", "offset": "-20m"})",
     5 * minute, {"path=/reset 20", "path=/up 20"}},
    {"no such metric", minute, "c 1", R"({"metric": "d", "fn": "rate"})", minute, {}},
};

/// staleness.test, offset.test.
const Case instant_cases[] = {
    {"before it went", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 10 * second, {" 1"}},
    {"a moment before", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 20 * second - 1, {" 1"}},
    {"when it went", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 20 * second, {}},
    {"while away", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 30 * second - 1, {}},
    {"back again", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 30 * second, {" 2"}},
    {"five minutes old", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 330 * second, {" 2"}},
    {"older than five minutes", 10 * second, "m 0 1 stale 2", R"({"metric": "m"})", 330 * second + 1, {}},
    {"the only sample", 10 * second, "m 0", R"({"metric": "m"})", 0, {" 0"}},
    {"before the first sample", 10 * second, "m _ 3", R"({"metric": "m"})", 10 * second - 1, {}},
    {"its look-back ends", 10 * second, "m 0", R"({"metric": "m"})", 300 * second, {" 0"}},
    {"its look-back ended", 10 * second, "m 0", R"({"metric": "m"})", 300 * second + 1, {}},
    {"staleness seen later", 10 * second, "m 0 1 stale 2", R"({"metric": "m", "offset": "10s"})", 30 * second, {}},
    {"the past seen later", 10 * second, "m 0 1 stale 2", R"({"metric": "m", "offset": "20s"})", 30 * second, {" 1"}},
    {"the future", 10 * second, "m 0 1 stale 2", R"({"metric": "m", "offset": "-20s"})", 10 * second, {" 2"}},
    {"the look-back counts from there", 10 * second, "m 5", R"({"metric": "m", "offset": "5m"})", 600 * second, {" 5"}},
    {"and not from here", 10 * second, "m 5", R"({"metric": "m", "offset": "5m"})", 600 * second + 1, {}},
    {"NaN is no staleness", 10 * second, "m{i=\"1\"} 1 NaN\nm{i=\"2\"} 1 2", R"({"metric": "m", "agg": "count"})", 10 * second,
     {" 2"}},
    {"a stale one does not count", 10 * second, "m{i=\"1\"} 1 stale\nm{i=\"2\"} 1 2", R"({"metric": "m", "agg": "count"})",
     10 * second, {" 1"}},
};

const char* const two_histograms = R"(
    h_bucket{le="0.1", of="positive"}  0+5x10
    h_bucket{le=".2", of="positive"}   0+7x10
    h_bucket{le="1e0", of="positive"}  0+11x10
    h_bucket{le="+Inf", of="positive"} 0+12x10
    h_bucket{le="-.2", of="negative"}  0+1x10
    h_bucket{le="-0.1", of="negative"} 0+2x10
    h_bucket{le="0.3", of="negative"}  0+2x10
    h_bucket{le="+Inf", of="negative"} 0+3x10)";
const char* const durations = R"(
    d_bucket{job="1", on="a", le="0.1"}  0+1x10
    d_bucket{job="1", on="a", le="0.2"}  0+3x10
    d_bucket{job="1", on="a", le="+Inf"} 0+4x10
    d_bucket{job="1", on="b", le="0.1"}  0+2x10
    d_bucket{job="1", on="b", le="0.2"}  0+5x10
    d_bucket{job="1", on="b", le="+Inf"} 0+6x10
    d_bucket{job="2", on="a", le="0.1"}  0+3x10
    d_bucket{job="2", on="a", le="0.2"}  0+4x10
    d_bucket{job="2", on="a", le="+Inf"} 0+6x10
    d_bucket{job="2", on="b", le="0.1"}  0+4x10
    d_bucket{job="2", on="b", le="0.2"}  0+7x10
    d_bucket{job="2", on="b", le="+Inf"} 0+9x10)";
const char* const spellings = R"(
    s_bucket{on="a", le="0.1"}    0+1x10
    s_bucket{on="a", le="0.2"}    0+1x10
    s_bucket{on="a", le="2e-1"}   0+1x10
    s_bucket{on="a", le="2.0e-1"} 0+1x10
    s_bucket{on="a", le="+Inf"}   0+4x10
    s_bucket{on="b", le="+inf"}   0x10
    s_bucket{on="b", le="+Inf"}   0x10)";
const char* const falling = R"(
    f_bucket{le="0.1"}  0+1x10
    f_bucket{le="1"}    0+9x10
    f_bucket{le="10"}   0+8x10
    f_bucket{le="100"}  0+8x10
    f_bucket{le="1000"} 0+9x10
    f_bucket{le="+Inf"} 0+9x10)";

/// histograms.test, and what its comments warn of.
const Case histogram_cases[] = {
    {"below 0", 5 * minute, two_histograms, R"({"metric": "h", "fn": "quantile", "q": -0.1, "by": "of", "window": "5m"})",
     50 * minute, {"of=negative,quantile=-0.1 -inf", "of=positive,quantile=-0.1 -inf"}},
    {"above 1", 5 * minute, two_histograms, R"({"metric": "h", "fn": "quantile", "q": 1.01, "by": "of", "window": "5m"})",
     50 * minute, {"of=negative,quantile=1.01 inf", "of=positive,quantile=1.01 inf"}},
    {"usual ones", 5 * minute, two_histograms,
     R"({"metric": "h", "fn": "quantile", "q": [0, 0.2, 0.5, 0.8, 1], "by": "of", "window": "5m"})", 50 * minute,
     {"of=negative,quantile=0 -0.2", "of=negative,quantile=0.2 -0.2", "of=negative,quantile=0.5 -0.15",
      "of=negative,quantile=0.8 0.3", "of=negative,quantile=1 0.3", "of=positive,quantile=0 0",
      "of=positive,quantile=0.2 0.048", "of=positive,quantile=0.5 0.15", "of=positive,quantile=0.8 0.72",
      "of=positive,quantile=1 1"}},
    {"all together", 5 * minute, durations, R"({"metric": "d", "fn": "quantile", "q": [0.3, 0.5], "window": "5m"})", 50 * minute,
     {"quantile=0.3 0.075", "quantile=0.5 0.1277777777777778"}},
    {"by place", 5 * minute, durations, R"({"metric": "d", "fn": "quantile", "q": [0.3, 0.5], "by": "on", "window": "5m"})",
     50 * minute,
     {"on=a,quantile=0.3 0.075", "on=a,quantile=0.5 0.13333333333333333", "on=b,quantile=0.3 0.075",
      "on=b,quantile=0.5 0.125"}},
    {"by job", 5 * minute, durations, R"({"metric": "d", "fn": "quantile", "q": [0.3, 0.5], "by": "job", "window": "5m"})",
     50 * minute,
     {"job=1,quantile=0.3 0.1", "job=1,quantile=0.5 0.14", "job=2,quantile=0.3 0.0642857142857143",
      "job=2,quantile=0.5 0.1125"}},
    {"each", 5 * minute, durations,
     R"({"metric": "d", "fn": "quantile", "q": 0.5, "by": ["job", "on"], "where": {"job": "~1|2"}, "window": "5m"})", 50 * minute,
     {"job=1,on=a,quantile=0.5 0.15", "job=1,on=b,quantile=0.5 0.13333333333333333", "job=2,on=a,quantile=0.5 0.1",
      "job=2,on=b,quantile=0.5 0.11666666666666667"}},
    {"one bound in several spellings", 5 * minute, spellings,
     R"({"metric": "s", "fn": "quantile", "q": [0.5, 0.75, 1], "by": "on", "window": "5m"})", 50 * minute,
     {"on=a,quantile=0.5 0.15", "on=a,quantile=0.75 0.2", "on=a,quantile=1 0.2"}},
    {"falling counts", 5 * minute, falling, R"({"metric": "f", "fn": "quantile", "q": 0.99, "window": "5m"})", 50 * minute,
     {"quantile=0.99 0.989875"}},
    {"no +Inf", minute, "h_bucket{le=\"1\"} 0+1x9\nh_bucket{le=\"2\"} 0+2x9",
     R"({"metric": "h", "fn": "quantile", "q": 0.5, "window": "5m"})", 9 * minute, {}},
    {"nothing but +Inf", minute, "h_bucket{le=\"+Inf\"} 0+1x9", R"({"metric": "h", "fn": "quantile", "q": 0.5})", 9 * minute, {}},
    {"no observation", minute, "h_bucket{le=\"1\"} 5x9\nh_bucket{le=\"+Inf\"} 9x9",
     R"({"metric": "h", "fn": "quantile", "q": [0.5, 2], "window": "5m"})", 9 * minute, {"quantile=2 inf"}},
    {"restart in the middle", minute, "h_bucket{le=\"1\"} 0 10 20 5 10\nh_bucket{le=\"+Inf\"} 0 20 40 10 20",
     R"({"metric": "h", "fn": "quantile", "q": [0.25, 0.5, 0.6], "window": "4m"})", 4 * minute,
     {"quantile=0.25 0.5", "quantile=0.5 1", "quantile=0.6 1"}},
    {"a bucket that appears late", minute,
     "h_bucket{le=\"1\"} 0+10x4\nh_bucket{le=\"2\"} _ _ 0+10x2\nh_bucket{le=\"+Inf\"} 0+20x4",
     R"({"metric": "h", "fn": "quantile", "q": [0.25, 0.75], "window": "4m"})", 4 * minute,
     {"quantile=0.25 0.5", "quantile=0.75 2"}},
    {"a bound that is no number", minute,
     "h_bucket{le=\"x\"} 0+90x9\nh_bucket{le=\"1\"} 0+1x9\nh_bucket{le=\"+Inf\"} 0+2x9\nh_bucket 0+90x9",
     R"({"metric": "h", "fn": "quantile", "q": 0.25, "window": "5m"})", 9 * minute, {"quantile=0.25 0.5"}},
    {"one sample each", minute, "h_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 9",
     R"({"metric": "h", "fn": "quantile", "q": 0.5, "window": "5m"})", minute, {}},
    {"long ago", minute, "h_bucket{le=\"1\"} 0+5x9\nh_bucket{le=\"+Inf\"} 0+5x9",
     R"({"metric": "h", "fn": "quantile", "q": 0.5, "window": "5m", "offset": "1h"})", 69 * minute, {"quantile=0.5 0.5"}},
    {"mean", minute, "h_sum{a=\"1\"} 0+30x9\nh_sum{a=\"2\"} 0+1x9\nh_count{a=\"1\"} 0+10x9\nh_count{a=\"3\"} 0+1x9",
     R"({"metric": "h", "fn": "mean", "by": "a", "window": "5m"})", 9 * minute, {"a=1 3"}},
    {"mean of nothing", minute, "h_sum 5x9\nh_count 5x9", R"({"metric": "h", "fn": "mean", "window": "5m"})", 9 * minute, {}},
    {"infinite mean", minute, "h_sum 0+1x9\nh_count 5x9", R"({"metric": "h", "fn": "mean", "window": "5m"})", 9 * minute,
     {" inf"}},
};

} // namespace

/// Questions whose answers Prometheus' own tests and documentation give, asked of our evaluator.
class TestPromqlCases : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void notation();
};

Q_DECLARE_METATYPE(const Case*)

void TestPromqlCases::answers_data()
{
    QTest::addColumn<const Case*>("test");
    const auto add = [](const char* group, const auto& cases) {
        for (const auto& test : cases)
            QTest::addRow("%s: %s", group, test.name) << &test;
    };
    add("growth", growth_cases);
    add("instant", instant_cases);
    add("histogram", histogram_cases);
}

void TestPromqlCases::answers()
{
    QFETCH(const Case*, test);
    SeriesStore store({.max_age_ms = 100 * 60 * minute});
    tests::load(store, test->series, test->interval);
    const auto query = parse_query(nlohmann::json::parse(test->query));
    QVERIFY2(query.has_value(), query ? "" : query.error().message.c_str());
    const auto frame = evaluate(*query, store, test->at, test->at, 1);
    QVERIFY2(frame.has_value(), frame ? "" : frame.error().message.c_str());

    std::string all;
    for (const auto& column : frame->columns) {
        std::string labels;
        for (const auto& [name, value] : column.labels)
            labels += (labels.empty() ? "" : ",") + name + '=' + value;
        all += labels + ' ' + QByteArray::number(column.values.front(), 'g', 17).toStdString() + '\n';
    }
    QVERIFY2(frame->columns.size() == test->expected.size(), all.c_str());
    auto lines = QByteArray::fromStdString(all).split('\n');
    for (std::size_t i = 0; i < test->expected.size(); ++i) {
        const QByteArray expected(test->expected[i]);
        const auto actual = lines[static_cast<qsizetype>(i)];
        const auto space = expected.lastIndexOf(' ');
        QCOMPARE(actual.left(actual.lastIndexOf(' ')), expected.left(space));
        const auto number = expected.mid(space + 1).toDouble();
        const auto value = frame->columns[i].values.front();
        QVERIFY2(value == number || std::abs(value - number) <= 1e-14 * std::abs(number), actual.constData());
    }
}

void TestPromqlCases::notation()
{
    const auto values = tests::parse_values("1 -2 +3 0+10x2 5-1x2 7x1 _ _x2 NaN -Inf stale");
    QCOMPARE(values.size(), std::size_t{17});
    QCOMPARE(values[5], std::optional(20.0));
    QCOMPARE(values[8], std::optional(3.0));
    QCOMPARE(values[10], std::optional(7.0));
    QVERIFY(!values[11] && !values[13] && values[14]);
    QVERIFY(std::isnan(*values[14]) && !is_stale(*values[14]) && is_stale(*values[16]));
    for (const char* wrong : {"1+", "1x", "x3", "1+2", "_y", "a", "1+2x-1", "1x2x3"})
        QVERIFY_EXCEPTION_THROWN(tests::parse_values(wrong), std::invalid_argument);
    SeriesStore store({});
    QVERIFY_EXCEPTION_THROWN(tests::load(store, "a 1 _ 3\nb 1 2 3", 1), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(tests::load(store, "a{b=1} 1", 1), std::invalid_argument);
}

QTEST_APPLESS_MAIN(TestPromqlCases)
#include "tst_promql_cases.moc"
