// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/messages_request.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

class TestMessagesRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void members_data();
    void members();
    void limits_by_model_data();
    void limits_by_model();
    void messages_data();
    void messages();
    void refuses_data();
    void refuses();
    void keeps_schemas_and_inputs_to_the_byte();
    void survives_every_cut();
};

namespace {

Result<ModelRequest> translate(const std::string& body)
{
    const auto request = parse_model_request(tokenscope::llm::Api::messages, body);
    if (!request)
        qFatal("%s: %s", body.c_str(), request.error().message.c_str());
    return messages_to_chat(*request);
}

QByteArray normal(const QByteArray& json)
{
    return bytes(nlohmann::json::parse(json.toStdString()).dump());
}

} // namespace

void TestMessagesRequest::members_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("expected"); // without model, messages and max_tokens
    const auto row = [](const char* members, const char* expected) {
        QTest::newRow(members) << QByteArray(members) << QByteArray(expected);
    };
    row(R"("stream":false)", "{}");
    row(R"("stream":true)", R"({"stream":true,"stream_options":{"include_usage":true}})");
    row(R"("stream":true,"stream_options":{"include_usage":false,"x":1})",
        R"({"stream":true,"stream_options":{"x":1,"include_usage":true}})");
    row(R"("stream_options":{"include_usage":true})", "{}"); // servers refuse it where nothing is streamed
    row(R"("temperature":0.7,"top_p":1,"top_k":40)", R"({"temperature":0.7,"top_p":1,"top_k":40})");
    row(R"("temperature":null,"tools":null,"thinking":null,"metadata":null,"system":null,"stop_sequences":null)", "{}");
    row(R"("stop_sequences":["a\"b","\n"])", R"({"stop":["a\"b","\n"]})");
    row(R"("stop_sequences":[])", "{}");
    row(R"("metadata":{"user_id":"u\u0031","x":2})", R"({"user":"u1"})");
    row(R"("metadata":{"user_id":"0123456789012345678901234567890123456789012345678901234567890123"})",
        R"({"user":"0123456789012345678901234567890123456789012345678901234567890123"})");
    row(R"("metadata":{"user_id":"01234567890123456789012345678901234567890123456789012345678901234"})", "{}");
    row(R"("metadata":{"user_id":null})", "{}");
    row(R"("service_tier":"auto","cache_control":{"type":"ephemeral"},"container":"c","speed":"fast")", "{}");
    row(R"("context_management":{"edits":[]},"inference_geo":"us","diagnostics":{},"mcp_servers":[])", "{}");
    row(R"("seed":12345678901234567890,"min_p":0.10,"x":{"tools":[1]})",
        R"({"seed":12345678901234567890,"min_p":0.1,"x":{"tools":[1]}})");
    // Thinking.
    row(R"("thinking":{"type":"disabled"})", "{}");
    row(R"("thinking":{"type":"adaptive"})", "{}");
    row(R"("thinking":{"type":"enabled","budget_tokens":1024})", R"({"reasoning_effort":"low"})");
    row(R"("thinking":{"type":"enabled","budget_tokens":4095})", R"({"reasoning_effort":"low"})");
    row(R"("thinking":{"type":"enabled","budget_tokens":4096})", R"({"reasoning_effort":"medium"})");
    row(R"("thinking":{"type":"enabled","budget_tokens":16384})", R"({"reasoning_effort":"high"})");
    row(R"("thinking":{"type":"enabled","budget_tokens":99999999999999999999999})", R"({"reasoning_effort":"high"})");
    row(R"("output_config":{"effort":"low"},"thinking":{"type":"enabled","budget_tokens":99999})",
        R"({"reasoning_effort":"low"})");
    row(R"("output_config":{"effort":"medium"},"thinking":{"type":"adaptive"})", R"({"reasoning_effort":"medium"})");
    row(R"("output_config":{"effort":"max"})", R"({"reasoning_effort":"high"})");
    row(R"("output_config":{"effort":"xhigh"},"thinking":{"type":"disabled"})", "{}");
    row(R"("output_config":{"effort":null})", "{}");
    // What the client says in OpenAI's own words wins, and stands there once.
    row(R"("thinking":{"type":"enabled","budget_tokens":9},"reasoning_effort":"none")", R"({"reasoning_effort":"none"})");
    row(R"("stop_sequences":["a"],"stop":"b")", R"({"stop":"b"})");
    row(R"("metadata":{"user_id":"a"},"user":"b")", R"({"user":"b"})");
    // Structured output.
    const char* const format =
        R"({"response_format":{"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object"},"strict":true}}})";
    row(R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}})", format);
    row(R"("output_format":{"type":"json_schema","schema":{"type":"object"}})", format);
    // Tools.
    row(R"("tools":[],"tool_choice":{"type":"auto"})", "{}");
    row(R"("tools":[{"name":"f","description":"d\u00e9","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},{"type":"custom","name":"g","input_schema":{},"strict":true}])",
        R"({"tools":[{"type":"function","function":{"name":"f","description":"dé","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g","parameters":{},"strict":true}}]})");
    const auto choice = [](const char* given, const char* expected) {
        const QByteArray tool = R"("tools":[{"name":"f","input_schema":{}}],"tool_choice":)";
        const QByteArray chat = R"({"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],)";
        QTest::newRow(given) << QByteArray(tool + given) << QByteArray(chat + expected + "}");
    };
    choice(R"({"type":"auto"})", R"("tool_choice":"auto")");
    choice(R"({"type":"any","disable_parallel_tool_use":false})", R"("tool_choice":"required")");
    choice(R"({"type":"none"})", R"("tool_choice":"none")");
    choice(R"({"type":"tool","name":"f"})", R"("tool_choice":{"type":"function","function":{"name":"f"}})");
    choice(R"({"type":"auto","disable_parallel_tool_use":true})", R"("tool_choice":"auto","parallel_tool_calls":false)");
}

