// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/anthropic_reply.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using nlohmann::json;

namespace {

const OpenAiChunkWriter head{.id = "chatcmpl-9", .created = 7, .model = "asked"};

} // namespace

class TestAnthropicReply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void translates_the_fixture();
    void small_replies_data();
    void small_replies();
    void bad_replies_data();
    void bad_replies();
    void reads_facts_of_the_untranslated();
    void refusals_data();
    void refusals();
    void models();
    void bad_models_data();
    void bad_models();
};

void TestAnthropicReply::translates_the_fixture()
{
    const auto reply = anthropic_reply_to_openai(llmtest::fixture("anthropic_message_reply.json"), head);
    QVERIFY(reply.has_value());
    const json body = json::parse(reply->body);
    const json expected = json::parse(R"({"id":"chatcmpl-9","object":"chat.completion","created":7,"model":"asked",
        "choices":[{"index":0,"logprobs":null,"finish_reason":"tool_calls","message":{"role":"assistant",
        "content":"Hello, \"wörld\" 👋","reasoning":"The user greets me.",
        "thinking_blocks":[{"type":"thinking","thinking":"The user greets me.","signature":"EqoBCkgIARABGAIiQL2U=="},
                           {"type":"redacted_thinking","data":"EmwKAhgBEgy3va3p"}],
        "tool_calls":[{"id":"toolu_01A09q90qw","type":"function","function":{"name":"get_weather",
                       "arguments":"{\"city\": \"Köln\", \"days\": [1, 2.50]}"}},
                      {"id":"toolu_02","type":"function","function":{"name":"now","arguments":"{}"}}]}}],
        "usage":{"prompt_tokens":26,"completion_tokens":15,"total_tokens":41,"prompt_tokens_details":{"cached_tokens":2}}})");
    QCOMPARE(bytes(body.dump()), bytes(expected.dump()));
    QVERIFY(reply->facts.usage
            == (Usage{.prompt = 26, .completion = 15, .total = 41, .cached = 2, .cache_creation = 4}));
    QCOMPARE(bytes(reply->facts.model), QByteArray("claude-sonnet-4-5-20250929"));
    QCOMPARE(bytes(reply->facts.finish_reason), QByteArray("tool_calls"));
}

void TestAnthropicReply::small_replies_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("finish");
    const auto row = [](const char* name, const char* members, const char* message, const char* finish) {
        QTest::newRow(name) << QByteArray(members) << QByteArray(message) << QByteArray(finish);
    };
    row("no content", R"("content":[],"stop_reason":"end_turn")", R"({"role":"assistant","content":""})", "stop");
    row("refused", R"("content":[],"stop_reason":"refusal")", R"({"role":"assistant","content":""})", "content_filter");
    row("null content", R"("content":null)", R"({"role":"assistant","content":""})", "stop");
    row("empty text", R"("content":[{"type":"text","text":""}],"stop_reason":"max_tokens")",
        R"({"role":"assistant","content":""})", "length");
    row("only a call", R"("content":[{"type":"tool_use","name":"f"}],"stop_reason":"tool_use")",
        R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_9_0","type":"function","function":{"name":"f","arguments":"{}"}}]})",
        "tool_calls");
    row("unsigned thinking", R"("content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"x"}])",
        R"({"role":"assistant","content":"x","reasoning":"t"})", "stop");
    row("unknown block", R"("content":[{"type":"invented","text":"no"},7,{"type":"text","text":"x"}])",
        R"({"role":"assistant","content":"x"})", "stop");
}

void TestAnthropicReply::small_replies()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, finish);
    const auto reply = anthropic_reply_to_openai(R"({"type":"message",)" + members.toStdString() + "}", head);
    QVERIFY2(reply.has_value(), reply ? "" : reply.error().message.c_str());
    const json body = json::parse(reply->body);
    QCOMPARE(bytes(body["choices"][0]["message"].dump()), bytes(json::parse(message.toStdString()).dump()));
    QVERIFY(body["choices"][0]["finish_reason"] == finish.toStdString());
    QVERIFY(!body.contains("usage")); // nothing was reported
}

void TestAnthropicReply::bad_replies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("detail");
    QTest::newRow("not JSON") << QByteArray("<html>") << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("array") << QByteArray("[]") << QByteArray();
    QTest::newRow("cut") << QByteArray(R"({"type":"message","content":[)") << QByteArray();
    QTest::newRow("OpenAI's") << QByteArray(R"({"object":"chat.completion","choices":[]})") << QByteArray();
    QTest::newRow("error with 200") << QByteArray(R"({"type":"error","error":{"type":"api_error","message":"no"}})")
                                    << QByteArray("no");
}

