// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_stream.h"
#include "llm/responses_translation.h"

#include "llm_test.h"

/// A chat's stream, or its whole reply, as a response.
class TstResponsesStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sequences_data();
    void sequences();
    void items_are_told_alike_in_every_event();
    void the_object_repeats_the_requests_settings();
    void usage_is_null_unless_it_was_reported_data();
    void usage_is_null_unless_it_was_reported();
    void why_it_is_incomplete();
    void a_failure_says_why_and_keeps_what_was_said();
    void likelihoods();
    void what_cannot_be_told_stays_incomplete_data();
    void what_cannot_be_told_stays_incomplete();
    void whole_replies();
    void bad_whole_replies_data();
    void bad_whole_replies();
};

using namespace tokenscope;
using namespace tokenscope::llm;
using namespace llmtest;
using Json = nlohmann::json;

namespace {

const std::string core(48, 'c');

ModelRequest request_of(const std::string& members = {})
{
    return *parse_model_request(Api::responses, R"({"model":"m","input":"hi","stream":true)" + members + "}");
}

/// The stream as the readers' tests want one, which know facts besides.
struct Feeder {
    ResponsesStream stream;

    explicit Feeder(const std::string& members = {}, bool logprobs = false, std::size_t limit = 1 << 20)
        : stream(ResponseObject(request_of(members), "resp_" + core, WallTime(std::chrono::seconds(1'700'000'000))),
                 ResponseIds(core), logprobs, limit)
    {
    }
    void feed(std::string_view bytes, std::string& out, StreamFacts&) { stream.feed(bytes, out); }
    void finish(std::string& out, StreamFacts& facts)
    {
        stream.finish(out);
        facts.done = stream.complete();
    }
};

std::string delta(const std::string& members, const std::string& finish = "null")
{
    return R"(data: {"model":"up","choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":)" + finish
           + "}]}\n\n";
}

std::string text(const std::string& words)
{
    return delta(R"("content":")" + words + "\"");
}

std::string call(int index, const std::string& id, const std::string& name, const std::string& arguments)
{
    return delta(R"("tool_calls":[{"index":)" + std::to_string(index)
                 + (id.empty() ? std::string() : R"(,"id":")" + id + "\"") + R"(,"function":{)"
                 + (name.empty() ? std::string() : R"("name":")" + name + "\",") + R"("arguments":)"
                 + Json(arguments).dump() + "}}]");
}

std::string finish(const std::string& reason)
{
    return delta("", "\"" + reason + "\"");
}

const std::string done = "data: [DONE]\n\n";
const std::string usage = R"(data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,)"
                          R"("prompt_tokens_details":{"cached_tokens":2},)"
                          R"("completion_tokens_details":{"reasoning_tokens":1}}})"
                          "\n\n";

/// All events of a stream; checks what is so in every one.
std::vector<Json> events_of(const std::string& out)
{
    std::vector<Json> events;
    std::size_t at = 0;
    while (at < out.size()) {
        const auto end = out.find("\n\n", at);
        const auto event = out.substr(at, end - at);
        const auto line = event.find('\n');
        if (end == std::string::npos || !event.starts_with("event: ") || event.substr(line, 7) != "\ndata: ")
            qFatal("not an event: %s", event.c_str());
        events.push_back(Json::parse(event.substr(line + 7)));
        if (event.substr(7, line - 7) != events.back().at("type").get<std::string>()
            || events.back().at("sequence_number") != Json(events.size() - 1))
            qFatal("a wrong name or number: %s", event.c_str());
        at = end + 2;
    }
    return events;
}

/// The events in short: type without "response.", the place, and what they carry.
QByteArray told(const std::string& out)
{
    std::string lines;
    for (const Json& event : events_of(out)) {
        lines += event["type"].get<std::string>().substr(9);
        if (event.contains("output_index"))
            lines += " " + event["output_index"].dump();
        if (event.contains("content_index"))
            lines += "." + event["content_index"].dump();
        for (const char* key : {"delta", "text", "refusal", "arguments"})
            if (event.contains(key))
                lines += " " + event[key].dump();
        if (event.contains("item"))
            lines += " " + event["item"]["type"].get<std::string>() + " " + event["item"]["status"].get<std::string>();
        if (event.contains("part"))
            lines += " " + event["part"]["type"].get<std::string>();
        if (event.contains("response"))
            lines += " " + event["response"]["status"].get<std::string>();
        lines += "\n";
    }
    return bytes(lines);
}

Outcome stream(const std::string& chat, const std::string& members = {})
{
    return run(Feeder(members), chat);
}

const char* const head = "created in_progress\nin_progress in_progress\n";

} // namespace

