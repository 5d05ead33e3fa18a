// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/anthropic_model.h"
#include "llm/anthropic_request.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using nlohmann::json;

class TestAnthropicRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void options_data();
    void options();
    void thinking_data();
    void thinking();
    void lost_thinking_data();
    void lost_thinking();
    void messages_data();
    void messages();
    void refuses_data();
    void refuses();
    void generations_data();
    void generations();
    void copies_to_the_byte();
    void long_text_that_begins_with_space();
};

namespace {

const std::string user = R"([{"role":"user","content":"hi"}])";
const char* const tools = R"("tools":[{"type":"function","function":{"name":"f"}}])";

Result<std::string> translate(const std::string& body, std::string_view model = "claude-sonnet-4-5")
{
    const auto request = parse_model_request(Api::chat, body);
    if (!request)
        qFatal("%s", request.error().message.c_str());
    return anthropic_request_body(*request, model);
}

/// What the members become, without those that every request has.
QByteArray translated_members(const QByteArray& members, std::string_view model)
{
    const auto body = translate(
        " {\"model\":\"m\",\"messages\":" + user + (members.isEmpty() ? "" : ",") + members.toStdString() + "}", model);
    if (!body)
        return bytes("refused: " + body.error().param);
    auto made = json::parse(*body);
    if (made["model"] != model || made["stream"] != false)
        return "model or stream are wrong";
    for (const char* key : {"model", "stream", "messages"})
        made.erase(key);
    return bytes(made.dump());
}

QByteArray normal(const QByteArray& text)
{
    return bytes(json::parse(text.toStdString()).dump());
}

} // namespace

void TestAnthropicRequest::options_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("expected"); // without max_tokens 32000, where nothing else is expected of it
    const auto row = [](const QByteArray& members, const QByteArray& expected) {
        QTest::newRow(members.constData()) << members << expected;
    };
    row(R"("x":1)", "{}");
    row(R"("max_tokens":5)", R"({"max_tokens":5})");
    row(R"("max_tokens":5,"max_completion_tokens":6)", R"({"max_tokens":6})");
    row(R"("max_tokens":5,"max_completion_tokens":null)", R"({"max_tokens":5})");
    row(R"("temperature":0.70,"top_p":1,"top_k":5)", R"({"temperature":0.7,"top_p":1,"top_k":5})");
    row(R"("temperature":1)", R"({"temperature":1})");
    row(R"("temperature":2)", R"({"temperature":1})");
    row(R"("temperature":1.0001)", R"({"temperature":1})");
    row(R"("temperature":1e999)", R"({"temperature":1})");
    row(R"("temperature":0)", R"({"temperature":0})");
    row(R"("temperature":null,"top_p":null,"stop":null,"user":null,"n":null,"logprobs":null,"tools":null)", "{}");
    row(R"("stop":"a\"b")", R"({"stop_sequences":["a\"b"]})");
    row(R"("stop":["a","b"])", R"({"stop_sequences":["a","b"]})");
    row(R"("user":"u1","metadata":{"trace":"t"})", R"({"metadata":{"user_id":"u1"}})");
    row(R"("user":"u1","metadata":{"user_id":"u2"})", R"({"metadata":{"user_id":"u2"}})");
    row(R"("safety_identifier":"u3")", R"({"metadata":{"user_id":"u3"}})");
    row(R"("metadata":{"a":"b"})", "{}");
    row(R"("service_tier":"auto")", R"({"service_tier":"auto"})");
    row(R"("service_tier":"priority")", R"({"service_tier":"auto"})");
    row(R"("service_tier":"default")", R"({"service_tier":"standard_only"})");
    row(R"("service_tier":"flex")", "{}");
    row(R"("response_format":{"type":"text"})", "{}");
    row(R"("response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}})",
        R"({"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}})");
    row(R"("output_config":{"effort":"low"})", R"({"output_config":{"effort":"low"}})");
    row(R"("output_config":{"format":{"a":1}},"response_format":{"type":"json_object"})",
        R"({"output_config":{"format":{"a":1}}})");
    row(R"("cache_control":{"type":"ephemeral"},"container":"c","mcp_servers":[],"inference_geo":"us")",
        R"({"cache_control":{"type":"ephemeral"},"container":"c","mcp_servers":[],"inference_geo":"us"})");
    row(R"("n":1,"logprobs":false,"seed":3,"logit_bias":{"5":1},"frequency_penalty":1,"store":true,"modalities":["text"],)"
        R"("prediction":{},"verbosity":"low","presence_penalty":0)",
        "{}");

    row(R"("tools":[])", "{}");
    row(R"("tools":[],"tool_choice":"auto","parallel_tool_calls":false)", "{}");
    row(R"("tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,"parameters":{"type":"object","properties":{"a":{}}}}}])",
        R"({"tools":[{"name":"f","description":"d","strict":true,"input_schema":{"type":"object","properties":{"a":{}}}}]})");
    row(R"("tools":[{"type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"f","strict":false,"parameters":null}}])",
        R"({"tools":[{"name":"f","cache_control":{"type":"ephemeral"},"input_schema":{"type":"object","properties":{}}}]})");
    row(R"("tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2},{"name":"g","input_schema":{}}])",
        R"({"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2},{"name":"g","input_schema":{}}]})");
    const QByteArray made = R"({"tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}])";
    const auto choice = [&](const char* given, const char* expected) {
        row(QByteArray(tools) + "," + given, made + "," + expected + "}");
    };
    choice(R"("tool_choice":"auto")", R"("tool_choice":{"type":"auto"})");
    choice(R"("tool_choice":"none","parallel_tool_calls":false)", R"("tool_choice":{"type":"none"})");
    choice(R"("tool_choice":"required")", R"("tool_choice":{"type":"any"})");
    choice(R"("tool_choice":{"type":"function","function":{"name":"f"}})",
           R"("tool_choice":{"type":"tool","name":"f"})");
    choice(R"("tool_choice":{"type":"tool","name":"f"})", R"("tool_choice":{"type":"tool","name":"f"})");
    choice(R"("parallel_tool_calls":false)", R"("tool_choice":{"type":"auto","disable_parallel_tool_use":true})");
    choice(R"("tool_choice":"required","parallel_tool_calls":false)",
           R"("tool_choice":{"type":"any","disable_parallel_tool_use":true})");
    row(QByteArray(tools) + R"(,"parallel_tool_calls":true)", made + "}");
}

