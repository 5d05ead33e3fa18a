// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "chat_scripts.h"
#include "counting_hooks.h"
#include "support/raw_http.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <memory>

using namespace tokenscope;
using namespace tokenscope::test;
using F = FakeUpstream;
using telemetry::SpanData;
using telemetry::SpanKind;

namespace {

/// The id of the parent that a request to an upstream names.
std::string parent_told(const F::Request& request)
{
    return request.header("traceparent").mid(36, 16).toStdString();
}

std::string id(const SpanData& span)
{
    return telemetry::to_hex(span.span_id);
}

} // namespace

/// What spans the gateway makes of a request, over real sockets.
class TstGatewayTraces : public QObject {
    Q_OBJECT

    std::unique_ptr<FakeUpstream> m_upstream;
    std::unique_ptr<TestGateway> m_gateway;

    void serve(const QList<F::Script>& scripts, const std::function<void(config::Config&)>& change = {})
    {
        m_gateway.reset();
        m_upstream = std::make_unique<FakeUpstream>(answering_in_turn(scripts));
        auto config = test_config({openai_at(m_upstream->url().toStdString())});
        if (change)
            change(config);
        m_gateway = std::make_unique<TestGateway>(std::move(config));
    }
    /// The status of the reply; -1 without one.
    int post(const QByteArray& target, const QByteArray& body, const QByteArray& headers = {})
    {
        RawHttp client(m_gateway->port());
        client.post(target, body, headers);
        m_reply.clear();
        if (!client.read_reply())
            return -1;
        m_reply = client.body();
        return client.status();
    }
    int chat(const QByteArray& body = chat_body) { return post("/v1/chat/completions", body); }
    /// The spans of the `count`th request, once it is over, and sound.
    const std::vector<SpanData>& spans(int count = 1)
    {
        if (!QTest::qWaitFor([&] { return m_gateway->traces.count() >= count; }))
            qFatal("The request's trace did not end.");
        m_kept = m_gateway->traces.all().at(static_cast<std::size_t>(count - 1));
        const auto flaw = TraceCollector::flaw(*m_kept);
        if (!flaw.empty())
            qFatal("%s", flaw.c_str());
        for (const auto* secret : {"secret prompt", "secret reply", "sk-secret"})
            if (TraceCollector::tells(*m_kept, secret))
                qFatal("A span tells the %s.", secret);
        return *m_kept;
    }
    std::string tree(int count = 1) { return TraceCollector::tree(spans(count)); }

    QByteArray m_reply;
    telemetry::TraceSpans m_kept;

private Q_SLOTS:
    void cleanup()
    {
        m_gateway.reset();
        m_upstream.reset();
    }

    void a_chat()
    {
        serve({json_script(200, chat_reply_body)});
        QCOMPARE(post("/v1/chat/completions", chat_body,
                      "X-Request-Id: req-7\r\nAuthorization: Bearer sk-secret-1234567\r\n"),
                 200);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions\n  queue.wait\n  provider.generate\n"));
        const auto& server = spans()[0];
        QCOMPARE(int(server.kind), int(SpanKind::server));
        QCOMPARE(attribute(server, "http.method"), std::string("POST"));
        QCOMPARE(attribute(server, "http.route"), std::string("/v1/chat/completions"));
        QCOMPARE(attribute(server, "http.status_code"), std::string("200"));
        QCOMPARE(attribute(server, "http.request_id"), std::string("req-7"));
        QCOMPARE(int(spans()[1].kind), int(SpanKind::internal));
        const auto& provider = spans()[2];
        QCOMPARE(int(provider.kind), int(SpanKind::client));
        QCOMPARE(attribute(provider, "provider.name"), std::string("up"));
        QCOMPARE(attribute(provider, "provider.model"), std::string("m1"));
        QCOMPARE(attribute(provider, "provider.input_tokens"), std::string("7"));
        QCOMPARE(attribute(provider, "provider.output_tokens"), std::string("3"));
        QCOMPARE(attribute(provider, "provider.chunk_count"), std::string("-"));
        QCOMPARE(attribute(provider, "provider.ttfb_seconds"), std::string("-"));
        QCOMPARE(attribute(provider, "gen_ai.operation.name"), std::string("chat"));
        QCOMPARE(attribute(provider, "gen_ai.provider.name"), std::string("up"));
        QCOMPARE(attribute(provider, "gen_ai.request.model"), std::string("m1"));
        QCOMPARE(attribute(provider, "gen_ai.response.model"), std::string("m1-2026"));
        QCOMPARE(attribute(provider, "gen_ai.usage.input_tokens"), std::string("7"));
        QCOMPARE(attribute(provider, "gen_ai.usage.output_tokens"), std::string("3"));
        QCOMPARE(attribute(provider, "gen_ai.response.finish_reasons"), std::string("[stop]"));
        QCOMPARE(parent_told(asked(*m_upstream).at(0)), id(provider));
        const auto records = m_gateway->records.since(0);
        QCOMPARE(std::string(records[0]->trace_id), telemetry::to_hex(server.trace_id));
    }

