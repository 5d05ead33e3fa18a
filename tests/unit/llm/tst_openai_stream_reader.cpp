// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/openai_stream_reader.h"

using namespace tokenscope;
using llm::OpenAiStreamReader;
using llmtest::bytes;
using llmtest::check_all_splits;
using llmtest::run;

namespace {

const std::string content =
    R"(data: {"model":"m","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}],"usage":null})"
    "\n\n";
const std::string usage =
    R"(data: {"model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"
    "\n\n";
const std::string done = "data: [DONE]\n\n";

OpenAiStreamReader plain()
{
    return OpenAiStreamReader(false);
}
OpenAiStreamReader stripping()
{
    return OpenAiStreamReader(true);
}

} // namespace

class TestOpenAiStreamReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void facts_data();
    void facts();
    void fixture();
    void forwards_at_once();
    void holds_back_while_stripping();
    void strips_data();
    void strips();
    void splits_data();
    void splits();
    void huge_event();
    void facts_are_of_these_bytes();
    void long_error_is_cut();
};

void TestOpenAiStreamReader::facts_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* data, const char* expected) {
        QTest::newRow(data) << QByteArray(data) << QByteArray(expected);
    };
    const auto delta = [&](const char* inside, const char* expected) {
        const QByteArray text = QByteArray(R"({"choices":[{"delta":{)") + inside + "}}]}";
        QTest::newRow(inside) << text << QByteArray(expected);
    };
    const char* const none = "tokens 0 visible 0 model - finish - open";
    const char* const hidden = "tokens 1 visible 0 model - finish - open";
    const char* const visible = "tokens 1 visible 1 model - finish - open";
    delta(R"("content":"x")", visible);
    delta(R"("content":" ")", visible);
    delta(R"("content":"\u00e9\ud83d\udc4b\"")", visible);
    delta(R"("content":"")", none);
    delta(R"("content":null)", none);
    delta(R"("content":5)", none);
    delta(R"("role":"assistant","content":"")", none);
    delta("", none);
    delta(R"("reasoning_content":"x")", hidden);
    delta(R"("reasoning":"x","content":"")", hidden);
    delta(R"("reasoning":"x","reasoning_content":"x")", hidden);
    delta(R"("reasoning":"x","content":"y")", visible);
    delta(R"("reasoning":{"x":["y"]},"content":"y")", visible);
    delta(R"("refusal":"no")", visible);
    delta(R"("tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}])", hidden);
    delta(R"("tool_calls":[{"index":0,"function":{"arguments":"{"}},{"index":1,"function":{"arguments":"x"}}])",
          hidden);
    delta(R"("tool_calls":[{"index":0,"function":{"arguments":""}}])", none);
    delta(R"("tool_calls":null)", none);
    delta(R"("tool_calls":[],"function_call":{"name":"f"})", hidden);
    row(R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}},{"delta":{"reasoning":"c"}},{"delta":{}}]})",
        "tokens 3 visible 2 model - finish - open");
    row(R"({"choices":[{"text":"old"}]})", visible);
    row(R"({"choices":[{"delta":{},"finish_reason":"length"}],"model":"m"})",
        "tokens 0 visible 0 model m finish length open");
    row(R"({"choices":[{"finish_reason":"stop","delta":{"content":"x"},"logprobs":{"content":[{"logprob":-Infinity}]}}]})",
        "tokens 1 visible 1 model - finish stop open");
    row(R"({"x":123456789012345678901234567890,"choices":[{"delta":{"content":"x"}}]})", visible);
    row("[DONE]", "tokens 0 visible 0 model - finish - done");
    row("[DONE] ", "tokens 0 visible 0 model - finish - done");
    for (const char* other : {"",
                              "5",
                              "[]",
                              "\"x\"",
                              "null",
                              "hello",
                              "{",
                              "{}",
                              "{]",
                              R"({"choices":[{"delta":{"content":"x"}}])",
                              R"({"choices":[{"delta":{"content":"x"}}]} trailing)",
                              R"({"choices":{"delta":{"content":"x"}}})",
                              R"({"choices":["x",null,5]})",
                              R"({"choices":[{"delta":"x"}]})",
                              R"({"delta":{"content":"x"}})",
                              R"({"model":5,"usage":"x","error":null})",
                              R"({"error":false})",
                              R"({"error":""})",
                              R"({"error":{}})",
                              R"({"usage":{}})",
                              R"({"usage":{"prompt_tokens":"5"}})",
                              R"({"usage":{"prompt_tokens":-1,"completion_tokens":1.5,"total_tokens":1e3}})"})
        row(other, none);
    row(R"({"usage":{"prompt_tokens":7,"completion_tokens":-1,"total_tokens":null,"prompt_tokens_details":{"cached_tokens":0}}})",
        "tokens 0 visible 0 usage 7/-/-/0/- model - finish - open");
    row(R"({"choices":null,"usage":{"completion_tokens_details":{"x":[1],"reasoning_tokens":4},"completion_tokens":9,"prompt_tokens_details":null}})",
        "tokens 0 visible 0 usage -/9/-/-/4 model - finish - open");
    row(R"({"usage":{"total_tokens":18446744073709551615}})",
        "tokens 0 visible 0 usage -/-/18446744073709551615/-/- model - finish - open");
    row(R"({"error":{"message":"boom","type":"x","code":1}})",
        "tokens 0 visible 0 model - finish - open error upstream_error_event: boom");
    row(R"({"error":"boom"})", "tokens 0 visible 0 model - finish - open error upstream_error_event: boom");
    row(R"({"error":{"code":500}})", "tokens 0 visible 0 model - finish - open error upstream_error_event: ");
    row(R"({"object":"error","message":"bo\"om"})",
        "tokens 0 visible 0 model - finish - open error upstream_error_event: bo\"om");
    row(R"({"detail":"Not Found"})", "tokens 0 visible 0 model - finish - open error upstream_error_event: Not Found");
    row(R"({"detail":[{"msg":"x"}]})",
        "tokens 0 visible 0 model - finish - open error upstream_error_event: [{\"msg\":\"x\"}]");
    row(R"({"detail":"x","choices":[{"delta":{"content":"x"}}]})", visible);
}

