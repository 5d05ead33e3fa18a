// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/prometheus_source.h"
#include "unit/remote/scripted_source.h"

#include <cmath>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::remote;
using tokenscope::test::Awaited;
using tokenscope::test::ScriptedSource;
using tokenscope::test::variables;
using namespace std::chrono_literals;

namespace {

const char* const good_json =
    R"({"status":"success","isPartial":false,"data":{"unknown":[{"a":[1]}],"resultType":"matrix","result":[
 {"metric":{"__name__":"m","b":"2"},"values":[[1000,"1.5"],[1030,"NaN"],[1045,"-Inf"]],"extra":{"values":[[1,"2"]]}},
 {"values":[[1015.000,"+Inf"],[1060,"4.9e-324"]],"metric":{"__name__":"m","a":"ö\u0022\u00fc"}},
 {"metric":{"empty":"1"},"values":[]}
],"stats":{}},"warnings":["careful"],"infos":["by the way"]})";

QByteArray shown(double value)
{
    return std::isnan(value) ? QByteArray("-") : QByteArray::number(value, 'g', 17);
}

/// A frame as text: one line a column.
QByteArray shown(const query::Frame& frame)
{
    QByteArray text;
    for (const auto time : frame.times)
        text += QByteArray::number(qlonglong(time)) + ' ';
    for (const auto& column : frame.columns) {
        text += '\n' + QByteArray::fromStdString(column.name) + " |";
        for (const auto& [name, value] : column.labels)
            text += ' ' + QByteArray::fromStdString(name) + '=' + QByteArray::fromStdString(value);
        text += " |";
        for (const auto value : column.values)
            text += ' ' + shown(value);
    }
    for (const auto& warning : frame.warnings)
        text += "\n! " + QByteArray::fromStdString(warning);
    return text;
}

QByteArray matrix(const QByteArray& result)
{
    return QByteArray(R"({"status":"success","data":{"resultType":"matrix","result":[)") + result + QByteArray("]}}");
}

} // namespace

class TestPrometheusReplies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void framesAreRead_data();
    void framesAreRead();
    void malformedSeriesAreTold_data();
    void malformedSeriesAreTold();
    void whatIsTooMuchIsRefused_data();
    void whatIsTooMuchIsRefused();
    void warningsAreCounted();
    void queriesAreAskedAndDressed();
    void quantilesAreJoined();
    void oneOfSeveralFails();
    void refusedBeforeSending();
    void theConnectionSaysHowLargeAnAnswerMayBe();
    void metricsWithAndWithoutMetadata();
    void testSaysWhatAnswers_data();
    void testSaysWhatAnswers();
    void labelsAndValues();
    void valuesWhoseQueryIsRefusedAreOfTheIndex();
    void destroyedWhileParsing();

private:
    using Range = sources::Range;
    Result<query::FramePtr> promql(PrometheusSource& source, const Range& range)
    {
        Awaited<query::FramePtr> frame;
        source.promql("m", range, {}, frame.callback());
        return frame.get();
    }
    sources::Connection connection(const ScriptedSource& server) const { return {.name = "test", .url = server.url()}; }

    std::shared_ptr<SourceThread> m_thread = std::make_shared<SourceThread>();
};

