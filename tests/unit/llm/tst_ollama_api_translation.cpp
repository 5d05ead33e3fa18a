// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ollama_api_embed.h"
#include "llm/ollama_api_reader.h"
#include "llm/ollama_api_translation.h"
#include "llm/ollama_api_writer.h"

#include <memory>

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

namespace {

const WallTime now{std::chrono::milliseconds(1'767'608'130'102)}; // 2026-01-05T10:15:30.102Z
const QByteArray head = R"({"model":"asked","created_at":"2026-01-05T10:15:30.102000000Z",)";

std::unique_ptr<Translation> begin(Api api, bool stream = true)
{
    const auto body =
        R"({"model":"asked","prompt":"p","input":"i","messages":[{"role":"user","content":"hi"}],"stream":)"
        + std::string(stream ? "true}" : "false}");
    const auto request = parse_model_request(api, body);
    const Translator translator = api == Api::ollama_chat       ? translate_ollama_chat
                                  : api == Api::ollama_generate ? translate_ollama_generate
                                  : api == Api::ollama_embed    ? translate_ollama_embed
                                                                : translate_ollama_embeddings;
    auto made = translator(*request, now);
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return std::move(*made);
}

/// A translation as the readers' helpers take it.
struct AsReader {
    std::unique_ptr<Translation> translation;
    void feed(std::string_view piece, std::string& out, StreamFacts&) { translation->feed(piece, out); }
    void finish(std::string& out, StreamFacts& facts)
    {
        translation->finish(out);
        facts.done = translation->complete();
    }
};

AsReader reader(Api api)
{
    return {begin(api)};
}

std::string sse(const std::string& json)
{
    return "data: " + json + "\n\n";
}

std::string delta(const std::string& members, const std::string& finish = "null")
{
    return sse(R"({"id":"c","choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":)" + finish + "}]}");
}

const std::string usage = sse(R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})");
const std::string done = sse("[DONE]");

QByteArray words(const char* content)
{
    return head + R"("message":{"role":"assistant","content":")" + content + "\"},\"done\":false}\n";
}

QByteArray last(const char* reason = "stop", const char* counts = R"(,"prompt_eval_count":7,"eval_count":3)")
{
    return head + R"("message":{"role":"assistant","content":""},"done":true,"done_reason":")" + reason + "\"" + counts
           + "}\n";
}

} // namespace

/// Chat completions and embeddings as Ollama's replies.
class TestOllamaApiTranslation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void streams_data();
    void streams();
    void generate_streams();
    void the_fixture_reads_as_ollamas_own();
    void too_long_events_and_arguments();
    void replies_data();
    void replies();
    void refusals_data();
    void refusals();
    void embeds();
    void bad_embeds_data();
    void bad_embeds();
    void times();
    void requests();
};

