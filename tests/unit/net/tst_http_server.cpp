// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_http.h"
#include "unit/net/echo_server.h"
#include "unit/net/raw_socket.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;

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
        QCOMPARE(head.status(), 408);
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

    void reply_headers_cannot_break_out_of_their_line()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.get("/evil");
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), QByteArray("hello"));
        QCOMPARE(client.header("x-good"), QByteArray("w\xC3\xB6rld"));
        for (const char* name : {"x-a", "x-b", "x-c", "x-evil", "set-cookie", "x-request-id", "transfer-encoding"})
            QVERIFY2(client.header(name).isEmpty(), name);
        client.get("/");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
    }

    void no_content_has_no_length_and_no_body()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.send("GET /204 HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        QVERIFY(client.read_until([](const QByteArray&) { return false; }));
        QCOMPARE(client.status(), 204);
        QVERIFY(client.header("content-length").isEmpty());
        QVERIFY(client.body().startsWith("HTTP/1.1 200 "));
    }

    void the_head_of_a_stream_has_no_body()
    {
        EchoServer server;
        RawHttp client(server.port());
        client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n"
                    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        QVERIFY(client.read_until([](const QByteArray&) { return false; }));
        QVERIFY(client.raw().contains("Transfer-Encoding: chunked\r\n"));
        QVERIFY(client.raw().endsWith("hi"));
        QCOMPARE(client.raw().count("HTTP/1.1 200 "), qsizetype(2));
        QVERIFY(!client.raw().contains("one"));
    }

    void a_client_that_takes_nothing_is_left()
    {
        net::ServerLimits limits;
        limits.write_timeout = std::chrono::milliseconds(100);
        EchoServer server(limits);
        RawSocket client(server.port());
        client.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n");
        // Nothing is read: what has been sent fits the system's buffers, and then the server gives up.
        QTRY_COMPARE(server.left.load(), 1);
        QVERIFY(server.flooded.load() < (std::size_t{64} << 20));
    }
};

QTEST_GUILESS_MAIN(TstHttpServer)
#include "tst_http_server.moc"