void TestPrometheusReplies::framesAreRead_data()
{
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<bool>("instant");
    QTest::addColumn<QByteArray>("frame");
    const auto row = [](const char* name, const QByteArray& body, bool instant, const char* frame) {
        QTest::newRow(name) << QByteArrayList(ScriptedSource::json(body).pieces) << instant << QByteArray(frame);
    };
    const char* const good = "1000000 1015000 1030000 1045000 1060000 \n"
                             "m{a=\"ö\\\"ü\"} | __name__=m a=ö\"ü | - inf - - 4.9406564584124654e-324\n"
                             "m{b=\"2\"} | __name__=m b=2 | 1.5 - - -inf -\n"
                             "! careful\n! by the way";
    row("matrix", good_json, false, good);
    QByteArrayList bytes;
    for (const char byte : ScriptedSource::json(good_json).pieces.join())
        bytes << QByteArray(1, byte);
    QTest::newRow("matrix, byte by byte") << bytes << false << QByteArray(good);
    QTest::newRow("wrong content type") << QByteArrayList(ScriptedSource::reply(200, "text/plain", good_json).pieces)
                                        << false << QByteArray(good);
    row("empty", matrix(""), false, "1000000 1015000 1030000 1045000 1060000 ");
    row("at other times", matrix(R"({"metric":{},"values":[[900,"1"],[1014,"2"],[1061,"3"],[1e5,"4"]]})"), false,
        "1000000 1015000 1030000 1045000 1060000 \n{} | | - 2 - - 3\n"
        "! The server answered for times before or after those it was asked for, too, which are left out.\n"
        "! The server answered for other times than it was asked for; its values are shown at the nearest steps.");
    row("only at times not asked for", matrix(R"({"metric":{},"values":[[900,"1"],[1100,"3"]]})"), false,
        "1000000 1015000 1030000 1045000 1060000 \n{} | | - - - - -\n"
        "! The server answered only for times before or after those it was asked for, so there is nothing to show: "
        "compare "
        "its clock with this machine's.");
    row("a series twice",
        matrix(R"({"metric":{"a":"1"},"values":[[1000,"1"]]},{"metric":{"b":"1"},"values":[[1000,"2"]]},)"
               R"({"metric":{"a":"1"},"values":[[1000,"3"]]})"),
        false,
        "1000000 1015000 1030000 1045000 1060000 \n{a=\"1\"} | a=1 | 1 - - - -\n{a=\"1\"} | a=1 | 3 - - - -\n"
        "{b=\"1\"} | b=1 | 2 - - - -\n"
        "! The answer has the series {a=\"1\"} more than once, which are shown one beside the other: whoever put it "
        "together, such as a proxy before several servers, did not join them.");
    row("a long warning",
        QByteArray(R"({"status":"success","data":{"resultType":"matrix","result":[]},"warnings":[")")
            + QByteArray(999, 'w') + QByteArray("\u00f6").repeated(1'000'000) + QByteArray("\"]}"),
        false,
        QByteArray(QByteArray("1000000 1015000 1030000 1045000 1060000 \n! ") + QByteArray(999, 'w')
                   + QByteArray("\u2026"))
            .constData());
    row("no samples in words of Go", matrix(R"({"metric":{"a":"1"},"values":null})"), false,
        "1000000 1015000 1030000 1045000 1060000 ");
    row("unsorted and twice", matrix(R"({"metric":{},"values":[[1060,"1"],[1000,"2"],[1000,"3"]]})"), false,
        "1000000 1015000 1030000 1045000 1060000 \n{} | | 3 - - - 1");
    row("native histograms",
        matrix(R"({"metric":{"a":"1"},"histograms":[[1000,{"count":"1","buckets":[[0,"1","2","3"]]}]]})"), false,
        "1000000 1015000 1030000 1045000 1060000 \n"
        "! The answer has native histograms, which cannot be shown: use histogram_quantile() or another function on "
        "them.");
    row("vector",
        R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"2"},"value":[1000.001,"2"]},{"metric":{"__name__":"x"},"value":[1000,"NaN"]}]}})",
        true, "1000000 \nx | __name__=x | -\n{a=\"2\"} | a=2 | 2");
    row("scalar", R"({"status":"success","data":{"resultType":"scalar","result":[1000,"1e3"]}})", true,
        "1000000 \n{} | | 1000");
    row("string", R"({"status":"success","data":{"resultType":"string","result":[1000,"te\"xt"]}})", true,
        "1000000 \nte\"xt | |");
    row("samples as they are",
        matrix(R"({"metric":{"a":"1"},"values":[[990.5,"1"],[995,"2"]]},{"metric":{"a":"2"},"values":[[995,"3"]]})"),
        true, "990500 995000 \n{a=\"1\"} | a=1 | 1 2\n{a=\"2\"} | a=2 | - 3");
}