    void a_stream()
    {
        serve({stream_script({F::chunk(chat_delta("")), F::chunk(chat_delta("a secret reply")),
                              F::chunk(chat_delta(".", R"("stop")")), F::chunk(chat_usage),
                              F::chunk("data: [DONE]\n\n"), F::last_chunk()})});
        QCOMPARE(chat(chat_stream_body), 200);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions\n  queue.wait\n  provider.generate_stream\n"));
        const auto& provider = spans()[2];
        QVERIFY(std::stoi(attribute(provider, "provider.chunk_count")) >= 1);
        QVERIFY(std::stod(attribute(provider, "provider.ttfb_seconds")) > 0);
        QVERIFY(std::stod(attribute(provider, "gen_ai.response.time_to_first_chunk"))
                >= std::stod(attribute(provider, "provider.ttfb_seconds")));
        QCOMPARE(attribute(provider, "provider.output_tokens"), std::string("3"));
        QCOMPARE(attribute(provider, "gen_ai.response.finish_reasons"), std::string("[stop]"));
        QCOMPARE(provider.events.size(), std::size_t(1));
        QCOMPARE(provider.events[0].name, std::string_view("first_token"));
    }

    void a_conversation_of_the_responses_api()
    {
        serve({json_script(200, chat_reply_body)}, [](config::Config& config) {
            config::Provider demo;
            demo.name = "demo";
            demo.kind = config::ProviderKind::demo;
            demo.demo.prefill_base = demo.demo.prefill_per_token = demo.demo.per_token = {};
            config.providers = {demo};
        });
        const QByteArray model = "\"model\":\"demo/demo-tiny\",\"max_output_tokens\":5,";
        QVERIFY2(post("/v1/responses", "{" + model + "\"input\":\"my secret prompt\"}") == 200, m_reply);
        const auto first = nlohmann::json::parse(m_reply.toStdString()).at("id").get<std::string>();
        QCOMPARE(tree(1),
                 std::string("HTTP POST /v1/responses\n  queue.wait\n  provider.generate\n  conversation.create\n"));
        QCOMPARE(attribute(spans(1)[3], "conversation.id"), first);
        QCOMPARE(attribute(spans(1)[3], "conversation.backend"), std::string("memory"));
        QCOMPARE(attribute(spans(1)[3], "conversation.message_count"), std::string("2"));
        QCOMPARE(attribute(spans(1)[3], "conversation.model"), std::string("demo/demo-tiny"));

        const QByteArray previous = "\"previous_response_id\":\"" + QByteArray::fromStdString(first) + "\",";
        QCOMPARE(post("/v1/responses", "{" + model + previous + "\"stream\":true,\"input\":\"more\"}"), 200);
        QCOMPARE(tree(2),
                 std::string("HTTP POST /v1/responses\n  conversation.get\n  queue.wait\n  provider.generate_stream\n"
                             "  conversation.create\n"));
        QCOMPARE(attribute(spans(2)[1], "conversation.id"), first);
        QCOMPARE(attribute(spans(2)[1], "conversation.message_count"), std::string("2"));

        RawHttp client(m_gateway->port());
        client.send("DELETE /v1/responses/" + QByteArray::fromStdString(first)
                    + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(tree(3), std::string("HTTP DELETE /v1/responses/{id}\n  conversation.get\n  conversation.delete\n"));
        client.get("/v1/responses/" + QByteArray::fromStdString(first));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 404);
        QCOMPARE(tree(4), std::string("HTTP GET /v1/responses/{id} response_not_found\n  conversation.get\n"));
    }

