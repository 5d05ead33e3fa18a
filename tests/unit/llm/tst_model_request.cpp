// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/model_request.h"

using namespace tokenscope;
using llm::parse_model_request;
using llmtest::bytes;

class TestModelRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_the_facts();
    void keeps_the_bytes();
    void finds_spans_data();
    void finds_spans();
    void include_usage_data();
    void include_usage();
    void refuses_data();
    void refuses();
    void deep_body();
    void large_body();
};

void TestModelRequest::reads_the_facts()
{
    const auto request = parse_model_request(
        tokenscope::llm::Api::chat, R"({"messages":[{"role":"user"}],"model":"a\u0062\ud83d\udc4b","stream":true})");
    QVERIFY(request.has_value());
    QCOMPARE(bytes(request->model), QByteArray("ab\xF0\x9F\x91\x8B"));
    QVERIFY(request->stream);
    QVERIFY(!request->include_usage);
    QVERIFY(!request->stream_options_value);
    QVERIFY(!parse_model_request(tokenscope::llm::Api::chat, R"({"messages":[0],"model":"m"})")->stream);
    QVERIFY(!parse_model_request(tokenscope::llm::Api::chat, R"({"messages":[0],"model":"m","stream":null})")->stream);
    QVERIFY(
        !parse_model_request(tokenscope::llm::Api::chat, R"({"messages":[0],"model":"m","stream":true,"stream":false})")
             ->stream);
}

void TestModelRequest::keeps_the_bytes()
{
    const std::string body = "\n {\"model\" : \"m\", \"seed\":123456789012345678901234567890, \"temperature\":1.0e400,"
                             "\t\"messages\":[ {} ] } \r\n";
    const auto request = parse_model_request(tokenscope::llm::Api::chat, body);
    QVERIFY(request.has_value());
    QCOMPARE(bytes(request->body), bytes(body));
}

void TestModelRequest::finds_spans_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("options");
    const auto row = [](const char* name, const char* body, const char* model, const char* options = "") {
        QTest::newRow(name) << QByteArray(body) << QByteArray(model) << QByteArray(options);
    };
    row("plain", R"({"model":"m","messages":[1]})", R"("m")");
    row("leading space", "  \n{\"model\":\"m\",\"messages\":[1]}", R"("m")");
    row("escaped key", R"({"mod\u0065l": "m" ,"messages":[1]})", R"("m")");
    row("nested ones do not count",
        R"({"messages":[{"model":"x","stream_options":{}}],"tools":{"model":1},"model":"m"})", R"("m")");
    row("the last of several", R"({"model":"x","messages":[1],"model":"y"})", R"("y")");
    row("a wrong one before a good one", R"({"model":5,"messages":[1],"model":"y"})", R"("y")");
    row("as a value", R"({"a":"model","b":"\"model\":\"x\"","model":"m","messages":[1]})", R"("m")");
    row("options", R"({"model":"m","messages":[1],"stream_options" : { "x": [1] } })", R"("m")", R"({ "x": [1] })");
    row("null options", R"({"stream_options":null,"model":"m","messages":[1]})", R"("m")", "null");
}

void TestModelRequest::finds_spans()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, options);
    const auto request = parse_model_request(tokenscope::llm::Api::chat, body.toStdString());
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    const auto part = [&](llm::Span span) { return bytes(request->body).mid(span.begin, span.end - span.begin); };
    QCOMPARE(part(request->model_value), model);
    QCOMPARE(request->stream_options_value ? part(*request->stream_options_value) : QByteArray(), options);
}

void TestModelRequest::include_usage_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<int>("said"); // -1: nothing
    QTest::newRow("true") << QByteArray(R"({"include_usage":true})") << 1;
    QTest::newRow("false") << QByteArray(R"({"include_usage":false})") << 0;
    QTest::newRow("null") << QByteArray(R"({"include_usage":null})") << -1;
    QTest::newRow("empty") << QByteArray("{}") << -1;
    QTest::newRow("no object") << QByteArray("null") << -1;
    QTest::newRow("escaped") << QByteArray(R"({"include\u005fusage":true})") << 1;
    QTest::newRow("nested") << QByteArray(R"({"x":{"include_usage":true}})") << -1;
    QTest::newRow("twice") << QByteArray(R"({"include_usage":true,"include_usage":false})") << 0;
}