void TestAnthropicRequest::options()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, expected);
    auto all = json::parse(expected.toStdString());
    if (!all.contains("max_tokens"))
        all["max_tokens"] = 32000;
    QCOMPARE(translated_members(members, "claude-sonnet-4-5"), bytes(all.dump()));
}

void TestAnthropicRequest::thinking_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* model, const QByteArray& members, const QByteArray& expected) {
        const QByteArray name = QByteArray(model) + " " + members;
        QTest::newRow(name.constData()) << QByteArray(model) << members << expected;
    };
    const char* const budget = "claude-sonnet-4-5-20250929";
    row(budget, R"("reasoning_effort":"none")", R"({"max_tokens":32000})");
    row(budget, R"("reasoning_effort":null)", R"({"max_tokens":32000})");
    row(budget, R"("reasoning_effort":"minimal")",
        R"({"max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":1024}})");
    row(budget, R"("reasoning_effort":"high","temperature":0.2,"top_p":0.9,"top_k":3)",
        R"({"max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":12288}})");
    row(budget, R"("reasoning_effort":"max","max_tokens":9000)",
        R"({"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":4500}})");
    row(budget, R"("reasoning_effort":"low","max_tokens":2048)",
        R"({"max_tokens":2048,"thinking":{"type":"enabled","budget_tokens":1024}})");
    row(budget, R"("reasoning_effort":"low","max_tokens":2047,"temperature":0.5)",
        R"({"max_tokens":2047,"temperature":0.5})");
    row(budget, R"("reasoning_effort":"low","max_tokens":0)", R"({"max_tokens":0})");
    row(budget, QByteArray(tools) + R"(,"reasoning_effort":"high","tool_choice":"required")",
        R"({"max_tokens":32000,"tool_choice":{"type":"any"},"tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}]})");
    row(budget, R"("thinking":{"type":"enabled","budget_tokens":2000},"reasoning_effort":"high","temperature":1)",
        R"({"max_tokens":32000,"temperature":1,"thinking":{"type":"enabled","budget_tokens":2000}})");
    row(budget, R"("thinking":{"type":"enabled","budget_tokens":40000})",
        R"({"max_tokens":56000,"thinking":{"type":"enabled","budget_tokens":40000}})");
    row(budget, R"("thinking":{"type":"enabled","budget_tokens":40000},"max_tokens":100)",
        R"({"max_tokens":100,"thinking":{"type":"enabled","budget_tokens":40000}})");
    row(budget, R"("thinking":{"type":"enabled","budget_tokens":18446744073709551615})",
        R"({"max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":18446744073709551615}})");

    const char* const adaptive = "claude-opus-4-7";
    row(adaptive, R"("reasoning_effort":"none")", R"({"max_tokens":32000,"thinking":{"type":"disabled"}})");
    row(adaptive, R"("reasoning_effort":"minimal","temperature":0.2)",
        R"({"max_tokens":32000,"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}})");
    row(adaptive, R"("reasoning_effort":"xhigh","max_tokens":10)",
        R"({"max_tokens":10,"thinking":{"type":"adaptive"},"output_config":{"effort":"xhigh"}})");
    row(adaptive, R"("reasoning_effort":"low","output_config":{"effort":"max","x":1})",
        R"({"max_tokens":32000,"thinking":{"type":"adaptive"},"output_config":{"effort":"max","x":1}})");
    row(adaptive,
        R"("reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object"}}})",
        R"({"max_tokens":32000,"thinking":{"type":"adaptive"},"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}}})");
    row("claude-opus-4-6", R"("reasoning_effort":"xhigh")",
        R"({"max_tokens":32000,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}})");
    row("claude-3-5-haiku-latest", R"("reasoning_effort":"high","temperature":1)",
        R"({"max_tokens":8192,"temperature":1})");
    row("claude-3-haiku-20240307", "", R"({"max_tokens":4096})");
    row("kimi-k2", R"("reasoning_effort":"high")",
        R"({"max_tokens":8192,"thinking":{"type":"enabled","budget_tokens":4096}})");
}

