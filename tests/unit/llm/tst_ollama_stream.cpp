// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ollama_chat.h"
#include "llm/openai_stream_reader.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using llmtest::run;

namespace {

OllamaStreamTranslator make(bool include_usage = true)
{
    return {OpenAiChunkWriter{.id = "chatcmpl-9", .created = 7, .model = "asked"}, include_usage};
}

const std::string hello = R"({"model":"m","message":{"role":"assistant","content":"hi"},"done":false})"
                          "\n";
const std::string end =
    R"({"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":2})"
    "\n";

/// The JSON of each `data:` event but [DONE].
std::vector<nlohmann::json> chunks(const std::string& out)
{
    std::vector<nlohmann::json> all;
    for (std::size_t at = 0; (at = out.find("data: {", at)) != std::string::npos; ++at)
        all.push_back(nlohmann::json::parse(out.substr(at + 6, out.find("\n\n", at) - at - 6)));
    return all;
}

} // namespace

class TestOllamaStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void translates_the_fixture();
    void usage_only_if_asked();
    void missing_prompt_count_is_absent();
    void tool_calls();
    void finish_reasons_data();
    void finish_reasons();
    void error_line();
    void broken_lines_data();
    void broken_lines();
    void ends_early();
    void splits_data();
    void splits();
};

void TestOllamaStream::translates_the_fixture()
{
    auto translator = make();
    llmtest::Outcome outcome;
    translator.feed(llmtest::fixture("ollama_chat_stream.ndjson"), outcome.out, outcome.facts);
    QCOMPARE(outcome.facts_text(),
             QByteArray("tokens 5 visible 3 usage 26/5/31/-/- model phi4:latest finish stop done"));
    using std::chrono::nanoseconds;
    const OllamaDurations expected{nanoseconds(1250000000), nanoseconds(830000000), nanoseconds(130000000),
                                   nanoseconds(145000000)};
    QVERIFY(translator.durations() == expected);

    const auto seen = chunks(outcome.out);
    QCOMPARE(seen.size(), std::size_t{8});
    QVERIFY(seen[0]["choices"][0]["delta"]["role"] == "assistant");
    QVERIFY(seen[1]["choices"][0]["delta"]["reasoning"] == "The user greets me.");
    QVERIFY(seen[4]["choices"][0]["delta"]["content"] == ", \"w\xC3\xB6rld\" ");
    QVERIFY(seen[5]["choices"][0]["delta"]["content"] == "\xF0\x9F\x91\x8B");
    QVERIFY(seen[6]["choices"][0]["finish_reason"] == "stop");
    QVERIFY(seen[7]["usage"]["total_tokens"] == 31);
    for (const auto& chunk : seen)
        QVERIFY(chunk["id"] == "chatcmpl-9" && chunk["model"] == "asked" && chunk.contains("usage"));
    QVERIFY(bytes(outcome.out).endsWith("}\n\ndata: [DONE]\n\n"));
    // What we write, our own reader of that dialect counts alike.
    QCOMPARE(run(OpenAiStreamReader(false), outcome.out).facts_text(),
             QByteArray("tokens 5 visible 3 usage 26/5/31/-/- model asked finish stop done"));
}

void TestOllamaStream::usage_only_if_asked()
{
    const auto outcome = run(make(false), hello + end);
    QVERIFY(!bytes(outcome.out).contains("usage"));
    QVERIFY(outcome.facts.usage.has_value());
}

void TestOllamaStream::missing_prompt_count_is_absent()
{
    const auto outcome = run(make(), hello + end);
    QCOMPARE(outcome.facts_text(), QByteArray("tokens 1 visible 1 usage -/2/-/-/- model m finish stop done"));
    QVERIFY(bytes(outcome.out).contains(R"("usage":{"completion_tokens":2}})"));
    const auto nothing = run(make(), R"({"done":true})");
    QVERIFY(!nothing.facts.usage.has_value());
    QCOMPARE(chunks(nothing.out).size(), std::size_t{3}); // role, finish, usage
}