void TestPrometheusReplies::framesAreRead()
{
    QFETCH(QByteArrayList, pieces);
    QFETCH(bool, instant);
    QFETCH(QByteArray, frame);
    ScriptedSource server([&](const auto&) { return ScriptedSource::Answer{.pieces = pieces}; });
    PrometheusSource source(m_thread, connection(server), variables());
    QCOMPARE(source.status().health, sources::Health::unknown);
    const auto result =
        promql(source, instant ? Range{1'000'000, 1'000'000, 1'000} : Range{1'000'000, 1'060'000, 15'000});
    QVERIFY2(result, result ? "" : (result.error().message + result.error().detail).c_str());
    auto text = shown(**result);
    text.replace("||", "| |");
    text.replace("|  |", "| |");
    QCOMPARE(text, frame);
    QCOMPARE(source.status().health, sources::Health::good);
    QVERIFY(source.status().last_success_ms);
    const auto& request = server.requests().front();
    QCOMPARE(request.method, QByteArray("POST"));
    QCOMPARE(request.target, instant ? QByteArray("/api/v1/query") : QByteArray("/api/v1/query_range"));
    QCOMPARE(request.body, instant ? QByteArray("query=m&timeout=30.000&time=1000.000")
                                   : QByteArray("query=m&timeout=30.000&start=1000.000&end=1060.000&step=15.000"));
}

void TestPrometheusReplies::malformedSeriesAreTold_data()
{
    QTest::addColumn<QByteArray>("series");
    QTest::addColumn<QByteArray>("problem");
    const auto row = [](const char* name, const char* series, const char* problem) {
        QTest::newRow(name) << QByteArray(series) << QByteArray(problem);
    };
    const char* const no_sample = "has something that is no sample, in its series 2 {a=\"2\"}";
    const char* const no_pair =
        "has a sample that is no pair of a time and a value in quotes, in its series 2 {a=\"2\"}";
    row("a number for a sample", R"({"metric":{"a":"2"},"values":[1000,"1"]})", no_sample);
    row("a text for a sample", R"({"metric":{"a":"2"},"values":["1"]})", no_sample);
    row("an object for a sample", R"({"metric":{"a":"2"},"values":[{"t":1000}]})", no_sample);
    row("nothing for a sample", R"({"metric":{"a":"2"},"values":[null]})", no_sample);
    row("samples as an object", R"({"metric":{"a":"2"},"values":{"1000":"1"}})", no_sample);
    row("samples as a text", R"({"metric":{"a":"2"},"values":"[]"})", no_sample);
    row("a sample as a number", R"({"metric":{"a":"2"},"value":5})", no_sample);
    row("an empty pair", R"({"metric":{"a":"2"},"values":[[]]})", no_pair);
    row("a time alone", R"({"metric":{"a":"2"},"values":[[1000]]})", no_pair);
    row("a value without quotes", R"({"metric":{"a":"2"},"values":[[1000,1]]})", no_pair);
    row("no value", R"({"metric":{"a":"2"},"values":[[1000,null]]})", no_pair);
    row("true", R"({"metric":{"a":"2"},"values":[[1000,true]]})", no_pair);
    row("two values", R"({"metric":{"a":"2"},"values":[[1000,"1","2"]]})", no_pair);
    row("a list as the value", R"({"metric":{"a":"2"},"values":[[1000,["1"]]]})", no_pair);
    row("an object as the value", R"({"metric":{"a":"2"},"values":[[1000,{"v":"1"}]]})", no_pair);
    row("a label that is a number", R"({"metric":{"a":"2","b":3},"values":[[1000,"1"]]})",
        "has a label whose value is no text, in its series 2 {a=\"2\"}");
    row("labels as a list", R"({"metric":["a"],"values":[[1000,"1"]]})",
        "has labels that are no JSON object, in its series 2");
    row("a number for a series", "5", "has something that is no series");
    row("a list for a series", "[1000,\"1\"]", "has something that is no series");
}