void TestOllamaApiTranslation::streams_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<bool>("complete");
    const auto row = [](const char* name, const std::string& from, const QByteArray& to, bool complete = true) {
        QTest::newRow(name) << bytes(from) << to << complete;
    };
    const auto stop = delta("", "\"stop\"");
    row("words",
        delta(R"("role":"assistant","content":"")") + delta(R"("content":"a\n")") + delta(R"("content":"b")") + stop
            + usage + done,
        words("a\\n") + words("b") + last());
    row("no usage", delta(R"("content":"a")") + stop + done, words("a") + last("stop", ""));
    row("usage of 0", stop + sse(R"({"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}})") + done,
        last("stop", R"(,"prompt_eval_count":0,"eval_count":0)"));
    row("usage on the last words",
        sse(R"({"choices":[{"delta":{"content":"a"},"finish_reason":"length"}],)"
            R"("usage":{"prompt_tokens":7,"completion_tokens":3}})")
            + done,
        words("a") + last("length"));
    row("unicode", delta(R"("content":"\ud83d\udc4b wörld")") + done, words("\\ud83d\\udc4b wörld") + last("stop", ""));
    const auto thought = [](const char* thinking) -> QByteArray {
        return head + R"("message":{"role":"assistant","content":"","thinking":")" + thinking + "\"},\"done\":false}\n";
    };
    row("thinking",
        delta(R"("reasoning_content":"hm")") + delta(R"("reasoning":"so")") + delta(R"("content":"a")") + done,
        thought("hm") + thought("so") + words("a") + last("stop", ""));
    row("a refusal", delta(R"("refusal":"no")") + delta("", "\"content_filter\"") + done,
        words("no") + last("content_filter", ""));
    row("logprobs",
        sse(R"({"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.50}]}}]})") + done,
        head
            + R"("message":{"role":"assistant","content":"a"},"logprobs":[{"token":"a","logprob":-0.50}],"done":false})"
            + "\n" + last("stop", ""));
    const auto calls = [](const char* json) -> QByteArray {
        return head + R"("message":{"role":"assistant","content":"","tool_calls":)" + json + "},\"done\":false}\n";
    };
    row("a tool call in pieces",
        delta(R"("tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}])")
            + delta(R"("tool_calls":[{"index":0,"function":{"arguments":"{\"a\": "}}])")
            + delta(R"("tool_calls":[{"index":0,"function":{"arguments":"\"é\"}"}}])") + delta("", "\"tool_calls\"")
            + usage + done,
        calls(R"([{"id":"c1","function":{"index":0,"name":"f","arguments":{"a": "é"}}}])") + last());
    row("two calls at once",
        delta(R"("content":"ok","tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{\"p\":"}},)"
              R"({"index":1,"id":"y","function":{"name":"g","arguments":""}}])")
            + delta(R"("tool_calls":[{"index":0,"function":{"arguments":"1}"}}])") + done,
        words("ok")
            + calls(R"([{"id":"x","function":{"index":0,"name":"f","arguments":{"p":1}}},)"
                    R"({"id":"y","function":{"index":1,"name":"g","arguments":{}}}])")
            + last("stop", ""));
    row("calls without index",
        delta(R"("tool_calls":[{"id":"x","function":{"name":"f","arguments":"{}"}}])")
            + delta(R"("tool_calls":[{"id":"y","function":{"name":"g","arguments":"{\"a\""}}])")
            + delta(R"("tool_calls":[{"function":{"arguments":":1}"}}])") + done,
        calls(R"([{"id":"x","function":{"index":0,"name":"f","arguments":{}}},)"
              R"({"id":"y","function":{"index":1,"name":"g","arguments":{"a":1}}}])")
            + last("stop", ""));
    row("arguments printed prettily",
        delta(R"("tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\r\n  \"a\": \"x\\ny\"\n}"}}])") + done,
        calls(R"([{"function":{"index":0,"name":"f","arguments":{    "a": "x\ny" }}}])") + last("stop", ""));
    row("an event of several lines",
        std::string("data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"a\"},\ndata: \"logprobs\":{\"content\":[\n"
                    "data: 1]}}]}\n\n")
            + done,
        head + R"("message":{"role":"assistant","content":"a"},"logprobs":[ 1],"done":false})" + "\n"
            + last("stop", ""));
    row("arguments cut off",
        delta(R"("tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\":"}}])")
            + delta("", "\"length\"") + done,
        "", false);
    row("arguments of another kind",
        delta(R"("tool_calls":[{"index":0,"function":{"name":"f","arguments":"[1]"}}])") + done, "", false);
    row("error event",
        delta(R"("content":"a")") + sse(R"({"error":{"message":"out of \"memory\""}})") + delta(R"("content":"b")")
            + done,
        words("a") + "{\"error\":\"out of \\\"memory\\\"\"}\n", false);
    row("error as text", sse(R"({"error":"bad"})"), "{\"error\":\"bad\"}\n", false);
    row("cut", delta(R"("content":"a")") + stop + usage, words("a"), false);
    row("cut inside an event", delta(R"("content":"a")") + "data: {\"choices\":[{\"delta\":{\"cont", words("a"), false);
    row("nothing", "", "", false);
    row("the last blank line is missing", delta(R"("content":"a")") + "data: [DONE]", words("a") + last("stop", ""));
    row("garbage",
        ": comment\n\nevent: ping\n\n" + sse("nope") + sse("[]") + sse("5") + sse("{}") + sse(R"({"choices":5})")
            + sse(R"({"choices":[7]})") + sse(R"({"choices":[{"delta":[]}]})")
            + delta(R"("content":5,"reasoning":{},"tool_calls":"x")") + delta(R"("content":"a")") + done,
        words("a") + last("stop", ""));
    row("after the end", done + delta(R"("content":"a")") + done, last("stop", ""));
    row("CRLF", llmtest::replaced(delta(R"("content":"a")") + done, "\n", "\r\n"), words("a") + last("stop", ""));
}

void TestOllamaApiTranslation::streams()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(bool, complete);
    const auto outcome = llmtest::run(reader(Api::ollama_chat), from.toStdString());
    QCOMPARE(bytes(outcome.out), to);
    QCOMPARE(outcome.facts.done, complete);
    llmtest::check_all_splits([] { return reader(Api::ollama_chat); }, from.toStdString());
}

void TestOllamaApiTranslation::generate_streams()
{
    const auto stream = delta(R"("reasoning":"hm")") + delta(R"("content":"a")")
                        + delta(R"("tool_calls":[{"index":0,"function":{"name":"f","arguments":"x"}}])") + usage + done;
    const auto outcome = llmtest::run(reader(Api::ollama_generate), stream);
    QCOMPARE(bytes(outcome.out), head + R"("response":"","thinking":"hm","done":false})" + "\n" + head
                                     + R"("response":"a","done":false})" + "\n" + head
                                     + R"("response":"","done":true,"done_reason":"stop","prompt_eval_count":7,)"
                                     + R"("eval_count":3})" + "\n");
    QVERIFY(outcome.facts.done);
}