void TestMessagesRequest::members()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, expected);
    const auto chat = translate(" {\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                                + members.toStdString() + "} ");
    QVERIFY2(chat.has_value(), chat ? "" : chat.error().message.c_str());
    QVERIFY(chat->api == tokenscope::llm::Api::chat);
    QCOMPARE(chat->model, std::string("m"));
    QCOMPARE(chat->stream, chat->include_usage.has_value());
    QVERIFY(chat->include_usage.value_or(true));
    auto json = nlohmann::json::parse(chat->body);
    QCOMPARE(bytes(json["messages"].dump()), QByteArray(R"([{"content":"hi","role":"user"}])"));
    QCOMPARE(json["max_tokens"].get<int>(), 5);
    for (const char* key : {"model", "messages", "max_tokens"})
        json.erase(key);
    QCOMPARE(bytes(json.dump()), normal(expected));
}

void TestMessagesRequest::limits_by_model_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char* model, const char* key) { QTest::newRow(model) << QByteArray(model) << QByteArray(key); };
    for (const char* model : {"gpt-4o", "gpt-4.1", "gpt-35-turbo", "gpt-oss:120b", "gpt-", "o", "oN", "o1.5b", "openai",
                              "olmo-2", "demo/demo-tiny", "gpt-5/other", "/"})
        row(model, "max_tokens");
    for (const char* model : {"o1", "o3-mini", "gpt-5", "gpt-5.1-codex", "openai/gpt-6", "a/b/o4-mini"})
        row(model, "max_completion_tokens");
}

void TestMessagesRequest::limits_by_model()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, key);
    const std::string rest = R"("max_tokens":7,"messages":[{"role":"user","content":"hi"}])";
    const auto chat = translate("{\"model\":\"" + model.toStdString() + "\"," + rest + "}");
    QVERIFY(chat.has_value());
    QCOMPARE(bytes(chat->body),
             QByteArray("{\"model\":\"" + model + R"(","messages":[{"role":"user","content":"hi"}],")" + key + "\":7}"));
    const auto own = translate("{\"model\":\"" + model.toStdString() + "\",\"max_completion_tokens\":9," + rest + "}");
    QVERIFY(own.has_value());
    QVERIFY(own->body.ends_with(R"("max_completion_tokens":9})"));
    QVERIFY(own->body.find("max_tokens") == std::string::npos);
}