void TestAnthropicRequest::thinking()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, expected);
    QCOMPARE(translated_members(members, model.toStdString()), normal(expected));
}

void TestAnthropicRequest::lost_thinking_data()
{
    QTest::addColumn<QByteArray>("turns");
    QTest::addColumn<bool>("thinks");
    const auto row = [](const char* name, const QByteArray& turns, bool thinks) {
        QTest::newRow(name) << QByteArray(R"([{"role":"user","content":"q"},)" + turns + "]") << thinks;
    };
    const QByteArray call = R"("tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]})";
    const QByteArray result = R"(,{"role":"tool","tool_call_id":"c","content":"r"})";
    row("lost", R"({"role":"assistant",)" + call + result, false);
    row("unsigned", R"({"role":"assistant","thinking_blocks":[{"type":"thinking","thinking":"t"}],)" + call + result,
        false);
    row("kept",
        R"({"role":"assistant","thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"}],)" + call
            + result,
        true);
    row("redacted",
        R"({"role":"assistant","thinking_blocks":[{"type":"redacted_thinking","data":"d"}],)" + call + result, true);
    row("answered since",
        R"({"role":"assistant",)" + call + result
            + R"(,{"role":"assistant","content":"a"},{"role":"user","content":"q"})",
        true);
    row("no tools", R"({"role":"assistant","content":"a"},{"role":"user","content":"q"})", true);
}

void TestAnthropicRequest::lost_thinking()
{
    QFETCH(QByteArray, turns);
    QFETCH(bool, thinks);
    const std::string body = R"({"model":"m","reasoning_effort":"high","messages":)" + turns.toStdString() + "}";
    QCOMPARE(json::parse(*translate(body)).contains("thinking"), thinks);
    QVERIFY(json::parse(*translate(body, "claude-opus-4-6")).contains("thinking")); // adaptive thinking does not mind
}

