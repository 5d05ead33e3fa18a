// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/messages_stream.h"
#include "llm/messages_translation.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

class TestMessagesStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void events_to_the_byte();
    void streams_data();
    void streams();
    void every_split_is_the_same();
    void recorded_stream();
    void passes_text_on_at_once();
    void unended_data();
    void unended();
    void errors_data();
    void errors();
    void bounded_memory();
    void through_the_translation();
};

namespace {

MessagesStream make()
{
    return MessagesStream({.id = "msg_1", .model = "asked"}, {"END"});
}

/// As llmtest::run wants it; whether the stream is complete is told where the facts are.
struct Reader {
    MessagesStream stream = make();
    void feed(std::string_view piece, std::string& out, StreamFacts& facts)
    {
        stream.feed(piece, out);
        facts.done = stream.complete();
    }
    void finish(std::string& out, StreamFacts& facts)
    {
        stream.finish(out);
        facts.done = stream.complete();
    }
};

std::string sse(std::string_view json)
{
    return "data: " + std::string(json) + "\n\n";
}

std::string delta(std::string_view members)
{
    return sse(R"({"id":"c","model":"ran","choices":[{"index":0,"delta":{)" + std::string(members) + "}}]}");
}

std::string call(std::string_view members)
{
    return delta(R"("tool_calls":[{)" + std::string(members) + "}]");
}

const std::string done = "data: [DONE]\n\n";

/// Checks that the events are in an order that Anthropic allows, and tells what they come to, a line each: blocks with
/// their index, what was in them, and the end.
QByteArray summary(const std::string& out)
{
    QByteArray text;
    int open = -1;
    int next = 0;
    std::string held;
    bool started = false;
    for (std::size_t at = 0; at < out.size();) {
        const auto end = out.find("\n\n", at);
        const auto event = out.substr(at, end - at);
        at = end + 2;
        const auto line_end = event.find('\n');
        const auto name = event.substr(7, line_end - 7);
        const auto json = nlohmann::json::parse(event.substr(line_end + 7));
        if (!event.starts_with("event: ") || json["type"] != name)
            return "misnamed event: " + bytes(event);
        if (name == "error") {
            text += "error " + bytes(json["error"]["message"].get<std::string>()) + "\n";
            continue;
        }
        if (started != (name != "message_start"))
            return "out of order: " + bytes(event);
        started = true;
        if (name == "content_block_start") {
            if (open >= 0 || json["index"] != next)
                return "block opened wrongly: " + bytes(event);
            open = next++;
            const auto& block = json["content_block"];
            text += bytes(block["type"].get<std::string>());
            if (block.contains("name"))
                text += " " + bytes(block["id"].get<std::string>()) + " " + bytes(block["name"].get<std::string>());
            held.clear();
        } else if (name == "content_block_delta") {
            if (json["index"] != open)
                return "delta outside its block: " + bytes(event);
            const auto& part = json["delta"];
            held += part.value("text", part.value("thinking", part.value("partial_json", "")));
        } else if (name == "content_block_stop") {
            if (json["index"] != std::exchange(open, -1))
                return "block closed wrongly: " + bytes(event);
            text += " <" + bytes(held) + ">\n";
        } else if (name == "message_delta") {
            if (open >= 0)
                return "ended inside a block";
            const auto& usage = json["usage"];
            text += "end " + bytes(json["delta"]["stop_reason"].get<std::string>());
            if (!json["delta"]["stop_sequence"].is_null())
                text += " " + bytes(json["delta"]["stop_sequence"].get<std::string>());
            text += " " + bytes(usage["input_tokens"].dump()) + "/" + bytes(usage["output_tokens"].dump()) + "\n";
        } else if (name == "message_stop") {
            text += "stop\n";
        }
    }
    return text;
}

} // namespace

