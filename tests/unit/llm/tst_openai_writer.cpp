// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/openai_chat.h"

using namespace tokenscope::llm;
using llmtest::bytes;

class TestOpenAiWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chunks_to_the_byte();
    void announces_usage();
    void absent_counts_are_left_out();
    void reader_understands_writer();
    void reply_to_the_byte();
    void reply_with_tools();
    void error_object();
};

namespace {

OpenAiChunkWriter writer()
{
    return {.id = "chatcmpl-1", .created = 7, .model = "m\"x"};
}

const std::string head =
    R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m\"x","choices":)";

} // namespace

void TestOpenAiWriter::chunks_to_the_byte()
{
    const auto check = [](auto write, const char* choices) {
        std::string out;
        write(out);
        QCOMPARE(bytes(out), bytes(head + choices + "}\n\n"));
    };
    check([](std::string& out) { writer().role(out); },
          R"([{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}])");
    check([](std::string& out) { writer().content(out, "a\n\"\xC3\xB6"); },
          R"([{"index":0,"delta":{"content":"a\n\")"
          "\xC3\xB6"
          R"("},"logprobs":null,"finish_reason":null}])");
    check([](std::string& out) { writer().reasoning(out, "r"); },
          R"([{"index":0,"delta":{"reasoning":"r"},"logprobs":null,"finish_reason":null}])");
    check(
        [](std::string& out) {
            writer().tool_call(out, 1, {"c", "f", R"({"a":1})"});
        },
        R"([{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"logprobs":null,"finish_reason":null}])");
    check(
        [](std::string& out) { writer().tool_arguments(out, 1, "{\"a"); },
        R"([{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"a"}}]},"logprobs":null,"finish_reason":null}])");
    check([](std::string& out) { writer().thinking_block(out, R"({"type":"thinking"})"); },
          R"([{"index":0,"delta":{"thinking_blocks":[{"type":"thinking"}]},"logprobs":null,"finish_reason":null}])");
    check([](std::string& out) { writer().finish(out, "stop"); },
          R"([{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}])");
    check(
        [](std::string& out) {
            writer().usage(out, {.prompt = 1, .completion = 2, .total = 3, .cached = 0, .reasoning = 1});
        },
        R"([],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":1}})");
    std::string out;
    writer().done(out);
    QCOMPARE(bytes(out), QByteArray("data: [DONE]\n\n"));
    out.clear();
    writer().error(out, {.code = tokenscope::ErrorCode::upstream_error_event,
                         .message = "m\"",
                         .detail = {},
                         .param = {},
                         .retry_after = {}});
    QCOMPARE(bytes(out), QByteArray("data: {\"error\":{\"message\":\"m\\\"\",\"type\":\"upstream_error\",\"code\":"
                                    "\"upstream_error_event\",\"param\":null}}\n\n"));
}

void TestOpenAiWriter::announces_usage()
{
    OpenAiChunkWriter announcing = writer();
    announcing.announce_usage = true;
    std::string out;
    announcing.content(out, "x");
    QVERIFY(bytes(out).endsWith("\"finish_reason\":null}],\"usage\":null}\n\n"));
}

void TestOpenAiWriter::absent_counts_are_left_out()
{
    std::string out;
    writer().usage(out, {.completion = 2});
    QVERIFY(bytes(out).endsWith("\"usage\":{\"completion_tokens\":2}}\n\n"));
    out.clear();
    writer().usage(out, {});
    QVERIFY(bytes(out).endsWith("\"usage\":{}}\n\n"));
}

void TestOpenAiWriter::reader_understands_writer()
{
    std::string stream;
    writer().role(stream);
    writer().reasoning(stream, "hm");
    writer().content(stream, "a\xFF\r\n\n");
    writer().tool_call(stream, 0, {"c", "f", "{}"});
    writer().finish(stream, "tool_calls");
    writer().usage(stream, {.prompt = 1, .completion = 2, .total = 3});
    writer().done(stream);
    const auto outcome = llmtest::run(OpenAiStreamReader(true), stream);
    QCOMPARE(outcome.facts_text(), QByteArray("tokens 3 visible 1 usage 1/2/3/-/- model m\"x finish tool_calls done"));
    QVERIFY(!bytes(outcome.out).contains("prompt_tokens"));
}

void TestOpenAiWriter::reply_to_the_byte()
{
    const OpenAiReply reply{.content = "hi", .usage = {.prompt = 1}};
    QCOMPARE(
        bytes(openai_reply_body(writer(), reply)),
        QByteArray(
            R"({"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"m\"x","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1}})"));
}

void TestOpenAiWriter::reply_with_tools()
{
    const OpenAiReply reply{.reasoning = "r\n",
                            .tool_calls = {{"a", "f", "{}"}, {"b", "g", R"({"x":"y"})"}},
                            .finish_reason = "tool_calls"};
    const auto json = nlohmann::json::parse(openai_reply_body(writer(), reply));
    const auto& message = json["choices"][0]["message"];
    QVERIFY(message["content"].is_null());
    QCOMPARE(bytes(message["reasoning"].get<std::string>()), QByteArray("r\n"));
    QCOMPARE(message["tool_calls"].size(), std::size_t{2});
    QCOMPARE(bytes(message["tool_calls"][1]["function"]["arguments"].get<std::string>()), QByteArray(R"({"x":"y"})"));
    QVERIFY(!json.contains("usage"));
    QVERIFY(nlohmann::json::parse(openai_reply_body(writer(), {}))["choices"][0]["message"]["content"] == "");
}

void TestOpenAiWriter::error_object()
{
    QCOMPARE(bytes(openai_error_json("a\"b", "t", "", "p")),
             QByteArray(R"({"error":{"message":"a\"b","type":"t","code":null,"param":"p"}})"));
}

QTEST_APPLESS_MAIN(TestOpenAiWriter)
#include "tst_openai_writer.moc"