void TestAnthropicRequest::messages_data()
{
    QTest::addColumn<QByteArray>("messages");
    QTest::addColumn<QByteArray>("expected"); // {"system":...,"messages":...}
    const auto row = [](const char* name, const char* messages, const char* expected) {
        QTest::newRow(name) << QByteArray(messages) << QByteArray(expected);
    };
    row("system",
        R"([{"role":"system","content":"a"},{"role":"user","content":"q"},{"role":"developer","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]}])",
        R"({"system":[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"q"}]}]})");
    row("text to the letter", R"([{"role":"user","content":"a\u00e9\n\ud83d\udc4b \"ö\""}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"aé\n👋 \"ö\""}]}]})");
    row("cache control of messages",
        R"([{"role":"system","content":"a","cache_control":{"type":"ephemeral"}},{"role":"user","content":"q","cache_control":{"type":"ephemeral","ttl":"1h"}}])",
        R"({"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]})");
    row("neighbours and blanks",
        R"([{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"assistant","content":null},{"role":"user","content":[{"type":"text","text":" \n\t"},{"type":"text","text":" b"}]},{"role":"user","content":[]}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":" b"}]}]})");
    row("images",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/jpg;base64,AA==","detail":"low"},"cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":"https://x/y.png"},{"type":"image_url","image_url":{"url":"data:application/pdf;base64,BB"}}]}])",
        R"({"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA=="},"cache_control":{"type":"ephemeral"}},{"type":"image","source":{"type":"url","url":"https://x/y.png"}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BB"}}]}]})");
    row("PDF",
        R"([{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA"}}]}])",
        R"({"messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA"},"title":"a.pdf"}]}]})");
    row("Anthropic's own parts",
        R"([{"role":"user","content":[{"type":"document","source":{"type":"text","data":"d"},"citations":{"enabled":true}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a"}]}])",
        R"({"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","data":"d"},"citations":{"enabled":true}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a"}]}]})");
    row("refusals",
        R"([{"role":"user","content":"q"},{"role":"assistant","content":null,"refusal":"no"},{"role":"assistant","content":[{"type":"refusal","refusal":"never"}]}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"no"},{"type":"text","text":"never"}]}]})");
    row("tools",
        R"([{"role":"user","content":"q"},{"role":"assistant","content":"wait","reasoning":"r","reasoning_content":"r","thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"thinking","thinking":"u"},{"type":"invented"},{"type":"redacted_thinking","data":"d"}],"tool_calls":[{"id":"functions.f:0","type":"function","function":{"name":"f","arguments":"{\"a\": [1.50,\"\\u00e9\"]}"}},{"id":"c2","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"functions.f:0","content":"one"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"two"},{"type":"image_url","image_url":{"url":"https://x"}}],"is_error":true,"cache_control":{"type":"ephemeral"}},{"role":"user","content":"go on"}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"wait"},{"type":"tool_use","id":"functions_f_0","name":"f","input":{"a":[1.50,"é"]}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"functions_f_0","content":[{"type":"text","text":"one"}]},{"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"two"},{"type":"image","source":{"type":"url","url":"https://x"}}],"is_error":true,"cache_control":{"type":"ephemeral"}},{"type":"text","text":"go on"}]}]})");
    row("a result without words",
        R"([{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"c","content":""}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c"}]}]})");
    row("prefill", R"([{"role":"user","content":"q"},{"role":"assistant","content":"The answer is ("}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"The answer is ("}]}]})");
    row("null tool calls",
        R"([{"role":"user","content":"q"},{"role":"assistant","content":"a","tool_calls":null,"thinking_blocks":null,"function_call":null}])",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"a"}]}]})");
}

void TestAnthropicRequest::messages()
{
    QFETCH(QByteArray, messages);
    QFETCH(QByteArray, expected);
    const auto body = translate(R"({"model":"m","stream":true,"messages":)" + messages.toStdString() + "}");
    QVERIFY2(body.has_value(), body ? "" : body.error().message.c_str());
    auto made = json::parse(*body);
    QVERIFY(made["stream"] == true);
    for (const char* key : {"model", "stream", "max_tokens"})
        made.erase(key);
    QCOMPARE(bytes(made.dump()), normal(expected));
}

