// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ollama_api_request.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using Json = nlohmann::ordered_json;

namespace {

Result<std::string> translate(Api api, const std::string& body)
{
    const auto request = parse_model_request(api, body);
    if (!request)
        return failure(request.error());
    return api == Api::ollama_chat ? ollama_chat_as_openai(*request) : ollama_generate_as_openai(*request);
}

/// The translation of a chat whose members besides model and messages are these, without what is always there.
QByteArray rest_of(const std::string& members)
{
    const auto body = translate(Api::ollama_chat, R"({"model":"m","messages":[{"role":"user"}],"stream":false)"
                                                      + (members.empty() ? "" : "," + members) + "}");
    if (!body)
        return bytes("error " + body.error().param);
    auto json = Json::parse(*body);
    for (const auto* key : {"model", "messages", "stream"})
        json.erase(key);
    return bytes(json.dump());
}

QByteArray messages_of(const std::string& messages)
{
    const auto body = translate(Api::ollama_chat, R"({"model":"m","messages":)" + messages + "}");
    if (!body)
        return bytes("error " + body.error().param);
    if (!parse_model_request(Api::chat, *body))
        return "not a chat request";
    return bytes(Json::parse(*body)["messages"].dump());
}

} // namespace

/// Ollama's requests as chat completions, member by member.
class TestOllamaApiRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whole_bodies();
    void messages_data();
    void messages();
    void members_data();
    void members();
    void generate_data();
    void generate();
    void unicode_and_spelling_are_kept();
    void loads_data();
    void loads();
};

void TestOllamaApiRequest::whole_bodies()
{
    const auto chat = translate(Api::ollama_chat,
                                " {\"model\":\"a\\\"b\",\"keep_alive\":\"5m\",\"messages\":[{\"role\":\"user\","
                                "\"content\":\"hi\"}]}");
    QVERIFY(chat.has_value());
    QCOMPARE(bytes(*chat), QByteArray(R"({"model":"a\"b","messages":[{"role":"user","content":"hi"}],)"
                                      R"("stream_options":{"include_usage":true},"stream":true})"));
    const auto request = parse_model_request(Api::chat, *chat);
    QVERIFY(request.has_value());
    QVERIFY(request->stream && request->include_usage == true);
    QCOMPARE(bytes(request->model), QByteArray("a\"b"));
    const auto whole = translate(Api::ollama_generate, R"({"model":"m","prompt":"hi","stream":false})");
    QVERIFY(whole.has_value());
    QCOMPARE(bytes(*whole), QByteArray(R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false})"));
}

