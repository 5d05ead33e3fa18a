// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/anthropic_stream_translator.h"
#include "llm/openai_stream_reader.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using llmtest::run;
using nlohmann::json;

namespace {

AnthropicStreamTranslator make(bool include_usage = true, std::size_t limit = AnthropicStreamTranslator::default_limit)
{
    return {OpenAiChunkWriter{.id = "chatcmpl-9", .created = 7, .model = "asked"}, include_usage, limit};
}

std::string sse(const std::string& data)
{
    return "event: x\ndata: " + data + "\n\n";
}

std::string delta(int index, const std::string& type, const std::string& key, const std::string& raw_text)
{
    return sse(R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":{"type":")" + type
               + R"(",")" + key + R"(":")" + raw_text + "\"}}");
}

std::string begins(int index, const std::string& block)
{
    return sse(R"({"type":"content_block_start","index":)" + std::to_string(index) + R"(,"content_block":)" + block
               + "}");
}

std::string ends(int index)
{
    return sse(R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}");
}

std::string stop_with(const std::string& reason)
{
    return sse(R"({"type":"message_delta","delta":{"stop_reason":")" + reason + R"("},"usage":{"output_tokens":2}})");
}

const std::string start = sse(
    R"({"type":"message_start","message":{"type":"message","model":"m","usage":{"input_tokens":5,"output_tokens":1}}})");
const std::string hello = begins(0, R"({"type":"text","text":""})") + delta(0, "text_delta", "text", "hi") + ends(0);
const std::string stop = sse(R"({"type":"message_stop"})");
const std::string end = stop_with("end_turn") + stop;

/// The JSON of each `data:` event but [DONE].
std::vector<json> chunks(const std::string& out)
{
    std::vector<json> all;
    for (std::size_t at = 0; (at = out.find("data: {", at)) != std::string::npos; ++at)
        all.push_back(json::parse(out.substr(at + 6, out.find("\n\n", at) - at - 6)));
    return all;
}

/// The deltas that are not empty, a line each.
QByteArray deltas(const std::string& out)
{
    QByteArray lines;
    for (const auto& chunk : chunks(out)) {
        if (chunk.contains("choices") && !chunk["choices"].empty() && !chunk["choices"][0]["delta"].empty())
            lines += bytes(chunk["choices"][0]["delta"].dump()) + "\n";
    }
    return lines;
}

const QByteArray role_line = R"({"content":"","role":"assistant"})"
                             "\n";

} // namespace

class TestAnthropicStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void translates_the_fixture();
    void usage_only_if_asked();
    void counts_data();
    void counts();
    void finish_reasons_data();
    void finish_reasons();
    void tool_calls_data();
    void tool_calls();
    void text_of_a_start_and_empty_text();
    void unsigned_and_huge_thinking();
    void unknown_things_are_skipped();
    void errors_data();
    void errors();
    void garbage_data();
    void garbage();
    void ends_early();
    void huge_event();
    void splits_data();
    void splits();
};

void TestAnthropicStream::translates_the_fixture()
{
    const auto outcome = run(make(), llmtest::fixture("anthropic_message_stream.sse"));
    QCOMPARE(outcome.facts_text(),
             QByteArray("tokens 8 visible 2 usage 26/15/41/2/- written 4 model claude-sonnet-4-5-20250929 "
                        "finish tool_calls done"));
    const QByteArray expected = role_line + R"({"reasoning":"The user "}
{"reasoning":"greets me."}
{"thinking_blocks":[{"signature":"EqoBCkgIARABGAIiQL2U==","thinking":"The user greets me.","type":"thinking"}]}
{"thinking_blocks":[{"data":"EmwKAhgBEgy3va3p","type":"redacted_thinking"}]}
{"content":"Hello, "}
{"content":"\"wörld\" 👋"}
{"tool_calls":[{"function":{"arguments":"","name":"get_weather"},"id":"toolu_01A09q90qw","index":0,"type":"function"}]}
{"tool_calls":[{"function":{"arguments":"{\"city\": \"K"},"index":0}]}
{"tool_calls":[{"function":{"arguments":"öln\"}"},"index":0}]}
{"tool_calls":[{"function":{"arguments":"","name":"now"},"id":"toolu_02","index":1,"type":"function"}]}
{"tool_calls":[{"function":{"arguments":"{}"},"index":1}]}
)";
    QCOMPARE(deltas(outcome.out), expected);
    const auto seen = chunks(outcome.out);
    for (const auto& chunk : seen)
        QVERIFY(chunk["id"] == "chatcmpl-9" && chunk["model"] == "asked" && chunk.contains("usage"));
    QCOMPARE(
        bytes(seen.back()["usage"].dump()),
        QByteArray(
            R"({"completion_tokens":15,"prompt_tokens":26,"prompt_tokens_details":{"cached_tokens":2},"total_tokens":41})"));
    QVERIFY(seen[seen.size() - 2]["choices"][0]["finish_reason"] == "tool_calls");
    QVERIFY(bytes(outcome.out).endsWith("}\n\ndata: [DONE]\n\n"));
    // Read by our own reader of that dialect: one more for the "{}" that no model wrote.
    QCOMPARE(run(OpenAiStreamReader(false), outcome.out).facts_text(),
             QByteArray("tokens 9 visible 2 usage 26/15/41/2/- model asked finish tool_calls done"));
}