void TestOllamaStream::tool_calls()
{
    const std::string calls =
        R"({"message":{"content":"","tool_calls":[{"function":{"index":0,"name":"f","arguments":{"a": "\u00e9", "b":[1]}}},{"id":"call_x","function":{"name":"g"}}]},"done":false})"
        "\n";
    const auto outcome = run(make(), calls + calls + end);
    const auto seen = chunks(outcome.out);
    QCOMPARE(seen.size(), std::size_t{7});
    const auto call = [&](int chunk) { return seen[chunk]["choices"][0]["delta"]["tool_calls"][0]; };
    QVERIFY(call(1)["id"] == "call_9_0" && call(1)["index"] == 0 && call(1)["type"] == "function");
    QVERIFY(nlohmann::json::parse(call(1)["function"]["arguments"].get<std::string>())
            == nlohmann::json::parse(R"({"a":"é","b":[1]})"));
    QVERIFY(call(2)["id"] == "call_x" && call(2)["function"]["arguments"] == "{}");
    QVERIFY(call(3)["id"] == "call_9_2" && call(3)["index"] == 2);
    QVERIFY(seen[5]["choices"][0]["finish_reason"] == "tool_calls");
    QCOMPARE(outcome.facts.tokens, 4U);
    QCOMPARE(outcome.facts.visible_tokens, 0U);
}

void TestOllamaStream::finish_reasons_data()
{
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("stop") << QByteArray(R"(,"done_reason":"stop")") << QByteArray("stop");
    QTest::newRow("length") << QByteArray(R"(,"done_reason":"length")") << QByteArray("length");
    QTest::newRow("load") << QByteArray(R"(,"done_reason":"load")") << QByteArray("stop");
    QTest::newRow("none") << QByteArray() << QByteArray("stop");
}

void TestOllamaStream::finish_reasons()
{
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, expected);
    const auto outcome = run(make(), "{\"done\":true" + reason.toStdString() + "}");
    QCOMPARE(bytes(outcome.facts.finish_reason.value_or("")), expected);
}

void TestOllamaStream::error_line()
{
    const auto outcome = run(make(), hello + "{\"error\":\"out of \\\"memory\\\"\"}\n" + hello + end);
    QCOMPARE(outcome.facts_text(),
             QByteArray("tokens 1 visible 1 model m finish - open error upstream_error_event: out of \"memory\""));
    const auto seen = chunks(outcome.out);
    QCOMPARE(seen.size(), std::size_t{3});
    const auto& error = seen[2]["error"];
    QVERIFY(bytes(error["message"].get<std::string>()).contains("out of \"memory\""));
    QVERIFY(error["code"] == "upstream_error_event" && error["param"].is_null() && error["type"].is_string());
    QVERIFY(!bytes(outcome.out).contains("[DONE]"));
}

void TestOllamaStream::broken_lines_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char* line : {"nope", "[]", "5", "{\"done\":true", "{\"done\":true}}", "<html>", "\"x\""})
        QTest::newRow(line) << QByteArray(line);
    QTest::newRow("too long") << QByteArray(R"({"message":{"content":")") + QByteArray(300, 'x') + "\"}}";
}

void TestOllamaStream::broken_lines()
{
    QFETCH(QByteArray, line);
    const std::string stream = hello + line.toStdString() + "\n" + hello + end;
    const auto outcome = run(OllamaStreamTranslator({.id = "i", .created = 1, .model = "m"}, true, 256), stream);
    QVERIFY(outcome.facts.error.has_value());
    QVERIFY(outcome.facts.error->code == ErrorCode::upstream_bad_reply);
    QVERIFY(!outcome.facts.done);
    QCOMPARE(chunks(outcome.out).size(), std::size_t{2});
    llmtest::check_all_splits([] { return OllamaStreamTranslator({.id = "i", .created = 1, .model = "m"}, true, 256); },
                              stream);
}

void TestOllamaStream::ends_early()
{
    const auto outcome = run(make(), hello);
    QVERIFY(!outcome.facts.done);
    QVERIFY(!outcome.facts.error.has_value());
    QVERIFY(!bytes(outcome.out).contains("[DONE]"));
    QVERIFY(run(make(), hello + end.substr(0, end.size() - 1)).facts.done); // only the last LF is missing
    QVERIFY(run(make(), "").out.empty());
}

void TestOllamaStream::splits_data()
{
    QTest::addColumn<QByteArray>("stream");
    const std::string fixture = llmtest::fixture("ollama_chat_stream.ndjson");
    QTest::newRow("fixture") << bytes(fixture);
    QTest::newRow("CRLF and blank lines") << bytes(llmtest::replaced(hello + "\n" + end, "\n", "\r\n") + "\n \n");
    QTest::newRow("error") << bytes(hello + "{\"error\":\"x\"}");
    QTest::newRow("after the end") << bytes(hello + end + hello + "junk\n");
    QTest::newRow("two models") << bytes(hello + llmtest::replaced(hello, "\"m\"", "\"n\"") + end);
}

void TestOllamaStream::splits()
{
    QFETCH(QByteArray, stream);
    llmtest::check_all_splits([] { return make(); }, stream.toStdString());
}

QTEST_APPLESS_MAIN(TestOllamaStream)
#include "tst_ollama_stream.moc"
