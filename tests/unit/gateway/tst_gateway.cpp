// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::test;
using Calls = std::map<std::string, int>;

namespace {

const QByteArray chat = R"({"model":"m1","messages":[{"role":"user","content":"hi"}]})";
const QByteArray chat_streamed = R"({"model":"m1","stream":true,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray good_reply =
    R"({"id":"c1","object":"chat.completion","created":1,"model":"m1-2026",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},)"
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";

QByteArray delta(const QByteArray& content)
{
    return "data: "
           "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m1\",\"choices\":[{\"index\":"
           "0,"
           "\"delta\":{\"content\":\""
           + content + "\"},\"finish_reason\":null}]}\n\n";
}

const QByteArray role_event =
    "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m1\","
    "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
const QByteArray usage_event =
    "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m1\","
    "\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\n";
const QByteArray done_event = "data: [DONE]\n\n";

using Script = FakeUpstream::Script;

int chats(const FakeUpstream& upstream)
{
    const auto requests = upstream.requests();
    return static_cast<int>(std::count_if(requests.begin(), requests.end(), [](const auto& request) {
        return request.target == "/v1/chat/completions";
    }));
}

/// Lists one model, and answers chats with `script`.
std::function<Script(const FakeUpstream::Request&)> answering(Script script)
{
    return [script](const FakeUpstream::Request& request) -> Script {
        if (request.target == "/v1/models")
            return {
                FakeUpstream::reply(200, "application/json", R"({"object":"list","data":[{"id":"m1","created":5}]})")};
        return script;
    };
}

Script streaming(const QList<FakeUpstream::Step>& middle)
{
    Script script{FakeUpstream::chunked_head(200, "text/event-stream")};
    script += middle;
    return script;
}

Script whole_stream()
{
    using F = FakeUpstream;
    return streaming({F::chunk(role_event), F::chunk(delta("Hel")), F::chunk(delta("lo")), F::chunk(delta(".")),
                      F::chunk(usage_event), F::chunk(done_event), F::last_chunk()});
}

} // namespace