void TestMessagesRequest::messages_data()
{
    QTest::addColumn<QByteArray>("messages"); // and what comes before them
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const QByteArray& messages, const char* expected, const char* more = "") {
        QTest::newRow(name) << QByteArray(more + ("\"messages\":" + messages)) << QByteArray(expected);
    };
    const auto user = [](const QByteArray& blocks) -> QByteArray { return R"([{"role":"user","content":[)" + blocks + "]}]"; };
    row("system", R"([{"role":"user","content":"a\u00e9\n"}])",
        R"([{"role":"system","content":"s"},{"role":"user","content":"aé\n"}])", R"("system":"s",)");
    row("system blocks", R"([{"role":"user","content":"a"}])",
        R"([{"role":"system","content":"s\nt\""},{"role":"user","content":"a"}])",
        R"("system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}},{"type":"text","text":"t\""}],)");
    row("no system blocks", R"([{"role":"user","content":"a"}])", R"([{"role":"user","content":"a"}])", R"("system":[],)");
    row("system inside", R"([{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}])",
        R"([{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}])");
    row("text blocks", user(R"({"type":"text","text":"a\"","citations":[]},{"type":"text","text":""},{"type":"text","text":"b"})"),
        R"([{"role":"user","content":"a\"\n\nb"}])");
    row("no blocks", user(""), R"([{"role":"user","content":""}])");
    row("images",
        user(R"({"type":"text","text":"t"},{"type":"image","source":{"type":"base64","media_type":"image\/png","data":"AA=="}},{"type":"image","source":{"type":"url","url":"https://x/y.png"}})"),
        R"([{"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}])");
    row("pdf",
        user(R"({"type":"document","context":"c","source":{"type":"base64","media_type":"application/pdf","data":"BB"}},{"type":"document","title":"T\"","source":{"type":"base64","media_type":"application/pdf","data":"CC"}})"),
        R"([{"role":"user","content":[{"type":"text","text":"c"},{"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,BB"}},{"type":"file","file":{"filename":"T\"","file_data":"data:application/pdf;base64,CC"}}]}])");
    row("documents of text",
        user(R"({"type":"document","title":"T","context":"","source":{"type":"text","media_type":"text/plain","data":"d"}},{"type":"document","source":{"type":"content","content":[{"type":"text","text":"e"}]}},{"type":"document","source":{"type":"content","content":"f"}})"),
        R"([{"role":"user","content":"T\nd\ne\nf"}])");
    row("search results",
        user(R"({"type":"search_result","title":"T","source":"https://x","content":[{"type":"text","text":"a"}]})"),
        R"([{"role":"user","content":"T\nhttps://x\na"}])");
    row("assistant", R"([{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])",
        R"([{"role":"assistant","content":"a\nb"}])");
    row("nothing said", R"([{"role":"assistant","content":[]}])", R"([{"role":"assistant","content":""}])");
    row("thinking",
        R"([{"role":"assistant","content":[{"type":"thinking","thinking":"r","signature":"S"},{"type":"redacted_thinking","data":"X"},{"type":"thinking","thinking":"","signature":"T"},{"type":"text","text":"a"}]}])",
        R"([{"role":"assistant","content":"a","reasoning_content":"r"}])");
    row("tools and what came of them",
        R"([{"role":"assistant","content":[{"type":"text","text":"Let me see."},{"type":"tool_use","id":"t1","name":"f","input":{"a": [1,"\u00e9"]}},{"type":"tool_use","id":"t2","name":"g"}]},{"role":"user","content":[{"type":"text","text":"before"},{"type":"tool_result","tool_use_id":"t2","content":"two"},{"type":"text","text":"after"},{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"o"},{"type":"text","text":"ne"}]}]}])",
        R"([{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": [1,\"\\u00e9\"]}"}},{"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"t2","content":"two"},{"role":"tool","tool_call_id":"t1","content":"o\nne"},{"role":"user","content":"before\nafter"}])");
    row("only calls", R"([{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]}])",
        R"([{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]}])");
    row("results without content",
        user(R"({"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"b","content":null},{"type":"tool_result","tool_use_id":"c","content":[]})"),
        R"([{"role":"tool","tool_call_id":"a","content":""},{"role":"tool","tool_call_id":"b","content":""},{"role":"tool","tool_call_id":"c","content":""}])");
    row("failed tools",
        user(R"({"type":"tool_result","tool_use_id":"a","content":"\"no\"","is_error":true},{"type":"tool_result","tool_use_id":"b","is_error":true},{"type":"tool_result","tool_use_id":"c","content":"x","is_error":false})"),
        R"([{"role":"tool","tool_call_id":"a","content":"Error: \"no\""},{"role":"tool","tool_call_id":"b","content":"Error: "},{"role":"tool","tool_call_id":"c","content":"x"}])");
    row("images in results",
        user(R"({"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}},{"type":"text","text":"shot"}]},{"type":"tool_result","tool_use_id":"b","content":"x"},{"type":"text","text":"look"})"),
        R"([{"role":"tool","tool_call_id":"a","content":"shot"},{"role":"tool","tool_call_id":"b","content":"x"},{"role":"user","content":[{"type":"text","text":"Attached to the result of tool call a:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},{"type":"text","text":"look"}]}])");
    row("results in a later message of the user's",
        R"([{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":"wait"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]},{"role":"assistant","content":"y"},{"role":"user","content":"z"}])",
        R"([{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"x"},{"role":"user","content":"wait"},{"role":"assistant","content":"y"},{"role":"user","content":"z"}])");
    row("escaped words", R"([{"role":"\u0075ser","content":[{"type":"te\u0078t","text":"a"}]}])",
        R"([{"role":"user","content":"a"}])");
}