void TstResponsesStream::sequences_data()
{
    QTest::addColumn<QByteArray>("chat");
    QTest::addColumn<QByteArray>("events");
    const auto row = [](const char* name, const std::string& chat, const std::string& events) {
        QTest::newRow(name) << bytes(chat) << bytes(head + events);
    };
    const std::string message = "output_item.added 0 message in_progress\ncontent_part.added 0.0 output_text\n";
    row("text", delta(R"("role":"assistant","content":"")") + text("Hel") + text("lo") + finish("stop") + usage + done,
        message
            + "output_text.delta 0.0 \"Hel\"\noutput_text.delta 0.0 \"lo\"\noutput_text.done 0.0 \"Hello\"\n"
              "content_part.done 0.0 output_text\noutput_item.done 0 message completed\ncompleted completed\n");
    row("reasoning, then text", delta(R"("reasoning_content":"hm")") + text("Hi") + finish("stop") + done,
        "output_item.added 0 reasoning in_progress\ncontent_part.added 0.0 reasoning_text\n"
        "reasoning_text.delta 0.0 \"hm\"\nreasoning_text.done 0.0 \"hm\"\ncontent_part.done 0.0 reasoning_text\n"
        "output_item.done 0 reasoning completed\n"
        "output_item.added 1 message in_progress\ncontent_part.added 1.0 output_text\n"
        "output_text.delta 1.0 \"Hi\"\noutput_text.done 1.0 \"Hi\"\ncontent_part.done 1.0 output_text\n"
        "output_item.done 1 message completed\ncompleted completed\n");
    row("two calls",
        call(0, "a", "f", "") + call(0, "", "", "{\"x\"") + call(0, "", "", ":1}") + call(1, "b", "g", "{}")
            + finish("tool_calls") + done,
        "output_item.added 0 function_call in_progress\nfunction_call_arguments.delta 0 \"{\\\"x\\\"\"\n"
        "function_call_arguments.delta 0 \":1}\"\nfunction_call_arguments.done 0 \"{\\\"x\\\":1}\"\n"
        "output_item.done 0 function_call completed\n"
        "output_item.added 1 function_call in_progress\nfunction_call_arguments.delta 1 \"{}\"\n"
        "function_call_arguments.done 1 \"{}\"\noutput_item.done 1 function_call completed\ncompleted completed\n");
    row("calls that grow in turns",
        call(0, "a", "f", "{") + call(1, "b", "g", "{") + call(0, "", "", "}") + call(1, "", "", "}") + done,
        "output_item.added 0 function_call in_progress\nfunction_call_arguments.delta 0 \"{\"\n"
        "output_item.added 1 function_call in_progress\nfunction_call_arguments.delta 1 \"{\"\n"
        "function_call_arguments.delta 0 \"}\"\nfunction_call_arguments.delta 1 \"}\"\n"
        "function_call_arguments.done 0 \"{}\"\noutput_item.done 0 function_call completed\n"
        "function_call_arguments.done 1 \"{}\"\noutput_item.done 1 function_call completed\ncompleted completed\n");
    row("text, then a call", text("x") + call(0, "a", "f", "{}") + done,
        message
            + "output_text.delta 0.0 \"x\"\noutput_text.done 0.0 \"x\"\ncontent_part.done 0.0 output_text\n"
              "output_item.done 0 message completed\n"
              "output_item.added 1 function_call in_progress\nfunction_call_arguments.delta 1 \"{}\"\n"
              "function_call_arguments.done 1 \"{}\"\noutput_item.done 1 function_call completed\n"
              "completed completed\n");
    row("a refusal", delta(R"("refusal":"no")") + finish("stop") + done,
        "output_item.added 0 message in_progress\ncontent_part.added 0.0 refusal\nrefusal.delta 0.0 \"no\"\n"
        "refusal.done 0.0 \"no\"\ncontent_part.done 0.0 refusal\noutput_item.done 0 message completed\n"
        "completed completed\n");
    row("text, then a refusal", text("a") + delta(R"("refusal":"no")") + done,
        message
            + "output_text.delta 0.0 \"a\"\noutput_text.done 0.0 \"a\"\ncontent_part.done 0.0 output_text\n"
              "content_part.added 0.1 refusal\nrefusal.delta 0.1 \"no\"\nrefusal.done 0.1 \"no\"\n"
              "content_part.done 0.1 refusal\noutput_item.done 0 message completed\ncompleted completed\n");
    row("cut short", text("a") + finish("length") + done,
        message
            + "output_text.delta 0.0 \"a\"\noutput_text.done 0.0 \"a\"\ncontent_part.done 0.0 output_text\n"
              "output_item.done 0 message incomplete\nincomplete incomplete\n");
    row("nothing said", finish("stop") + done,
        message
            + "output_text.done 0.0 \"\"\ncontent_part.done 0.0 output_text\noutput_item.done 0 message completed\n"
              "completed completed\n");
    row("an error on the way", text("a") + "data: {\"error\":{\"message\":\"boom\"}}\n\n" + text("b") + done,
        message + "output_text.delta 0.0 \"a\"\nfailed failed\n");
    row("an error at once", "event: error\ndata: {\"error\":\"boom\"}\n\n", "failed failed\n");
    row("no end", text("a") + finish("stop"), message + "output_text.delta 0.0 \"a\"\n");
    row("blanks behind a call that is done", call(0, "a", "f", "{}") + call(1, "b", "g", "{}") + call(0, "", "", " "),
        "output_item.added 0 function_call in_progress\nfunction_call_arguments.delta 0 \"{}\"\n"
        "function_call_arguments.done 0 \"{}\"\noutput_item.done 0 function_call completed\n"
        "output_item.added 1 function_call in_progress\nfunction_call_arguments.delta 1 \"{}\"\n");
    row("garbage is skipped", "data: what\n\n: ping\n\ndata: []\n\n" + text("a"),
        message + "output_text.delta 0.0 \"a\"\n");
}