void TestOllamaApiRequest::messages_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const auto row = [](const char* name, const char* from, const char* to) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to);
    };
    row("roles", R"([{"role":"system","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}])",
        R"([{"role":"system","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}])");
    row("no content", R"([{"role":"user"},{"role":"user","content":null}])",
        R"([{"role":"user","content":""},{"role":"user","content":""}])");
    row("unknown members are dropped", R"([{"role":"user","content":"a","x":1,"images":null,"tool_calls":null}])",
        R"([{"role":"user","content":"a"}])");
    row("thinking", R"([{"role":"assistant","content":"a","thinking":"hm"},{"role":"assistant","thinking":""}])",
        R"([{"role":"assistant","content":"a","reasoning_content":"hm"},{"role":"assistant","content":""}])");
    row("images", R"([{"role":"user","content":"a","images":["iVBORw0KGgoAA\/A=","\/9j\/4AA","R0lGODlh","UklGRgAA"]}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoAA/A="}},)"
        R"({"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/4AA"}},)"
        R"({"type":"image_url","image_url":{"url":"data:image/gif;base64,R0lGODlh"}},)"
        R"({"type":"image_url","image_url":{"url":"data:image/webp;base64,UklGRgAA"}}]}])");
    row("an image alone", R"([{"role":"user","images":["/9j/"]}])",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/"}}]}])");
    row("no images", R"([{"role":"user","content":"a","images":[]}])", R"([{"role":"user","content":"a"}])");
    row("tool calls and results",
        R"([{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a": "é", "b":[1.50]}}},)"
        R"({"id":"x","function":{"index":1,"name":"g","arguments":{}}},{"function":{"name":"f"}}]},)"
        R"({"role":"tool","content":"2","tool_name":"g"},{"role":"tool","content":"1","tool_name":"f"},)"
        R"({"role":"tool","content":"3","tool_name":"f"}])",
        R"([{"role":"assistant","content":"","tool_calls":[)"
        R"({"id":"call_0","type":"function","function":{"name":"f","arguments":"{\"a\": \"é\", \"b\":[1.50]}"}},)"
        R"({"id":"x","type":"function","function":{"name":"g","arguments":"{}"}},)"
        R"({"id":"call_2","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"tool","content":"2","tool_call_id":"x"},{"role":"tool","content":"1","tool_call_id":"call_0"},)"
        R"({"role":"tool","content":"3","tool_call_id":"call_2"}])");
    row("results without a name", R"([{"role":"assistant","tool_calls":[{"function":{"name":"f"}},)"
                                  R"({"function":{"name":"g"}}]},{"role":"tool","content":"1"},)"
                                  R"({"role":"tool","content":"2","tool_name":"other"}])",
        R"([{"role":"assistant","content":"","tool_calls":[)"
        R"({"id":"call_0","type":"function","function":{"name":"f","arguments":"{}"}},)"
        R"({"id":"call_1","type":"function","function":{"name":"g","arguments":"{}"}}]},)"
        R"({"role":"tool","content":"1","tool_call_id":"call_0"},{"role":"tool","content":"2","tool_call_id":"call_1"}])");
    row("results with an id",
        R"([{"role":"assistant","tool_calls":[{"id":"p","function":{"name":"f"}},{"id":"q","function":{"name":"f"}}]},)"
        R"({"role":"tool","content":"1","tool_call_id":"q"},{"role":"tool","content":"2","tool_name":"f"}])",
        R"([{"role":"assistant","content":"","tool_calls":[)"
        R"({"id":"p","type":"function","function":{"name":"f","arguments":"{}"}},)"
        R"({"id":"q","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"tool","content":"1","tool_call_id":"q"},{"role":"tool","content":"2","tool_call_id":"p"}])");
    row("a later turn's calls have other ids",
        R"([{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]},{"role":"user","content":"never mind"},)"
        R"({"role":"assistant","tool_calls":[{"function":{"name":"f"}}]},{"role":"tool","content":"1","tool_name":"f"}])",
        R"([{"role":"assistant","content":"","tool_calls":[)"
        R"({"id":"call_0","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"user","content":"never mind"},{"role":"assistant","content":"","tool_calls":[)"
        R"({"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"tool","content":"1","tool_call_id":"call_1"}])");
    row("a result of no call", R"([{"role":"tool","content":"1","tool_name":"f"}])",
        R"([{"role":"tool","content":"1","tool_call_id":"call_0"}])");
    row("message is no object", R"([{"role":"user"},5])", "error messages[1]");
    row("no role", R"([{"content":"a"}])", "error messages[0].role");
    row("role is no string", R"([{"role":1}])", "error messages[0].role");
    row("content is no string", R"([{"role":"user","content":[{"type":"text"}]}])", "error messages[0].content");
    row("images are no array", R"([{"role":"user","images":"/9j/"}])", "error messages[0].images");
    row("an image that is none", R"([{"role":"user","images":["/9j/","PHN2Zz4="]}])", "error messages[0].images[1]");
    row("an image that is a number", R"([{"role":"user","images":[1]}])", "error messages[0].images[0]");
    row("a call without a name", R"([{"role":"assistant","tool_calls":[{"function":{}}]}])",
        "error messages[0].tool_calls[0].function.name");
    row("arguments as text", R"([{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}])",
        "error messages[0].tool_calls[0].function.arguments");
    row("messages are no array", R"({"role":"user"})", "error messages");
}

void TestOllamaApiRequest::messages()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QCOMPARE(messages_of(from.toStdString()), to);
}

void TestOllamaApiRequest::members_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const auto row = [](const char* name, const char* from, const char* to) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to);
    };
    row("none", "", "{}");
    row("options",
        R"("options":{"temperature":0.70,"top_p":1,"top_k":40,"min_p":0.05,"seed":7,"stop":["a","b"],)"
        R"("frequency_penalty":1,"presence_penalty":-1,"num_predict":12})",
        R"({"temperature":0.7,"top_p":1,"top_k":40,"min_p":0.05,"seed":7,"stop":["a","b"],"frequency_penalty":1,)"
        R"("presence_penalty":-1,"max_tokens":12})");
    row("options for a server that runs models", R"("options":{"repeat_penalty":1.1,"num_ctx":4096,"mirostat":1,"x":{}})",
        "{}");
    row("null options", R"("options":{"temperature":null,"num_predict":null})", "{}");
    row("options null", R"("options":null)", "{}");
    row("temperature 0", R"("options":{"temperature":0})", R"({"temperature":0})");
    row("seed 0", R"("options":{"seed":0})", R"({"seed":0})");
    row("one stop", R"("options":{"stop":"x"})", R"({"stop":"x"})");
    row("no stops", R"("options":{"stop":[]})", "{}");
    row("unlimited", R"("options":{"num_predict":-1})", "{}");
    row("to the end of the context", R"("options":{"num_predict":-2})", "{}");
    row("limit 0", R"("options":{"num_predict":0})", "{}");
    row("options at the top are none of Ollama's", R"("temperature":1,"max_tokens":3)", "{}");
    row("options are no object", R"("options":[])", "error options");
    row("json", R"("format":"json")", R"({"response_format":{"type":"json_object"}})");
    row("schema", R"("format":{"type":"object","properties":{"a":{"type":"integer"}}})",
        R"({"response_format":{"type":"json_schema","json_schema":{"name":"response",)"
        R"("schema":{"type":"object","properties":{"a":{"type":"integer"}}}}}})");
    row("no format", R"("format":"")", "{}");
    row("format null", R"("format":null)", "{}");
    row("unknown format", R"("format":"xml")", "error format");
    row("format is a number", R"("format":1)", "error format");
    row("think", R"("think":true)", R"({"reasoning_effort":"medium"})");
    row("think not", R"("think":false)", R"({"reasoning_effort":"none"})");
    row("think low", R"("think":"low")", R"({"reasoning_effort":"low"})");
    row("think null", R"("think":null)", "{}");
    row("think 1", R"("think":1)", "error think");
    row("tools", R"("tools":[{"type":"function","function":{"name":"f","parameters":{"x":1.50}}}])",
        R"({"tools":[{"type":"function","function":{"name":"f","parameters":{"x":1.5}}}]})");
    row("no tools", R"("tools":[])", "{}");
    row("tools null", R"("tools":null)", "{}");
    row("logprobs", R"("logprobs":true,"top_logprobs":2)", R"({"logprobs":true,"top_logprobs":2})");
    row("Ollama's own", R"("keep_alive":0,"truncate":true,"shift":false,"x":1)", "{}");
    row("a repeated key", R"("think":true,"think":"high")", R"({"reasoning_effort":"high"})");
    row("an escaped key", R"("th\u0069nk":"high")", R"({"reasoning_effort":"high"})");
}

