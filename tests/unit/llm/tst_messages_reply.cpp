// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/messages_error.h"
#include "llm/messages_translation.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

class TestMessagesReply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whole_reply_in_order();
    void content_data();
    void content();
    void usage_data();
    void usage();
    void ends_data();
    void ends();
    void bad_replies_data();
    void bad_replies();
    void cut_replies_are_bad();
    void recorded_reply();
    void refusals_data();
    void refusals();
};

namespace {

std::unique_ptr<Translation> translation(const char* more = "")
{
    const auto request = parse_model_request(
        tokenscope::llm::Api::messages,
        R"({"model":"asked","max_tokens":9,"messages":[{"role":"user","content":"hi"}])" + std::string(more) + "}");
    auto made = translate_messages(*request, WallTime{});
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return std::move(*made);
}

nlohmann::json reply_to(const std::string& chat, const char* more = "")
{
    const auto made = translation(more);
    const auto reply = made->reply(chat);
    if (!reply)
        qFatal("%s: %s", chat.c_str(), reply.error().message.c_str());
    return nlohmann::json::parse(*reply);
}

} // namespace

void TestMessagesReply::whole_reply_in_order()
{
    const auto made = translation();
    QVERIFY(!made->complete());
    const auto reply = made->reply(
        R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"ran","choices":[{"index":0,"message":{"role":"assistant","content":"Hé\n"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4}}})");
    QVERIFY(reply.has_value());
    QVERIFY(made->complete());
    QVERIFY(reply->starts_with(R"({"id":"msg_)"));
    const auto rest = reply->substr(reply->find(",\"type\""));
    QCOMPARE(
        bytes(rest),
        QByteArray(
            R"(,"type":"message","role":"assistant","model":"ran","content":[{"type":"text","text":"Hé\n"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":8,"cache_creation_input_tokens":null,"cache_read_input_tokens":4,"output_tokens":3}})"));
    const auto other = translation()->reply(R"({"choices":[{"message":{"content":"x"}}]})");
    QVERIFY(other->substr(0, 30) != reply->substr(0, 30)); // ids differ
    QVERIFY(other->find(R"("model":"asked")") != std::string::npos);
}

void TestMessagesReply::content_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* message, const char* expected) {
        QTest::newRow(message) << QByteArray(message) << QByteArray(expected);
    };
    row(R"({"role":"assistant"})", "[]");
    row(R"({"content":""})", "[]");
    row(R"({"content":null,"tool_calls":null,"refusal":null,"reasoning":null})", "[]");
    row(R"({"content":7,"tool_calls":"x","reasoning":[]})", "[]");
    row(R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})", R"([{"type":"text","text":"ab"}])");
    row(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},{"type":"text","text":"a"}]})",
        R"([{"type":"thinking","thinking":"t","signature":""},{"type":"text","text":"a"}])");
    row(R"({"content":"a","reasoning_content":"r"})",
        R"([{"type":"thinking","thinking":"r","signature":""},{"type":"text","text":"a"}])");
    row(R"({"reasoning":"r","reasoning_content":"r","content":"a"})",
        R"([{"type":"thinking","thinking":"r","signature":""},{"type":"text","text":"a"}])");
    row(R"({"reasoning":"r","reasoning_content":null})", R"([{"type":"thinking","thinking":"r","signature":""}])");
    row(R"({"content":"a","refusal":"no"})", R"([{"type":"text","text":"a"},{"type":"text","text":"no"}])");
    const auto call = [&](const char* arguments, const char* input) {
        const QByteArray message =
            R"({"content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":)"
            + QByteArray(arguments) + "}}]}";
        const QByteArray expected = R"([{"type":"tool_use","id":"c1","name":"f","input":)" + QByteArray(input) + "}]";
        QTest::newRow(arguments) << message << expected;
    };
    call(R"("{\"a\": [1]}")", R"({"a":[1]})");
    call(R"(" {\"a\":1}\n")", R"({"a":1})");
    call(R"("")", "{}");
    call(R"("  ")", "{}");
    call("null", "{}");
    call(R"({"a":{"b":"}"}})", R"({"a":{"b":"}"}})"); // an object in place of its text
    call(R"("{\"a\":")", R"({"raw_arguments":"{\"a\":"})");
    call(R"("{\"a\":1} {\"b\":2}")", R"({"raw_arguments":"{\"a\":1} {\"b\":2}"})");
    call(R"("[1]")", R"({"raw_arguments":"[1]"})");
    call(R"("not \"JSON\"")", R"({"raw_arguments":"not \"JSON\""})");
    row(R"({"content":"a","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}},{},{"id":"c2","function":{"name":"g","arguments":"{\"x\":1}"}}]})",
        R"([{"type":"text","text":"a"},{"type":"tool_use","id":"c1","name":"f","input":{}},{"type":"tool_use","id":"c2","name":"g","input":{"x":1}}])");
}