void TestOpenAiStreamReader::facts()
{
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, expected);
    const std::string stream = "data: " + data.toStdString() + "\n\n";
    const auto outcome = run(plain(), stream);
    QCOMPARE(outcome.facts_text(), expected);
    QCOMPARE(bytes(outcome.out), bytes(stream));
}

void TestOpenAiStreamReader::fixture()
{
    const std::string stream = llmtest::fixture("openai_chat_stream.sse");
    const QByteArray expected = "tokens 3 visible 3 usage 26/5/31/0/2 model gpt-4o-mini-2024-07-18 finish stop done";
    const auto whole = run(plain(), stream);
    QCOMPARE(whole.facts_text(), expected);
    QCOMPARE(bytes(whole.out), bytes(stream));

    const auto stripped = run(stripping(), stream);
    QCOMPARE(stripped.facts_text(), expected);
    const std::size_t begin = stream.rfind("data: {");
    const std::size_t end = stream.find("data: [DONE]");
    QCOMPARE(bytes(stripped.out), bytes(stream.substr(0, begin) + stream.substr(end)));
}

void TestOpenAiStreamReader::forwards_at_once()
{
    auto reader = plain();
    std::string out;
    llm::StreamFacts facts;
    reader.feed("dat", out, facts);
    QCOMPARE(bytes(out), QByteArray("dat"));
    reader.feed(std::string_view(content).substr(3, 60), out, facts);
    QCOMPARE(bytes(out), bytes(content.substr(0, 63)));
    QCOMPARE(facts.tokens, 0U);
    reader.feed(std::string_view(content).substr(63), out, facts);
    QCOMPARE(facts.tokens, 1U);
    reader.finish(out, facts);
    QCOMPARE(bytes(out), bytes(content));
}

void TestOpenAiStreamReader::holds_back_while_stripping()
{
    auto reader = stripping();
    std::string out;
    llm::StreamFacts facts;
    reader.feed(content + usage.substr(0, 20), out, facts);
    QCOMPARE(bytes(out), bytes(content));
    reader.feed(usage.substr(20) + done.substr(0, 3), out, facts);
    QCOMPARE(bytes(out), bytes(content));
    QVERIFY(facts.usage.has_value());
    reader.feed(done.substr(3), out, facts);
    QCOMPARE(bytes(out), bytes(content + done));
}

void TestOpenAiStreamReader::strips_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<bool>("gone");
    const auto row = [](const char* name, const char* event, bool gone) {
        QTest::newRow(name) << QByteArray(event) << gone;
    };
    row("empty choices", R"(data: {"choices":[],"usage":{"total_tokens":3}})", true);
    row("choices behind", R"(data: {"usage":{"total_tokens":3},"choices":[]})", true);
    row("null choices", R"(data: {"choices":null,"usage":{"total_tokens":3}})", true);
    row("no choices", R"(data: {"usage":{"total_tokens":3}})", true);
    row("usage without counts", R"(data: {"choices":[],"usage":{}})", true);
    row("over two lines", "data: {\"choices\":[],\ndata: \"usage\":{\"total_tokens\":3}}", true);
    row("a comment inside", ": c\ndata: {\"choices\":[],\"usage\":{\"total_tokens\":3}}", true);
    row("usage with a choice", R"(data: {"choices":[{"delta":{}}],"usage":{"total_tokens":3}})", false);
    row("usage null", R"(data: {"choices":[],"usage":null})", false);
    row("no usage", R"(data: {"choices":[],"prompt_filter_results":[]})", false);
    row("nested usage", R"(data: {"choices":[],"x":{"usage":{}}})", false);
    row("usage as text", R"(data: {"choices":[],"usage":"{}"})", false);
    row("an error with usage", R"(data: {"error":"x","choices":[],"usage":{}})", false);
    row("not JSON", R"(data: {"choices":[],"usage":{})", false);
    row("comment", ": ping", false);
    row("other field", "id: 5", false);
}