void TstResponsesStream::sequences()
{
    QFETCH(QByteArray, chat);
    QFETCH(QByteArray, events);
    QCOMPARE(told(stream(chat.toStdString()).out), events);
    check_all_splits([] { return Feeder(); }, chat.toStdString());
}

void TstResponsesStream::items_are_told_alike_in_every_event()
{
    const auto outcome =
        stream(delta(R"("reasoning":"r")") + text("t") + call(0, "", "f", "{\"a\":\"\\\"\"}") + usage + done);
    QVERIFY(outcome.facts.done);
    const auto events = events_of(outcome.out);
    Json finished = Json::array();
    for (const Json& event : events) {
        if (event["type"] == "response.output_item.done")
            finished.push_back(event["item"]);
        if (event.contains("item_id"))
            QVERIFY(event["item_id"].get<std::string>().find(core) != std::string::npos);
    }
    const auto& response = events.back()["response"];
    QCOMPARE(bytes(response["output"].dump()), bytes(finished.dump()));
    QCOMPARE(finished.size(), std::size_t(3));
    QCOMPARE(bytes(finished[0]["content"].dump()), QByteArray(R"([{"text":"r","type":"reasoning_text"}])"));
    QCOMPARE(bytes(finished[0]["summary"].dump()), QByteArray("[]"));
    QCOMPARE(finished[1]["role"].get<std::string>(), std::string("assistant"));
    QCOMPARE(bytes(finished[1]["content"].dump()),
             QByteArray(R"([{"annotations":[],"logprobs":[],"text":"t","type":"output_text"}])"));
    QVERIFY(finished[2]["call_id"].get<std::string>().starts_with("call_"));
    QVERIFY(finished[2]["id"].get<std::string>().starts_with("fc_"));
    QCOMPARE(bytes(response["usage"].dump()),
             QByteArray(R"({"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,)"
                        R"("output_tokens_details":{"reasoning_tokens":1},"total_tokens":10})"));
    QCOMPARE(response["model"].get<std::string>(), std::string("up"));
    QCOMPARE(events[0]["response"]["model"].get<std::string>(), std::string("up"));
    QCOMPARE(bytes(events[0]["response"]["output"].dump()), QByteArray("[]"));
}

