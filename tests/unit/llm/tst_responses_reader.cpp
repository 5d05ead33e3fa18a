// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_facts.h"
#include "llm/responses_stream_reader.h"

#include "llm_test.h"

/// What is learnt from an upstream's own Responses API on its way through.
class TstResponsesReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_recorded_stream_passes_untouched();
    void ends_data();
    void ends();
    void an_event_over_the_limit_passes();
    void whole_replies();
    void who_lacks_the_api_data();
    void who_lacks_the_api();
};

using namespace tokenscope;
using namespace tokenscope::llm;
using namespace llmtest;

namespace {

std::string sse_event(const std::string& type, const std::string& members)
{
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (members.empty() ? "" : ",") + members + "}\n\n";
}

} // namespace

void TstResponsesReader::a_recorded_stream_passes_untouched()
{
    const auto stream = fixture("openai_responses_stream.sse");
    const auto outcome = run(ResponsesStreamReader(), stream);
    QCOMPARE(bytes(outcome.out), bytes(stream));
    QCOMPARE(outcome.facts_text(), QByteArray("tokens 5 visible 3 usage 36/12/48/16/4 model gpt-test-2026 "
                                              "finish tool_calls done"));
    check_all_splits([] { return ResponsesStreamReader(); }, stream);
    ResponsesStreamReader reader;
    std::string out;
    StreamFacts facts;
    reader.feed(stream, out, facts);
    QCOMPARE(reader.note().id, std::string("resp_67c9fdcecf488190bdd9a0409de3a1ec07b8b0ad4e5eb654"));
    QVERIFY(reader.note().stored);
}

void TstResponsesReader::ends_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("facts");
    const auto row = [](const char* name, const std::string& stream, const char* facts) {
        QTest::newRow(name) << bytes(stream) << QByteArray(facts);
    };
    row("failed",
        sse_event("response.failed", R"("response":{"status":"failed","error":{"code":"x","message":"boom"}})"),
        "tokens 0 visible 0 model - finish - done error upstream_error_event: boom");
    row("failed without words", sse_event("response.failed", R"("response":{"status":"failed","error":null})"),
        "tokens 0 visible 0 model - finish - done error upstream_error_event: ");
    row("error", sse_event("error", R"("code":"x","message":"boom","param":null)"),
        "tokens 0 visible 0 model - finish - done error upstream_error_event: boom");
    row("nested error", sse_event("error", R"("error":{"message":"boom"})"),
        "tokens 0 visible 0 model - finish - done error upstream_error_event: boom");
    row("cut short",
        sse_event("response.incomplete",
                  R"("response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}})"),
        "tokens 0 visible 0 model - finish length done");
    row("filtered",
        sse_event("response.incomplete",
                  R"("response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}})"),
        "tokens 0 visible 0 model - finish content_filter done");
    row("no type but a name",
        "event: response.completed\ndata: {\"response\":{\"status\":\"completed\",\"usage\":{\"input_tokens\":1}}}\n\n",
        "tokens 0 visible 0 usage 1/-/-/-/- model - finish stop done");
    row("no blank line at the end", "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}",
        "tokens 0 visible 0 model - finish stop done");
    row("cut off", sse_event("response.created", R"("response":{"status":"in_progress","model":"m"})"),
        "tokens 0 visible 0 model m finish - open");
    row("deltas",
        sse_event("response.output_text.delta", R"("delta":"a")")
            + sse_event("response.output_text.delta", R"("delta":"")")
            + sse_event("response.refusal.delta", R"("delta":"a")")
            + sse_event("response.reasoning_summary_text.delta", R"("delta":"a")")
            + sse_event("response.function_call_arguments.delta", R"("delta":"{")")
            + sse_event("response.output_text.done", R"("text":"a")"),
        "tokens 4 visible 2 model - finish - open");
    row("garbage", "data: [DONE]\n\ndata: 7\n\ndata: {\"type\":7,\"response\":[]}\n\n: hm\n\n",
        "tokens 0 visible 0 model - finish - open");
    row("broken usage",
        sse_event("response.completed", R"("response":{"status":"completed","usage":{"input_tokens":-1}})"),
        "tokens 0 visible 0 model - finish stop done");
}

void TstResponsesReader::ends()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, facts);
    const auto outcome = run(ResponsesStreamReader(), stream.toStdString());
    QCOMPARE(bytes(outcome.out), stream);
    QCOMPARE(outcome.facts_text(), facts);
    check_all_splits([] { return ResponsesStreamReader(); }, stream.toStdString());
}

void TstResponsesReader::an_event_over_the_limit_passes()
{
    const auto stream = sse_event("response.output_text.delta", "\"delta\":\"" + std::string(5000, 'x') + "\"")
                        + sse_event("response.completed", R"("response":{"status":"completed"})");
    const auto outcome = run(ResponsesStreamReader(1000), stream);
    QCOMPARE(bytes(outcome.out), bytes(stream));
    QVERIFY(outcome.facts.done);
}

void TstResponsesReader::whole_replies()
{
    ReplyFacts facts;
    ResponseNote note;
    QVERIFY(read_responses_reply(
        R"({"id":"resp_1","store":false,"model":"m","status":"completed","output":[{"type":"message"}],"error":null,)"
        R"("usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}})",
        facts, note));
    QCOMPARE(note.id, std::string("resp_1"));
    QVERIFY(!note.stored && !facts.is_error);
    QCOMPARE(facts.finish_reason, std::string("stop"));
    QCOMPARE(facts.usage.completion.value_or(0), std::uint64_t(4));
    for (const char* bad : {"", "[]", "nope", R"({"id":"x")"})
        QVERIFY2(!read_responses_reply(bad, facts, note), bad);
}

void TstResponsesReader::who_lacks_the_api_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("lacks");
    const auto row = [](int status, const char* body, bool lacks) {
        QTest::addRow("%d %s", status, body) << status << QByteArray(body) << lacks;
    };
    row(405, "", true);
    row(501, R"({"error":{"message":"no"}})", true);
    row(404, "", true);
    row(404, "404 page not found", true);
    row(404, "<html>Not Found</html>", true);
    row(404, R"({"detail":"Not Found"})", true);
    row(404, R"({"error":{"code":404,"message":"File Not Found","type":"not_found_error"}})", true);
    row(404, R"({"error":"Unexpected endpoint or method. (POST /v1/responses)."})", true);
    row(404,
        R"({"error":{"message":"Invalid URL (POST /v1/responses).","type":"invalid_request_error","param":null,"code":null}})",
        true);
    row(404, R"({"error":{"message":"Unknown request URL","code":"unknown_url","param":null}})", true);
    row(404, R"({"error":{"message":"The model 'm' does not exist","param":null,"code":"model_not_found"}})", false);
    row(404,
        R"({"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404})",
        false);
    row(404, R"({"error":{"message":"nothing called gpt-test here"}})", false);
    row(404, R"({"error":"model 'm' not found, try pulling it first"})", false);
    row(404, R"({"error":{"message":"Item not found","param":"input","code":null}})", false);
    row(404, R"({"error":{"message":"Response with id 'resp_1' not found.","param":null,"code":null}})", false);
    row(404, R"({"error":{"message":"gone","code":"previous_response_not_found"}})", false);
    row(400, R"({"detail":"Not Found"})", false);
    row(500, "", false);
    row(401, "", false);
}

void TstResponsesReader::who_lacks_the_api()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, lacks);
    QCOMPARE(lacks_responses(static_cast<unsigned>(status), body.toStdString(), "gpt-test"), lacks);
}

QTEST_APPLESS_MAIN(TstResponsesReader)
#include "tst_responses_reader.moc"