void TestMessagesReply::content()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, expected);
    const auto reply = reply_to(R"({"choices":[{"index":0,"message":)" + message.toStdString() + "}]}");
    QCOMPARE(bytes(reply["content"].dump()), bytes(nlohmann::json::parse(expected.toStdString()).dump()));
}

void TestMessagesReply::usage_data()
{
    QTest::addColumn<QByteArray>("chat");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* chat, const char* expected) {
        QTest::newRow(chat) << QByteArray(chat) << QByteArray(expected);
    };
    const char* const nothing =
        R"({"input_tokens":0,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":0})";
    row("null", nothing);
    row("{}", nothing);
    row(R"({"prompt_tokens":-1,"completion_tokens":"2"})", nothing);
    row(R"({"prompt_tokens":0,"completion_tokens":0})", nothing);
    row(R"({"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}})",
        R"({"input_tokens":5,"cache_creation_input_tokens":null,"cache_read_input_tokens":0,"output_tokens":2})");
    row(R"({"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":9}})",
        R"({"input_tokens":0,"cache_creation_input_tokens":null,"cache_read_input_tokens":9,"output_tokens":2})");
    row(R"({"prompt_tokens":5,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":7}})",
        R"({"input_tokens":5,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":9,"output_tokens_details":{"thinking_tokens":7}})");
}

void TestMessagesReply::usage()
{
    QFETCH(QByteArray, chat);
    QFETCH(QByteArray, expected);
    const auto reply = reply_to(R"({"choices":[{"message":{"content":"a"}}],"usage":)" + chat.toStdString() + "}");
    QCOMPARE(bytes(reply["usage"].dump()), bytes(nlohmann::json::parse(expected.toStdString()).dump()));
}

void TestMessagesReply::ends_data()
{
    QTest::addColumn<QByteArray>("choice");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("sequence");
    const auto row = [](const char* choice, const char* reason, const char* sequence = "null") {
        QTest::newRow(choice) << QByteArray(choice) << QByteArray(reason) << QByteArray(sequence);
    };
    const char* const calls = R"("tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}])";
    const auto with_calls = [&](const char* finish) -> QByteArray { return QByteArray("\"message\":{") + calls + "}," + finish; };
    row(R"("message":{"content":"a"},"finish_reason":"stop")", "end_turn");
    row(R"("message":{"content":"a"},"finish_reason":null)", "end_turn");
    row(R"("message":{"content":"a"},"finish_reason":"eos")", "end_turn");
    row(R"("message":{"content":"a"})", "end_turn");
    row(R"("message":{"content":"a"},"finish_reason":"length")", "max_tokens");
    row(R"("message":{"content":"a"},"finish_reason":"content_filter")", "refusal");
    row(R"("message":{"refusal":"no"},"finish_reason":"stop")", "refusal");
    row(R"("message":{"content":"a"},"finish_reason":"tool_calls")", "end_turn"); // there is none
    row(with_calls(R"("finish_reason":"tool_calls")").constData(), "tool_use");
    row(with_calls(R"("finish_reason":"stop")").constData(), "tool_use");
    row(with_calls(R"("finish_reason":"length")").constData(), "max_tokens");
    row(R"("message":{"function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call")", "tool_use");
    // vLLM and SGLang say what stopped the model; only what the client asked for is passed on.
    row(R"("message":{"content":"a"},"finish_reason":"stop","stop_reason":"END\n")", "stop_sequence", R"("END\n")");
    row(R"("message":{"content":"a"},"finish_reason":"stop","matched_stop":"END\n","stop_reason":null)", "stop_sequence",
        R"("END\n")");
    row(R"("message":{"content":"a"},"finish_reason":"stop","stop_reason":128009)", "end_turn");
    row(R"("message":{"content":"a"},"finish_reason":"stop","stop_reason":"end_turn")", "end_turn");
}

void TestMessagesReply::ends()
{
    QFETCH(QByteArray, choice);
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, sequence);
    const auto reply =
        reply_to(R"({"choices":[{)" + choice.toStdString() + "}]}", R"(,"stop_sequences":["x","END\n"])");
    QCOMPARE(bytes(reply["stop_reason"].get<std::string>()), reason);
    QCOMPARE(bytes(reply["stop_sequence"].dump()), sequence);
}

