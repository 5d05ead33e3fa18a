// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/openai_chat.h"

using namespace tokenscope::llm;
using llmtest::bytes;

class TestOpenAiUpstreamBody : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splices_data();
    void splices();
    void result_is_what_was_meant();
};

void TestOpenAiUpstreamBody::splices_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("want_usage");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, bool want, const char* body, const char* expected) {
        QTest::newRow(name) << QByteArray(body) << want << QByteArray(expected);
    };
    row("nothing to do", true, R"( {"messages":[1], "model":"up"} )", R"( {"messages":[1], "model":"up"} )");
    row("same name in other spelling", true, R"({"model":"\u0075p","messages":[1]})",
        R"({"model":"\u0075p","messages":[1]})");
    row("model", true, "{ \"model\" :\t\"m\" ,\"messages\":[1]}\n", "{ \"model\" :\t\"up\" ,\"messages\":[1]}\n");
    row("the model that counts", true, R"({"model":"a","messages":[{"model":"b"}],"model":"c"})",
        R"({"model":"a","messages":[{"model":"b"}],"model":"up"})");
    row("odd spellings stay", true,
        R"({"zz":[1.0,1e0,10E-1, -0, 123456789012345678901234567890], "model":"m","messages":[ 1 ],"x":"\u00e9\/"})",
        R"({"zz":[1.0,1e0,10E-1, -0, 123456789012345678901234567890], "model":"up","messages":[ 1 ],"x":"\u00e9\/"})");
    row("usage, new key", true, R"({"stream":true,"model":"up","messages":[1] }  )",
        R"({"stream":true,"model":"up","messages":[1] ,"stream_options":{"include_usage":true}}  )");
    row("usage, into the object", true, R"({"stream_options":{"x":1},"stream":true,"model":"m","messages":[1]})",
        R"({"stream_options":{"x":1,"include_usage":true},"stream":true,"model":"up","messages":[1]})");
    row("usage, into an empty object", true, R"({"stream_options":{ },"stream":true,"model":"up","messages":[1]})",
        R"({"stream_options":{ "include_usage":true},"stream":true,"model":"up","messages":[1]})");
    row("usage, in place of null", true, R"({"stream_options":null,"stream":true,"model":"up","messages":[1]})",
        R"({"stream_options":{"include_usage":true},"stream":true,"model":"up","messages":[1]})");
    row("usage, in place of a null of its own", true,
        R"({"stream_options":{"include_usage":null},"stream":true,"model":"up","messages":[1]})",
        R"({"stream_options":{"include_usage":true},"stream":true,"model":"up","messages":[1]})");
    row("both, options first", true, R"({"stream_options":{},"messages":["}"],"model":"m","stream":true})",
        R"({"stream_options":{"include_usage":true},"messages":["}"],"model":"up","stream":true})");
    row("usage, in place of a false", true,
        R"({"stream_options":{"x":1,"include_usage" : false },"stream":true,"model":"up","messages":[1]})",
        R"({"stream_options":{"x":1,"include_usage" : true },"stream":true,"model":"up","messages":[1]})");
    row("the client's true stays", true,
        R"({"stream_options":{"include_usage" : true},"stream":true,"model":"up","messages":[1]})",
        R"({"stream_options":{"include_usage" : true},"stream":true,"model":"up","messages":[1]})");
    row("usage not wanted", false, R"({"stream":true,"model":"up","messages":[1]})",
        R"({"stream":true,"model":"up","messages":[1]})");
    row("not a stream", true, R"({"stream":false,"model":"up","messages":[1]})",
        R"({"stream":false,"model":"up","messages":[1]})");
}

void TestOpenAiUpstreamBody::splices()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, want_usage);
    QFETCH(QByteArray, expected);
    const auto request = parse_model_request(tokenscope::llm::Api::chat, body.toStdString());
    QVERIFY(request.has_value());
    QCOMPARE(bytes(openai_upstream_body(*request, "up", want_usage)), expected);
}

void TestOpenAiUpstreamBody::result_is_what_was_meant()
{
    const auto request =
        parse_model_request(tokenscope::llm::Api::chat, R"({"model":"m","messages":[1],"stream":true})");
    QVERIFY(request.has_value());
    QVERIFY(adds_usage(*request));
    const auto sent = nlohmann::json::parse(openai_upstream_body(*request, "a\"b\\c\n\xC3\xB6", true));
    QCOMPARE(bytes(sent["model"].get<std::string>()), QByteArray("a\"b\\c\n\xC3\xB6"));
    QVERIFY(sent["stream_options"]["include_usage"].get<bool>());
    QVERIFY(sent["stream"].get<bool>());
    QCOMPARE(sent.size(), std::size_t{4});
}

QTEST_APPLESS_MAIN(TestOpenAiUpstreamBody)
#include "tst_openai_upstream_body.moc"