void TestOpenAiStreamReader::strips()
{
    QFETCH(QByteArray, event);
    QFETCH(bool, gone);
    const std::string text = event.toStdString() + "\n\n";
    const std::string stream = content + text + done;
    QCOMPARE(bytes(run(stripping(), stream).out), bytes(gone ? content + done : stream));
    QCOMPARE(bytes(run(plain(), stream).out), bytes(stream));
    // The same at the very end, without its blank line: still taken out, or still forwarded.
    const std::string cut = content + event.toStdString();
    QCOMPARE(bytes(run(stripping(), cut).out), bytes(gone ? content : cut));
}

void TestOpenAiStreamReader::splits_data()
{
    QTest::addColumn<QByteArray>("stream");
    const std::string escapes = R"(data: {"choices":[{"delta":{"content":"\u00e9\ud83d\udc4b \"w)"
                                "\xC3\xB6\xF0\x9F\x91\x8B"
                                R"(\""}}]})"
                                "\n\n";
    const std::string base = ": ping\n\n" + content + escapes + usage + done;
    QTest::newRow("LF") << bytes(base);
    QTest::newRow("CRLF") << bytes(llmtest::replaced(base, "\n", "\r\n"));
    QTest::newRow("CR") << bytes(llmtest::replaced(base, "\n", "\r"));
    QTest::newRow("BOM") << bytes("\xEF\xBB\xBF" + base);
    QTest::newRow("no DONE") << bytes(content + usage);
    QTest::newRow("usage last, no blank line") << bytes(content + usage.substr(0, usage.size() - 2));
    QTest::newRow("cut in an event") << bytes(content + content.substr(0, 40));
    QTest::newRow("error") << bytes(content + "event: error\r\ndata: {\"message\":\"b\"}\r\n\r\n" + done);
    QTest::newRow("error, not JSON") << bytes("event: error\ndata: it broke\n\n");
    QTest::newRow("several data lines") << QByteArray(
        "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"x\"}}]}\n\n");
    QTest::newRow("two usage chunks") << bytes(llmtest::replaced(usage + usage, "\n", "\r\n") + done);
    QTest::newRow("continuous usage") << QByteArray(
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"completion_tokens\":1}}\n\n"
        "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"usage\":{\"completion_tokens\":2}}\n\n");
    QTest::newRow("not JSON, blank lines") << QByteArray("\n\n\ndata: x\n\n\r\r\n\ndata\n\nfoo\n\n");
}

void TestOpenAiStreamReader::splits()
{
    QFETCH(QByteArray, stream);
    const std::string text = stream.toStdString();
    check_all_splits(plain, text);
    check_all_splits(stripping, text);
    QCOMPARE(bytes(run(plain(), text).out), stream);
}

void TestOpenAiStreamReader::huge_event()
{
    const auto make = [](bool strip) { return OpenAiStreamReader(strip, 256); };
    const std::string huge = R"(data: {"choices":[{"delta":{"content":")" + std::string(1000, 'x') + "\"}}]}\r\n\r\n";
    const std::string stream = content + huge + content + usage + done;
    const QByteArray expected = "tokens 2 visible 2 usage 1/2/3/-/- model m finish - done";
    for (const bool strip : {false, true}) {
        const auto outcome = run(make(strip), stream);
        QCOMPARE(outcome.facts_text(), expected);
        QCOMPARE(bytes(outcome.out), bytes(strip ? content + huge + content + done : stream));
        check_all_splits([&] { return make(strip); }, stream);
    }
    // It flows on before its end: memory stays bounded.
    auto reader = make(true);
    std::string out;
    llm::StreamFacts facts;
    reader.feed(huge.substr(0, 700), out, facts);
    QCOMPARE(bytes(out), bytes(huge.substr(0, 700)));
}

void TestOpenAiStreamReader::facts_are_of_these_bytes()
{
    auto reader = plain();
    std::string out;
    llm::StreamFacts first;
    reader.feed(content, out, first);
    QCOMPARE(bytes(first.response_model.value_or("")), QByteArray("m"));
    llm::StreamFacts second;
    reader.feed(content, out, second);
    QCOMPARE(second.tokens, 1U);
    QVERIFY(!second.response_model.has_value()); // known already
    llm::StreamFacts third;
    reader.feed(llmtest::replaced(content, "\"m\"", "\"n\""), out, third);
    QCOMPARE(bytes(third.response_model.value_or("")), QByteArray("n"));
}

void TestOpenAiStreamReader::long_error_is_cut()
{
    const std::string stream =
        "data: {\"error\":\"" + llmtest::replaced(std::string(5000, 'x'), "x", "\xC3\xB6") + "\"}\n\n";
    const auto outcome = run(plain(), stream);
    QVERIFY(outcome.facts.error.has_value());
    QVERIFY(outcome.facts.error->message.size() < 2200);
    QVERIFY(QString::fromStdString(outcome.facts.error->message).endsWith(QChar(0xF6)));
}

QTEST_APPLESS_MAIN(TestOpenAiStreamReader)
#include "tst_openai_stream_reader.moc"