void TestAnthropicReply::bad_replies()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, detail);
    const auto reply = anthropic_reply_to_openai(body.toStdString(), head);
    QVERIFY(!reply.has_value());
    QVERIFY(reply.error().code == ErrorCode::upstream_bad_reply);
    QCOMPARE(bytes(reply.error().detail), detail);
}

void TestAnthropicReply::reads_facts_of_the_untranslated()
{
    const auto facts = read_anthropic_reply(llmtest::fixture("anthropic_message_reply.json"));
    QVERIFY(facts.has_value());
    QVERIFY(facts->usage == (Usage{.prompt = 26, .completion = 15, .total = 41, .cached = 2, .cache_creation = 4}));
    QCOMPARE(bytes(facts->finish_reason), QByteArray("tool_use"));
    QVERIFY(!facts->is_error);
    const auto error = read_anthropic_reply(R"({"type":"error","error":{"type":"api_error","message":"no"}})");
    QVERIFY(error.has_value() && error->is_error && error->error_message == "no");
    const auto odd = read_anthropic_reply(R"({"usage":7,"model":[],"content":{},"error":null})");
    QVERIFY(odd.has_value() && !odd->usage.reported() && !odd->is_error);
    QVERIFY(!read_anthropic_reply("nope").has_value());
}

void TestAnthropicReply::refusals_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* body, int status, const char* expected) {
        QTest::newRow(name) << QByteArray(body) << status << QByteArray(expected);
    };
    row("invalid", R"({"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: \"x\""}})", 400,
        R"({"message":"max_tokens: \"x\"","type":"invalid_request_error","code":null,"param":null})");
    row("key", R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})", 401,
        R"({"message":"invalid x-api-key","type":"authentication_error","code":null,"param":null})");
    row("model", R"({"type":"error","error":{"type":"not_found_error","message":"model: x"}})", 404,
        R"({"message":"model: x","type":"not_found_error","code":"model_not_found","param":"model"})");
    row("rate", R"({"type":"error","error":{"type":"rate_limit_error","message":"slow"}})", 429,
        R"({"message":"slow","type":"rate_limit_error","code":"rate_limit_exceeded","param":null})");
    row("overloaded", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", 529,
        R"({"message":"Overloaded","type":"overloaded_error","code":null,"param":null})");
    row("no message", R"({"type":"error","error":{"type":"api_error"}})", 500,
        R"({"message":"api_error","type":"api_error","code":null,"param":null})");
    row("HTML", "<html>bad gateway</html>", 502,
        R"({"message":"The upstream answered with status 502: <html>bad gateway</html>","type":"server_error","code":null,"param":null})");
    row("nothing", "", 403,
        R"({"message":"The upstream answered with status 403 and no explanation.","type":"permission_error","code":null,"param":null})");
    row("not UTF-8", "\xFF\xFE", 500,
        "{\"message\":\"The upstream answered with status 500: "
        "\xEF\xBF\xBD\xEF\xBF\xBD\",\"type\":\"server_error\",\"code\":null,\"param\":null}");
}

void TestAnthropicReply::refusals()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, expected);
    QCOMPARE(bytes(anthropic_error_to_openai(body.toStdString(), static_cast<unsigned>(status))),
             "{\"error\":" + expected + "}");
}

void TestAnthropicReply::models()
{
    const auto page = read_anthropic_models(llmtest::fixture("anthropic_models.json"));
    QVERIFY(page.has_value());
    QCOMPARE(page->models.size(), std::size_t{2}); // the retired one is left out
    QCOMPARE(bytes(page->models[0].id), QByteArray("claude-opus-4-6"));
    QCOMPARE(page->models[0].created, std::int64_t{1770163200});
    QCOMPARE(bytes(page->models[1].id), QByteArray("claude-sonnet-4-5-20250929"));
    QCOMPARE(bytes(page->next), QByteArray("claude-sonnet-4-5-20250929"));
    const auto last =
        read_anthropic_models(R"({"data":[{"id":""},{},{"id":"a","created_at":"?"}],"has_more":false,"last_id":"a"})");
    QVERIFY(last.has_value());
    QCOMPARE(last->models.size(), std::size_t{1});
    QCOMPARE(last->models[0].created, std::int64_t{0});
    QVERIFY(last->next.empty());
}

void TestAnthropicReply::bad_models_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char* body : {"", "nope", "[]", "{}", R"({"data":null})", R"({"data":[{"id":"a"})"})
        QTest::newRow(body) << QByteArray(body);
}

void TestAnthropicReply::bad_models()
{
    QFETCH(QByteArray, body);
    const auto page = read_anthropic_models(body.toStdString());
    QVERIFY(!page.has_value());
    QVERIFY(page.error().code == ErrorCode::upstream_bad_reply);
}

QTEST_APPLESS_MAIN(TestAnthropicReply)
#include "tst_anthropic_reply.moc"