void TestAnthropicRequest::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char* name, const QByteArray& rest, const char* param) {
        QTest::newRow(name) << QByteArray(R"({"model":"m",)" + rest + "}") << QByteArray(param);
    };
    const auto messages = [&](const char* name, const char* list, const char* param) {
        row(name, QByteArray("\"messages\":") + list, param);
    };
    const auto option = [&](const char* member, const char* param) {
        row(member, "\"messages\":" + bytes(user) + "," + member, param);
    };
    messages("no object", "[1]", "messages[0]");
    messages("no role", R"([{"content":"x"}])", "messages[0].role");
    messages("unknown role", R"([{"role":"function","name":"f","content":"x"}])", "messages[0].role");
    messages("content of a wrong type", R"([{"role":"user","content":5}])", "messages[0].content");
    messages("only system", R"([{"role":"system","content":"x"}])", "messages");
    messages("only blanks", R"([{"role":"user","content":" "}])", "messages");
    messages("an image as system prompt",
             R"([{"role":"system","content":[{"type":"image_url","image_url":"https://x"}]}])",
             "messages[0].content[0].type");
    messages("part without type", R"([{"role":"user","content":["x"]}])", "messages[0].content[0].type");
    messages("text of a wrong type", R"([{"role":"user","content":[{"type":"text","text":1}]}])",
             "messages[0].content[0].text");
    messages("audio", R"([{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}])",
             "messages[0].content[0].type");
    messages("local image",
             R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}])",
             "messages[0].content[0].image_url");
    messages("image not in base64",
             R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/svg+xml,<svg/>"}}]}])",
             "messages[0].content[0].image_url");
    messages("image of no type",
             R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:;base64,AA"}}]}])",
             "messages[0].content[0].image_url");
    messages("image without URL", R"([{"role":"user","content":[{"type":"image_url"}]}])",
             "messages[0].content[0].image_url");
    messages("file by id", R"([{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}])",
             "messages[0].content[0].file.file_data");
    messages("file that is no PDF",
             R"([{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/csv;base64,AA"}}]}])",
             "messages[0].content[0].file.file_data");
    messages("broken arguments",
             R"([{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":"}}]}])",
             "messages[0].tool_calls[0].function.arguments");
    messages("injected arguments",
             R"([{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}},{\"x\":{}"}}]}])",
             "messages[0].tool_calls[0].function.arguments");
    messages("arguments that are no object",
             R"([{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"[1]"}}]}])",
             "messages[0].tool_calls[0].function.arguments");
    messages("call without a name", R"([{"role":"assistant","tool_calls":[{"id":"c"}]}])",
             "messages[0].tool_calls[0].function.name");
    messages("call without an id", R"([{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}])",
             "messages[0].tool_calls[0].id");
    messages("calls of a wrong type", R"([{"role":"assistant","tool_calls":{}}])", "messages[0].tool_calls");
    messages("function call", R"([{"role":"assistant","function_call":{"name":"f"}}])", "messages[0].function_call");
    messages("result of no call", R"([{"role":"tool","content":"x"}])", "messages[0].tool_call_id");
    option(R"("n":2)", "n");
    option(R"("logprobs":true)", "logprobs");
    option(R"("modalities":["text","audio"])", "modalities");
    option(R"("web_search_options":{})", "web_search_options");
    option(R"("functions":[])", "functions");
    option(R"("max_tokens":"5")", "max_tokens");
    option(R"("max_completion_tokens":-1)", "max_completion_tokens");
    option(R"("max_tokens":1.5)", "max_tokens");
    option(R"("temperature":"hot")", "temperature");
    option(R"("top_k":[])", "top_k");
    option(R"("stop":5)", "stop");
    option(R"("user":5)", "user");
    option(R"("reasoning_effort":"very")", "reasoning_effort");
    option(R"("reasoning_effort":3)", "reasoning_effort");
    option(R"("thinking":true)", "thinking");
    option(R"("output_config":[])", "output_config");
    option(R"("response_format":{"type":"json_object"})", "response_format.type");
    option(R"("response_format":"json")", "response_format.type");
    option(R"("response_format":{"type":"json_schema"})", "response_format.json_schema.schema");
    option(R"("tools":{})", "tools");
    option(R"("tools":[5])", "tools[0]");
    option(R"("tools":[{"type":"custom","custom":{"name":"x"}}])", "tools[0]");
    option(R"("tools":[{"type":"function","function":{}}])", "tools[0].function.name");
    option(R"("tools":[{"type":"function","function":{"name":"f","parameters":"x"}}])", "tools[0].function.parameters");
    option(R"("tool_choice":"required")", "tool_choice");
    option(R"("tool_choice":"always")", "tool_choice");
    option(R"("tool_choice":{"type":"allowed_tools"})", "tool_choice");
    option(R"("tool_choice":{"type":"function"})", "tool_choice.function.name");
}