void TestAnthropicStream::usage_only_if_asked()
{
    const auto outcome = run(make(false), start + hello + end);
    QVERIFY(!bytes(outcome.out).contains("usage"));
    QCOMPARE(outcome.facts_text(), QByteArray("tokens 1 visible 1 usage 5/2/7/-/- model m finish stop done"));
}

void TestAnthropicStream::counts_data()
{
    QTest::addColumn<QByteArray>("at_start");
    QTest::addColumn<QByteArray>("at_end");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* at_start, const char* at_end, const char* expected) {
        QTest::newRow(name) << QByteArray(at_start) << QByteArray(at_end) << QByteArray(expected);
    };
    row("plain", R"({"input_tokens":5,"output_tokens":1})", R"({"output_tokens":9})", "usage 5/9/14/-/-");
    row("cache", R"({"input_tokens":5,"cache_read_input_tokens":100,"cache_creation_input_tokens":10})",
        R"({"output_tokens":9})", "usage 115/9/124/100/- written 10");
    row("null cache", R"({"input_tokens":5,"cache_read_input_tokens":null})", R"({"output_tokens":0})",
        "usage 5/0/5/-/-");
    row("zeros at the end mean nothing new", R"({"input_tokens":5,"cache_read_input_tokens":3})",
        R"({"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":9})", "usage 8/9/17/3/-");
    row("zero at the start", R"({"input_tokens":0,"output_tokens":0})", R"({"input_tokens":7,"output_tokens":9})",
        "usage 7/9/16/-/-");
    row("thinking", R"({"input_tokens":5})", R"({"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}})",
        "usage 5/9/14/-/4");
    row("none at the start", "{}", R"({"output_tokens":9})", "usage -/9/-/-/-");
    row("none at the end", R"({"input_tokens":5,"output_tokens":1})", "{}", "usage 5/-/-/-/-");
    row("nonsense", R"({"input_tokens":-5,"output_tokens":"1"})", R"({"output_tokens":1.5})", "");
    row("not an object", "null", "[]", "");
}

void TestAnthropicStream::counts()
{
    QFETCH(QByteArray, at_start);
    QFETCH(QByteArray, at_end);
    QFETCH(QByteArray, expected);
    const std::string stream =
        sse(R"({"type":"message_start","message":{"model":"m","usage":)" + at_start.toStdString() + "}}")
        + sse(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":)" + at_end.toStdString() + "}")
        + stop;
    const auto outcome = run(make(), stream);
    QCOMPARE(outcome.facts_text(),
             "tokens 0 visible 0 " + expected + (expected.isEmpty() ? "" : " ") + "model m finish stop done");
    QVERIFY(chunks(outcome.out).back().contains("usage"));
}

void TestAnthropicStream::finish_reasons_data()
{
    QTest::addColumn<bool>("called");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* reason, bool called, const char* expected) {
        QTest::addRow("%s %d", reason, called) << called << QByteArray(expected);
    };
    row("end_turn", false, "stop");
    row("stop_sequence", false, "stop");
    row("max_tokens", false, "length");
    row("max_tokens", true, "length");
    row("tool_use", true, "tool_calls");
    row("end_turn", true, "tool_calls");
    row("refusal", false, "content_filter");
    row("pause_turn", false, "length");
    row("model_context_window_exceeded", false, "length");
    row("invented_tomorrow", false, "stop");
}

