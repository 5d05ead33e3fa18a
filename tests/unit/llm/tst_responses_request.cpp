// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_items.h"
#include "llm/responses_translation.h"

#include "llm_test.h"

/// What becomes of a request of the Responses API.
class TstResponsesRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void messages_data();
    void messages();
    void settings_data();
    void settings();
    void the_limits_name_follows_the_model();
    void errors_data();
    void errors();
    void earlier_items_come_first_and_may_be_referred_to();
    void input_is_kept_as_items_with_types_and_ids();
    void ids_of_others_are_nobodys();
    void links();
    void stored_text_that_is_broken_is_noticed();
};

using namespace tokenscope;
using namespace tokenscope::llm;
using namespace llmtest;
using Json = nlohmann::json;

namespace {

Result<std::unique_ptr<ResponsesTranslation>> begin(std::string body, ResponsesHistory history = {})
{
    auto request = parse_model_request(Api::responses, std::move(body));
    if (!request)
        return failure(request.error());
    return translate_responses(*request, history, WallTime{});
}

/// A request with `members`, which may hold "input".
std::string with(const std::string& members)
{
    const std::string input = members.find(R"("input")") == std::string::npos ? R"("input":"hi",)" : "";
    return R"({"model":"m",)" + input + members + "}";
}

Json chat(const std::string& body, ResponsesHistory history = {})
{
    const auto made = begin(body, std::move(history));
    return made ? Json::parse((*made)->chat_request().body) : Json(made.error().message + " @" + made.error().param);
}

QByteArray dump(const Json& json)
{
    return QByteArray::fromStdString(json.dump());
}

QByteArray normal(const char* json)
{
    return dump(Json::parse(json));
}

} // namespace

void TstResponsesRequest::messages_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("messages");
    const auto row = [](const char* name, const char* members, const char* messages) {
        QTest::newRow(name) << QByteArray(members) << normal(messages);
    };
    row("a string", R"("input":"h\u00e9 \"you\"")", R"([{"role":"user","content":"hé \"you\""}])");
    row("instructions come first", R"("instructions":"be kind")",
        R"([{"role":"system","content":"be kind"},{"role":"user","content":"hi"}])");
    row("empty instructions", R"("instructions":"")", R"([{"role":"user","content":"hi"}])");
    row("easy messages",
        R"("input":[{"role":"developer","content":"d"},{"role":"user","content":"u"},)"
        R"({"role":"assistant","content":"a"},{"role":"system","content":"s"}])",
        R"([{"role":"system","content":"d"},{"role":"user","content":"u"},{"role":"assistant","content":"a"},)"
        R"({"role":"system","content":"s"}])");
    row("texts are joined",
        R"("input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},)"
        R"({"type":"input_text","text":"b"}]}])",
        R"([{"role":"user","content":"a\nb"}])");
    row("images, files, sound",
        R"("input":[{"role":"user","content":[{"type":"input_text","text":"see"},)"
        R"({"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"original"},)"
        R"({"type":"input_image","image_url":"https://x/y.png"},)"
        R"({"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},)"
        R"({"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}])",
        R"([{"role":"user","content":[{"type":"text","text":"see"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"high"}},)"
        R"({"type":"image_url","image_url":{"url":"https://x/y.png"}},)"
        R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},)"
        R"({"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}])");
    row("a refusal is what was said",
        R"("input":[{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},{"role":"user","content":"?"}])",
        R"([{"role":"assistant","content":"no"},{"role":"user","content":"?"}])");
    row("reasoning, text and parallel calls are one turn",
        R"("input":[{"role":"user","content":"q"},)"
        R"({"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"s"}],)"
        R"("content":[{"type":"reasoning_text","text":"think"}]},)"
        R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"wait","annotations":[]}]},)"
        R"({"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},)"
        R"({"type":"function_call","call_id":"c2","name":"g","arguments":""},)"
        R"({"type":"function_call_output","call_id":"c1","output":"one"},)"
        R"({"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]}])",
        R"([{"role":"user","content":"q"},{"role":"assistant","content":"wait","reasoning_content":"think",)"
        R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},)"
        R"({"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},)"
        R"({"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":"two"}])");
    row("text behind a call stays with it",
        R"("input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},)"
        R"({"role":"assistant","content":"t"},{"type":"function_call_output","call_id":"c","output":"o"}])",
        R"([{"role":"assistant","content":"t","tool_calls":[{"id":"c","type":"function","function":)"
        R"({"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"o"}])");
    row("a summary where there is nothing else, calls without text",
        R"("input":[{"type":"reasoning","summary":[{"type":"summary_text","text":"s"}]},)"
        R"({"type":"function_call","call_id":"c","name":"f","arguments":"{}"}])",
        R"([{"role":"assistant","content":null,"reasoning_content":"s","tool_calls":[{"id":"c","type":"function",)"
        R"("function":{"name":"f","arguments":"{}"}}]}])");
    row("reasoning of nothing is dropped",
        R"("input":[{"type":"reasoning","summary":[],"encrypted_content":"xyz"},{"role":"user","content":"u"}])",
        R"([{"role":"user","content":"u"}])");
    row("media of outputs follow the last output",
        R"("input":[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},)"
        R"({"type":"function_call","call_id":"b","name":"f","arguments":"{}"},)"
        R"({"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"pic"},)"
        R"({"type":"input_image","image_url":"data:image/png;base64,AA=="}]},)"
        R"({"type":"function_call_output","call_id":"b","output":"x"},{"role":"user","content":"go on"}])",
        R"([{"role":"assistant","content":null,"tool_calls":[)"
        R"({"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},)"
        R"({"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"tool","tool_call_id":"a","content":"pic"},{"role":"tool","tool_call_id":"b","content":"x"},)"
        R"({"role":"user","content":[{"type":"text","text":"Attached to the result of tool call a:"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},)"
        R"({"role":"user","content":"go on"}])");
}

