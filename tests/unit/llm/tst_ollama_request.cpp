// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ollama_chat.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

class TestOllamaRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void translates_data();
    void translates();
    void messages_data();
    void messages();
    void refuses_data();
    void refuses();
    void copies_schemas_to_the_byte();
};

namespace {

Result<std::string> translate(const std::string& body)
{
    const auto request = parse_model_request(tokenscope::llm::Api::chat, body);
    if (!request)
        qFatal("%s", request.error().message.c_str());
    return ollama_request_body(*request, "up");
}

} // namespace

void TestOllamaRequest::translates_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("expected"); // without model, messages and stream
    const auto row = [](const char* members, const char* expected) {
        QTest::newRow(members) << QByteArray(members) << QByteArray(expected);
    };
    row(R"("x":1)", "{}");
    row(R"("temperature":0.70,"top_p":1,"top_k":5,"min_p":0.1,"seed":12345678901234567890)",
        R"({"options":{"temperature":0.7,"top_p":1,"top_k":5,"min_p":0.1,"seed":12345678901234567890}})");
    row(R"("frequency_penalty":0.5,"presence_penalty":-1)",
        R"({"options":{"frequency_penalty":0.5,"presence_penalty":-1}})");
    row(R"("stop":"a\"b")", R"({"options":{"stop":["a\"b"]}})");
    row(R"("stop":["a","b"])", R"({"options":{"stop":["a","b"]}})");
    row(R"("stop":null,"temperature":null)", "{}");
    row(R"("max_tokens":5)", R"({"options":{"num_predict":5}})");
    row(R"("max_tokens":5,"max_completion_tokens":6)", R"({"options":{"num_predict":6}})");
    row(R"("max_tokens":5,"max_completion_tokens":null)", R"({"options":{"num_predict":5}})");
    row(R"("options":{"num_ctx":8192,"temperature":0},"temperature":1,"seed":3)",
        R"({"options":{"num_ctx":8192,"temperature":0,"seed":3}})");
    row(R"("options":{"num_predict":9},"max_tokens":5,"max_completion_tokens":6)", R"({"options":{"num_predict":9}})");
    row(R"("options":{},"keep_alive":"5m","think":"high")", R"({"keep_alive":"5m","think":"high"})");
    row(R"("keep_alive":-1,"think":false,"reasoning_effort":"high")", R"({"keep_alive":-1,"think":false})");
    row(R"("reasoning_effort":"none")", R"({"think":false})");
    row(R"("reasoning_effort":"low")", R"({"think":true})");
    row(R"("reasoning_effort":null)", "{}");
    row(R"("response_format":{"type":"text"},"format":"json")", "{}");
    row(R"("response_format":{"type":"json_object"})", R"({"format":"json"})");
    row(R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}})",
        R"({"format":{"type":"object"}})");
    row(R"("format":{"type":"array"})", R"({"format":{"type":"array"}})");
    row(R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto")",
        R"({"tools":[{"type":"function","function":{"name":"f"}}]})");
    row(R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"none")", "{}");
    row(R"("n":2,"logprobs":true,"user":"u","logit_bias":{},"unknown":{"options":1})", "{}");
}

void TestOllamaRequest::translates()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, expected);
    const auto body = translate(" {\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                                + members.toStdString() + "}");
    QVERIFY2(body.has_value(), body ? "" : body.error().message.c_str());
    auto json = nlohmann::json::parse(*body);
    QVERIFY(json["model"] == "up");
    QVERIFY(json["stream"] == false);
    QVERIFY(json["messages"] == nlohmann::json::parse(R"([{"role":"user","content":"hi"}])"));
    for (const char* key : {"model", "stream", "messages"})
        json.erase(key);
    QCOMPARE(bytes(json.dump()), bytes(nlohmann::json::parse(expected.toStdString()).dump()));
}