void TestMessagesReply::bad_replies_data()
{
    QTest::addColumn<QByteArray>("chat");
    for (const char* chat :
         {"", " ", "null", "[]", "\"x\"", "<html>Bad gateway</html>", "{", R"({"choices":[]})", R"({"choices":null})",
          R"({"choices":[null]})", R"({"choices":[5,{"index":1,"message":{"content":"second"}}]})", "{}",
          R"({"choices":[{"message":{"content":"a"}}]} trailing)", R"({"choices":[{"message":{"content":"a"}})",
          R"({"error":{"message":"no","type":"x"}})", R"({"error":"no"})", R"({"object":"error","message":"no"})"})
        QTest::newRow(chat) << QByteArray(chat);
}

void TestMessagesReply::bad_replies()
{
    QFETCH(QByteArray, chat);
    const auto made = translation();
    const auto reply = made->reply(chat.toStdString());
    QVERIFY(!reply.has_value());
    QVERIFY(reply.error().code == ErrorCode::upstream_bad_reply);
    QVERIFY(!made->complete());
}

void TestMessagesReply::cut_replies_are_bad()
{
    const auto whole = llmtest::fixture("openai_chat_reply.json");
    const auto end = whole.rfind('}');
    for (std::size_t size = 0; size <= end; ++size)
        QVERIFY(!translation()->reply(whole.substr(0, size)).has_value());
}

void TestMessagesReply::recorded_reply()
{
    const auto chat = nlohmann::json::parse(llmtest::fixture("openai_chat_reply.json"));
    const auto reply = reply_to(chat.dump());
    QCOMPARE(reply["content"][0]["text"].get<std::string>(),
             chat["choices"][0]["message"]["content"].get<std::string>());
    QCOMPARE(reply["model"].get<std::string>(), chat["model"].get<std::string>());
    QCOMPARE(reply["usage"]["output_tokens"].get<int>(), chat["usage"]["completion_tokens"].get<int>());
}

void TestMessagesReply::refusals_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<uint>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const QByteArray& body, unsigned status, const char* type, const char* message) {
        QTest::newRow(body.left(60).constData()) << body << status << QByteArray(type) << QByteArray(message);
    };
    row(R"({"error":{"message":"bad \"x\"","type":"invalid_request_error","code":null,"param":"x"}})", 400,
        "invalid_request_error", R"(bad "x")");
    row(R"({"error":"plain"})", 401, "authentication_error", "plain");
    row(R"({"error":{"message":"pay"}})", 402, "billing_error", "pay");
    row(R"({"error":{"message":"never"}})", 403, "permission_error", "never");
    row(R"({"object":"error","message":"The model does not exist.","code":404})", 404, "not_found_error",
        "The model does not exist.");
    row(R"({"detail":"Not Found"})", 404, "not_found_error", "Not Found");
    row(R"({"error":{"message":"big"}})", 413, "request_too_large", "big");
    row(R"({"error":{"message":"odd"}})", 422, "invalid_request_error", "odd");
    row(R"({"error":{"message":"slow down"}})", 429, "rate_limit_error", "slow down");
    row(R"({"error":{}})", 500, "api_error", R"(The upstream refused the request with status 500: {"error":{}})");
    row("<html>\n<h1>Bad gateway</h1>", 502, "api_error",
        "The upstream refused the request with status 502: <html>\n<h1>Bad gateway</h1>");
    row("", 503, "overloaded_error", "The upstream refused the request with status 503.");
    row(" \n ", 504, "timeout_error", "The upstream refused the request with status 504.");
    row(R"({"error":{"message":"busy"}})", 529, "overloaded_error", "busy");
    row("\xff\xfe broken", 500, "api_error", "The upstream refused the request with status 500: \xef\xbf\xbd\xef\xbf\xbd broken");
}

void TestMessagesReply::refusals()
{
    QFETCH(QByteArray, body);
    QFETCH(uint, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, message);
    const auto text = translation()->refusal(body.toStdString(), status);
    QVERIFY(text.starts_with(R"({"type":"error","error":{"type":")"));
    const auto json = nlohmann::json::parse(text);
    QCOMPARE(bytes(json["error"]["type"].get<std::string>()), type);
    QCOMPARE(bytes(json["error"]["message"].get<std::string>()), message);
    QVERIFY(translation()->refusal(std::string(1 << 20, 'x'), status).size() < 3000);
}

QTEST_APPLESS_MAIN(TestMessagesReply)
#include "tst_messages_reply.moc"