void TestMessagesStream::events_to_the_byte()
{
    const auto outcome = llmtest::run(
        Reader(),
        delta(R"("role":"assistant","content":"")") + delta(R"("reasoning_content":"hm")")
            + delta(R"("content":"H\u00e9")")
            + call(R"("index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""})")
            + call(R"("index":0,"function":{"arguments":"{\"a\""})")
            + sse(R"({"model":"ran","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})")
            + sse(
                R"({"model":"ran","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":6}}})")
            + done);
    std::string expected;
    for (
        const char* line :
        {"event: message_start",
         R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"ran","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":0}}})",
         "",
         "event: content_block_start",
         R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})",
         "",
         "event: content_block_delta",
         R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}})",
         "",
         "event: content_block_stop",
         R"(data: {"type":"content_block_stop","index":0})",
         "",
         "event: content_block_start",
         R"(data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})",
         "",
         "event: content_block_delta",
         R"(data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hé"}})",
         "",
         "event: content_block_stop",
         R"(data: {"type":"content_block_stop","index":1})",
         "",
         "event: content_block_start",
         R"(data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{}}})",
         "",
         "event: content_block_delta",
         R"(data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}})",
         "",
         "event: content_block_stop",
         R"(data: {"type":"content_block_stop","index":2})",
         "",
         "event: message_delta",
         R"(data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":4,"cache_creation_input_tokens":null,"cache_read_input_tokens":6,"output_tokens":4}})",
         "",
         "event: message_stop",
         R"(data: {"type":"message_stop"})",
         ""})
        expected.append(line).append("\n");
    QCOMPARE(bytes(outcome.out), bytes(expected));
}