void TestOllamaRequest::messages_data()
{
    QTest::addColumn<QByteArray>("messages");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* messages, const char* expected) {
        QTest::newRow(name) << QByteArray(messages) << QByteArray(expected);
    };
    row("developer", R"([{"role":"developer","content":"a\u00e9\n"}])", R"([{"role":"system","content":"a\u00e9\n"}])");
    row("null content", R"([{"role":"assistant","content":null,"name":"x"}])",
        R"([{"role":"assistant","content":""}])");
    row("refusal", R"([{"role":"assistant","content":null,"refusal":"no"}])",
        R"([{"role":"assistant","content":"no"}])");
    row("parts", R"([{"role":"user","content":[{"type":"text","text":"a\"b"},{"type":"text","text":"c"}]}])",
        R"([{"role":"user","content":"a\"b\nc"}])");
    row("no parts", R"([{"role":"user","content":[]}])", R"([{"role":"user","content":""}])");
    row("images",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/png;base64,AA=="}},{"type":"text","text":"t"},{"type":"image_url","image_url":"data:;base64,BB"}]}])",
        R"([{"role":"user","content":"t","images":["AA==","BB"]}])");
    row("reasoning", R"([{"role":"assistant","content":"a","reasoning_content":"r"}])",
        R"([{"role":"assistant","content":"a","thinking":"r"}])");
    row("tools",
        R"([{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": [1,\"\u00e9\"]}"}},{"id":"c2","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"c\u0032","content":"two"},{"role":"tool","tool_call_id":"c1","content":"one"}])",
        R"([{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"a":[1,"é"]}}},{"id":"c2","function":{"name":"g","arguments":{}}}]},{"role":"tool","content":"two","tool_name":"g"},{"role":"tool","content":"one","tool_name":"f"}])");
    row("tool nobody called", R"([{"role":"tool","tool_call_id":"zz","content":"x"}])",
        R"([{"role":"tool","content":"x"}])");
    row("function role", R"([{"role":"function","name":"f","content":"x"}])",
        R"([{"role":"tool","content":"x","tool_name":"f"}])");
    row("arguments as an object",
        R"([{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]}])",
        R"([{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]}])");
    row("null tool calls", R"([{"role":"assistant","content":"a","tool_calls":null}])",
        R"([{"role":"assistant","content":"a"}])");
}

void TestOllamaRequest::messages()
{
    QFETCH(QByteArray, messages);
    QFETCH(QByteArray, expected);
    const auto body = translate(R"({"model":"m","stream":true,"messages":)" + messages.toStdString() + "}");
    QVERIFY2(body.has_value(), body ? "" : body.error().message.c_str());
    const auto json = nlohmann::json::parse(*body);
    QVERIFY(json["stream"] == true);
    QCOMPARE(bytes(json["messages"].dump()), bytes(nlohmann::json::parse(expected.toStdString()).dump()));
}

void TestOllamaRequest::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char* name, const char* messages, const char* param, const char* rest = "") {
        QTest::newRow(name) << QByteArray(R"({"model":"m","messages":)") + messages + rest + "}" << QByteArray(param);
    };
    const char* const user = R"([{"role":"user","content":"x"}])";
    row("no object", "[1]", "messages[0]");
    row("no role", R"([{"content":"x"}])", "messages[0].role");
    row("role of a wrong type", R"([{"role":"user","content":"x"},{"role":5}])", "messages[1].role");
    row("content of a wrong type", R"([{"role":"user","content":5}])", "messages[0].content");
    row("image on the web",
        R"([{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}])",
        "messages[0].content[1].image_url");
    row("image not in base64",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/svg+xml,<svg/>"}}]}])",
        "messages[0].content[0].image_url");
    row("image without data",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64"}}]}])",
        "messages[0].content[0].image_url");
    row("image without URL", R"([{"role":"user","content":[{"type":"image_url"}]}])",
        "messages[0].content[0].image_url");
    row("audio", R"([{"role":"user","content":[{"type":"input_audio"}]}])", "messages[0].content[0].type");
    row("part without type", R"([{"role":"user","content":["x"]}])", "messages[0].content[0].type");
    row("text of a wrong type", R"([{"role":"user","content":[{"type":"text","text":1}]}])",
        "messages[0].content[0].text");
    row("broken arguments", R"([{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"a\":"}}]}])",
        "messages[0].tool_calls[0].function.arguments");
    row("arguments that are no object",
        R"([{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"[1]"}}]}])",
        "messages[0].tool_calls[0].function.arguments");
    row("injected arguments",
        R"([{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}},{\"x\":{}"}}]}])",
        "messages[0].tool_calls[0].function.arguments");
    row("call without a name", R"([{"role":"assistant","tool_calls":[{}]}])",
        "messages[0].tool_calls[0].function.name");
    row("options", user, "options", R"(,"options":[])");
    row("format", user, "response_format.type", R"(,"response_format":{"type":"xml"})");
    row("schema", user, "response_format.json_schema.schema",
        R"(,"response_format":{"type":"json_schema","json_schema":{}})");
}

void TestOllamaRequest::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const auto translated = translate(body.toStdString());
    QVERIFY(!translated.has_value());
    QVERIFY(translated.error().code == ErrorCode::invalid_request);
    QCOMPARE(bytes(translated.error().param), param);
    QVERIFY(!translated.error().message.empty());
}

void TestOllamaRequest::copies_schemas_to_the_byte()
{
    // The order of a schema's properties is part of the prompt.
    const std::string tools =
        R"([{"function":{"parameters":{"properties":{"z":{},"a":{}, "m":1.0e0}}},"type":"function"}])";
    const auto body = translate(R"({"model":"m","messages":[{"role":"user","content":"x"}],"tools":)" + tools + "}");
    QVERIFY(body.has_value());
    QVERIFY(bytes(*body).contains(bytes("\"tools\":" + tools)));
}

QTEST_APPLESS_MAIN(TestOllamaRequest)
#include "tst_ollama_request.moc"