void TstResponsesStream::the_object_repeats_the_requests_settings()
{
    const auto plain = events_of(stream(text("a") + done).out).back()["response"];
    const auto expected = Json::parse(
        R"({"id":"","object":"response","created_at":1700000000,"status":"completed","error":null,)"
        R"("incomplete_details":null,"model":"up","output":0,"background":false,"instructions":null,)"
        R"("max_output_tokens":null,"max_tool_calls":null,"parallel_tool_calls":true,"previous_response_id":null,)"
        R"("prompt_cache_key":null,"safety_identifier":null,"service_tier":null,"store":true,"temperature":null,)"
        R"("tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":null,"truncation":"disabled",)"
        R"("reasoning":{"effort":null,"summary":null},"text":{"format":{"type":"text"}},"usage":null,"user":null,)"
        R"("metadata":{}})");
    auto seen = plain;
    seen["id"] = "";
    seen["output"] = 0;
    QCOMPARE(bytes(seen.dump()), bytes(expected.dump()));
    QCOMPARE(plain["id"].get<std::string>(), "resp_" + core);

    const auto set = Json::parse(
        R"({"instructions":"i","max_output_tokens":5,"previous_response_id":"resp_1","store":false,)"
        R"("temperature":0.25,"tools":[{"type":"function","name":"f","parameters":null,"strict":true}],)"
        R"("tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,"truncation":"auto","top_p":0.5,)"
        R"("user":"u","metadata":{"k":"v"},"reasoning":{"effort":"low","summary":"auto","x":1},)"
        R"("text":{"format":{"type":"json_object"},"verbosity":"low"}})");
    const auto members = set.dump().substr(1);
    const auto response =
        events_of(stream(text("a") + done, "," + members.substr(0, members.size() - 1)).out)[0]["response"];
    for (const auto& [key, value] : set.items())
        QCOMPARE(bytes(key + response[key].dump()), bytes(key + value.dump()));
}

void TstResponsesStream::usage_is_null_unless_it_was_reported_data()
{
    QTest::addColumn<QByteArray>("reported");
    QTest::addColumn<QByteArray>("told");
    const auto row = [](const char* reported, const char* told) {
        QTest::newRow(reported) << QByteArray(reported) << QByteArray(told);
    };
    const auto counts = [](int in, int out, int total) {
        return QStringLiteral(R"({"input_tokens":%1,"input_tokens_details":{"cached_tokens":0},"output_tokens":%2,)"
                              R"("output_tokens_details":{"reasoning_tokens":0},"total_tokens":%3})")
            .arg(in)
            .arg(out)
            .arg(total)
            .toUtf8();
    };
    row("{}", "null");
    row(R"({"prompt_tokens":3})", "null");
    row(R"({"completion_tokens":3})", "null");
    row(R"({"total_tokens":3})", "null");
    row(R"({"prompt_tokens":3,"completion_tokens":4})", counts(3, 4, 7));
    row(R"({"prompt_tokens":0,"completion_tokens":0,"total_tokens":0})", counts(0, 0, 0));
    row(R"({"prompt_tokens":3,"total_tokens":5})", counts(3, 2, 5));
    row(R"({"completion_tokens":3,"total_tokens":5})", counts(2, 3, 5));
    row(R"({"completion_tokens":9,"total_tokens":5})", "null");
}

void TstResponsesStream::usage_is_null_unless_it_was_reported()
{
    QFETCH(QByteArray, reported);
    QFETCH(QByteArray, told);
    const auto out =
        stream(text("a") + "data: {\"choices\":[],\"usage\":" + reported.toStdString() + "}\n\n" + done).out;
    QCOMPARE(bytes(events_of(out).back()["response"]["usage"].dump()), told);
}

void TstResponsesStream::why_it_is_incomplete()
{
    for (const auto& [finish_reason, told_reason] :
         {std::pair("length", "max_output_tokens"), std::pair("content_filter", "content_filter")}) {
        const auto response = events_of(stream(text("a") + finish(finish_reason) + done).out).back()["response"];
        QCOMPARE(bytes(response["incomplete_details"].dump()),
                 bytes(std::string(R"({"reason":")") + told_reason + "\"}"));
    }
}

void TstResponsesStream::a_failure_says_why_and_keeps_what_was_said()
{
    const auto outcome = stream(text("half") + "data: {\"error\":{\"message\":\"boom\"}}\n\n");
    QVERIFY(!outcome.facts.done);
    const auto response = events_of(outcome.out).back()["response"];
    QCOMPARE(response["error"]["code"].get<std::string>(), std::string("server_error"));
    QVERIFY(response["error"]["message"].get<std::string>().find("boom") != std::string::npos);
    QCOMPARE(response["output"][0]["status"].get<std::string>(), std::string("incomplete"));
    QCOMPARE(response["output"][0]["content"][0]["text"].get<std::string>(), std::string("half"));
}