void TestMessagesStream::streams_data()
{
    QTest::addColumn<QByteArray>("chat");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const std::string& chat, const char* expected) {
        QTest::newRow(name) << bytes(chat + done) << QByteArray(expected);
    };
    row("nothing at all", "", "end end_turn null/0\nstop\n");
    row("text",
        delta(R"("content":"a")") + delta(R"("content":"")") + delta(R"("content":null)") + delta(R"("content":"b")"),
        "text <ab>\nend end_turn null/0\nstop\n");
    row("usage in the last chunk with choices",
        sse(R"({"choices":[{"delta":{"content":"a"},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":1}})"),
        "text <a>\nend max_tokens 3/1\nstop\n");
    row("the last usage counts",
        sse(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}})")
            + sse(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5}})")
            + sse(R"({"choices":[],"usage":null})"),
        "end end_turn 3/5\nstop\n");
    row("thinking that comes back",
        delta(R"("reasoning":"r")") + delta(R"("reasoning":"s","reasoning_content":"s")") + delta(R"("content":"a")")
            + delta(R"("reasoning":"t")"),
        "thinking <rs>\ntext <a>\nthinking <t>\nend end_turn null/0\nstop\n");
    row("thinking and text in one chunk", delta(R"("content":"a","reasoning":"r")"),
        "thinking <r>\ntext <a>\nend end_turn null/0\nstop\n");
    row("refusal", delta(R"("refusal":"no")") + delta(R"("refusal":"!")"), "text <no!>\nend refusal null/0\nstop\n");
    row("stop sequence",
        delta(R"("content":"a")") + sse(R"({"choices":[{"delta":{},"finish_reason":"stop","stop_reason":"END"}]})"),
        "text <a>\nend stop_sequence END null/0\nstop\n");
    row("two calls, one after the other",
        call(R"("index":0,"id":"a","function":{"name":"f","arguments":"{"})")
            + call(R"("index":0,"function":{"arguments":"}"})")
            + call(R"("index":1,"id":"b","function":{"name":"g","arguments":"{}"})"),
        "tool_use a f <{}>\ntool_use b g <{}>\nend tool_use null/0\nstop\n");
    row("calls interleaved",
        call(R"("index":0,"id":"a","function":{"name":"f","arguments":"1"})")
            + call(R"("index":1,"id":"b","function":{"name":"g","arguments":"x"})")
            + call(R"("index":0,"function":{"arguments":"2"})") + call(R"("index":1,"function":{"arguments":"y"})")
            + call(R"("index":0,"function":{"arguments":"3"})"),
        "tool_use a f <123>\ntool_use b g <xy>\nend tool_use null/0\nstop\n");
    row("calls in one chunk",
        delta(
            R"("content":"t","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}},{"index":1,"id":"b","function":{"name":"g","arguments":"2"}}])"),
        "text <t>\ntool_use a f <1>\ntool_use b g <2>\nend tool_use null/0\nstop\n");
    row("calls that are all numbered 0",
        call(R"("index":0,"id":"a","function":{"name":"f","arguments":"1"})")
            + call(R"("index":0,"id":"b","function":{"name":"f","arguments":"2"})"),
        "tool_use a f <1>\ntool_use b f <2>\nend tool_use null/0\nstop\n");
    row("calls without index",
        call(R"("id":"a","function":{"name":"f","arguments":"1"})") + call(R"("function":{"arguments":"2"})")
            + call(R"("id":"b","function":{"name":"f","arguments":"3"})"),
        "tool_use a f <12>\ntool_use b f <3>\nend tool_use null/0\nstop\n");
    row("calls without index and id",
        call(R"("function":{"name":"f","arguments":"1"})") + call(R"("function":{"name":"f","arguments":"2"})"),
        "tool_use toolu_1_0 f <1>\ntool_use toolu_1_1 f <2>\nend tool_use null/0\nstop\n");
    row("id and name said again and again",
        call(R"("index":0,"id":"a","function":{"name":"f","arguments":"1"})")
            + call(R"("index":0,"id":"a","function":{"name":"f","arguments":"2"})"),
        "tool_use a f <12>\nend tool_use null/0\nstop\n");
    row("name after the arguments",
        call(R"("index":0,"id":"a","function":{"arguments":"1"})") + call(R"("index":0,"function":{"name":"f"})"),
        "tool_use a f <1>\nend tool_use null/0\nstop\n");
    row("call without a name", call(R"("index":0,"id":"a","function":{"arguments":"1"})"),
        "tool_use a  <1>\nend tool_use null/0\nstop\n");
    row("calls of nothing", call("") + call(R"("index":7)"), "end end_turn null/0\nstop\n");
    row("arguments as an object", call(R"("index":0,"id":"a","function":{"name":"f","arguments":{"x":1}})"),
        "tool_use a f <{\"x\":1}>\nend tool_use null/0\nstop\n");
    row("the older function_call",
        delta(R"("function_call":{"name":"f","arguments":"1"})") + delta(R"("function_call":{"arguments":"2"})"),
        "tool_use toolu_1_0 f <12>\nend tool_use null/0\nstop\n");
    row("text after calls",
        call(R"("index":0,"id":"a","function":{"name":"f","arguments":"1"})")
            + call(R"("index":1,"id":"b","function":{"name":"g","arguments":"2"})") + delta(R"("content":"t")")
            + call(R"("index":2,"id":"c","function":{"name":"h","arguments":"3"})"),
        "tool_use a f <1>\ntool_use b g <2>\ntext <t>\ntool_use c h <3>\nend tool_use null/0\nstop\n");
    row("other choices are not ours",
        sse(R"({"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]})"),
        "text <a>\nend end_turn null/0\nstop\n");
    row("comments, garbage and pings",
        ": keep-alive\n\n" + sse("nonsense") + sse("[1]") + "event: ping\n\n"
            + sse("{\"choices\":[{\"delta\":{\"content\":\"a\"}") + delta(R"("content":"b")")
            + sse(R"({"choices":"x"})") + sse(R"({"choices":[{"delta":5}]})"),
        "text <b>\nend end_turn null/0\nstop\n");
    row("CRLF", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\n",
        "text <a>\nend end_turn null/0\nstop\n");
}