/// The gateway over real sockets, with hooks that count: what each path does and how often it records.
class TstGateway : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passes_a_reply_through_and_counts_it_once()
    {
        FakeUpstream upstream(answering({FakeUpstream::reply(200, "application/json", good_reply)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat, "Authorization: Bearer mine\r\nX-Request-Id: req-7\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(client.body(), good_reply);
        QCOMPARE(client.header("x-request-id"), QByteArray("req-7"));
        gateway.stop();

        QCOMPARE(chats(upstream), 1);
        const auto sent = upstream.requests().last();
        QCOMPARE(sent.body, chat);
        QCOMPARE(sent.header("authorization"), QByteArray("Bearer mine"));
        QVERIFY(sent.header("traceparent").startsWith("00-"));
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 success", 1}}));
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/m1 7+3", 1}}));
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http POST /v1/chat/completions 200", 1}}));
        QVERIFY(gateway.hooks.calls("first_token").empty());
        QCOMPARE(gateway.hooks.in_flight(), 0);
        const auto records = gateway.records.since(0);
        QCOMPARE(records.size(), std::size_t(1));
        QCOMPARE(records[0]->request_id, std::string("req-7"));
        QCOMPARE(records[0]->response_model, std::string("m1-2026"));
        QCOMPARE(records[0]->http_status, 200U);
    }

    void streams_bytes_unchanged_and_learns_usage()
    {
        FakeUpstream upstream(answering(whole_stream()));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_reply());
        // The client did not ask for usage: it gets every byte but the usage chunk.
        QCOMPARE(client.body(), role_event + delta("Hel") + delta("lo") + delta(".") + done_event);
        QVERIFY(client.header("content-type").startsWith("text/event-stream"));
        gateway.stop();

        QVERIFY(upstream.requests().last().body.contains("\"include_usage\":true"));
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 success", 1}}));
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/m1 7+3", 1}}));
        QCOMPARE(gateway.hooks.calls("first_token"), (Calls{{"first_token up/m1", 1}}));
        QCOMPARE(gateway.records.since(0)[0]->stream_tokens, std::uint64_t(3));
    }

    void gives_the_usage_chunk_to_those_who_ask()
    {
        FakeUpstream upstream(answering(whole_stream()));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        const QByteArray asking = R"({"model":"up/m1","stream":true,"stream_options":{"include_usage":true},)"
                                  R"("messages":[{"role":"user","content":"hi"}]})";
        client.post("/v1/chat/completions", asking);
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), role_event + delta("Hel") + delta("lo") + delta(".") + usage_event + done_event);
        QVERIFY(upstream.requests().last().body.startsWith("{\"model\":\"m1\",\"stream\":true"));
    }

    void chunks_arrive_as_they_are_sent()
    {
        // Each next chunk leaves the upstream only after the client has shown it has the one before: a relay that holds
        // anything back makes this time out.
        FakeUpstream upstream(answering(
            streaming({FakeUpstream::chunk(delta("one")), FakeUpstream::Hold{}, FakeUpstream::chunk(delta("two")),
                       FakeUpstream::chunk(done_event), FakeUpstream::last_chunk()})));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("one"); }));
        QVERIFY(!client.body().contains("two"));
        QVERIFY(!client.complete());
        upstream.release();
        QVERIFY(client.read_reply());
        QVERIFY(client.body().contains("two"));
    }

    void client_gone_mid_stream_ends_the_upstream_at_once()
    {
        FakeUpstream upstream(answering(
            streaming({FakeUpstream::chunk(delta("one")), FakeUpstream::chunk(delta("two")), FakeUpstream::Hold{}})));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("two"); }));
        client.close();
        QTRY_COMPARE_WITH_TIMEOUT(upstream.disconnects(), 1, 2000);
        QTRY_COMPARE(gateway.hooks.in_flight(), 0);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/m1 -+2 estimated", 1}}));
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http POST /v1/chat/completions 499", 1}}));
        QCOMPARE(gateway.records.since(0)[0]->end_reason, telemetry::EndReason::client_gone);
    }

    void client_gone_while_waiting_for_a_reply()
    {
        FakeUpstream upstream(answering({FakeUpstream::Hold{}}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QTRY_COMPARE(chats(upstream), 1);
        client.close();
        QTRY_COMPARE_WITH_TIMEOUT(upstream.disconnects(), 1, 2000);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http POST /v1/chat/completions 499", 1}}));
    }

    void queue_admits_in_order_and_forgets_those_who_leave()
    {
        FakeUpstream upstream(
            answering({FakeUpstream::Hold{}, FakeUpstream::reply(200, "application/json", good_reply)}));
        auto provider = openai_at(upstream.url().toStdString());
        provider.max_in_flight = 1;
        provider.max_queue = 2;
        TestGateway gateway(test_config({provider}));
        RawHttp first(gateway.port()), second(gateway.port()), leaver(gateway.port()), refused(gateway.port());
        first.post("/v1/chat/completions", chat);
        QTRY_COMPARE(chats(upstream), 1);
        second.post("/v1/chat/completions", chat);
        QTRY_COMPARE(gateway.hooks.depth_now(), 1);
        leaver.post("/v1/chat/completions", chat);
        QTRY_COMPARE(gateway.hooks.depth_now(), 2);
        refused.post("/v1/chat/completions", chat);
        QVERIFY(refused.read_reply());
        QCOMPARE(refused.status(), 429);
        QCOMPARE(refused.header("retry-after"), QByteArray("1"));
        leaver.close();
        QTRY_COMPARE(gateway.hooks.depth_now(), 1);
        upstream.release();
        QVERIFY(first.read_reply());
        QVERIFY(second.read_reply());
        QCOMPARE(second.status(), 200);
        gateway.stop();
        QCOMPARE(gateway.hooks.depth_now(), 0);
        QCOMPARE(gateway.hooks.calls("rejected"), (Calls{{"rejected up client_gone", 1}, {"rejected up full", 1}}));
        QCOMPARE(gateway.hooks.calls("admitted"), (Calls{{"admitted up", 2}}));
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 success", 2}, {"finished up/m1 error", 2}}));
    }

    void lists_models_and_finds_one()
    {
        FakeUpstream upstream(answering({}));
        config::Provider demo;
        demo.name = "demo";
        demo.kind = config::ProviderKind::demo;
        TestGateway gateway(test_config(
            {openai_at(upstream.url().toStdString(), "a"), openai_at(upstream.url().toStdString(), "b"), demo}));
        RawHttp client(gateway.port());
        client.get("/v1/models");
        QVERIFY(client.read_reply());
        const auto json = nlohmann::json::parse(client.body().toStdString());
        QCOMPARE(json["data"][0]["id"].get<std::string>(), std::string("m1"));
        QCOMPARE(json["data"][0]["owned_by"].get<std::string>(), std::string("a"));
        QCOMPARE(json["data"][1]["id"].get<std::string>(), std::string("b/m1"));
        QCOMPARE(json["data"][2]["owned_by"].get<std::string>(), std::string("demo"));
        client.get("/v1/models/b%2Fm1");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        client.get("/v1/models/none");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 404);
        client.get("/ready");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http GET /v1/models 200", 1},
                                                      {"http GET /v1/models/{id} 200", 1},
                                                      {"http GET /v1/models/{id} 404", 1},
                                                      {"http GET /ready 200", 1}}));
        QVERIFY(gateway.hooks.calls("finished").empty());
    }

    void stale_pooled_connection_is_replaced()
    {
        // The upstream closes after each reply without saying so beforehand.
        FakeUpstream upstream([](const FakeUpstream::Request& request) -> Script {
            if (request.target == "/v1/models")
                return {FakeUpstream::reply(200, "application/json", R"({"data":[{"id":"m1"}]})"),
                        FakeUpstream::Close{}};
            return {FakeUpstream::reply(200, "application/json", good_reply), FakeUpstream::Close{}};
        });
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        for (int i = 0; i < 5; ++i) {
            client.post("/v1/chat/completions", chat);
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 200);
        }
    }

    void stop_lets_requests_finish()
    {
        FakeUpstream upstream(
            answering({FakeUpstream::Wait{150}, FakeUpstream::reply(200, "application/json", good_reply)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QTRY_COMPARE(chats(upstream), 1);
        gateway.stop();
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 success", 1}}));
    }

    void stop_cuts_what_does_not_finish()
    {
        FakeUpstream upstream(answering({FakeUpstream::Hold{}}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QTRY_COMPARE(chats(upstream), 1);
        RawHttp streaming(gateway.port());
        streaming.post("/v1/chat/completions", chat_streamed);
        QTRY_COMPARE(chats(upstream), 2);
        gateway.stop();
        QCOMPARE(gateway.hooks.in_flight(), 0);
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 2}}));
        // Nobody is left in the dark.
        for (auto* cut : {&client, &streaming}) {
            QVERIFY(cut->read_reply());
            QCOMPARE(cut->status(), 503);
            QVERIFY2(cut->body().contains("shutting_down"), cut->body());
        }
    }

    void stop_ends_streams_with_an_error_event()
    {
        FakeUpstream upstream(answering(streaming({FakeUpstream::chunk(delta("x")), FakeUpstream::Hold{}})));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("x"); }));
        gateway.stop();
        QVERIFY(client.read_reply());
        QVERIFY(client.complete());
        QVERIFY2(client.body().contains("shutting_down"), client.body());
        QVERIFY(!client.body().contains("[DONE]"));
        const auto records = gateway.records.since(0);
        QCOMPARE(records.size(), std::size_t(1));
        QCOMPARE(int(records[0]->end_reason), int(telemetry::EndReason::error));
    }
};

QTEST_GUILESS_MAIN(TstGateway)
#include "tst_gateway.moc"