void TestPrometheusReplies::malformedSeriesAreTold()
{
    QFETCH(QByteArray, series);
    QFETCH(QByteArray, problem);
    const auto good = QByteArray(R"({"metric":{"a":"1"},"values":[[1000,"1"]]},)");
    ScriptedSource server([&](const auto&) { return ScriptedSource::json(matrix(good + series)); });
    PrometheusSource source(m_thread, connection(server), variables());
    const auto result = promql(source, {1'000'000, 1'060'000, 15'000});
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::upstream_bad_reply);
    auto said = QByteArray::fromStdString(result.error().message);
    said.replace(QByteArray::fromStdString(server.url()), "SERVER");
    QCOMPARE(said, QByteArray("The answer of SERVER ") + problem
                       + QByteArray(": check the URL, and what stands between here and there."));
}

void TestPrometheusReplies::whatIsTooMuchIsRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<qlonglong>("to");
    QTest::addColumn<QByteArray>("problem");
    QByteArray series, raw, labels;
    for (int i = 0; i < 1'820; ++i)
        series += QByteArray(i > 0 ? "," : "") + QByteArray(R"({"metric":{"a":")") + QByteArray::number(i)
                  + QByteArray(R"("},"values":[[1000,"1"]]})");
    QTest::newRow("values") << matrix(series) << 11'999'000LL
                            << QByteArray(
                                   "has more than 20000000 values or 500000 series: group by fewer labels, match "
                                   "fewer series or use a longer step.");
    for (int i = 0; i < 4'500; ++i)
        raw += QByteArray(i > 0 ? "," : "") + QByteArray(R"({"metric":{"a":")") + QByteArray::number(i)
               + QByteArray(R"("},"values":[[)") + QByteArray::number(i) + QByteArray(R"(,"1"]]})");
    QTest::newRow("times of many series")
        << matrix(raw) << 1'000'000LL
        << QByteArray("has too many values: match fewer series or ask for a shorter range.");
    for (int i = 0; i < 1'001; ++i)
        labels += QByteArray(i > 0 ? "," : "") + QByteArray("\"l") + QByteArray::number(i) + QByteArray("\":\"\"");
    QTest::newRow("labels") << matrix(QByteArray(R"({"metric":{)") + labels + QByteArray(R"(},"values":[]})"))
                            << 1'060'000LL
                            << QByteArray(
                                   "has a series with too many labels: check the URL, and what stands between here "
                                   "and there.");
}