void TestMessagesRequest::messages()
{
    QFETCH(QByteArray, messages);
    QFETCH(QByteArray, expected);
    const auto chat = translate(R"({"model":"m","max_tokens":1,)" + messages.toStdString() + "}");
    QVERIFY2(chat.has_value(), chat ? "" : chat.error().message.c_str());
    QCOMPARE(bytes(nlohmann::json::parse(chat->body)["messages"].dump()), normal(expected));
}

void TestMessagesRequest::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char* messages, const char* param) {
        const QByteArray body = R"({"model":"m","max_tokens":1,"messages":)" + QByteArray(messages) + "}";
        QTest::newRow(messages) << body << QByteArray(param);
    };
    const auto block = [](const char* content, const char* param) {
        const QByteArray body =
            R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[)" + QByteArray(content) + "]}]}";
        QTest::newRow(content) << body << QByteArray("messages[0].content[0]" + QByteArray(param));
    };
    const auto said = [](const char* content, const char* param) {
        const QByteArray body =
            R"({"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[)" + QByteArray(content) + "]}]}";
        QTest::newRow(content) << body << QByteArray("messages[0].content[0]" + QByteArray(param));
    };
    const auto member = [](const char* members, const char* param) {
        const QByteArray body =
            R"({"model":"m","messages":[{"role":"user","content":"x"}],)" + QByteArray(members) + "}";
        QTest::newRow(members) << body << QByteArray(param);
    };
    row("[1]", "messages[0]");
    row(R"([{"content":"x"}])", "messages[0].role");
    row(R"([{"role":"user","content":"x"},{"role":"tool","content":"x"}])", "messages[1].role");
    row(R"([{"role":"user"}])", "messages[0].content");
    row(R"([{"role":"user","content":5}])", "messages[0].content");
    block("1", "");
    block(R"({"text":"x"})", ".type");
    block(R"({"type":"text"})", ".text");
    block(R"({"type":"sculpture"})", ".type");
    block(R"({"type":"tool_use","id":"a","name":"f","input":{}})", ".type");
    block(R"({"type":"container_upload","file_id":"f"})", ".type");
    block(R"({"type":"image"})", ".source");
    block(R"({"type":"image","source":{"type":"file","file_id":"f"}})", ".source.type");
    block(R"({"type":"image","source":{"type":"base64","data":"AA"}})", ".source.media_type");
    block(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":null}})", ".source.data");
    block(R"({"type":"image","source":{"type":"url"}})", ".source.url");
    block(R"({"type":"document","source":{"type":"url","url":"https://x/y.pdf"}})", ".source.type");
    block(R"({"type":"document","source":{"type":"text","data":1}})", ".source.data");
    block(R"({"type":"document","source":{"type":"content","content":[{"type":"video"}]}})", ".source.content[0].type");
    block(R"({"type":"tool_result","content":"x"})", ".tool_use_id");
    block(R"({"type":"tool_result","tool_use_id":"a","content":7})", ".content");
    block(R"({"type":"tool_result","tool_use_id":"a","content":[{"type":"tool_reference"}]})", ".content[0].type");
    said(R"({"type":"tool_use","name":"f","input":{}})", ".id");
    said(R"({"type":"tool_use","id":"a","input":{}})", ".name");
    said(R"({"type":"tool_use","id":"a","name":"f","input":"{}"})", ".input");
    said(R"({"type":"server_tool_use","id":"a","name":"web_search","input":{}})", ".type");
    said(R"({"type":"thinking"})", ".thinking");
    said(R"({"type":"image","source":{"type":"url","url":"u"}})", ".type");
    member(R"("system":"s")", "max_tokens");
    for (const char* wrong : {R"("max_tokens":null)", R"("max_tokens":0)", R"("max_tokens":-1)", R"("max_tokens":1.5)",
                              R"("max_tokens":"9")", R"("max_tokens":1e3)", R"("max_tokens":{})"})
        member(wrong, "max_tokens");
    member(R"("max_tokens":1,"system":5)", "system");
    member(R"("max_tokens":1,"system":[{"type":"image","source":{"type":"url","url":"u"}}])", "system");
    member(R"("max_tokens":1,"stop_sequences":"a")", "stop_sequences");
    member(R"("max_tokens":1,"stop_sequences":["a",1])", "stop_sequences");
    member(R"("max_tokens":1,"tools":{})", "tools");
    member(R"("max_tokens":1,"tools":[1])", "tools[0]");
    member(R"("max_tokens":1,"tools":[{"type":"web_search_20250305","name":"web_search"}])", "tools[0].type");
    member(R"("max_tokens":1,"tools":[{"input_schema":{}}])", "tools[0].name");
    member(R"("max_tokens":1,"tools":[{"name":"f","input_schema":{}},{"name":"g"}])", "tools[1].input_schema");
    member(R"("max_tokens":1,"mcp_servers":[{"type":"url"}])", "mcp_servers");
    member(R"("max_tokens":1,"tool_choice":"auto")", "tool_choice");
    member(R"("max_tokens":1,"tool_choice":{"type":"some"})", "tool_choice.type");
    member(R"("max_tokens":1,"tool_choice":{"type":"tool"})", "tool_choice.name");
    member(R"("max_tokens":1,"thinking":true)", "thinking");
    member(R"("max_tokens":1,"thinking":{"type":"enabled"})", "thinking.budget_tokens");
    member(R"("max_tokens":1,"output_config":{"effort":"most"})", "output_config.effort");
    member(R"("max_tokens":1,"output_config":{"format":{"type":"json_schema"}})", "output_config.format");
    member(R"("max_tokens":1,"output_format":{"type":"grammar","schema":{}})", "output_format");
}