void TstResponsesRequest::messages()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, messages);
    const auto body = chat(with(members.toStdString()));
    QVERIFY2(body.is_object(), dump(body));
    QCOMPARE(dump(body["messages"]), messages);
}

void TstResponsesRequest::settings_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("expected"); // without model and messages
    const auto row = [](const char* name, const char* members, const char* expected) {
        QTest::newRow(name) << QByteArray(members) << normal(expected);
    };
    const char* tool = R"({"type":"function","function":{"name":"f","parameters":{"type":"object"}}})";
    row("nothing", R"("store":false)", R"({"stream":false})");
    row("streamed", R"("stream":true,"stream_options":{"include_obfuscation":false})",
        R"({"stream":true,"stream_options":{"include_usage":true}})");
    row("limits and sampling", R"("max_output_tokens":9,"temperature":0.50,"top_p":1e-1,"seed":7,"x_own":[1])",
        R"({"stream":false,"max_tokens":9,"temperature":0.5,"top_p":0.1,"seed":7,"x_own":[1]})");
    row("null is nothing",
        R"("max_output_tokens":null,"temperature":null,"tools":null,"tool_choice":null,)"
        R"("text":null,"reasoning":null,"metadata":null,"conversation":null,"background":null)",
        R"({"stream":false})");
    row("who asks", R"("user":"u","safety_identifier":"s","prompt_cache_key":"k","metadata":{"a":"b"})",
        R"({"stream":false,"user":"u","safety_identifier":"s","prompt_cache_key":"k"})");
    row("what has no place",
        R"("truncation":"auto","include":["reasoning.encrypted_content"],"background":false,)"
        R"("previous_response_id":"r","max_tool_calls":3,"reasoning":{"summary":"auto"})",
        R"({"stream":false})");
    row("effort, verbosity, format",
        R"("reasoning":{"effort":"low"},"text":{"verbosity":"high","format":{"type":"json_object"}})",
        R"({"stream":false,"reasoning_effort":"low","verbosity":"high","response_format":{"type":"json_object"}})");
    row("a schema", R"("text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}})",
        R"({"stream":false,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,)"
        R"("schema":{"type":"object"}}}})");
    row("plain text", R"("text":{"format":{"type":"text"}})", R"({"stream":false})");
    row("likelihoods", R"("top_logprobs":2)", R"({"stream":false,"logprobs":true,"top_logprobs":2})");
    row("likelihoods by include", R"("include":["message.output_text.logprobs"])",
        R"({"stream":false,"logprobs":true})");
    const std::string tools = R"("tools":[{"type":"function","name":"f","parameters":{"type":"object"},)"
                              R"("strict":null,"description":null}])";
    const auto with_tools = [&](const char* name, const std::string& more, const std::string& expected) {
        row(name, (tools + more).c_str(),
            (R"({"stream":false,"tools":[)" + std::string(tool) + "]" + expected + "}").c_str());
    };
    with_tools("tools", "", "");
    with_tools("auto", R"(,"tool_choice":"auto","parallel_tool_calls":false)",
               R"(,"tool_choice":"auto","parallel_tool_calls":false)");
    with_tools("required", R"(,"tool_choice":"required")", R"(,"tool_choice":"required")");
    with_tools("this one", R"(,"tool_choice":{"type":"function","name":"f"})",
               R"(,"tool_choice":{"type":"function","function":{"name":"f"}})");
    row("only these",
        R"("tools":[{"type":"function","name":"e"},{"type":"function","name":"f","parameters":{"type":"object"}}],)"
        R"("tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]})",
        (R"({"stream":false,"tool_choice":"required","tools":[)" + std::string(tool) + "]}").c_str());
    row("a choice of nothing", R"("tools":[],"tool_choice":"auto","parallel_tool_calls":true)", R"({"stream":false})");
}

