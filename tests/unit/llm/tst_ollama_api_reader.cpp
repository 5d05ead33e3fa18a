// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ollama_api_reader.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;
using llmtest::run;

namespace {

const std::string hello = R"({"model":"m","message":{"role":"assistant","content":"hi"},"done":false})"
                          "\n";
const std::string end =
    R"({"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":2})"
    "\n";

} // namespace

/// What is learnt from Ollama's own API on its way to its own clients, and that not a byte of it changes.
class TestOllamaApiReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fixtures_data();
    void fixtures();
    void facts_data();
    void facts();
    void passes_on_every_byte_data();
    void passes_on_every_byte();
    void a_line_over_the_limit_is_passed_on();
    void whole_replies_data();
    void whole_replies();
    void whole_durations();
};

void TestOllamaApiReader::fixtures_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("facts");
    QTest::newRow("chat") << QByteArray("ollama_chat_stream.ndjson")
                          << QByteArray("tokens 5 visible 3 usage 26/5/31/-/- model phi4:latest finish stop done");
    QTest::newRow("generate") << QByteArray("ollama_generate_stream.ndjson")
                              << QByteArray(
                                     "tokens 3 visible 2 usage 12/4/16/-/- model phi4:latest finish length done");
}

void TestOllamaApiReader::fixtures()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, facts);
    const auto stream = llmtest::fixture(file.constData());
    OllamaApiReader reader;
    llmtest::Outcome outcome;
    reader.feed(stream, outcome.out, outcome.facts);
    reader.finish(outcome.out, outcome.facts);
    QCOMPARE(bytes(outcome.out), bytes(stream));
    QCOMPARE(outcome.facts_text(), facts);
    using std::chrono::nanoseconds;
    const OllamaDurations expected{nanoseconds(1250000000), nanoseconds(830000000), nanoseconds(130000000),
                                   nanoseconds(145000000)};
    QVERIFY(reader.durations() == expected);
}

void TestOllamaApiReader::facts_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("facts");
    const auto row = [](const char* name, const std::string& stream, const char* facts) {
        QTest::newRow(name) << bytes(stream) << QByteArray(facts);
    };
    row("no prompt count", hello + end, "tokens 1 visible 1 usage -/2/-/-/- model m finish stop done");
    row("counts of 0", R"({"done":true,"prompt_eval_count":0,"eval_count":0})",
        "tokens 0 visible 0 usage 0/0/0/-/- model - finish - done");
    row("counts that are none", R"({"done":true,"prompt_eval_count":-1,"eval_count":"2"})",
        "tokens 0 visible 0 model - finish - done");
    row("load", R"({"model":"m","response":"","done":true,"done_reason":"load"})",
        "tokens 0 visible 0 model m finish load done");
    row("tool calls",
        R"({"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{}}},{"function":{"name":"g"}}]}})"
        "\n" + end,
        "tokens 2 visible 0 usage -/2/-/-/- model m finish stop done");
    row("thinking and words at once",
        R"({"message":{"content":"a","thinking":"b"}})"
        "\n",
        "tokens 2 visible 1 model - finish - open");
    row("two models", hello + llmtest::replaced(hello, "\"m\"", "\"n\"") + llmtest::replaced(end, "\"m\"", "\"n\""),
        "tokens 2 visible 2 usage -/2/-/-/- model n finish stop done");
    row("error line", hello + "{\"error\":\"out of \\\"memory\\\"\"}\n" + end,
        "tokens 1 visible 1 model m finish - open error upstream_error_event: out of \"memory\"");
    row("error without LF", "{\"error\":\"x\"}",
        "tokens 0 visible 0 model - finish - open error upstream_error_event: x");
    row("an empty error is none", "{\"error\":\"\"}\n" + hello + end,
        "tokens 1 visible 1 usage -/2/-/-/- model m finish stop done");
    row("cut", hello + end.substr(0, 30), "tokens 1 visible 1 model m finish - open");
    row("nothing", "", "tokens 0 visible 0 model - finish - open");
    row("done is no bool",
        R"({"done":"true"})"
        "\n"
        R"({"done":1})",
        "tokens 0 visible 0 model - finish - open");
    row("after the end", hello + end + hello + end, "tokens 1 visible 1 usage -/2/-/-/- model m finish stop done");
    row("garbage", "nope\n[]\n5\n\"x\"\n<html>\n{\"done\":true}}\n\xff\xfe\n\n \n" + hello + end,
        "tokens 1 visible 1 usage -/2/-/-/- model m finish stop done");
    row("only the last LF is missing", hello + end.substr(0, end.size() - 1),
        "tokens 1 visible 1 usage -/2/-/-/- model m finish stop done");
}

