// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "chat_scripts.h"
#include "counting_hooks.h"
#include "net/headers.h"
#include "support/raw_http.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using telemetry::CapturedExchange;
using F = FakeUpstream;
using Kept = std::shared_ptr<const CapturedExchange>;

namespace {

const QByteArray chats = "/v1/chat/completions";
const QByteArray secret_headers = "X-Api-Key: sk-0123456789abcdef0123456789ab3f9a\r\nCookie: session=hunter2\r\n"
                                  "x-request-id: mine\r\nX-Plain: seen\r\n";

std::string value_of(const telemetry::CapturedHeaders& headers, std::string_view name)
{
    return std::string(tokenscope::net::find_header(headers, name));
}

/// Everything of it in one text.
std::string all_of(const CapturedExchange& exchange)
{
    auto out = exchange.method + exchange.target + exchange.request_body.bytes + exchange.reply_body.bytes;
    for (const auto* headers : {&exchange.request_headers, &exchange.reply_headers})
        for (const auto& [name, value] : *headers)
            out += name + ": " + value + "\n";
    return out;
}

/// One request with the id "mine", and what is kept of it when its record is there.
Kept captured(TestGateway& gateway, RawHttp& client, const QByteArray& target, const QByteArray& body,
              const QByteArray& headers = secret_headers)
{
    client.post(target, body, headers);
    client.read_reply();
    gateway.stop();
    return gateway.captures.find("mine");
}

} // namespace