void TstResponsesRequest::settings()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, expected);
    auto body = chat(with(members.toStdString()));
    QVERIFY2(body.is_object(), dump(body));
    QCOMPARE(dump(body["model"]), QByteArray("\"m\""));
    body.erase("model");
    body.erase("messages");
    QCOMPARE(dump(body), expected);
}

void TstResponsesRequest::the_limits_name_follows_the_model()
{
    const auto body = chat(R"({"model":"openai/o3-mini","input":"x","max_output_tokens":5})");
    QCOMPARE(body.value("max_completion_tokens", 0), 5);
    QVERIFY(!body.contains("max_tokens"));
}

void TstResponsesRequest::errors_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char* members, const char* param) {
        QTest::newRow(members) << QByteArray(members) << QByteArray(param);
    };
    row(R"("input":[])", "input");
    row(R"("input":null)", "input");
    row(R"("input":7)", "input");
    row(R"("input":[7])", "input[0]");
    row(R"("input":[{}])", "input[0].type");
    row(R"("input":[{"type":7}])", "input[0].type");
    row(R"("input":[{"role":"user"}])", "input[0].content");
    row(R"("input":[{"role":"user","content":{}}])", "input[0].content");
    row(R"("input":[{"role":"robot","content":"x"}])", "input[0].role");
    row(R"("input":[{"type":"message","content":"x"}])", "input[0].role");
    row(R"("input":[{"role":"user","content":[{"type":"input_text"}]}])", "input[0].content[0].text");
    row(R"("input":[{"role":"user","content":["x"]}])", "input[0].content[0]");
    row(R"("input":[{"role":"user","content":[{"type":"computer_screenshot"}]}])", "input[0].content[0].type");
    row(R"("input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}])", "input[0].content[0].file_id");
    row(R"("input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}])", "input[0].content[0].file_id");
    row(R"("input":[{"role":"user","content":[{"type":"input_file","file_url":"https://x"}]}])",
        "input[0].content[0].file_url");
    row(R"("input":[{"role":"assistant","content":[{"type":"input_image","image_url":"data:,"}]}])",
        "input[0].content");
    row(R"("input":[{"type":"function_call","name":"f","arguments":"{}"}])", "input[0].call_id");
    row(R"("input":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}])", "input[0].arguments");
    row(R"("input":[{"type":"function_call_output","call_id":"c"}])", "input[0].output");
    row(R"("input":[{"role":"user","content":"x"},{"type":"web_search_call","id":"w"}])", "input[1].type");
    row(R"("input":[{"type":"custom_tool_call_output","call_id":"c","output":"x"}])", "input[0].type");
    row(R"("input":[{"type":"item_reference","id":"msg_1"}])", "input[0].id");
    row(R"("input":[{"id":"msg_1"}])", "input[0].id");
    row(R"("instructions":["x"])", "instructions");
    row(R"("background":true)", "background");
    row(R"("conversation":"conv_1")", "conversation");
    row(R"("prompt":{"id":"p"})", "prompt");
    row(R"("max_output_tokens":0)", "max_output_tokens");
    row(R"("max_output_tokens":-1)", "max_output_tokens");
    row(R"("max_output_tokens":1.5)", "max_output_tokens");
    row(R"("text":"json")", "text");
    row(R"("text":{"format":{"type":"xml"}})", "text.format.type");
    row(R"("text":{"format":{"type":"json_schema","name":"n"}})", "text.format.schema");
    row(R"("text":{"format":{"type":"json_schema","schema":{}}})", "text.format.name");
    row(R"("reasoning":"high")", "reasoning");
    row(R"("tools":{})", "tools");
    row(R"("tools":["f"])", "tools[0]");
    row(R"("tools":[{"type":"web_search"}])", "tools[0].type");
    row(R"("tools":[{"type":"function","name":"f"},{"type":"mcp","server_label":"x"}])", "tools[1].type");
    row(R"("tools":[{"type":"custom","name":"f"}])", "tools[0].type");
    row(R"("tools":[{"type":"function"}])", "tools[0].name");
    row(R"("tools":[{"type":"function","name":"f","parameters":"x"}])", "tools[0].parameters");
    row(R"("tool_choice":"required")", "tool_choice");
    row(R"("tool_choice":"maybe")", "tool_choice");
    row(R"("tool_choice":7)", "tool_choice");
    row(R"("tool_choice":{"type":"function","name":"f"})", "tool_choice.name");
    row(R"("tool_choice":{"type":"web_search"})", "tool_choice.type");
    row(R"("tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]})", "tool_choice.tools");
    row(R"("tools":[{"type":"function","name":"f"}],"tool_choice":)"
        R"({"type":"allowed_tools","mode":"never","tools":[{"type":"function","name":"f"}]})",
        "tool_choice.mode");
    row(R"("tools":[{"type":"function","name":"f"}],"tool_choice":)"
        R"({"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"g"}]})",
        "tool_choice.tools[0].name");
}