void TestAnthropicStream::finish_reasons()
{
    QFETCH(bool, called);
    QFETCH(QByteArray, expected);
    const std::string reason = QString::fromUtf8(QTest::currentDataTag()).section(QLatin1Char(' '), 0, 0).toStdString();
    const std::string call = called ? begins(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})") + ends(0) : "";
    const auto outcome = run(make(), start + call + stop_with(reason) + stop);
    QCOMPARE(bytes(outcome.facts.finish_reason.value_or("")), expected);
    const auto seen = chunks(outcome.out);
    QVERIFY(seen[seen.size() - 2]["choices"][0]["finish_reason"] == expected.toStdString());
}

void TestAnthropicStream::tool_calls_data()
{
    QTest::addColumn<QByteArray>("blocks");
    QTest::addColumn<QByteArray>("arguments"); // of each call, a line each
    const auto row = [](const char* name, const std::string& blocks, const char* arguments) {
        QTest::newRow(name) << bytes(blocks) << QByteArray(arguments);
    };
    const std::string f = R"({"type":"tool_use","id":"t1","name":"f","input":{}})";
    const std::string g = R"({"type":"tool_use","id":"t2","name":"g","input":{}})";
    const auto part = [](int index, const char* text) {
        return delta(index, "input_json_delta", "partial_json", text);
    };
    row("no input", begins(0, f) + ends(0), "{}\n");
    row("only an empty delta", begins(0, f) + part(0, "") + ends(0), "{}\n");
    row("in pieces", begins(0, f) + part(0, R"({\"a\":)") + part(0, R"(1})") + ends(0), "{\"a\":1}\n");
    row("in parallel", begins(0, f) + part(0, R"({\"a\":1})") + ends(0) + begins(1, g) + part(1, "{}") + ends(1),
        "{\"a\":1}\n{}\n");
    row("woven",
        begins(0, f) + begins(1, g) + part(1, R"({\"b\":)") + part(0, R"({\"a\":)") + part(1, "2}") + part(0, "1}")
            + ends(0) + ends(1),
        "{\"a\":1}\n{\"b\":2}\n");
    row("input with its start", begins(0, R"({"type":"tool_use","id":"t","name":"f","input":{"a": [1]}})") + ends(0),
        "{\"a\": [1]}\n");
    row("never closed", begins(0, f) + part(0, R"({\"a\":1})") + begins(1, g), "{\"a\":1}\n{}\n");
    row("closed twice", begins(0, f) + ends(0) + ends(0), "{}\n");
    row("a delta for no block", part(7, "x") + begins(0, f) + ends(0) + part(0, "late"), "{}\n");
    row("not the client's",
        begins(0, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})") + part(0, R"({\"q\":1})")
            + ends(0) + begins(1, f) + part(1, "{}") + ends(1),
        "{}\n");
}

void TestAnthropicStream::tool_calls()
{
    QFETCH(QByteArray, blocks);
    QFETCH(QByteArray, arguments);
    const auto outcome = run(make(), start + blocks.toStdString() + stop_with("tool_use") + stop);
    QVERIFY(outcome.facts.done);
    std::map<int, std::string> calls;
    for (const auto& chunk : chunks(outcome.out)) {
        if (chunk["choices"].empty() || !chunk["choices"][0]["delta"].contains("tool_calls"))
            continue;
        const auto& call = chunk["choices"][0]["delta"]["tool_calls"][0];
        QCOMPARE(call.contains("id"), !calls.contains(call["index"])); // first of all, and once
        calls[call["index"]] += call["function"]["arguments"];
    }
    QByteArray joined;
    for (const auto& [index, text] : calls)
        joined += bytes(text) + "\n";
    QCOMPARE(joined, arguments);
}