/// What the console keeps of what went over the wire.
class TstCaptures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_whole_reply()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats + "?api_key=hunter2&x=1", chat_body);
        QVERIFY(kept);
        QCOMPARE(kept->method, std::string("POST"));
        QVERIFY(kept->target.starts_with("/v1/chat/completions?api_key="));
        QVERIFY(kept->target.ends_with("&x=1"));
        QCOMPARE(kept->status, 200U);
        QCOMPARE(value_of(kept->request_headers, "x-plain"), std::string("seen"));
        QCOMPARE(value_of(kept->request_headers, "content-type"), std::string("application/json"));
        QCOMPARE(value_of(kept->reply_headers, "x-request-id"), std::string("mine"));
        QCOMPARE(QByteArray::fromStdString(value_of(kept->reply_headers, "content-type")),
                 client.header("content-type"));
        QCOMPARE(QByteArray::fromStdString(kept->request_body.bytes), chat_body);
        QCOMPARE(QByteArray::fromStdString(kept->reply_body.bytes), client.body());
        QCOMPARE(kept->reply_body.whole, static_cast<std::uint64_t>(client.body().size()));
        QVERIFY(!kept->reply_body.cut());
    }

    void secrets_are_masked()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats + "?key=hunter2", chat_body,
                                   secret_headers + "Authorization: Basic aHVudGVyMg==\r\n");
        QVERIFY(kept);
        const auto all = all_of(*kept);
        for (const auto* secret : {"hunter2", "aHVudGVyMg", "0123456789abcdef"})
            QVERIFY2(all.find(secret) == std::string::npos, secret);
        QVERIFY(all.find("3f9a") != std::string::npos);
        QVERIFY(all.find("Basic ") != std::string::npos);
    }

    void a_stream_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("as it is") << chats << chat_stream_body;
        QTest::newRow("translated") << QByteArray(
            "/v1/messages") << QByteArray(chat_stream_body).replace("\"stream\"", "\"max_tokens\":9,\"stream\"");
        QTest::newRow("lines") << QByteArray("/api/chat") << chat_stream_body;
    }

    void a_stream()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        F::Script middle;
        for (int i = 0; i < 40; ++i)
            middle << F::chunk(chat_delta("word " + QByteArray::number(i)));
        middle << F::chunk(chat_delta("", R"("stop")") + chat_usage + "data: [DONE]\n\n") << F::last_chunk();
        F upstream(answering_in_turn({stream_script(middle)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, path, body);
        QVERIFY(kept);
        QVERIFY(client.body().contains("word 39"));
        QCOMPARE(kept->status, 200U);
        QCOMPARE(QByteArray::fromStdString(kept->reply_body.bytes), client.body());
        QCOMPARE(QByteArray::fromStdString(value_of(kept->reply_headers, "content-type")),
                 client.header("content-type"));
    }

    void a_long_stream_is_cut_and_counted()
    {
        F::Script middle;
        for (int i = 0; i < 100; ++i)
            middle << F::chunk(chat_delta(QByteArray(2000, 'x')));
        middle << F::chunk(chat_delta("", R"("stop")") + "data: [DONE]\n\n") << F::last_chunk();
        F upstream(answering_in_turn({stream_script(middle)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats, chat_stream_body);
        QVERIFY(kept);
        QCOMPARE(kept->reply_body.bytes.size(), std::size_t{64} << 10);
        QCOMPARE(kept->reply_body.whole, static_cast<std::uint64_t>(client.body().size()));
        QVERIFY(client.body().startsWith(QByteArray::fromStdString(kept->reply_body.bytes)));
    }

    void refusals_data()
    {
        QTest::addColumn<F::Script>("script");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<unsigned>("status");
        QTest::newRow("not JSON") << F::Script{} << QByteArray("{") << 400U;
        QTest::newRow("unknown model") << F::Script{} << QByteArray(chat_body).replace("m1", "m0") << 404U;
        QTest::newRow("of the upstream") << json_script(418, R"({"error":{"message":"teapot"}})") << chat_body << 418U;
        QTest::newRow("reset") << F::Script{F::Reset{}} << chat_body << 502U;
        QTest::newRow("in the stream") << stream_script({F::chunk(chat_delta("x")), F::Close{}}) << chat_stream_body
                                       << 200U;
    }

    void refusals()
    {
        QFETCH(F::Script, script);
        QFETCH(QByteArray, body);
        QFETCH(unsigned, status);
        F upstream(answering_in_turn({script}));
        auto provider = openai_at(upstream.url().toStdString());
        provider.max_retries = 0;
        TestGateway gateway(test_config({provider}));
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats, body);
        QVERIFY(kept);
        QCOMPARE(kept->status, status);
        QCOMPARE(client.status(), static_cast<int>(status));
        QCOMPARE(QByteArray::fromStdString(kept->request_body.bytes), body);
        QVERIFY(!client.body().isEmpty());
        QCOMPARE(QByteArray::fromStdString(kept->reply_body.bytes), client.body());
    }

    void a_key_that_is_not_known()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        auto config = test_config({openai_at(upstream.url().toStdString())});
        config.auth.keys = {{.name = "a", .hash = hash_key("sk-a-0123456789abcdef")}};
        TestGateway gateway(config);
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats, chat_body,
                                   "x-request-id: mine\r\nAuthorization: Bearer hunter2-hunter2\r\n");
        QVERIFY(kept);
        QCOMPARE(kept->status, 401U);
        QCOMPARE(QByteArray::fromStdString(kept->reply_body.bytes), client.body());
        QVERIFY(all_of(*kept).find("hunter2") == std::string::npos);
        QVERIFY(kept->request_body.bytes.empty()); // nobody has read it
    }

    void too_large()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        auto config = test_config({openai_at(upstream.url().toStdString())});
        config.limits.body_bytes = 2000;
        TestGateway gateway(config);
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats, QByteArray(5000, ' '));
        QVERIFY(kept);
        QCOMPARE(kept->status, 413U);
        QCOMPARE(kept->request_body.bytes, std::string());
        QCOMPARE(kept->request_body.whole, std::uint64_t{5000});
        QVERIFY(kept->request_body.cut());
        QCOMPARE(QByteArray::fromStdString(kept->reply_body.bytes), client.body());
    }

    void without_bodies()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        const auto kept = captured(gateway, client, chats, chat_body);
        QVERIFY(kept);
        QVERIFY(!gateway.captures.bodies());
        QVERIFY(!kept->request_body.wanted && !kept->reply_body.wanted);
        QVERIFY(kept->request_body.bytes.empty() && kept->reply_body.bytes.empty());
        QCOMPARE(kept->request_body.whole, static_cast<std::uint64_t>(chat_body.size()));
        QCOMPARE(kept->reply_body.whole, static_cast<std::uint64_t>(client.body().size()));
        QVERIFY(!kept->reply_headers.empty());
    }

    void nothing_where_there_is_no_memory_for_it()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        gateway.captures.configure({.bodies = true, .bytes = 0});
        RawHttp client(gateway.port());
        QVERIFY(!captured(gateway, client, chats, chat_body));
        QCOMPARE(client.status(), 200);
    }

    void a_client_that_left()
    {
        F upstream(answering_in_turn({stream_script({F::chunk(chat_delta("so far")), F::Hold{}})}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        client.post(chats, chat_stream_body, secret_headers);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("so far"); }));
        const auto received = client.body();
        client.close();
        QTRY_COMPARE(gateway.records.last_sequence(), std::uint64_t{1});
        const auto kept = gateway.captures.find("mine"); // there before its record is
        QVERIFY(kept);
        QCOMPARE(QByteArray::fromStdString(kept->reply_body.bytes), received);
    }

    void what_runs_no_model_is_not_kept()
    {
        F upstream(answering_in_turn({json_script(200, chat_reply_body)}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        gateway.captures.configure({.bodies = true});
        RawHttp client(gateway.port());
        client.send("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nx-request-id: mine\r\n\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        gateway.stop();
        QVERIFY(!gateway.captures.find("mine"));
        QCOMPARE(gateway.captures.bytes(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TstCaptures)
#include "tst_captures.moc"
