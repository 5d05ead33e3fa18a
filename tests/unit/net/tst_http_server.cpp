// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_server.h"
#include "support/raw_http.h"

#include <QTest>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <optional>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::test;
namespace asio = boost::asio;

namespace {

/// A server on a thread of its own that echoes bodies, streams at /stream, and waits for its client to leave at /wait.
class EchoServer {
public:
    explicit EchoServer(net::ServerLimits limits = {})
        : m_server(m_io, m_watchdog, m_clock, limits, [this](net::Exchange& exchange) { return answer(exchange); })
    {
        if (!m_server.listen({.host = "127.0.0.1", .port = 0}))
            qFatal("The server cannot listen.");
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~EchoServer()
    {
        asio::post(m_io, [this] {
            m_server.drain();
            m_server.abort();
            m_watchdog.stop();
            m_work.reset();
        });
        m_thread.join();
    }

    std::uint16_t port() const { return m_server.port(); }
    std::atomic<int> handled = 0;
    std::atomic<int> left = 0; ///< clients seen to leave

private:
    net::Task<void> answer(net::Exchange& exchange)
    {
        ++handled;
        if (exchange.broken()) {
            net::Response refusal{.status = 400, .headers = {}, .body = exchange.broken()->message};
            co_await exchange.reply(std::move(refusal));
            co_return;
        }
        if (exchange.target() == "/unread") {
            net::Response early{.status = 403, .headers = {}, .body = "no"};
            co_await exchange.reply(std::move(early));
            co_return;
        }
        auto body = co_await exchange.read_body();
        if (!body) {
            const bool slow = body.error().code == ErrorCode::client_timeout;
            net::Response refusal{.status = slow ? 408U : 413U, .headers = {}, .body = body.error().message};
            co_await exchange.reply(std::move(refusal));
            co_return;
        }
        if (exchange.target() == "/stream") {
            net::Headers headers{{"Content-Type", "text/plain"}};
            co_await exchange.begin_stream(200, std::move(headers));
            co_await exchange.write("one");
            co_await exchange.write("");
            co_await exchange.write("two");
            co_await exchange.end_stream();
            co_return;
        }
        if (exchange.target() == "/cut") {
            net::Headers headers;
            co_await exchange.begin_stream(200, std::move(headers));
            co_await exchange.write("half");
            co_return;
        }
        if (exchange.target() == "/wait") {
            const auto gone = exchange.gone().on_cancel([this] { ++left; });
            while (!exchange.gone().cancelled()) {
                asio::steady_timer timer(m_io, std::chrono::milliseconds(5));
                co_await timer.async_wait(net::awaiting);
            }
            co_return;
        }
        net::Response echo{.status = 200, .headers = {}, .body = std::move(*body)};
        co_await exchange.reply(std::move(echo));
    }

    SystemClock m_clock;
    asio::io_context m_io{1};
    net::Watchdog m_watchdog{m_io.get_executor(), std::chrono::milliseconds(10)};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> m_work{m_io.get_executor()};
    net::HttpServer m_server;
    std::thread m_thread;
};

} // namespace

class TstHttpServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keeps_the_connection()
    {
        EchoServer server;
        RawHttp client(server.port());
        for (int i = 0; i < 3; ++i) {
            client.post("/", "body " + QByteArray::number(i));
            QVERIFY(client.read_reply());
            QCOMPARE(client.body(), QByteArray("body " + QByteArray::number(i)));
        }
        QVERIFY(!client.connection_closed());
        QVERIFY(!client.header("date").isEmpty());
    }