void TestAnthropicRequest::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const auto translated = translate(body.toStdString());
    QVERIFY(!translated.has_value());
    QVERIFY(translated.error().code == ErrorCode::invalid_request);
    QCOMPARE(bytes(translated.error().param), param);
    QVERIFY(!translated.error().message.empty());
}

void TestAnthropicRequest::generations_data()
{
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* expected) { QTest::newRow(name) << QByteArray(expected); };
    row("claude-2.1", "none 4096");
    row("claude-3-opus-20240229", "none 4096");
    row("claude-3-5-sonnet-20241022", "none 8192");
    row("claude-3-7-sonnet-latest", "budget 32000");
    row("claude-sonnet-4-20250514", "budget 32000");
    row("claude-opus-4@20250514", "budget 32000");
    row("claude-opus-4-1-20250805", "budget 32000");
    row("claude-haiku-4-5", "budget 32000");
    row("anthropic.claude-opus-4-6-v1", "adaptive 32000");
    row("claude-opus-4-7", "adaptive 32000 xhigh");
    row("claude-opus-5", "adaptive 32000 xhigh");
    row("claude-sonnet-4-10", "adaptive 32000 xhigh");
    row("claude-mythos-preview", "adaptive 32000 xhigh");
    row("claude", "adaptive 32000 xhigh");
    row("MiniMax-M2", "budget 8192");
    row("", "budget 8192");
}

void TestAnthropicRequest::generations()
{
    QFETCH(QByteArray, expected);
    const auto model = anthropic_model(QTest::currentDataTag());
    QByteArray text = model.thinking == AnthropicThinking::none     ? "none"
                      : model.thinking == AnthropicThinking::budget ? "budget"
                                                                    : "adaptive";
    text += " " + QByteArray::number(static_cast<qulonglong>(model.default_max_tokens))
            + (model.knows_xhigh ? " xhigh" : "");
    QCOMPARE(text, expected);
}

void TestAnthropicRequest::copies_to_the_byte()
{
    // The order of a schema's properties is part of the prompt, and big numbers must not lose digits.
    const std::string schema =
        R"({"properties":{"z":{},"a":{}, "m":{"maximum":12345678901234567890123.0e0}},"type":"object"})";
    const auto body =
        translate(R"({"model":"m","messages":)" + user
                  + R"(,"tools":[{"type":"function","function":{"name":"f","parameters":)" + schema + "}}]}");
    QVERIFY(body.has_value());
    QVERIFY(bytes(*body).contains(bytes("\"input_schema\":" + schema)));
}

void TestAnthropicRequest::long_text_that_begins_with_space()
{
    const std::string text = " \\n" + std::string(100'000, ' ') + "x";
    const auto body = translate(R"({"model":"m","messages":[{"role":"user","content":")" + text + "\"}]}");
    QVERIFY(body.has_value());
    QVERIFY(bytes(*body).contains(bytes("\"text\":\"" + text + "\"")));
}

QTEST_APPLESS_MAIN(TestAnthropicRequest)
#include "tst_anthropic_request.moc"