void TestMessagesRequest::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const auto chat = translate(body.toStdString());
    QVERIFY(!chat.has_value());
    QVERIFY(chat.error().code == ErrorCode::invalid_request);
    QCOMPARE(bytes(chat.error().param), param);
    QVERIFY(chat.error().message.find('\'') != std::string::npos); // names what is wrong
}

void TestMessagesRequest::keeps_schemas_and_inputs_to_the_byte()
{
    const std::string schema = R"({ "type":"object", "n": 1.50e+2, "big":123456789012345678901234567890, "s":"\u00e9\/" })";
    const auto chat = translate(R"({"model":"m","max_tokens":1,"tools":[{"name":"f","input_schema":)" + schema
                                + R"(}],"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":)"
                                + schema + "}]}]}");
    QVERIFY(chat.has_value());
    QVERIFY(chat->body.find("\"parameters\":" + schema + "}") != std::string::npos);
    const auto json = nlohmann::json::parse(chat->body);
    QCOMPARE(json["messages"][0]["tool_calls"][0]["function"]["arguments"].get<std::string>(), schema);
}

/// Whatever the blocks lack, the answer is a chat request or a named fault, never a crash.
void TestMessagesRequest::survives_every_cut()
{
    const std::string whole =
        R"([{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"a","data":"b"}},{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"x"}]}]},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]}])";
    for (const char* with : {"null", "1", "\"\"", "[]", "{}", "true"}) {
        for (std::size_t at = whole.find(':'); at != std::string::npos; at = whole.find(':', at + 1)) {
            if (whole[at + 1] != '"')
                continue;
            const std::size_t end = whole.find('"', at + 2) + 1;
            const std::string messages = whole.substr(0, at + 1) + with + whole.substr(end);
            const auto chat = translate(R"({"model":"m","max_tokens":1,"messages":)" + messages + "}");
            QVERIFY(chat.has_value() || !chat.error().param.empty());
        }
    }
}

QTEST_APPLESS_MAIN(TestMessagesRequest)
#include "tst_messages_request.moc"