void TstResponsesStream::likelihoods()
{
    const std::string one = R"({"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[]})";
    const std::string chunk = R"(data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[)" + one
                              + R"(]},"finish_reason":null}]})" + "\n\n";
    const auto wanted = events_of(run(Feeder({}, true), chunk + chunk + done).out);
    QCOMPARE(bytes(wanted[4]["logprobs"].dump()), bytes(Json::parse("[" + one + "]").dump()));
    const auto both = bytes(Json::parse("[" + one + "," + one + "]").dump());
    QCOMPARE(bytes(wanted[6]["logprobs"].dump()), both);
    QCOMPARE(bytes(wanted.back()["response"]["output"][0]["content"][0]["logprobs"].dump()), both);
    const auto unwanted = events_of(run(Feeder(), chunk + done).out);
    QCOMPARE(bytes(unwanted[4]["logprobs"].dump()), QByteArray("[]"));
}

void TstResponsesStream::what_cannot_be_told_stays_incomplete_data()
{
    QTest::addColumn<QByteArray>("chat");
    const auto row = [](const char* name, const std::string& chat) { QTest::newRow(name) << bytes(chat); };
    row("arguments of a call that is over",
        call(0, "a", "f", "{}") + call(1, "b", "g", "{}") + call(0, "", "", "{}") + done);
    row("too much", text(std::string(600, 'x')) + text(std::string(600, 'y')) + done);
    row("an event over the limit", text(std::string(2'000'000, 'x')) + done);
    std::string calls;
    for (int i = 0; i < 1100; ++i)
        calls += call(i, "c" + std::to_string(i), "f", "");
    row("calls without end", calls + done);
    row("nothing", "");
}

void TstResponsesStream::what_cannot_be_told_stays_incomplete()
{
    QFETCH(QByteArray, chat);
    const auto outcome = run(Feeder({}, false, 1000), chat.toStdString());
    QVERIFY(!outcome.facts.done);
    for (const Json& event : events_of(outcome.out))
        QVERIFY(event["type"] != "response.completed" && event["type"] != "response.failed");
}

void TstResponsesStream::whole_replies()
{
    const auto request = request_of();
    const auto made = translate_responses(request, {}, WallTime(std::chrono::seconds(5)));
    QVERIFY(made);
    const auto reply = (*made)->reply(
        R"({"model":"up","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning":"r",)"
        R"("tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},)"
        R"({"id":"b","type":"function","function":{"name":"f","arguments":"{"}}]},"finish_reason":"tool_calls"}],)"
        R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})");
    QVERIFY(reply);
    QVERIFY((*made)->complete());
    QCOMPARE(bytes((*made)->response()), bytes(*reply));
    const auto response = Json::parse(*reply);
    QCOMPARE(response["id"].get<std::string>(), (*made)->id());
    QCOMPARE(response["status"].get<std::string>(), std::string("completed"));
    std::string types;
    for (const Json& item : response["output"])
        types += item["type"].get<std::string>() + " ";
    QCOMPARE(types, std::string("reasoning message function_call function_call "));
    QCOMPARE(response["output"][3]["arguments"].get<std::string>(), std::string("{"));
    QCOMPARE(response["usage"]["total_tokens"].get<int>(), 3);
}

void TstResponsesStream::bad_whole_replies_data()
{
    QTest::addColumn<QByteArray>("reply");
    for (const char* reply : {"", "no", "[]", "{}", R"({"choices":[]})", R"({"error":{"message":"x"}})"})
        QTest::newRow(reply) << QByteArray(reply);
}

void TstResponsesStream::bad_whole_replies()
{
    QFETCH(QByteArray, reply);
    const auto request = request_of();
    const auto made = translate_responses(request, {}, {});
    const auto answered = (*made)->reply(reply.toStdString());
    QVERIFY(!answered);
    QCOMPARE(answered.error().code, ErrorCode::upstream_bad_reply);
    QVERIFY(!(*made)->complete());
}

QTEST_APPLESS_MAIN(TstResponsesStream)
#include "tst_responses_stream.moc"