void TestOllamaApiReader::facts()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, facts);
    QCOMPARE(run(OllamaApiReader(), stream.toStdString()).facts_text(), facts);
    llmtest::check_all_splits([] { return OllamaApiReader(); }, stream.toStdString());
}

void TestOllamaApiReader::passes_on_every_byte_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::newRow("chat") << bytes(llmtest::fixture("ollama_chat_stream.ndjson"));
    QTest::newRow("generate") << bytes(llmtest::fixture("ollama_generate_stream.ndjson"));
    QTest::newRow("CRLF") << bytes(llmtest::replaced(hello + "\n" + end, "\n", "\r\n"));
    QTest::newRow("no last LF") << bytes(hello + end.substr(0, end.size() - 1));
    QTest::newRow("error, no LF") << bytes(hello + "{\"error\":\"x\"}");
    QTest::newRow("garbage") << QByteArray("\0\xff{\n}\n\n\n", 8) + bytes(end);
    QTest::newRow("something after the end") << bytes(hello + end + "junk without an end");
}

void TestOllamaApiReader::passes_on_every_byte()
{
    QFETCH(QByteArray, stream);
    const auto whole = stream.toStdString();
    // At once: what a read has brought is passed on before the next.
    OllamaApiReader reader;
    std::string passed;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        StreamFacts facts;
        reader.feed(std::string_view(whole).substr(at, 1), passed, facts);
        QCOMPARE(passed.size(), at + 1);
    }
    StreamFacts facts;
    reader.finish(passed, facts);
    QCOMPARE(bytes(passed), stream);
    llmtest::check_all_splits([] { return OllamaApiReader(); }, whole);
}

void TestOllamaApiReader::a_line_over_the_limit_is_passed_on()
{
    const std::string stream = R"({"message":{"content":")" + std::string(300, 'x') + "\"}}\n" + hello + end;
    const auto make = [] { return OllamaApiReader(256); };
    const auto outcome = run(make(), stream);
    QCOMPARE(bytes(outcome.out), bytes(stream));
    QCOMPARE(outcome.facts_text(), QByteArray("tokens 1 visible 1 usage -/2/-/-/- model m finish stop done"));
    llmtest::check_all_splits(make, stream);
}

void TestOllamaApiReader::whole_replies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected"); // prompt/completion model finish; empty: no reply
    const auto file = [](const char* name) { return bytes(llmtest::fixture(name)); };
    QTest::newRow("chat") << file("ollama_chat_reply.json") << QByteArray("26/5 phi4:latest stop");
    QTest::newRow("generate") << file("ollama_generate_reply.json") << QByteArray("12/4 phi4:latest stop");
    QTest::newRow("embed") << file("ollama_embed_reply.json") << QByteArray("8/- phi4:latest ");
    QTest::newRow("embeddings") << QByteArray(R"({"embedding":[1,2]})") << QByteArray("-/-  ");
    QTest::newRow("error") << QByteArray(R"({"error":"no"})") << QByteArray("-/-   error no");
    QTest::newRow("html") << QByteArray("<html>") << QByteArray();
    QTest::newRow("array") << QByteArray("[{}]") << QByteArray();
    QTest::newRow("two lines") << QByteArray("{}\n{}") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("cut") << QByteArray(R"({"model":"m")") << QByteArray();
}

void TestOllamaApiReader::whole_replies()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    const auto reply = read_ollama_api_reply(body.toStdString());
    QCOMPARE(reply.has_value(), !expected.isEmpty());
    if (!reply) {
        QCOMPARE(int(reply.error().code), int(ErrorCode::upstream_bad_reply));
        return;
    }
    const auto count = [](const auto& n) { return n ? std::to_string(*n) : std::string("-"); };
    const auto& facts = reply->facts;
    std::string seen =
        count(facts.usage.prompt) + "/" + count(facts.usage.completion) + " " + facts.model + " " + facts.finish_reason;
    if (facts.is_error)
        seen += " error " + facts.error_message;
    QCOMPARE(bytes(seen), expected);
}

void TestOllamaApiReader::whole_durations()
{
    const auto embed = read_ollama_api_reply(llmtest::fixture("ollama_embed_reply.json"));
    QVERIFY(embed.has_value());
    using std::chrono::nanoseconds;
    QVERIFY((embed->durations == OllamaDurations{nanoseconds(14143917), nanoseconds(1019500), {}, {}}));
}

QTEST_APPLESS_MAIN(TestOllamaApiReader)
#include "tst_ollama_api_reader.moc"