void TestPrometheusReplies::whatIsTooMuchIsRefused()
{
    QFETCH(QByteArray, body);
    QFETCH(qlonglong, to);
    QFETCH(QByteArray, problem);
    ScriptedSource server([&](const auto&) { return ScriptedSource::json(body); });
    PrometheusSource source(m_thread, connection(server), variables());
    const auto result = promql(source, {1'000'000, to, 1'000});
    QVERIFY(!result);
    auto said = QByteArray::fromStdString(result.error().message);
    said.replace(QByteArray::fromStdString(server.url()), "SERVER");
    QCOMPARE(said, QByteArray("The answer of SERVER ") + problem);
}

void TestPrometheusReplies::warningsAreCounted()
{
    QByteArray warnings;
    for (int i = 0; i < 150; ++i)
        warnings += QByteArray(i > 0 ? "," : "") + QByteArray("\"w") + QByteArray::number(i) + QByteArray("\"");
    ScriptedSource server([&](const auto&) {
        return ScriptedSource::json(
            QByteArray(R"({"status":"success","data":{"resultType":"matrix","result":[]},"warnings":[)") + warnings
            + QByteArray("]}"));
    });
    PrometheusSource source(m_thread, connection(server), variables());
    const auto result = promql(source, {1'000'000, 1'060'000, 15'000});
    QVERIFY(result);
    QCOMPARE((*result)->warnings.size(), std::size_t{100});
    QCOMPARE((*result)->warnings.back(), std::string("w99"));
}

void TestPrometheusReplies::queriesAreAskedAndDressed()
{
    ScriptedSource server([](const auto&) {
        return ScriptedSource::json(
            matrix(R"({"metric":{"model":"b"},"values":[[1000,"1"]]},{"metric":{},"values":[[1000,"2"]]},)"
                   R"({"metric":{"model":"none"},"values":[[1000,"NaN"]]})"));
    });
    PrometheusSource source(m_thread, connection(server), variables());
    Awaited<query::FramePtr> frame;
    source.range({.metric = "m", .function = query::Function::rate, .by = {"model"}}, {1'000'000, 1'015'000, 15'000},
                 {}, frame.callback());
    const auto result = frame.get();
    QVERIFY(result);
    QCOMPARE(shown(**result), QByteArray("1000000 1015000 \n(no model) | model= | 2 -\nb | model=b | 1 -"));
    QVERIFY(server.requests().front().body.startsWith("query=sum%20by%20%28model%29%20%28rate%28m%5B1m%5D%29%29&"));
}

void TestPrometheusReplies::quantilesAreJoined()
{
    ScriptedSource server([](const auto& request) {
        const bool median = request.body.contains("quantile%280.5%2C");
        return ScriptedSource::json(
            QByteArray(
                R"({"status":"success","warnings":["w"],"data":{"resultType":"matrix","result":[{"metric":{},"values":[[1000,")")
            + QByteArray(median ? "1" : "2") + QByteArray(R"("]]}]}})"));
    });
    PrometheusSource source(m_thread, connection(server), variables());
    Awaited<query::FramePtr> frame;
    source.range({.metric = "m", .function = query::Function::quantile, .quantiles = {0.95, 0.5, 0.95}},
                 {1'000'000, 1'015'000, 15'000}, {}, frame.callback());
    const auto result = frame.get();
    QVERIFY(result);
    QCOMPARE(shown(**result), QByteArray("1000000 1015000 \np50 | quantile=0.5 | 1 -\np95 | quantile=0.95 | 2 -\n! w"));
    QCOMPARE(server.requests().size(), 2);
}

void TestPrometheusReplies::oneOfSeveralFails()
{
    ScriptedSource server([](const auto& request) {
        return request.body.contains("quantile%280.5%2C") ? ScriptedSource::reply(500, "text/plain", "x")
                                                          : ScriptedSource::json(matrix(""));
    });
    PrometheusSource source(m_thread, connection(server), variables());
    Awaited<query::FramePtr> frame; // a second answer would throw
    source.range({.metric = "m", .function = query::Function::quantile, .quantiles = {0.1, 0.5, 0.9}},
                 {1'000'000, 1'015'000, 15'000}, {}, frame.callback());
    const auto result = frame.get();
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::upstream_bad_reply);
    QTRY_COMPARE(server.requests().size(), 3);
}

void TestPrometheusReplies::refusedBeforeSending()
{
    ScriptedSource server([](const auto&) { return ScriptedSource::json("{}"); });
    PrometheusSource source(m_thread, connection(server), variables());
    const auto refused = [&](const query::Query& query, const Range& range) {
        Awaited<query::FramePtr> frame;
        source.range(query, range, {}, frame.callback());
        return frame.get().error();
    };
    const auto steps = refused({.metric = "m"}, {0, 11'001'000, 1'000});
    QCOMPARE(steps.code, ErrorCode::invalid_request);
    QCOMPARE(steps.param, std::string("step"));
    QCOMPARE(QByteArray::fromStdString(steps.message),
             QByteArray("The range has more than 11000 steps: use a longer step or a shorter range."));
    QCOMPARE(refused({.metric = "m"}, {0, 1'000, 0}).param, std::string("step"));
    QCOMPARE(refused({.metric = "m"}, {1, 0, 1}).param, std::string("from"));
    QCOMPARE(refused({.metric = "1m"}, {0, 0, 1}).code, ErrorCode::invalid_request);
    QCOMPARE(promql(source, {0, 12'000'000, 1'000}).error().param, std::string("step"));
    QCOMPARE(server.requests().size(), 0);
}

void TestPrometheusReplies::theConnectionSaysHowLargeAnAnswerMayBe()
{
    const auto body =
        matrix(QByteArray(R"({"metric":{"__name__":"m"},"values":[[1000,"1"]]})") + QByteArray(1 << 20, ' '));
    ScriptedSource server([&](const auto&) { return ScriptedSource::json(body); });
    auto small = connection(server);
    small.answer_mib = 1;
    PrometheusSource refusing(m_thread, small, variables());
    const auto refused = promql(refusing, {1'000'000, 1'000'000, 1'000});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::body_too_large);
    QCOMPARE(
        QByteArray::fromStdString(refused.error().message),
        QByteArray::fromStdString("The answer of " + small.url
                                  + " is larger than 1 MiB: ask for fewer series or a longer step, or allow larger "
                                    "answers in the connection."));
    auto larger = small;
    larger.answer_mib = 2;
    PrometheusSource taking(m_thread, larger, variables());
    const auto taken = promql(taking, {1'000'000, 1'060'000, 15'000});
    QVERIFY2(taken, taken ? "" : taken.error().message.c_str());
    QCOMPARE((*taken)->columns.size(), std::size_t{1});
}

void TestPrometheusReplies::metricsWithAndWithoutMetadata()
{
    bool has_metadata = true;
    ScriptedSource server([&](const auto& request) {
        if (request.target == "/api/v1/label/__name__/values")
            return ScriptedSource::json(R"({"status":"success","data":["up","h_sum","h_bucket","c_total","g"]})");
        if (!has_metadata)
            return ScriptedSource::reply(404, "text/plain", "404 page not found");
        return ScriptedSource::json(
            R"({"status":"success","data":{"h":[{"type":"histogram","help":"H","unit":"seconds"}],
            "c":[{"type":"counter","help":"C","unit":""}],"g":[{"type":"stateset","help":"G"}],"up":[]}})");
    });
    for (const bool with : {true, false}) {
        has_metadata = with;
        PrometheusSource source(m_thread, connection(server), variables());
        QByteArrayList lines;
        for (int i = 0; i < 2; ++i) {
            const auto before = server.requests().size();
            Awaited<std::vector<sources::MetricInfo>> infos;
            source.metrics({}, infos.callback());
            const auto result = infos.get();
            QVERIFY(result);
            lines.clear();
            for (const auto& info : *result)
                lines << QByteArray::fromStdString(info.name + ' ' + info.type + ' ' + info.help + ' ' + info.unit);
            QCOMPARE(server.requests().size() - before, i == 0 ? 2 : 0);
        }
        QCOMPARE(lines.join('\n'),
                 with ? QByteArray("c_total counter C \ng unknown G \nh_bucket histogram H seconds\n"
                                   "h_sum histogram H seconds\nup unknown  ")
                      : QByteArray("c_total unknown  \ng unknown  \nh_bucket unknown  \nh_sum unknown  \n"
                                   "up unknown  "));
        QCOMPARE(source.status().health, sources::Health::good);
    }
}

void TestPrometheusReplies::testSaysWhatAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("buildinfo");
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<QByteArray>("said");
    const QByteArray two = R"({"status":"success","data":["a","b"]})";
    QTest::newRow("Prometheus") << 200 << QByteArray(R"({"status":"success","data":{"version":"2.42.0"}})") << two
                                << QByteArray("Prometheus 2.42.0 with 2 metrics.");
    QTest::newRow("Mimir") << 200
                           << QByteArray(
                                  R"({"status":"success","data":{"application":"Grafana Mimir","version":"2.9"}})")
                           << QByteArray(R"({"status":"success","data":["a"]})")
                           << QByteArray("Grafana Mimir 2.9 with 1 metric.");
    QTest::newRow("no such page") << 404 << QByteArray("404 page not found") << two
                                  << QByteArray("a server with 2 metrics.");
    QTest::newRow("nothing at all")
        << 404 << QByteArray("x") << QByteArray()
        << QByteArray("SERVER has nothing at /api/v1/label/__name__/values: correct the path of the URL. Where that is "
                      "right, this server does not offer it.");
    QTest::newRow("not allowed") << 403 << QByteArray("x") << two
                                 << QByteArray(
                                        "SERVER does not allow it: ask its administrator for access, and check the "
                                        "headers of the connection, such as the tenant's. It says 'x'.");
}

void TestPrometheusReplies::testSaysWhatAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, buildinfo);
    QFETCH(QByteArray, names);
    QFETCH(QByteArray, said);
    ScriptedSource server([&](const auto& request) {
        if (request.target == "/api/v1/status/buildinfo")
            return ScriptedSource::reply(status, "application/json", buildinfo);
        return names.isEmpty() ? ScriptedSource::reply(404, "text/plain", "x") : ScriptedSource::json(names);
    });
    PrometheusSource source(m_thread, connection(server), variables());
    Awaited<std::string> text;
    source.test({}, text.callback());
    const auto result = text.get();
    auto heard = QByteArray::fromStdString(result ? *result : result.error().message);
    heard.replace(QByteArray::fromStdString(server.url()), "SERVER");
    QCOMPARE(heard, said);
}

void TestPrometheusReplies::labelsAndValues()
{
    ScriptedSource server(
        [](const auto&) { return ScriptedSource::json(R"({"status":"success","data":["z","__name__","a"]})"); });
    PrometheusSource source(m_thread, connection(server), variables());
    Awaited<std::vector<std::string>> names, values, refused;
    source.label_names("a\"b", {}, names.callback());
    QVERIFY(names.get() == std::vector<std::string>({"a", "z"}));
    QCOMPARE(server.requests().back().target, QByteArray("/api/v1/labels?match%5B%5D=%7B__name__%3D%22a%5C%22b%22%7D"));
    source.label_values("job", "", {}, values.callback());
    QVERIFY(values.get() == std::vector<std::string>({"__name__", "a", "z"}));
    QCOMPARE(server.requests().back().target, QByteArray("/api/v1/label/job/values"));
    Awaited<std::vector<std::string>> past;
    source.label_values_in({.from = 1'500, .to = 36'001'500}, "job", "up", {}, past.callback());
    QVERIFY(past.get() == std::vector<std::string>({"__name__", "a", "z"}));
    QCOMPARE(server.requests().back().target,
             QByteArray("/api/v1/label/job/values?match%5B%5D=%7B__name__%3D%22up%22%7D&start=1.500&end=36001.500"));
    source.label_values("../x", "", {}, refused.callback());
    QCOMPARE(refused.get().error().code, ErrorCode::invalid_request);
    QCOMPARE(server.requests().size(), 3);
}

/// Not all that speak the API know every function.
void TestPrometheusReplies::valuesWhoseQueryIsRefusedAreOfTheIndex()
{
    ScriptedSource server([](const auto& request) {
        if (request.target != "/api/v1/query")
            return ScriptedSource::json(R"({"status":"success","data":["a"]})");
        return ScriptedSource::reply(400, "application/json",
                                     R"({"status":"error","errorType":"bad_data","error":"unknown function"})");
    });
    PrometheusSource source(m_thread, connection(server), variables());
    Awaited<std::vector<std::string>> values;
    source.label_values_in({.from = 1'500, .to = 61'500}, "job", "up", {}, values.callback());
    const auto answer = values.get();
    QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
    QCOMPARE(*answer, std::vector<std::string>{"a"});
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(server.requests().back().target,
             QByteArray("/api/v1/label/job/values?match%5B%5D=%7B__name__%3D%22up%22%7D&start=1.500&end=61.500"));
}

void TestPrometheusReplies::destroyedWhileParsing()
{
    QByteArray values;
    for (int i = 0; i < 200'000; ++i)
        values += "[1000,\"1\"],";
    auto reply = ScriptedSource::json(matrix(QByteArray(R"({"metric":{},"values":[)") + values)).pieces;
    reply.back().chop(100); // it never ends
    ScriptedSource server([&](const auto&) { return ScriptedSource::Answer{.pieces = reply, .hold = true}; });
    for (int i = 0; i < 5; ++i) {
        PrometheusSource source(m_thread, connection(server), variables());
        source.promql("m", {1'000'000, 1'015'000, 15'000}, {},
                      [](const auto& answer) { QFAIL(answer ? "answered" : answer.error().message.c_str()); });
        const auto before = server.written();
        QTRY_VERIFY(server.written() > before + 100'000);
    }
    QTRY_COMPARE(server.open(), 0);
}

QTEST_GUILESS_MAIN(TestPrometheusReplies)
#include "tst_prometheus_replies.moc"