    void what_generates_no_text_is_named_so()
    {
        serve({json_script(200, R"({"object":"list","data":[],"model":"m1"})")});
        QCOMPARE(post("/v1/embeddings", R"({"model":"m1","input":"my secret prompt"})"), 200);
        QCOMPARE(tree(), std::string("HTTP POST /v1/embeddings\n  queue.wait\n  provider.embed\n"));
        QCOMPARE(attribute(spans()[2], "gen_ai.operation.name"), std::string("embeddings"));
    }

    void retries_are_siblings()
    {
        serve({json_script(503, "{}"), json_script(200, chat_reply_body)}, [](config::Config& config) {
            config.providers[0].max_retries = 1;
            config.providers[0].retry_backoff = std::chrono::milliseconds(1);
        });
        QCOMPARE(chat(), 200);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions\n  queue.wait\n  provider.generate ERROR 503\n"
                                     "  queue.wait\n  provider.generate\n"));
        const auto requests = asked(*m_upstream);
        QCOMPARE(parent_told(requests.at(0)), id(spans()[2]));
        QCOMPARE(parent_told(requests.at(1)), id(spans()[4]));
    }

    void fallbacks_are_siblings()
    {
        FakeUpstream other(answering_in_turn({json_script(200, chat_reply_body)}));
        serve({json_script(500, R"({"error":{"message":"my secret prompt is broken"}})")}, [&](config::Config& config) {
            config.providers.push_back(openai_at(other.url().toStdString(), "other"));
            config.fallbacks = {{"m1", {"other/m1"}}};
        });
        QCOMPARE(chat(), 200);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions\n  queue.wait\n  provider.generate ERROR 500\n"
                                     "  queue.wait\n  provider.generate\n"));
        QCOMPARE(attribute(spans()[2], "provider.name"), std::string("up"));
        QCOMPARE(attribute(spans()[4], "provider.name"), std::string("other"));
        QCOMPARE(parent_told(asked(other).at(0)), id(spans()[4]));
    }

    void an_upstreams_own_refusal()
    {
        serve({json_script(429, R"({"error":{"message":"my secret prompt is too long"}})")});
        QCOMPARE(chat(), 429);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions\n  queue.wait\n  provider.generate ERROR 429\n"));
        QCOMPARE(attribute(spans()[0], "http.status_code"), std::string("429"));
        serve({json_script(500, "{}")});
        QCOMPARE(chat(), 500);
        QCOMPARE(
            tree(),
            std::string("HTTP POST /v1/chat/completions ERROR 500\n  queue.wait\n  provider.generate ERROR 500\n"));
    }

    void nobody_listens_upstream()
    {
        serve({{F::Reset{}}});
        QCOMPARE(chat(), 502);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions ERROR upstream_reset\n  queue.wait\n"
                                     "  provider.generate ERROR upstream_reset\n"));
        QCOMPARE(spans()[2].events.at(0).name, std::string_view("error"));
    }

    void waiting_is_seen()
    {
        serve({{F::Hold{}, F::reply(200, "application/json", chat_reply_body)}},
              [](config::Config& config) { config.providers[0].max_in_flight = config.providers[0].max_queue = 1; });
        RawHttp first(m_gateway->port()), second(m_gateway->port());
        first.post("/v1/chat/completions", chat_body);
        QTRY_COMPARE(asked(*m_upstream).size(), 1);
        second.post("/v1/chat/completions", chat_body);
        QTRY_COMPARE(m_gateway->hooks.depth_now(), 1);
        QCOMPARE(chat(), 429);
        QCOMPARE(tree(1), std::string("HTTP POST /v1/chat/completions queue_full\n  queue.wait ERROR queue_full\n"));
        QTest::qWait(30);
        m_upstream->release();
        QVERIFY(first.read_reply() && second.read_reply());
        QCOMPARE(tree(3), std::string("HTTP POST /v1/chat/completions\n  queue.wait\n  provider.generate\n"));
        QVERIFY(spans(3)[1].end - spans(3)[1].start >= std::chrono::milliseconds(30));
        QVERIFY(spans(3)[2].start >= spans(3)[1].end);
        QCOMPARE(attribute(spans(3)[1], "provider.name"), std::string("up"));
    }

    void a_client_that_leaves_is_no_error()
    {
        serve({stream_script({F::chunk(chat_delta("a secret reply")), F::Hold{}})});
        RawHttp client(m_gateway->port());
        client.post("/v1/chat/completions", chat_stream_body);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("secret"); }));
        client.close();
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions client_gone\n  queue.wait\n"
                                     "  provider.generate_stream cancelled\n"));
        QCOMPARE(attribute(spans()[0], "http.status_code"), std::string("499"));
        QCOMPARE(attribute(spans()[2], "provider.chunk_count"), std::string("1"));
    }

    void an_upstream_that_dies_in_its_stream_is_an_error()
    {
        serve({stream_script({F::chunk(chat_delta("a secret reply")), F::Reset{}})});
        QCOMPARE(chat(chat_stream_body), 200);
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions ERROR upstream_reset\n  queue.wait\n"
                                     "  provider.generate_stream ERROR upstream_reset\n"));
        QCOMPARE(attribute(spans()[0], "http.status_code"), std::string("200"));
    }

    void an_upstreams_words_stay_out()
    {
        serve({stream_script({F::chunk(chat_delta("x")),
                              F::chunk("data: {\"error\":{\"message\":\"my secret prompt was refused\"}}\n\n"),
                              F::last_chunk()})});
        QCOMPARE(chat(chat_stream_body), 200);
        QVERIFY(m_reply.contains("secret prompt"));
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions ERROR upstream_error_event\n  queue.wait\n"
                                     "  provider.generate_stream ERROR upstream_error_event\n"));
    }

    void stopping_cuts_and_ends_all_spans()
    {
        serve({stream_script({F::chunk(chat_delta("x")), F::Hold{}})});
        RawHttp client(m_gateway->port());
        client.post("/v1/chat/completions", chat_stream_body);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("x"); }));
        m_gateway->stop();
        QCOMPARE(tree(), std::string("HTTP POST /v1/chat/completions ERROR shutting_down\n  queue.wait\n"
                                     "  provider.generate_stream cancelled\n"));
    }

    void refusals_have_a_span_too()
    {
        serve({json_script(200, chat_reply_body)}, [](config::Config& config) {
            config.auth.keys = {{"alice", hash_key("sk-secret-of-alice-123")}};
        });
        QCOMPARE(post("/v1/chat/completions", chat_body, "Authorization: Bearer sk-secret-of-mallory\r\n"), 401);
        QCOMPARE(tree(1), std::string("HTTP POST /v1/chat/completions unauthorized\n"));
        QCOMPARE(attribute(spans(1)[0], "http.status_code"), std::string("401"));
        QCOMPARE(post("/v1/chat/completions", chat_body, "Authorization: Bearer sk-secret-of-alice-123\r\n"), 200);
        QCOMPARE(spans(2).size(), std::size_t(3));
    }

    void unknown_paths_and_methods_share_a_name()
    {
        serve({json_script(200, chat_reply_body)});
        QCOMPARE(post("/my/own/path?key=sk-secret", "{}"), 404);
        QCOMPARE(tree(1), std::string("HTTP POST <unmatched> route_not_found\n"));
        RawHttp client(m_gateway->port());
        client.send("BREW /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(tree(2), std::string("HTTP _OTHER /v1/chat/completions method_not_allowed\n"));
        QCOMPARE(attribute(spans(2)[0], "http.method"), std::string("_OTHER"));
        QCOMPARE(chat("{\"model\":\"none\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"), 404);
        QCOMPARE(tree(3), std::string("HTTP POST /v1/chat/completions model_not_found\n"));
        QCOMPARE(chat("{"), 400);
        QCOMPARE(tree(4), std::string("HTTP POST /v1/chat/completions invalid_request\n"));
    }
};

QTEST_GUILESS_MAIN(TstGatewayTraces)
#include "tst_gateway_traces.moc"