void TestMessagesStream::streams()
{
    QFETCH(QByteArray, chat);
    QFETCH(QByteArray, expected);
    const auto stream = chat.toStdString();
    const auto outcome =
        llmtest::run(Reader(), stream + "data: {\"choices\":[{\"delta\":{\"content\":\"late\"}}]}\n\n");
    QCOMPARE(summary(outcome.out), expected);
    QVERIFY(outcome.facts.done);
    // Without the blank line behind [DONE], too.
    const auto cut = llmtest::run(Reader(), stream.substr(0, stream.size() - 2));
    QCOMPARE(summary(cut.out), expected);
    QVERIFY(cut.facts.done);
}

void TestMessagesStream::every_split_is_the_same()
{
    llmtest::check_all_splits(
        [] { return Reader(); },
        "\xEF\xBB\xBF: hi\n\n" + delta(R"("reasoning":"r\u00e9")") + delta(R"("content":"é\"\n")")
            + call(R"("index":0,"id":"a","function":{"name":"f","arguments":"1"})")
            + call(R"("index":1,"id":"b","function":{"name":"g","arguments":"x"})")
            + call(R"("index":0,"function":{"arguments":"2"})")
            + "data: {\"choices\":[],\r\ndata: \"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\r\n\r\n"
            + done);
}

void TestMessagesStream::recorded_stream()
{
    const auto stream = llmtest::fixture("openai_chat_stream.sse");
    std::string said;
    for (std::size_t at = 0; (at = stream.find("data: {", at)) != std::string::npos; ++at) {
        const auto chunk = nlohmann::json::parse(stream.substr(at + 6, stream.find('\n', at) - at - 6));
        if (!chunk["choices"].empty() && chunk["choices"][0]["delta"].value("content", nlohmann::json()).is_string())
            said += chunk["choices"][0]["delta"]["content"].get<std::string>();
    }
    const auto outcome = llmtest::run(Reader(), stream, llmtest::every_byte(stream));
    QVERIFY(outcome.facts.done);
    QVERIFY2(summary(outcome.out).contains(bytes("text <" + said + ">")), summary(outcome.out));
}

void TestMessagesStream::passes_text_on_at_once()
{
    MessagesStream stream = make();
    std::string out;
    stream.feed(delta(R"("role":"assistant")"), out);
    QVERIFY(out.find("message_start") != std::string::npos);
    out.clear();
    stream.feed(delta(R"("content":"a")"), out);
    QVERIFY(out.find("\"text\":\"a\"") != std::string::npos);
    out.clear();
    stream.feed(call(R"("index":0,"id":"a","function":{"name":"f","arguments":"{\"x"})"), out);
    QVERIFY(out.find("{\\\"x") != std::string::npos);
    out.clear();
    stream.feed(sse(R"({"choices":[{"delta":{},"finish_reason":"tool_calls"}]})"), out);
    QCOMPARE(bytes(out), QByteArray()); // the usage is still to come
}

void TestMessagesStream::unended_data()
{
    QTest::addColumn<QByteArray>("chat");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half an event") << QByteArray("data: {\"choi");
    QTest::newRow("finished, not done") << bytes(delta(R"("content":"a")")
                                                 + sse(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})"));
    QTest::newRow("an open call") << bytes(call(R"("index":0,"id":"a","function":{"name":"f","arguments":"{"})"));
    QTest::newRow("an oversized event") << bytes(sse(std::string((1 << 20) + 1, 'x')) + done);
    QTest::newRow("arguments for a call that is over")
        << bytes(call(R"("index":0,"id":"a","function":{"name":"f","arguments":"{"})") + delta(R"("content":"t")")
                 + call(R"("index":0,"function":{"arguments":"}"})") + done);
    std::string calls;
    for (std::size_t i = 0; i <= MessagesStream::most_calls; ++i)
        calls += call("\"index\":" + std::to_string(i) + R"(,"id":"a","function":{"name":"f","arguments":""})");
    QTest::newRow("calls without end") << bytes(calls + done);
}

void TestMessagesStream::unended()
{
    QFETCH(QByteArray, chat);
    const auto outcome = llmtest::run(Reader(), chat.toStdString());
    QVERIFY(!outcome.facts.done);
    QVERIFY(outcome.out.find("message_delta") == std::string::npos);
    QVERIFY(outcome.out.find("message_stop") == std::string::npos);
    QVERIFY(outcome.out.find("event: error") == std::string::npos); // the gateway adds its own
}

void TestMessagesStream::errors_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const std::string& event, const char* words) {
        QTest::newRow(event.c_str()) << bytes(event) << QByteArray(words);
    };
    row(sse(R"({"error":{"message":"out of memory","type":"server_error"}})"), "out of memory");
    row(sse(R"({"error":"plain"})"), "plain");
    row("event: error\n" + sse(R"({"message":"named"})"), "named");
    row("event: error\n" + sse("not JSON"), "not JSON");
    row(sse(R"({"object":"error","message":"older"})"), "older");
}