void TestOllamaApiRequest::members()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QCOMPARE(rest_of(from.toStdString()), to);
}

void TestOllamaApiRequest::generate_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const auto row = [](const char* name, const char* from, const char* to) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to);
    };
    row("prompt", R"("prompt":"a\nb")", R"([{"role":"user","content":"a\nb"}])");
    row("system", R"("system":"s","prompt":"p")", R"([{"role":"system","content":"s"},{"role":"user","content":"p"}])");
    row("empty system", R"("system":"","prompt":"p")", R"([{"role":"user","content":"p"}])");
    row("image", R"("prompt":"p","images":["/9j/"])",
        R"([{"role":"user","content":[{"type":"text","text":"p"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/"}}]}])");
    row("nothing of it", R"("prompt":"p","suffix":"","template":"","raw":false,"context":[])",
        R"([{"role":"user","content":"p"}])");
    row("suffix", R"("prompt":"p","suffix":"x")", "error suffix");
    row("raw", R"("prompt":"p","raw":true)", "error raw");
    row("template", R"("prompt":"p","template":"{{ .Prompt }}")", "error template");
    row("context", R"("prompt":"p","context":[1,2])", "error context");
    row("prompt is no string", R"("prompt":["p"])", "error prompt");
    row("image that is none", R"("prompt":"p","images":["x"])", "error images[0]");
}

void TestOllamaApiRequest::generate()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    const auto body = translate(Api::ollama_generate, "{\"model\":\"m\"," + from.toStdString() + "}");
    if (!body)
        QCOMPARE(bytes("error " + body.error().param), to);
    else
        QCOMPARE(bytes(Json::parse(*body)["messages"].dump()), to);
}

void TestOllamaApiRequest::unicode_and_spelling_are_kept()
{
    const auto body = translate(Api::ollama_chat,
                                R"({"model":"m","messages":[{"role":"user","content":"\ud83d\udc4b é \u0000"}],)"
                                R"("options":{"temperature":1E-2,"seed":123456789012345678901234567890}})");
    QVERIFY(body.has_value());
    QVERIFY(bytes(*body).contains(R"("content":"\ud83d\udc4b é \u0000")"));
    QVERIFY(bytes(*body).contains(R"("temperature":1E-2)"));
    QVERIFY(bytes(*body).contains(R"("seed":123456789012345678901234567890)"));
}

void TestOllamaApiRequest::loads_data()
{
    QTest::addColumn<bool>("chat");
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("generate") << false << QByteArray() << QByteArray("load");
    QTest::newRow("empty prompt") << false << QByteArray(R"(,"prompt":"")") << QByteArray("load");
    QTest::newRow("unload") << false << QByteArray(R"(,"keep_alive":0)") << QByteArray("unload");
    QTest::newRow("unload 0s") << false << QByteArray(R"(,"keep_alive":"0s")") << QByteArray("unload");
    QTest::newRow("keep") << false << QByteArray(R"(,"keep_alive":"10m")") << QByteArray("load");
    QTest::newRow("prompt") << false << QByteArray(R"(,"prompt":"a","keep_alive":0)") << QByteArray();
    QTest::newRow("image") << false << QByteArray(R"(,"images":["/9j/"])") << QByteArray();
    QTest::newRow("chat") << true << QByteArray() << QByteArray("load");
    QTest::newRow("no messages") << true << QByteArray(R"(,"messages":[],"keep_alive":0)") << QByteArray("unload");
    QTest::newRow("messages") << true << QByteArray(R"(,"messages":[{"role":"user"}])") << QByteArray();
}

void TestOllamaApiRequest::loads()
{
    QFETCH(bool, chat);
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, reason);
    const auto request = parse_model_request(chat ? Api::ollama_chat : Api::ollama_generate,
                                             "{\"model\":\"m\"" + members.toStdString() + "}");
    QVERIFY(request.has_value());
    QCOMPARE(bytes(ollama_load_reason(*request)), reason);
}

QTEST_APPLESS_MAIN(TestOllamaApiRequest)
#include "tst_ollama_api_request.moc"