void TstResponsesRequest::errors()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, param);
    const auto made = begin(with(members.toStdString()));
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::invalid_request);
    QCOMPARE(QByteArray::fromStdString(made.error().param), param);
    QVERIFY(made.error().message.size() > 20);
}

void TstResponsesRequest::earlier_items_come_first_and_may_be_referred_to()
{
    ResponsesHistory history;
    QVERIFY(append_items(
        R"([{"type":"message","id":"a","role":"user","content":"one"},)"
        R"({"type":"message","id":"b","role":"assistant","content":[{"type":"output_text","text":"two"}]}])",
        history.earlier));
    history.known.emplace("a", history.earlier[0]);
    const auto body = chat(R"({"model":"m","instructions":"now","input":[{"type":"item_reference","id":"a"},)"
                           R"({"id":"a"},{"role":"user","content":"three"}]})",
                           history);
    QCOMPARE(dump(body["messages"]), normal(R"([{"role":"system","content":"now"},{"role":"user","content":"one"},)"
                                            R"({"role":"assistant","content":"two"},{"role":"user","content":"one"},)"
                                            R"({"role":"user","content":"one"},{"role":"user","content":"three"}])"));
    // Without input of its own, the model is simply asked again.
    QVERIFY(chat(R"({"model":"m","previous_response_id":"r"})", history).is_object());
    history.earlier = {R"({"type":"compaction","encrypted_content":"x"})"};
    const auto made = begin(R"({"model":"m","input":"x"})", history);
    QVERIFY(!made);
    QCOMPARE(made.error().param, std::string("previous_response_id"));
}