void TestMessagesStream::errors()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, words);
    for (const auto& before : {std::string(), delta(R"("content":"a")")}) {
        const auto outcome = llmtest::run(Reader(), before + event.toStdString() + delta(R"("content":"late")") + done);
        const auto last = outcome.out.rfind("event: ");
        const std::string head =
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"";
        QVERIFY(outcome.out.substr(last).starts_with(head));
        QVERIFY(bytes(outcome.out.substr(last)).contains(words));
        QVERIFY(!outcome.facts.done);
        QVERIFY(outcome.out.find("late") == std::string::npos);
    }
}

void TestMessagesStream::bounded_memory()
{
    constexpr std::size_t limit = 1000;
    const auto first = call(R"("index":0,"id":"a","function":{"name":"f","arguments":"x"})");
    const auto more = [](int index, std::size_t size) {
        const std::string name = index > 0 ? R"("name":"g",)" : "";
        return call("\"index\":" + std::to_string(index) + R"(,"function":{)" + name + R"("arguments":")"
                    + std::string(size, 'y') + "\"}");
    };
    MessagesStream fits({.id = "msg_1", .model = "m"}, {}, limit);
    std::string out;
    fits.feed(first + more(0, limit * 3) + more(1, limit) + done, out); // what is passed on is not held
    QVERIFY(fits.complete());
    MessagesStream grows({.id = "msg_1", .model = "m"}, {}, limit);
    out.clear();
    grows.feed(first + more(1, limit) + more(2, 1) + done, out);
    QVERIFY(!grows.complete());
    QVERIFY(out.find("message_stop") == std::string::npos);
}

void TestMessagesStream::through_the_translation()
{
    const auto request = parse_model_request(
        tokenscope::llm::Api::messages,
        R"({"model":"m","max_tokens":1,"stream":true,"stop_sequences":["E"],"messages":[{"role":"user","content":"x"}]})");
    auto made = translate_messages(*request, WallTime{});
    QVERIFY(made.has_value());
    auto& translation = **made;
    QVERIFY(translation.chat_request().stream);
    QVERIFY(translation.chat_request().include_usage.value_or(false));
    QCOMPARE(bytes(translation.stream_type()), QByteArray("text/event-stream"));
    std::string out;
    translation.feed(
        delta(R"("content":"a")") + sse(R"({"choices":[{"delta":{},"finish_reason":"stop","stop_reason":"E"}]})"), out);
    QVERIFY(!translation.complete());
    translation.feed("data: [DONE]", out);
    QVERIFY(!translation.complete());
    translation.finish(out);
    QVERIFY(translation.complete());
    QCOMPARE(summary(out), QByteArray("text <a>\nend stop_sequence E null/0\nstop\n"));
    QVERIFY(out.find("\"id\":\"msg_") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestMessagesStream)
#include "tst_messages_stream.moc"