void TestOllamaApiTranslation::the_fixture_reads_as_ollamas_own()
{
    const auto stream = llmtest::fixture("openai_chat_stream.sse");
    for (const auto api : {Api::ollama_chat, Api::ollama_generate}) {
        const auto outcome = llmtest::run(reader(api), stream);
        QVERIFY(outcome.facts.done);
        const auto read = llmtest::run(OllamaApiReader(), outcome.out);
        QVERIFY(read.facts.done && read.facts.usage && read.facts.visible_tokens > 0);
        QCOMPARE(bytes(read.facts.response_model.value_or("")), QByteArray("asked"));
        for (const auto& line : bytes(outcome.out).split('\n'))
            QVERIFY(line.isEmpty() || nlohmann::json::accept(line.toStdString()));
        llmtest::check_all_splits([api] { return reader(api); }, stream);
    }
}

void TestOllamaApiTranslation::too_long_events_and_arguments()
{
    const auto lost = delta(R"("content":")" + std::string(std::size_t{1} << 20, 'x') + "\"") + done;
    const auto after_loss = llmtest::run(reader(Api::ollama_chat), delta(R"("content":"a")") + lost);
    QCOMPARE(bytes(after_loss.out), words("a"));
    QVERIFY(!after_loss.facts.done);

    const auto piece = delta(R"("tool_calls":[{"index":0,"function":{"name":"f","arguments":")"
                             + std::string(std::size_t{1} << 19, 'x') + "\"}}]");
    auto endless = reader(Api::ollama_chat);
    llmtest::Outcome outcome;
    for (int i = 0; i < 10; ++i)
        endless.feed(piece, outcome.out, outcome.facts);
    endless.feed(delta(R"("content":"a")") + done, outcome.out, outcome.facts);
    endless.finish(outcome.out, outcome.facts);
    QCOMPARE(bytes(outcome.out), QByteArray());
    QVERIFY(!outcome.facts.done);
}

void TestOllamaApiTranslation::replies_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to"); // empty: upstream_bad_reply
    const auto row = [](const char* name, const QByteArray& from, const QByteArray& to) {
        QTest::newRow(name) << from << to;
    };
    const auto message = [](const char* members, const char* rest = "") -> QByteArray {
        return QByteArray(R"( {"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant",)") + members
               + R"(},"finish_reason":"stop"}])" + rest + "}";
    };
    const auto said = [](const char* members, const char* rest = "") -> QByteArray {
        return head + R"("message":{"role":"assistant",)" + members + R"(},"done":true,"done_reason":"stop")" + rest
               + "}";
    };
    row("words", message(R"("content":"a \u00e9")", R"(,"usage":{"prompt_tokens":7,"completion_tokens":3})"),
        said(R"("content":"a \u00e9")", R"(,"prompt_eval_count":7,"eval_count":3)"));
    row("thinking", message(R"("content":"a","reasoning_content":"hm")"), said(R"("content":"a","thinking":"hm")"));
    row("tools",
        message(R"("content":null,"tool_calls":[{"id":"x","function":{"name":"f","arguments":" {\"a\":1.50}"}},)"
                R"({"function":{"name":"g","arguments":""}}])"),
        said(R"("content":"","tool_calls":[{"id":"x","function":{"index":0,"name":"f","arguments": {"a":1.50}}},)"
             R"({"function":{"index":1,"name":"g","arguments":{}}}])"));
    row("no tools", message(R"("content":"a","tool_calls":[])"), said(R"("content":"a")"));
    row("tools null", message(R"("content":"a","tool_calls":null)"), said(R"("content":"a")"));
    row("refusal", message(R"("content":null,"refusal":"no")"), said(R"("content":"no")"));
    row("no choices", "{}", {});
    row("bad arguments", message(R"("tool_calls":[{"function":{"name":"f","arguments":"nope"}}])"), {});
    row("error", R"({"error":{"message":"x"}})", {});
    row("html", "<html>", {});
    row("array", "[]", {});
    row("nothing", "", {});
    row("cut", R"({"choices":[)", {});
    row("too deep", QByteArray(300, '['), {});
}

void TestOllamaApiTranslation::replies()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    const auto translation = begin(Api::ollama_chat, false);
    QVERIFY(!translation->chat_request().stream);
    const auto reply = translation->reply(from.toStdString());
    QCOMPARE(reply.has_value(), !to.isEmpty());
    QCOMPARE(translation->complete(), !to.isEmpty());
    if (reply)
        QCOMPARE(bytes(*reply), to);
    else
        QCOMPARE(int(reply.error().code), int(ErrorCode::upstream_bad_reply));
}

