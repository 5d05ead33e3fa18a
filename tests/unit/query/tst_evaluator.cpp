// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/evaluator.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <string>

using namespace tokenscope;
using namespace tokenscope::query;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

SeriesStore::Limits hours(int count)
{
    return {.max_age_ms = count * std::int64_t{3'600'000}};
}

/// "demo / tiny{backend=demo,model=tiny}: 1 - 3", '-' where there is no value
std::string text(const Column& column)
{
    std::string labels;
    for (const auto& [name, value] : column.labels)
        labels += (labels.empty() ? "" : ",") + name + '=' + value;
    auto result = column.name + '{' + labels + "}:";
    for (const auto value : column.values)
        result += ' ' + (std::isnan(value) ? std::string("-") : QByteArray::number(value, 'g', 12).toStdString());
    return result;
}

std::vector<std::string> text(const Result<Frame>& frame)
{
    if (!frame)
        return {"error: " + frame.error().message};
    std::vector<std::string> lines;
    for (const auto& column : frame->columns)
        lines.push_back(text(column));
    return lines;
}

using Lines = std::vector<std::string>;

/// Two backends, three models, a status; a scrape every 10 s for 10 minutes. Rates are 1, 2, 4 and 8 a second.
void fill(SeriesStore& store)
{
    for (int i = 0; i <= 60; ++i) {
        const double t = 10.0 * i;
        store.append(1'000'000 + i * 10'000,
                     std::vector<Sample>{
                         {"r_total", {{"backend", "demo"}, {"model", "tiny"}, {"status", "200"}}, 1e6 + t},
                         {"r_total", {{"backend", "demo"}, {"model", "tiny"}, {"status", "503"}}, 1e6 + 2 * t},
                         {"r_total", {{"backend", "demo"}, {"model", "big"}, {"status", "200"}}, 1e6 + 4 * t},
                         {"r_total", {{"backend", "ollama"}, {"status", "200"}}, 1e6 + 8 * t},
                         {"g", {{"i", "1"}}, 3},
                         {"g", {{"i", "2"}}, -5},
                         {"h_bucket", {{"le", "0.1"}, {"model", "a"}}, 1e6 + t},
                         {"h_bucket", {{"le", "1"}, {"model", "a"}}, 1e6 + 3 * t},
                         {"h_bucket", {{"le", "+Inf"}, {"model", "a"}}, 1e6 + 4 * t},
                         {"h_bucket", {{"le", "0.1"}, {"model", "b"}}, 1e6 + t},
                         {"h_bucket", {{"le", "x"}, {"model", "b"}}, 1e6 + t},
                         {"h_bucket", {{"le", "+Inf"}, {"model", "c"}}, 1e6 + t},
                         {"h_sum", {{"model", "a"}}, 1e6 + 2 * t},
                         {"h_count", {{"model", "a"}}, 1e6 + 4 * t},
                         {"h_sum", {{"model", "only sum"}}, 1e6 + t},
                     });
    }
}

Result<Frame> ask(const SeriesStore& store, const Query& query)
{
    return evaluate(query, store, 1'300'000, 1'320'000, 10'000);
}

} // namespace

class TestEvaluator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { fill(m_store); }
    void valueAggregations();
    void rateByAndWhere();
    void missingLabelsGroupAsEmpty();
    void increaseAndScale();
    void mean();
    void quantile();
    void lookBackAndStaleness();
    void infinityAndNan();
    void nothingThere();
    void timesOfTheFrame();
    void refusals_data();
    void refusals();
    void refusesAnEnormousAnswer();

private:
    SeriesStore m_store{hours(1)};
};

void TestEvaluator::valueAggregations()
{
    using enum Aggregation;
    const std::vector<std::pair<Aggregation, std::string>> expected{{sum, "g{}: -2 -2 -2"},
                                                                    {avg, "g{}: -1 -1 -1"},
                                                                    {Aggregation::min, "g{}: -5 -5 -5"},
                                                                    {Aggregation::max, "g{}: 3 3 3"},
                                                                    {count, "g{}: 2 2 2"}};
    for (const auto& [aggregation, line] : expected)
        QCOMPARE(text(ask(m_store, {.metric = "g", .aggregation = aggregation})), Lines{line});
    QCOMPARE(text(ask(m_store, {.metric = "g", .by = {"i", "i"}})), (Lines{"1{i=1}: 3 3 3", "2{i=2}: -5 -5 -5"}));
}