void TestAnthropicStream::text_of_a_start_and_empty_text()
{
    const auto outcome =
        run(make(), start + begins(0, R"({"type":"text","text":"a"})") + delta(0, "text_delta", "text", "")
                        + delta(0, "text_delta", "text", "b") + begins(1, R"({"type":"text","text":""})") + end);
    QCOMPARE(deltas(outcome.out), role_line + "{\"content\":\"a\"}\n{\"content\":\"b\"}\n");
    QCOMPARE(outcome.facts.tokens, 2U);
    QCOMPARE(outcome.facts.visible_tokens, 2U);
    // Nothing at all was said: still a whole stream.
    const auto nothing = run(make(), stop);
    QVERIFY(nothing.facts.done);
    QCOMPARE(deltas(nothing.out), role_line);
    QVERIFY(!nothing.facts.usage.has_value());
}

void TestAnthropicStream::unsigned_and_huge_thinking()
{
    const auto thought = [](const std::string& signature) {
        return begins(0, R"({"type":"thinking","thinking":"","signature":""})")
               + delta(0, "thinking_delta", "thinking", std::string(150, 'x'))
               + delta(0, "thinking_delta", "thinking", std::string(150, 'y'))
               + delta(0, "thinking_delta", "thinking", std::string(150, 'z'))
               + delta(0, "signature_delta", "signature", signature) + ends(0);
    };
    QVERIFY(bytes(run(make(), start + thought("s") + end).out).contains("thinking_blocks"));
    const auto without = run(make(), start + thought("") + end);
    QVERIFY(!bytes(without.out).contains("thinking_blocks"));
    QCOMPARE(without.facts.tokens, 3U);
    // More than is kept: no block, rather than one whose signature does not fit it.
    const auto huge = run(make(true, 256), start + thought("s") + end);
    QVERIFY(huge.facts.done);
    QCOMPARE(huge.facts.tokens, 3U);
    QVERIFY(!bytes(huge.out).contains("thinking_blocks"));
    QVERIFY(bytes(huge.out).contains(QByteArray(150, 'z')));
}

void TestAnthropicStream::unknown_things_are_skipped()
{
    const std::string odd = ": comment\n\n" + sse(R"({"type":"ping"})") + sse(R"({"type":"invented","index":[]})")
                            + sse("{}") + begins(3, R"({"type":"invented_block","text":"no"})")
                            + delta(3, "text_delta", "text", "no") + ends(3) + begins(4, R"({"type":"text","text":""})")
                            + delta(4, "invented_delta", "text", "no")
                            + sse(R"({"type":"content_block_delta","index":4})")
                            + sse(R"({"type":"content_block_delta","index":"4","delta":7})")
                            + sse(R"({"type":"content_block_start","content_block":null,"index":9})") + sse("[DONE]");
    const auto outcome = run(make(), start + odd + hello + odd + end);
    QCOMPARE(deltas(outcome.out), role_line + "{\"content\":\"hi\"}\n");
    QVERIFY(outcome.facts.done);
    QVERIFY(!outcome.facts.error.has_value());
    // Whatever comes behind the end is nobody's business.
    QCOMPARE(run(make(), start + hello + end + hello + "junk\n\ndata: {\n\n").text(),
             run(make(), start + hello + end).text());
}

void TestAnthropicStream::errors_data()
{
    QTest::addColumn<QByteArray>("broken");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char* name, const char* broken, const char* words) {
        QTest::newRow(name) << QByteArray(broken) << QByteArray(words);
    };
    row("overloaded",
        "event: error\ndata: "
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Over\\\"loaded\"}}\n\n",
        "Over\"loaded");
    row("no event line", "data: {\"error\":{\"message\":\"m\",\"type\":\"t\"},\"type\":\"error\"}\n\n", "m");
    row("no type", "data: {\"error\":{\"message\":\"m\"}}\n\n", "m");
    row("no message", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}\n\n", "api_error");
    row("text", "event: error\ndata: {\"type\":\"error\",\"error\":\"it broke\"}\n\n", "it broke");
    row("not JSON", "event: error\ndata: upstream connect error\n\n", "upstream connect error");
}

void TestAnthropicStream::errors()
{
    QFETCH(QByteArray, broken);
    QFETCH(QByteArray, words);
    const auto outcome = run(make(), start + hello + broken.toStdString() + hello + end);
    QCOMPARE(outcome.facts_text(),
             "tokens 1 visible 1 usage 5/-/-/-/- model m finish - open error upstream_error_event: " + words);
    const auto seen = chunks(outcome.out);
    const auto& error = seen.back()["error"];
    QVERIFY(bytes(error["message"].get<std::string>()).contains(words));
    QVERIFY(error["code"] == "upstream_error_event" && error["type"] == "upstream_error" && error["param"].is_null());
    QVERIFY(!bytes(outcome.out).contains("[DONE]"));
}

