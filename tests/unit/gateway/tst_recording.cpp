// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QTest>

#include <memory>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using F = FakeUpstream;
using Script = FakeUpstream::Script;
using Lines = QList<QByteArray>;

namespace {

const QByteArray chat = R"({"model":"m1","messages":[{"role":"user","content":"hi"}]})";
const QByteArray chat_streamed = R"({"model":"m1","stream":true,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray good_reply = R"({"id":"c1","model":"m1","choices":[{"index":0,"message":{"role":"assistant",)"
                              R"("content":"Hello."},"finish_reason":"stop"}],)"
                              R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
const QByteArray delta = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
const QByteArray rest = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
                        "data: [DONE]\n\n";
const QByteArray trouble = "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n";

Script whole(int status, const QByteArray& body = R"({"error":{"message":"no"}})")
{
    return {F::reply(status, "application/json", body)};
}

Script stream(QList<F::Step> steps)
{
    return Script{F::chunked_head(200, "text/event-stream")} + steps;
}

/// Lists one model; answers everything else with the next of `scripts`, the last one for ever.
std::function<Script(const F::Request&)> in_turn(QList<Script> scripts, const QByteArray& model = "m1")
{
    return [scripts, model, next = std::make_shared<std::atomic<int>>(0)](const F::Request& request) -> Script {
        if (request.method == "GET")
            return {F::Send{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":[{\"id\":\"" + model + "\"}]}"},
                    F::Close{}};
        return scripts[std::min<int>((*next)++, static_cast<int>(scripts.size()) - 1)];
    };
}

/// Every call of the hooks with one of these names, with how many there were of it.
Lines recorded(const TestGateway& gateway)
{
    Lines lines;
    for (const auto* name : {"ended ", "call ", "first_byte ", "chunks ", "retried "})
        for (const auto& [call, times] : gateway.hooks.calls(name))
            lines.push_back(QByteArray::number(times) + " " + QByteArray::fromStdString(call));
    return lines;
}

} // namespace

/// What is recorded of requests as a whole and of the calls of providers they lead to, once each. That the number of them
/// is the same wherever it is counted, TestGateway checks by itself, here and in every other test.
class TstRecording : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requests_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QList<Script>>("scripts");
        QTest::addColumn<Lines>("expected");
        using Scripts = QList<Script>;
        const QByteArray chats = "/v1/chat/completions";
        const auto row = [](const char* name, const QByteArray& path, const QByteArray& body, Scripts scripts,
                            Lines expected) { QTest::newRow(name) << path << body << scripts << expected; };
        row("reply", chats, chat, {whole(200, good_reply)},
            {"1 ended chat up/m1 success", "1 call up/m1 generate success 7+3"});
        row("stream", chats, chat_streamed, {stream({F::chunk(delta + rest), F::last_chunk()})},
            {"1 ended chat up/m1 success", "1 call up/m1 generate_stream success 7+3 streamed",
             "1 first_byte up/m1 generate_stream", "1 chunks up/m1"});
        row("not JSON", chats, "{", {whole(200)}, {"1 ended chat unknown/unknown rejected"});
        row("unknown model", chats, QByteArray(chat).replace("m1", "m0"), {whole(200)},
            {"1 ended chat unknown/unknown rejected"});
        row("refused", chats, chat, {whole(400)},
            {"1 ended chat up/m1 upstream_4xx", "1 call up/m1 generate error -+-"});
        row("broken server", chats, chat, {whole(501)},
            {"1 ended chat up/m1 upstream_5xx", "1 call up/m1 generate error -+-"});
        row("reset", chats, chat, {{F::Reset{}}, {F::Reset{}}},
            {"1 ended chat up/m1 upstream_reset", "2 call up/m1 generate error -+-", "1 retried up reset"});
        row("silent", chats, chat, {{F::Hold{}}}, {"1 ended chat up/m1 timeout", "1 call up/m1 generate error -+-"});
        row("not HTTP", chats, chat, {{F::Send{"what?\r\n\r\n"}, F::Close{}}},
            {"1 ended chat up/m1 upstream_bad_reply", "1 call up/m1 generate error -+-"});
        row("error event", chats, chat_streamed,
            {stream({F::chunk(delta), F::Wait{50}, F::chunk(trouble), F::last_chunk()})}, // two reads, two chunks
            {"1 ended chat up/m1 in_stream_error", "1 call up/m1 generate_stream error -+1 streamed",
             "1 first_byte up/m1 generate_stream", "2 chunks up/m1"});
        row("cut stream", chats, chat_streamed, {stream({F::chunk(delta), F::Close{}})},
            {"1 ended chat up/m1 upstream_reset", "1 call up/m1 generate_stream error -+1 streamed",
             "1 first_byte up/m1 generate_stream", "1 chunks up/m1"});
        row("retried", chats, chat, {whole(503), whole(200, good_reply)},
            {"1 ended chat up/m1 success", "1 call up/m1 generate error -+-", "1 call up/m1 generate success 7+3",
             "1 retried up status_5xx"});
        row("retried in vain", chats, chat, {whole(429)},
            {"1 ended chat up/m1 upstream_4xx", "2 call up/m1 generate error -+-", "1 retried up status_429"});
        row("embeddings", "/v1/embeddings", R"({"model":"m1","input":"x"})",
            {whole(200, R"({"data":[],"usage":{"prompt_tokens":2,"total_tokens":2}})")},
            {"1 ended embeddings up/m1 success", "1 call up/m1 embed success 2+-"});
    }

    void requests()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(QList<Script>, scripts);
        QFETCH(Lines, expected);
        F upstream(in_turn(scripts));
        auto provider = openai_at(upstream.url().toStdString());
        provider.max_retries = 1;
        provider.retry_backoff = 1ms;
        provider.idle_timeout = 200ms;
        TestGateway gateway(test_config({provider}));
        RawHttp client(gateway.port());
        client.post(path, body);
        QVERIFY(client.read_reply());
        gateway.stop();
        QCOMPARE(recorded(gateway), expected);
        QCOMPARE(gateway.records.since(0).at(0)->genai_provider,
                 std::string(expected[0].contains("unknown") ? "" : "up"));
    }

    void nobody_listens()
    {
        std::uint16_t port = 0;
        {
            const F gone([](const F::Request&) { return Script{}; });
            port = gone.port();
        }
        TestGateway gateway(test_config({openai_at("http://127.0.0.1:" + std::to_string(port))}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", QByteArray(chat).replace("m1", "up/m1"));
        QVERIFY(client.read_reply());
        gateway.stop();
        QCOMPARE(recorded(gateway),
                 (Lines{"1 ended chat up/unknown upstream_unreachable", "1 call up/unknown generate error -+-"}));
    }

    void the_client_leaves()
    {
        F upstream(in_turn({stream({F::chunk(delta), F::Hold{}})}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("x"); }));
        client.close();
        QTRY_COMPARE(gateway.hooks.in_flight(), 0);
        gateway.stop();
        QCOMPARE(recorded(gateway),
                 (Lines{"1 ended chat up/m1 client_gone", "1 call up/m1 generate_stream error -+1 streamed",
                        "1 first_byte up/m1 generate_stream", "1 chunks up/m1"}));
    }

    void a_fallback_is_a_call_of_another_provider()
    {
        F one(in_turn({whole(500)}));
        F two(in_turn({whole(200, good_reply)}, "m2"));
        auto config =
            test_config({openai_at(one.url().toStdString(), "one"), openai_at(two.url().toStdString(), "two")});
        config.fallbacks = {{"m1", {"two/m2"}}};
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        gateway.stop();
        QCOMPARE(recorded(gateway), (Lines{"1 ended chat two/m2 success", "1 call one/m1 generate error -+-",
                                           "1 call two/m2 generate success 7+3"}));
    }

    void requests_cut_off_by_the_end()
    {
        F upstream(in_turn({{F::Hold{}}}));
        auto config = test_config({openai_at(upstream.url().toStdString())});
        config.limits.drain_timeout = 1ms;
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QTRY_COMPARE(gateway.hooks.sum("admitted"), 1);
        gateway.stop();
        QCOMPARE(recorded(gateway), (Lines{"1 ended chat up/m1 error", "1 call up/m1 generate error -+-"}));
    }
};

QTEST_GUILESS_MAIN(TstRecording)
#include "tst_recording.moc"
