// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/anthropic_stream_reader.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using llmtest::run;

namespace {

AnthropicStreamReader make(std::size_t limit = SseParser::default_limit)
{
    return AnthropicStreamReader(limit);
}

const std::string start =
    R"(data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":5,"output_tokens":1}}})"
    "\n\n";
const std::string text = R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})"
                         "\n\n";
const std::string end =
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})"
    "\n\n"
    R"(data: {"type":"message_stop"})"
    "\n\n";

} // namespace

/// The reader of streams that go to the client as they are.
class TestAnthropicReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passes_every_byte_on_at_once();
    void reads_the_fixture();
    void streams_data();
    void streams();
    void usage_is_cumulative_within_the_stream();
    void huge_events_flow_by();
};

void TestAnthropicReader::passes_every_byte_on_at_once()
{
    const std::string fixture = llmtest::fixture("anthropic_message_stream.sse");
    for (const std::string& stream :
         {fixture, llmtest::replaced(fixture, "\n", "\r\n"), std::string("\x00\xFF junk\n\n{", 10)}) {
        auto reader = make();
        std::string out;
        for (std::size_t at = 0; at < stream.size(); ++at) {
            StreamFacts facts;
            reader.feed(std::string_view(stream).substr(at, 1), out, facts);
            QCOMPARE(out.size(), at + 1);
        }
        StreamFacts facts;
        reader.finish(out, facts);
        QCOMPARE(bytes(out), bytes(stream));
    }
}

void TestAnthropicReader::reads_the_fixture()
{
    // The stop reason is Anthropic's own word: the client is one of theirs.
    QCOMPARE(
        run(make(), llmtest::fixture("anthropic_message_stream.sse")).facts_text(),
        QByteArray(
            "tokens 8 visible 2 usage 26/15/41/2/- written 4 model claude-sonnet-4-5-20250929 finish tool_use done"));
}

void TestAnthropicReader::streams_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const std::string& stream, const char* expected) {
        QTest::newRow(name) << bytes(stream) << QByteArray(expected);
    };
    row("whole", start + text + end, "tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn done");
    row("CRLF", llmtest::replaced(start + text + end, "\n", "\r\n"),
        "tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn done");
    row("cut", start + text, "tokens 1 visible 1 usage 5/-/-/-/- model m finish - open");
    row("cut before message_stop", start + text + end.substr(0, end.find("\n\n") + 2),
        "tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn open");
    row("last blank line missing", (start + text + end).substr(0, (start + text + end).size() - 2),
        "tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn done");
    row("garbage inside", start + "data: {nope\n\n: c\n\nfoo\n\n" + text + end,
        "tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn done");
    row("error",
        start + text
            + "event: error\ndata: "
              "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"
            + text,
        "tokens 1 visible 1 usage 5/-/-/-/- model m finish - open error upstream_error_event: Overloaded");
    row("error after the end", start + text + end + "event: error\ndata: x\n\n" + text,
        "tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn done");
    row("nothing", "", "tokens 0 visible 0 model - finish - open");
}

void TestAnthropicReader::streams()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, expected);
    const auto outcome = run(make(), stream.toStdString());
    QCOMPARE(outcome.facts_text(), expected);
    QCOMPARE(bytes(outcome.out), stream);
    llmtest::check_all_splits([] { return make(); }, stream.toStdString());
}

void TestAnthropicReader::usage_is_cumulative_within_the_stream()
{
    auto reader = make();
    std::string out;
    StreamFacts first;
    reader.feed(start, out, first);
    QVERIFY(first.usage == (Usage{.prompt = 5}));
    QCOMPARE(bytes(first.response_model.value_or("")), QByteArray("m"));
    StreamFacts second;
    reader.feed(text, out, second);
    QVERIFY(!second.usage && !second.response_model);
    StreamFacts third;
    reader.feed(end, out, third);
    QVERIFY(third.usage == (Usage{.prompt = 5, .completion = 2, .total = 7}));
    QVERIFY(third.done);
}

void TestAnthropicReader::huge_events_flow_by()
{
    const std::string huge = "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\""
                             + std::string(2000, 'x') + "\"}}\n\n";
    const std::string stream = start + huge + text + end;
    const auto outcome = run(make(256), stream);
    QCOMPARE(outcome.facts_text(), QByteArray("tokens 1 visible 1 usage 5/2/7/-/- model m finish end_turn done"));
    QCOMPARE(bytes(outcome.out), bytes(stream));
}

QTEST_APPLESS_MAIN(TestAnthropicReader)
#include "tst_anthropic_reader.moc"
