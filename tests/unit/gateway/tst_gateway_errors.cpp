// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::test;
using Calls = std::map<std::string, int>;
using Script = FakeUpstream::Script;

namespace {

QByteArray post(const QByteArray& body, const QByteArray& headers = "Content-Type: application/json\r\n",
                const QByteArray& target = "/v1/chat/completions")
{
    return "POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers
           + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

const QByteArray chat = R"({"model":"m1","messages":[{"role":"user","content":"hi"}]})";
const QByteArray chat_streamed = R"({"model":"m1","stream":true,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray delta = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";

FakeUpstream listing(Script script)
{
    return FakeUpstream([script](const FakeUpstream::Request& request) -> Script {
        if (request.target == "/v1/models")
            return {FakeUpstream::reply(200, "application/json", R"({"data":[{"id":"m1"}]})")};
        return script;
    });
}

} // namespace

/// What the gateway answers when something is wrong, and what it records: one row a kind of trouble.
class TstGatewayErrors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusals_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("route");
        QTest::addColumn<int>("model_requests"); // whether it counts as a (failed) model request

        const QByteArray route = "/v1/chat/completions";
        QTest::newRow("not JSON") << post("{\"model\":") << 400 << QByteArray("invalid_request") << route << 1;
        QTest::newRow("not an object") << post("[]") << 400 << QByteArray("invalid_request") << route << 1;
        QTest::newRow("empty body") << post("") << 400 << QByteArray("invalid_request") << route << 1;
        QTest::newRow("invalid UTF-8") << post("{\"model\":\"\xff\"}") << 400 << QByteArray("invalid_request") << route
                                       << 1;
        QTest::newRow("no model") << post(R"({"messages":[{"role":"user","content":"x"}]})") << 400
                                  << QByteArray("model_missing") << route << 1;
        QTest::newRow("unknown model") << post(R"({"model":"nope","messages":[{"role":"user","content":"x"}]})") << 404
                                       << QByteArray("model_not_found") << route << 1;
        QTest::newRow("content type") << post(chat, "Content-Type: text/plain\r\n") << 415
                                      << QByteArray("unsupported_media_type") << route << 1;
        QTest::newRow("body too large") << post(QByteArray(20'000, ' ')) << 413 << QByteArray("body_too_large") << route
                                        << 1;
        QTest::newRow("wrong method") << QByteArray("GET /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                      << 405 << QByteArray("method_not_allowed") << route << 0;
        QTest::newRow("wrong path") << QByteArray("GET /nothing?here HTTP/1.1\r\nHost: localhost\r\n\r\n") << 404
                                    << QByteArray("route_not_found") << QByteArray("<unmatched>") << 0;
        QTest::newRow("headers too large")
            << QByteArray("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Big: " + QByteArray(10'000, 'a') + "\r\n\r\n")
            << 431 << QByteArray("headers_too_large") << QByteArray() << 0;
        QTest::newRow("foreign host") << QByteArray("GET /health HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n") << 403
                                      << QByteArray("forbidden") << QByteArray() << 0;
        QTest::newRow("foreign origin") << post(chat,
                                                "Content-Type: application/json\r\nOrigin: https://evil.example\r\n")
                                        << 403 << QByteArray("forbidden") << QByteArray() << 1;
        QTest::newRow("sandboxed page") << post(chat, "Content-Type: application/json\r\nOrigin: null\r\n") << 403
                                        << QByteArray("forbidden") << QByteArray() << 1;
        QTest::newRow("not HTTP") << QByteArray("this is not http\r\n\r\n") << 400 << QByteArray("invalid_request")
                                  << QByteArray() << 0;
    }

    void refusals()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, route);
        QFETCH(int, model_requests);

        auto upstream = listing({});
        auto config = test_config({openai_at(upstream.url().toStdString())});
        config.limits.body_bytes = 10'000;
        config.limits.header_bytes = 8'192;
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.send(request);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), status);
        const auto error = nlohmann::json::parse(client.body().toStdString()).at("error");
        QCOMPARE(error.at("code").get<std::string>(), code.toStdString());
        QVERIFY(!error.at("message").get<std::string>().empty());
        QVERIFY(error.contains("type") && error.contains("param"));
        QVERIFY(!client.header("x-request-id").isEmpty());
        gateway.stop();

        const auto http = gateway.hooks.calls("http ");
        QCOMPARE(http.size(), std::size_t(1));
        const auto label = QByteArray::fromStdString(http.begin()->first);
        QVERIFY2(label.endsWith(QByteArray::number(status)), label);
        if (!route.isEmpty())
            QVERIFY2(label.contains(QByteArray(" " + route + " ")), label);
        const auto expected = model_requests ? Calls{{"finished unknown/unknown error", 1}} : Calls{};
        QCOMPARE(gateway.hooks.calls("finished"), expected);
        QCOMPARE(gateway.records.since(0).size(), std::size_t(model_requests));
        int lines = 0;
        for (const auto& line : gateway.log_lines())
            lines += nlohmann::json::parse(line).at("msg") == "request";
        QCOMPARE(lines, 1);
    }