void TestAnthropicStream::garbage_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char* line :
         {"nope", "[]", "5", "{\"type\":\"ping\"", "{\"type\":\"ping\"}}", "<html>", "\"x\"", "{\"a\":\"\xFF\"}"})
        QTest::newRow(line) << QByteArray(line);
}

void TestAnthropicStream::garbage()
{
    QFETCH(QByteArray, line);
    const auto outcome = run(make(), start + hello + sse(line.toStdString()) + hello + end);
    QVERIFY(outcome.facts.error.has_value());
    QVERIFY(outcome.facts.error->code == ErrorCode::upstream_bad_reply);
    QVERIFY(!outcome.facts.done);
    QCOMPARE(deltas(outcome.out), role_line + "{\"content\":\"hi\"}\n");
}

void TestAnthropicStream::ends_early()
{
    for (const std::string& stream :
         {start + hello, start + hello + stop_with("end_turn"), start + hello + stop.substr(0, 20)}) {
        const auto outcome = run(make(), stream);
        QVERIFY(!outcome.facts.done);
        QVERIFY(!outcome.facts.error.has_value());
        QVERIFY(!bytes(outcome.out).contains("[DONE]"));
        QVERIFY(!bytes(outcome.out).contains("\"finish_reason\":\""));
    }
    // What is lost is not made up: the count of message_start is no count of the reply.
    QCOMPARE(run(make(), start + hello).facts_text(),
             QByteArray("tokens 1 visible 1 usage 5/-/-/-/- model m finish - open"));
    QVERIFY(run(make(), start + hello + end.substr(0, end.size() - 2)).facts.done); // only the blank line is missing
    QVERIFY(run(make(), "").out.empty());
}

void TestAnthropicStream::huge_event()
{
    const std::string huge = delta(0, "text_delta", "text", std::string(2'000'000, 'x'));
    const std::string stream = start + begins(0, R"({"type":"text","text":""})") + huge + end;
    const auto whole = run(make(), stream);
    QVERIFY(whole.facts.done);
    QCOMPARE(whole.facts.tokens, 1U);
    QVERIFY(whole.out.size() > 2'000'000);
    // Over the limit it is not passed over in silence, and not waited for either.
    auto small = make(true, 1000);
    llmtest::Outcome outcome;
    small.feed(stream.substr(0, stream.size() - end.size() - 100), outcome.out, outcome.facts);
    QVERIFY(outcome.facts.error.has_value());
    QVERIFY(outcome.facts.error->code == ErrorCode::upstream_bad_reply);
}

void TestAnthropicStream::splits_data()
{
    QTest::addColumn<QByteArray>("stream");
    const std::string fixture = llmtest::fixture("anthropic_message_stream.sse");
    QTest::newRow("fixture") << bytes(fixture);
    QTest::newRow("CRLF") << bytes(llmtest::replaced(start + hello + end, "\n", "\r\n"));
    QTest::newRow("CR") << bytes(llmtest::replaced(start + hello + end, "\n", "\r"));
    QTest::newRow("BOM") << bytes("\xEF\xBB\xBF" + start + hello + end);
    QTest::newRow("error") << bytes(start + hello + "event: error\ndata: x\n\n" + hello);
    QTest::newRow("garbage") << bytes(start + hello + "data: x\n\n" + hello);
    QTest::newRow("cut off") << bytes(start + hello + stop.substr(0, 20));
    QTest::newRow("without its last blank line")
        << bytes((start + hello + end).substr(0, (start + hello + end).size() - 2));
    QTest::newRow("two models") << bytes(start + llmtest::replaced(start, "\"m\"", "\"n\"") + end);
}

void TestAnthropicStream::splits()
{
    QFETCH(QByteArray, stream);
    llmtest::check_all_splits([] { return make(); }, stream.toStdString());
}

QTEST_APPLESS_MAIN(TestAnthropicStream)
#include "tst_anthropic_stream.moc"