    void takes_bodies_in_pieces_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("length") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        QTest::newRow("chunked") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                               "chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: t\r\n\r\n");
    }

    void takes_bodies_in_pieces()
    {
        QFETCH(QByteArray, request);
        EchoServer server;
        RawHttp client(server.port());
        for (qsizetype i = 0; i + 1 < request.size(); ++i)
            client.send(request.mid(i, 1));
        client.send(request.right(1));
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), QByteArray("hello"));
    }

    void answers_pipelined_requests_in_order()
    {
        EchoServer server;
        RawHttp client(server.port());
        const QByteArray one = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none";
        const QByteArray two = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo";
        client.send(one + two);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.endsWith("two"); }));
        QVERIFY(client.body().startsWith("one"));
    }

    void streams_in_chunks()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.get("/stream");
        QVERIFY(client.read_reply());
        QCOMPARE(client.header("transfer-encoding"), QByteArray("chunked"));
        QCOMPARE(client.body(), QByteArray("onetwo"));
        QVERIFY(client.complete());
        client.get("/");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
    }

    void streams_to_http_1_0_without_chunks()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.send("GET /stream HTTP/1.0\r\n\r\n");
        client.read_reply();
        QCOMPARE(client.body(), QByteArray("onetwo"));
        QCOMPARE(client.header("transfer-encoding"), QByteArray());
        QVERIFY(client.connection_closed());
    }

    void a_stream_that_was_not_ended_is_visibly_cut()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.get("/cut");
        client.read_reply();
        QCOMPARE(client.body(), QByteArray("half"));
        QVERIFY(!client.complete());
        QVERIFY(client.connection_closed());
    }

    void head_has_no_body()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.send("HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
        QVERIFY(client.read_until([](const QByteArray&) { return false; }, 200) || client.status() == 200);
        QCOMPARE(client.header("content-length"), QByteArray("4"));
        QCOMPARE(client.body(), QByteArray());
    }

    void says_continue_to_those_who_ask()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        QVERIFY(client.read_until([&](const QByteArray&) { return client.status() == 100; }));
        client.send("ok");
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), QByteArray("ok"));
    }

    void a_refusal_arrives_although_the_body_was_not_read()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.post("/unread", QByteArray(3'000'000, 'x'));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 403);
        QCOMPARE(client.header("connection"), QByteArray("close"));
    }

    void slow_clients_are_told_so()
    {
        net::ServerLimits limits;
        limits.header_timeout = limits.body_timeout = std::chrono::milliseconds(60);
        EchoServer server(limits);
        RawHttp head(server.port());
        head.send("POST / HT");
        QVERIFY(head.read_reply());
        QCOMPARE(head.status(), 400);
        QVERIFY(head.body().contains("too long"));
        RawHttp body(server.port());
        body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
        QVERIFY(body.read_reply());
        QCOMPARE(body.status(), 408);
    }

    void idle_connections_are_closed()
    {
        net::ServerLimits limits;
        limits.idle_timeout = std::chrono::milliseconds(60);
        EchoServer server(limits);
        RawHttp client(server.port());
        client.send("");
        client.read_reply(5'000);
        QVERIFY(client.connection_closed());
        QCOMPARE(server.handled.load(), 0);
    }

    void notices_a_client_that_leaves()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.post("/wait", "x");
        QTRY_COMPARE(server.handled.load(), 1);
        client.close();
        QTRY_COMPARE(server.left.load(), 1);
    }

    void malformed_requests_are_refused_and_closed_data()
    {
        QTest::addColumn<QByteArray>("request");
        const QByteArray start = "POST / HTTP/1.1\r\nHost: x\r\n";
        QTest::newRow("two lengths") << QByteArray(start + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde");
        QTest::newRow("length and chunked")
            << QByteArray(start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        QTest::newRow("negative length") << QByteArray(start + "Content-Length: -1\r\n\r\n");
        QTest::newRow("length with plus") << QByteArray(start + "Content-Length: +4\r\n\r\nabcd");
        QTest::newRow("huge length") << QByteArray(start + "Content-Length: 99999999999999999999\r\n\r\n");
        QTest::newRow("space before colon") << QByteArray(start + "Content-Length : 4\r\n\r\nabcd");
        QTest::newRow("control in header") << QByteArray(start
                                                         + "X: a\x01"
                                                           "b\r\n\r\n");
        QTest::newRow("bare LF") << QByteArray("GET / HTTP/1.1\nHost: x\n\n");
        QTest::newRow("version 9") << QByteArray("GET / HTTP/9.9\r\nHost: x\r\n\r\n");
        QTest::newRow("TLS hello") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15);
    }

    void malformed_requests_are_refused_and_closed()
    {
        QFETCH(QByteArray, request);
        EchoServer server;
        RawHttp client(server.port());
        client.send(request);
        client.read_reply(5'000);
        QVERIFY2(client.status() == 400 || client.status() == 413, QByteArray::number(client.status()));
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        client.read_reply(5'000);
        QVERIFY(client.connection_closed());
        QCOMPARE(server.handled.load(), 1);
    }

    void bad_chunks_are_refused()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 413);
        client.read_reply(5'000);
        QTRY_VERIFY(client.connection_closed() || !client.read_until([](const QByteArray&) { return false; }, 100));
    }
};

QTEST_GUILESS_MAIN(TstHttpServer)
#include "tst_http_server.moc"