    void upstream_trouble_data()
    {
        QTest::addColumn<FakeUpstream::Script>("script");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body"); // must occur in it
        using F = FakeUpstream;
        const QByteArray own = R"({"error":{"message":"slow down","type":"rate"}})";
        QTest::newRow("its own 429") << Script{F::reply(429, "application/json", own)} << 429 << own;
        QTest::newRow("its own 500 text") << Script{F::reply(500, "text/plain", "boom")} << 500 << QByteArray("boom");
        QTest::newRow("closes at once") << Script{F::Close{}} << 502 << QByteArray("upstream_reset");
        QTest::newRow("resets at once") << Script{F::Reset{}} << 502 << QByteArray("upstream_reset");
        QTest::newRow("speaks no HTTP") << Script{F::Send{"SSH-2.0-x\r\n\r\n"}, F::Close{}} << 502
                                        << QByteArray("upstream_bad_reply");
        QTest::newRow("not JSON") << Script{F::reply(200, "application/json", "<html>")} << 502
                                  << QByteArray("upstream_bad_reply");
        QTest::newRow("truncated") << Script{F::Send{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"}, F::Close{}}
                                   << 502 << QByteArray("upstream_reset");
        QTest::newRow("silence") << Script{F::Hold{}} << 504 << QByteArray("upstream_timeout");
    }

    void upstream_trouble()
    {
        QFETCH(FakeUpstream::Script, script);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        for (const auto& request : {chat, chat_streamed}) {
            auto upstream = listing(script);
            auto provider = openai_at(upstream.url().toStdString());
            provider.idle_timeout = std::chrono::milliseconds(200);
            TestGateway gateway(test_config({provider}));
            RawHttp client(gateway.port());
            client.post("/v1/chat/completions", request);
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), status);
            QVERIFY2(client.body().contains(body), client.body());
            gateway.stop();
            QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
            QCOMPARE(gateway.hooks.in_flight(), 0);
        }
    }

    void nobody_listens()
    {
        std::uint16_t port = 0;
        {
            FakeUpstream gone([](const FakeUpstream::Request&) { return Script{}; });
            port = gone.port();
        }
        TestGateway gateway(test_config({openai_at("http://127.0.0.1:" + std::to_string(port))}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", QByteArray(chat).replace("m1", "up/m1"));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 502);
        QVERIFY(client.body().contains("upstream_unreachable"));
        gateway.stop();
        // The upstream never vouched for the name, so it does not become a label.
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/unknown error", 1}}));
    }

    void broken_streams_data()
    {
        QTest::addColumn<FakeUpstream::Script>("script");
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<int>("reason");
        using F = FakeUpstream;
        using telemetry::EndReason;
        const auto head = F::chunked_head(200, "text/event-stream");
        const QByteArray event = "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n";
        QTest::newRow("reset") << Script{head, F::chunk(delta), F::Reset{}} << QByteArray("upstream_reset")
                               << int(EndReason::upstream_error);
        QTest::newRow("cut") << Script{head, F::chunk(delta), F::Close{}} << QByteArray("upstream_reset")
                             << int(EndReason::upstream_error);
        QTest::newRow("no [DONE]") << Script{head, F::chunk(delta), F::last_chunk()} << QByteArray("upstream_reset")
                                   << int(EndReason::upstream_error);
        QTest::newRow("stall") << Script{head, F::chunk(delta), F::Hold{}} << QByteArray("upstream_timeout")
                               << int(EndReason::timeout);
        QTest::newRow("error event") << Script{head, F::chunk(delta), F::chunk(event), F::chunk("data: [DONE]\n\n"),
                                               F::last_chunk()}
                                     << QByteArray("out of memory") << int(EndReason::in_stream_error);
        QTest::newRow("bad chunk size") << Script{head, F::chunk(delta), F::Send{"zz\r\n"}, F::Close{}}
                                        << QByteArray("upstream_bad_reply") << int(EndReason::upstream_error);
    }

    void broken_streams()
    {
        QFETCH(FakeUpstream::Script, script);
        QFETCH(QByteArray, tail);
        QFETCH(int, reason);
        auto upstream = listing(script);
        auto provider = openai_at(upstream.url().toStdString());
        provider.idle_timeout = std::chrono::milliseconds(200);
        TestGateway gateway(test_config({provider}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QVERIFY(client.body().startsWith(delta));
        QVERIFY2(client.body().contains(tail), client.body());
        QCOMPARE(client.body().count("\"error\""), 1);
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 error", 1}}));
        QCOMPARE(gateway.hooks.calls("first_token"), (Calls{{"first_token up/m1", 1}}));
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/m1 -+1 estimated", 1}}));
        QCOMPARE(int(gateway.records.since(0)[0]->end_reason), reason);
    }

    void port_in_use_is_explained()
    {
        TestGateway first(test_config({}));
        CountingHooks hooks;
        telemetry::RequestLog records;
        SystemClock clock;
        telemetry::LogOptions options;
        options.to_stderr = false;
        telemetry::Logger log(options);
        auto config = test_config({});
        config.listen = "127.0.0.1:" + std::to_string(first.port());
        TraceCollector traces;
        gateway::Gateway second(config,
                                {hooks, hooks, hooks, hooks, hooks, hooks, hooks, hooks, records, traces, log, clock});
        const auto started = second.start();
        QVERIFY(!started);
        QVERIFY(started.error().message.find("another program uses that port") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TstGatewayErrors)
#include "tst_gateway_errors.moc"
