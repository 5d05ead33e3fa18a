// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "chat_scripts.h"
#include "counting_hooks.h"
#include "support/raw_http.h"

#include <QTest>

#include <set>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using telemetry::LivePhase;
using telemetry::LiveRequest;
using F = FakeUpstream;

namespace {

const QByteArray messages_body =
    R"({"model":"m1","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"hi"}]})";

F::Script slow_stream(int chunks, int pause_ms)
{
    F::Script script{F::chunked_head(200, "text/event-stream"), F::Hold{}};
    for (int i = 0; i < chunks; ++i)
        script << F::chunk(chat_delta("x")) << F::Wait{pause_ms};
    script << F::chunk(chat_delta("", R"("stop")") + chat_usage + "data: [DONE]\n\n") << F::last_chunk();
    return script;
}

config::Provider narrow(const F& upstream, std::size_t places = 1)
{
    auto provider = openai_at(upstream.url().toStdString());
    provider.max_in_flight = places;
    provider.max_retries = 0;
    return provider;
}

std::optional<LiveRequest> one(const TestGateway& gateway)
{
    const auto now = gateway.live.now();
    return now.size() == 1 ? std::optional(now[0]) : std::nullopt;
}

bool has_phase(const TestGateway& gateway, LivePhase phase)
{
    const auto request = one(gateway);
    return request && request->phase == phase;
}

/// "client-request -> place" of those in line.
std::map<std::string, std::size_t> places(const TestGateway& gateway)
{
    std::map<std::string, std::size_t> out;
    for (const auto& request : gateway.live.now())
        if (request.queue_position)
            out[request.request_id] = *request.queue_position;
    return out;
}

} // namespace