void TestEvaluator::rateByAndWhere()
{
    Query query{.metric = "r_total", .function = Function::rate};
    QCOMPARE(text(ask(m_store, query)), Lines{"r_total{}: 15 15 15"});
    query.by = {"status", "backend"};
    QCOMPARE(text(ask(m_store, query)),
             (Lines{"200 / demo{backend=demo,status=200}: 5 5 5", "503 / demo{backend=demo,status=503}: 2 2 2",
                    "200 / ollama{backend=ollama,status=200}: 8 8 8"}));
    query.by = {};
    query.where = {{"status", "!~5.."}, {"backend", "demo"}};
    QCOMPARE(text(ask(m_store, query)), Lines{"r_total{}: 5 5 5"});
    query.where = {{"model", ""}};
    QCOMPARE(text(ask(m_store, query)), Lines{"r_total{}: 8 8 8"});
    query.where = {{"model", "nobody"}};
    QCOMPARE(text(ask(m_store, query)), Lines{});
}

void TestEvaluator::missingLabelsGroupAsEmpty()
{
    QCOMPARE(text(ask(m_store, {.metric = "r_total", .function = Function::rate, .by = {"model"}})),
             (Lines{"(no model){model=}: 8 8 8", "big{model=big}: 4 4 4", "tiny{model=tiny}: 3 3 3"}));
}

void TestEvaluator::increaseAndScale()
{
    QCOMPARE(
        text(ask(
            m_store,
            {.metric = "r_total", .function = Function::increase, .window = std::chrono::seconds(20), .scale = 0.5})),
        Lines{"r_total{}: 150 150 150"});
    // A window that holds one scrape only gives nothing.
    QCOMPARE(text(ask(m_store, {.metric = "r_total", .function = Function::rate, .window = std::chrono::seconds(5)})),
             Lines{});
}

void TestEvaluator::mean()
{
    QCOMPARE(text(ask(m_store, {.metric = "h", .function = Function::mean, .by = {"model"}})),
             Lines{"a{model=a}: 0.5 0.5 0.5"});
}

void TestEvaluator::quantile()
{
    Query query{.metric = "h",
                .function = Function::quantile,
                .quantiles = {0.95, 0.5, 0.5, 0.999},
                .where = {{"model", "a"}}};
    // Rank 2 of 4 lies halfway between 0.1 and 1.
    QCOMPARE(text(ask(m_store, query)),
             (Lines{"p50{quantile=0.5}: 0.55 0.55 0.55", "p95{quantile=0.95}: 1 1 1", "p99.9{quantile=0.999}: 1 1 1"}));
    // b has no +Inf bucket and one that is no number, c has nothing else: neither has a quantile.
    query.where = {};
    query.by = {"model", "le"};
    query.quantiles = {0.25, -1};
    QCOMPARE(
        text(ask(m_store, query)),
        (Lines{"p-100 / a{model=a,quantile=-1}: -inf -inf -inf", "p25 / a{model=a,quantile=0.25}: 0.1 0.1 0.1",
               "p-100 / b{model=b,quantile=-1}: -inf -inf -inf", "p-100 / c{model=c,quantile=-1}: -inf -inf -inf"}));
}