void TestOllamaApiTranslation::refusals_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("OpenAI") << QByteArray(R"({"error":{"message":"no \"x\"","type":"t"}})")
                            << QByteArray(R"({"error":"no \"x\""})");
    QTest::newRow("text") << QByteArray(R"({"error":"no"})") << QByteArray(R"({"error":"no"})");
    QTest::newRow("vLLM") << QByteArray(R"({"object":"error","message":"no"})") << QByteArray(R"({"error":"no"})");
    QTest::newRow("html") << QByteArray("<b>")
                          << QByteArray(R"({"error":"The upstream answered with status 418: <b>"})");
    QTest::newRow("nothing") << QByteArray()
                             << QByteArray(R"({"error":"The upstream answered with status 418 and no explanation."})");
    QTest::newRow("not UTF-8") << QByteArray("\xff")
                               << QByteArray("{\"error\":\"The upstream answered with status 418: \xEF\xBF\xBD\"}");
}

void TestOllamaApiTranslation::refusals()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    for (const auto api : {Api::ollama_chat, Api::ollama_generate, Api::ollama_embed})
        QCOMPARE(bytes(begin(api)->refusal(from.toStdString(), 418)), to);
}

void TestOllamaApiTranslation::embeds()
{
    const std::string reply =
        R"({"object":"list","data":[{"embedding":[0.0100,-2e-05],"index":0},)"
        R"({"index":1,"embedding":[1]}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}})";
    const auto many = begin(Api::ollama_embed, false);
    QCOMPARE(bytes(many->chat_request().body),
             QByteArray(R"({"model":"asked","input":"i","encoding_format":"float"})"));
    QCOMPARE(int(many->chat_request().api), int(Api::embeddings));
    QCOMPARE(bytes(many->reply(reply).value_or("")),
             QByteArray(R"({"model":"asked","embeddings":[[0.0100,-2e-05],[1]],"prompt_eval_count":8})"));
    QVERIFY(many->complete());
    const auto one = begin(Api::ollama_embeddings);
    QVERIFY(!one->chat_request().stream);
    QCOMPARE(bytes(one->chat_request().body), QByteArray(R"({"model":"asked","input":"p","encoding_format":"float"})"));
    QCOMPARE(bytes(one->reply(R"({"data":[{"embedding":[1,2]}]})").value_or("")), QByteArray(R"({"embedding":[1,2]})"));
}

void TestOllamaApiTranslation::bad_embeds_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char* body : {"", "nope", "{}", "[]", R"({"data":[]})", R"({"data":[5]})", R"({"data":null})",
                             R"({"data":[{"embedding":"AAAA"}]})"})
        QTest::newRow(body) << QByteArray(body);
}

void TestOllamaApiTranslation::bad_embeds()
{
    QFETCH(QByteArray, body);
    const auto translation = begin(Api::ollama_embed);
    const auto reply = translation->reply(body.toStdString());
    QVERIFY(!reply.has_value());
    QCOMPARE(int(reply.error().code), int(ErrorCode::upstream_bad_reply));
    QVERIFY(!translation->complete());
    const auto none = parse_model_request(Api::ollama_embed, R"({"model":"m"})");
    const auto refused = translate_ollama_embed(*none, now);
    QVERIFY(!refused.has_value());
    QCOMPARE(bytes(refused.error().param), QByteArray("input"));
}

void TestOllamaApiTranslation::times()
{
    QCOMPARE(bytes(ollama_time(now)), QByteArray("2026-01-05T10:15:30.102000000Z"));
    QCOMPARE(bytes(ollama_time(WallTime{})), QByteArray("1970-01-01T00:00:00.000000000Z"));
    QCOMPARE(bytes(ollama_time(WallTime{std::chrono::milliseconds(-1)})), QByteArray("1969-12-31T23:59:59.999000000Z"));
}

void TestOllamaApiTranslation::requests()
{
    const auto bad = parse_model_request(Api::ollama_chat, R"({"model":"m","messages":[]})");
    const auto empty = translate_ollama_chat(*bad, now);
    QVERIFY(!empty.has_value());
    QCOMPARE(bytes(empty.error().param), QByteArray("messages"));
    const auto suffix = parse_model_request(Api::ollama_generate, R"({"model":"m","prompt":"a","suffix":"b"})");
    QVERIFY(!translate_ollama_generate(*suffix, now).has_value());
    QCOMPARE(bytes(begin(Api::ollama_chat)->stream_type()), QByteArray("application/x-ndjson"));
}

QTEST_APPLESS_MAIN(TestOllamaApiTranslation)
#include "tst_ollama_api_translation.moc"