/// Requests in flight in a real gateway, from their headers to their end.
class TstLiveRequests : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void phases_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("as it is") << QByteArray("/v1/chat/completions") << chat_stream_body;
        QTest::newRow("translated") << QByteArray("/v1/messages") << messages_body;
    }

    void phases()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        F upstream(answering_in_turn({{F::Hold{}}, slow_stream(12, 40)}));
        TestGateway gateway(test_config({narrow(upstream)}));
        RawHttp first(gateway.port());
        first.post("/v1/chat/completions", chat_body);
        QTRY_VERIFY(has_phase(gateway, LivePhase::waiting));

        RawHttp client(gateway.port());
        client.send("POST " + path
                    + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                      "x-request-id: mine\r\nContent-Length: "
                    + QByteArray::number(body.size()) + "\r\n\r\n" + body.left(20));
        const auto mine = [&gateway] {
            for (auto& request : gateway.live.now())
                if (request.request_id == "mine")
                    return std::optional(request);
            return std::optional<LiveRequest>();
        };
        QTRY_VERIFY(mine());
        QCOMPARE(mine()->phase, LivePhase::reading);
        QCOMPARE(mine()->route, path.toStdString());
        QCOMPARE(mine()->requested_model, std::string());

        client.send(body.mid(20));
        QTRY_VERIFY(mine()->phase == LivePhase::queued);
        QTRY_COMPARE(mine()->queue_position, std::size_t{1});
        QCOMPARE(mine()->requested_model, std::string("m1"));
        QCOMPARE(mine()->target.backend, std::string("up"));
        QVERIFY(mine()->streamed);

        first.close();
        QTRY_VERIFY(mine()->phase == LivePhase::waiting);
        QVERIFY(!mine()->queue_position);
        QVERIFY(*mine()->dequeued >= *mine()->queued);

        QTRY_COMPARE(asked(upstream).size(), 2);
        upstream.release();
        std::set<std::uint64_t> seen;
        std::uint64_t before = 0;
        while (const auto request = mine()) {
            QVERIFY(request->tokens >= before);
            before = request->tokens;
            if (request->phase == LivePhase::streaming)
                seen.insert(request->tokens);
            client.read_until([](const QByteArray&) { return true; }, 5);
        }
        QVERIFY(client.read_reply());
        QVERIFY2(seen.size() > 4, "it streamed for half a second and was looked at every few milliseconds");
        QCOMPARE(before, std::uint64_t{12});
    }

    void a_whole_reply_only_waits()
    {
        F upstream(answering_in_turn({{F::Hold{}, F::reply(200, "application/json", chat_reply_body)}}));
        TestGateway gateway(test_config({narrow(upstream)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_body);
        QTRY_VERIFY(has_phase(gateway, LivePhase::waiting));
        QVERIFY(!one(gateway)->streamed);
        upstream.release();
        QVERIFY(client.read_reply());
        QTRY_VERIFY(gateway.live.now().empty());
    }

    void the_line_serves_keys_in_turns()
    {
        F upstream(answering_in_turn({{F::Hold{}}}));
        auto config = test_config({narrow(upstream)});
        config.auth.keys = {{.name = "a", .hash = hash_key("sk-a-0123456789abcdef")},
                            {.name = "b", .hash = hash_key("sk-b-0123456789abcdef")}};
        TestGateway gateway(config);
        std::vector<std::unique_ptr<RawHttp>> clients;
        const auto ask = [&](const QByteArray& key, const QByteArray& id) {
            clients.push_back(std::make_unique<RawHttp>(gateway.port()));
            clients.back()->post("/v1/chat/completions", chat_body,
                                 "Authorization: Bearer sk-" + key + "-0123456789abcdef\r\nx-request-id: " + id
                                     + "\r\n");
        };
        ask("a", "a1");
        QTRY_VERIFY(has_phase(gateway, LivePhase::waiting));
        QCOMPARE(one(gateway)->client, std::string("a"));
        using Places = std::map<std::string, std::size_t>;
        ask("a", "a2");
        QTRY_COMPARE(places(gateway), (Places{{"a2", 1}}));
        ask("a", "a3");
        QTRY_COMPARE(places(gateway), (Places{{"a2", 1}, {"a3", 2}}));
        ask("b", "b1");
        QTRY_COMPARE(places(gateway), (Places{{"b1", 1}, {"a2", 2}, {"a3", 3}}));
        clients[0]->close();
        QTRY_COMPARE(places(gateway), (Places{{"a2", 1}, {"a3", 2}}));
        clients[1]->close();
        QTRY_COMPARE(places(gateway), (Places{{"a3", 1}}));
    }

    void however_it_ends_it_leaves_data()
    {
        QTest::addColumn<F::Script>("script");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("upstream error") << json_script(500, "{}") << chat_body;
        QTest::newRow("reset") << F::Script{F::Reset{}} << chat_body;
        QTest::newRow("timeout") << F::Script{F::Hold{}} << chat_body;
        QTest::newRow("cut stream") << stream_script({F::chunk(chat_delta("x")), F::Close{}}) << chat_stream_body;
        QTest::newRow("stalled stream") << stream_script({F::chunk(chat_delta("x")), F::Hold{}}) << chat_stream_body;
        QTest::newRow("not JSON") << F::Script{} << QByteArray("{");
    }

    void however_it_ends_it_leaves()
    {
        QFETCH(F::Script, script);
        QFETCH(QByteArray, body);
        F upstream(answering_in_turn({script}));
        auto provider = narrow(upstream);
        provider.idle_timeout = 100ms;
        TestGateway gateway(test_config({provider}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", body);
        client.read_reply();
        QTRY_COMPARE(gateway.records.last_sequence(), std::uint64_t{1});
        QTRY_VERIFY(gateway.live.now().empty());
    }

    void the_client_leaves_data()
    {
        QTest::addColumn<bool>("in_line");
        QTest::newRow("in the line") << true;
        QTest::newRow("in the stream") << false;
    }

    void the_client_leaves()
    {
        QFETCH(bool, in_line);
        const auto endless = stream_script({F::chunk(chat_delta("x")), F::Hold{}});
        F upstream(answering_in_turn({endless}));
        TestGateway gateway(test_config({narrow(upstream)}));
        RawHttp first(gateway.port());
        first.post("/v1/chat/completions", chat_stream_body);
        QTRY_VERIFY(has_phase(gateway, LivePhase::streaming));
        QCOMPARE(one(gateway)->tokens, std::uint64_t{1});
        if (in_line) {
            RawHttp second(gateway.port());
            second.post("/v1/chat/completions", chat_stream_body);
            QTRY_COMPARE(places(gateway).size(), std::size_t{1});
            second.close();
            QTRY_COMPARE(gateway.live.now().size(), std::size_t{1});
        }
        first.close();
        QTRY_VERIFY(gateway.live.now().empty());
    }
};

QTEST_GUILESS_MAIN(TstLiveRequests)
#include "tst_live_requests.moc"