void TestModelRequest::include_usage()
{
    QFETCH(QByteArray, options);
    QFETCH(int, said);
    const auto request = parse_model_request(
        tokenscope::llm::Api::chat, R"({"model":"m","messages":[1],"stream_options":)" + options.toStdString() + "}");
    QVERIFY(request.has_value());
    QCOMPARE(request->include_usage ? int(*request->include_usage) : -1, said);
}

void TestModelRequest::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("param");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char* body, const char* param, const char* words, const char* code = "invalid_request") {
        QTest::newRow(body) << QByteArray(body) << QByteArray(code) << QByteArray(param) << QByteArray(words);
    };
    row("", "", "empty at byte 0");
    row("{\"model\":\"m\",  nope}", "", "at byte 15");
    row("{\"model\":\"m\",\"messages\":[1]}x", "", "at byte 28");
    row("[1]", "", "must be a JSON object");
    row(" \"x\"", "", "begins at byte 1");
    row("\xEF\xBB\xBF{}", "", "byte order mark at byte 0");
    row("{\"model\":\"\xFF\"}", "", "UTF-8 at byte 10");
    row(R"({"model":"m","messages":[1],"x":NaN})", "", "at byte 32");
    row(R"({"messages":[1]})", "model", "names no model", "model_missing");
    row(R"({"messages":[1],"model":null})", "model", "names no model", "model_missing");
    row(R"({"messages":[1],"model":""})", "model", "empty", "model_missing");
    row(R"({"messages":[1],"model":"m","model":""})", "model", "empty", "model_missing");
    row(R"({"messages":[1],"model":5})", "model", "string");
    row(R"({"model":"m"})", "messages", "no 'messages'");
    row(R"({"model":"m","messages":null})", "messages", "no 'messages'");
    row(R"({"model":"m","messages":[ ]})", "messages", "at least one");
    row(R"({"model":"m","messages":{}})", "messages", "array");
    row(R"({"model":"m","messages":"hi"})", "messages", "array");
    row(R"({"model":"m","messages":[1],"stream":"true"})", "stream", "true or false");
    row(R"({"model":"m","messages":[1],"stream":1})", "stream", "true or false");
    row(R"({"model":"m","messages":[1],"stream_options":[]})", "stream_options", "object");
    row(R"({"model":"m","messages":[1],"stream_options":true})", "stream_options", "object");
    row(R"({"model":"m","messages":[1],"stream_options":{"include_usage":1}})", "stream_options.include_usage",
        "true or false");
}

void TestModelRequest::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, param);
    QFETCH(QByteArray, words);
    const auto request = parse_model_request(tokenscope::llm::Api::chat, body.toStdString());
    QVERIFY(!request.has_value());
    QCOMPARE(bytes(to_string(request.error().code)), code);
    QCOMPARE(bytes(request.error().param), param);
    QVERIFY2(bytes(request.error().message).contains(words), request.error().message.c_str());
}

void TestModelRequest::deep_body()
{
    const auto body = [](int depth) {
        return R"({"model":"m","messages":)" + std::string(depth, '[') + "1" + std::string(depth, ']') + "}";
    };
    QVERIFY(parse_model_request(tokenscope::llm::Api::chat, body(255)).has_value());
    const auto refused = parse_model_request(tokenscope::llm::Api::chat, body(256));
    QVERIFY(!refused.has_value());
    QVERIFY(bytes(refused.error().message).contains("deeper than 256 levels at byte"));
}

void TestModelRequest::large_body()
{
    // Five million keys: linear in time, and without an entry for each.
    std::string body = R"({"model":"m","messages":[1])";
    while (body.size() < 30'000'000)
        body += R"(,"a":0)";
    body += "}";
    const auto request = parse_model_request(tokenscope::llm::Api::chat, std::move(body));
    QVERIFY(request.has_value());
}

QTEST_APPLESS_MAIN(TestModelRequest)
#include "tst_model_request.moc"