void TstResponsesRequest::input_is_kept_as_items_with_types_and_ids()
{
    const auto made = begin(R"({"model":"m","input":[{"role":"user","content":"x","status":null},)"
                            R"({"type":"message","id":"mine","role":"assistant","content":"y","phase":"final_answer"},)"
                            R"({"type":"function_call_output","call_id":"c","output":"z"}]})");
    QVERIFY(made);
    const auto items = Json::parse((*made)->input());
    QCOMPARE(items.size(), std::size_t(3));
    QCOMPARE(dump(items[0]["content"]), QByteArray(R"([{"text":"x","type":"input_text"}])"));
    QCOMPARE(items[0]["status"].get<std::string>(), std::string("completed"));
    QCOMPARE(items[1]["id"].get<std::string>(), std::string("mine"));
    QCOMPARE(items[1]["phase"].get<std::string>(), std::string("final_answer"));
    QCOMPARE(items[1]["content"][0]["type"].get<std::string>(), std::string("output_text"));
    const auto first = items[0]["id"].get<std::string>();
    const auto last = items[2]["id"].get<std::string>();
    QVERIFY(first.starts_with("msg_") && last.starts_with("fco_") && first != last);
    QCOMPARE(response_of_item(first).value_or(""), (*made)->id());
    QCOMPARE(response_of_item(last).value_or(""), (*made)->id());
}

void TstResponsesRequest::ids_of_others_are_nobodys()
{
    for (const char* id : {"", "msg", "msg_", "msg_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b", "_", "msg_zz"})
        QVERIFY2(!response_of_item(id), id);
    QVERIFY(begin(R"({"model":"m","input":"x"})").value()->id() != begin(R"({"model":"m","input":"x"})").value()->id());
}

void TstResponsesRequest::links()
{
    const auto links = [](const char* body) {
        return read_responses_links(*parse_model_request(Api::responses, body));
    };
    const auto none = links(R"({"model":"m","input":"x","store":null,"previous_response_id":null})");
    QVERIFY(none && none->store && !none->background && !none->previous && none->referenced.empty());
    const auto all = links(R"({"model":"m","store":false,"background":true,"previous_response_id":"r",)"
                           R"("input":[{"type":"item_reference","id":"a"},{"id":"b"},{"role":"user","id":"c"}]})");
    QVERIFY(all && !all->store && all->background);
    QCOMPARE(all->previous.value_or(""), std::string("r"));
    QCOMPARE(all->referenced, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(links(R"({"model":"m","previous_response_id":7})").error().param, std::string("previous_response_id"));
    QCOMPARE(links(R"({"model":"m","store":"no"})").error().param, std::string("store"));
    QCOMPARE(links(R"({"model":"m","background":1})").error().param, std::string("background"));
}

void TstResponsesRequest::stored_text_that_is_broken_is_noticed()
{
    std::vector<std::string> items;
    for (const char* text : {"", "{}", "[1]", "[{}", "[{}]x", "[{\"a\":\"\xff\"}]", "null"})
        QVERIFY2(!append_items(text, items), text);
}

QTEST_APPLESS_MAIN(TstResponsesRequest)
#include "tst_responses_request.moc"