void TestEvaluator::lookBackAndStaleness()
{
    SeriesStore store(hours(1));
    store.append(1'000, std::vector<Sample>{{"m", {}, 1}, {"n", {}, 7}});
    store.append(11'000, std::vector<Sample>{{"n", {}, 8}});
    const auto at = [&](const char* metric, std::int64_t time) {
        return text(evaluate({.metric = metric}, store, time, time, 1));
    };
    QCOMPARE(at("m", 999), Lines{});
    QCOMPARE(at("m", 1'000), Lines{"m{}: 1"});
    QCOMPARE(at("m", 10'999), Lines{"m{}: 1"});
    QCOMPARE(at("m", 11'000), Lines{}); // vanished
    QCOMPARE(at("n", 10'999), Lines{"n{}: 7"});
    QCOMPARE(at("n", 311'000), Lines{"n{}: 8"}); // five minutes later to the millisecond
    QCOMPARE(at("n", 311'001), Lines{});
}

void TestEvaluator::infinityAndNan()
{
    SeriesStore store(hours(1));
    store.append(0, std::vector<Sample>{{"m", {{"a", "1"}}, inf},
                                        {"m", {{"a", "2"}}, 4},
                                        {"n", {{"a", "1"}}, nan_value},
                                        {"n", {{"a", "2"}}, 4}});
    const auto at = [&](const char* metric, Aggregation aggregation) {
        return text(evaluate({.metric = metric, .aggregation = aggregation}, store, 0, 0, 1));
    };
    QCOMPARE(at("m", Aggregation::avg), Lines{"m{}: inf"});
    QCOMPARE(at("m", Aggregation::min), Lines{"m{}: 4"});
    QCOMPARE(at("n", Aggregation::sum), Lines{});
    QCOMPARE(at("n", Aggregation::max), Lines{"n{}: 4"});
    QCOMPARE(at("n", Aggregation::count), Lines{"n{}: 2"});
}

void TestEvaluator::nothingThere()
{
    for (const auto function :
         {Function::value, Function::rate, Function::increase, Function::mean, Function::quantile}) {
        const auto frame = ask(m_store, {.metric = "nothing", .function = function, .quantiles = {0.5}});
        QVERIFY(frame.has_value());
        QVERIFY(frame->columns.empty());
        QCOMPARE(frame->times.size(), std::size_t{3});
    }
}

void TestEvaluator::timesOfTheFrame()
{
    QCOMPARE(evaluate({.metric = "g"}, m_store, 5, 14, 3)->times, (std::vector<std::int64_t>{5, 8, 11, 14}));
    QCOMPARE(evaluate({.metric = "g"}, m_store, 5, 13, 3)->times, (std::vector<std::int64_t>{5, 8, 11}));
    QCOMPARE(evaluate({.metric = "g"}, m_store, 5, 5, std::numeric_limits<std::int64_t>::max())->times,
             std::vector<std::int64_t>{5});
    QCOMPARE(evaluate({.metric = "g"}, m_store, 0, 11'000, 1)->times.size(), std::size_t{11'001});
}

void TestEvaluator::refusals_data()
{
    QTest::addColumn<int>("which");
    const char* names[] = {
        "no metric",    "metric",    "by",      "where",  "metric's name as label", "no window",     "huge window",
        "no quantiles", "scale",     "pattern", "step 0", "step below 0",           "from after to", "too many steps",
        "far past",     "far future"};
    for (int i = 0; i < static_cast<int>(std::size(names)); ++i)
        QTest::newRow(names[i]) << i;
}

void TestEvaluator::refusals()
{
    QFETCH(int, which);
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    struct Case {
        Query query;
        std::string param;
        std::int64_t from = 0;
        std::int64_t to = 1'000;
        std::int64_t step = 1'000;
    };
    const Case cases[] = {
        {{.metric = ""}, "/metric"},
        {{.metric = "a b"}, "/metric"},
        {{.metric = "m", .by = {"a-b"}}, "/by/0"},
        {{.metric = "m", .where = {{"", "x"}}}, "/where/"},
        {{.metric = "m", .where = {{"__name__", "x"}}}, "/where/__name__"},
        {{.metric = "m", .function = Function::rate, .window = std::chrono::milliseconds(0)}, "/window"},
        {{.metric = "m", .function = Function::rate, .window = std::chrono::milliseconds::max()}, "/window"},
        {{.metric = "m", .function = Function::quantile}, "/q"},
        {{.metric = "m", .scale = inf}, "/scale"},
        {{.metric = "m", .where = {{"a", "~("}}}, "/where/a"},
        {{.metric = "m"}, "step", 0, 1'000, 0},
        {{.metric = "m"}, "step", 0, 1'000, -1},
        {{.metric = "m"}, "from", 2, 1, 1},
        {{.metric = "m"}, "step", 0, 11'001, 1},
        {{.metric = "m"}, "from", lowest, highest, 1},
        {{.metric = "m"}, "from", highest - 1, highest, 1},
    };
    const auto& test = cases[which];
    const auto result = evaluate(test.query, m_store, test.from, test.to, test.step);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::invalid_request);
    QCOMPARE(result.error().param, test.param);
    QVERIFY(result.error().message.ends_with('.'));
}

void TestEvaluator::refusesAnEnormousAnswer()
{
    SeriesStore store(hours(1));
    std::vector<Sample> samples;
    for (int i = 0; i < 2'000; ++i)
        samples.push_back({"m", {{"id", std::to_string(i)}}, 1});
    store.append(0, samples);
    const auto result = evaluate({.metric = "m", .by = {"id"}}, store, 0, 11'000, 1);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::invalid_request);
    QCOMPARE(evaluate({.metric = "m"}, store, 0, 11'000, 1)->columns.size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestEvaluator)
#include "tst_evaluator.moc"
