// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/net/loop_server.h"
#include "unit/net/test_client.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>

using namespace tokenscope;
using namespace tokenscope::test;
using Script = FakeUpstream::Script;

class TstHttpClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_every_framing_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        QTest::newRow("chunked") << QByteArray(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n4;a=b\r\nello\r\n0\r\nX: y\r\n\r\n");
        QTest::newRow("until close") << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello");
        QTest::newRow("interim first") << QByteArray(
            "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    }

    void reads_every_framing()
    {
        QFETCH(QByteArray, reply);
        const auto whole = always({FakeUpstream::Send{reply}, FakeUpstream::Close{}});
        QCOMPARE(Client().ask(whole).value_or("failed"), std::string("hello"));
        Script pieces;
        for (const char byte : reply)
            pieces << FakeUpstream::Send{QByteArray(1, byte)};
        const auto bytes = always(pieces << FakeUpstream::Close{});
        QCOMPARE(Client().ask(bytes).value_or("failed"), std::string("hello"));
    }

    void reuses_a_connection_read_to_its_end()
    {
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        Client client;
        for (int i = 0; i < 5; ++i)
            QVERIFY(client.ask(upstream).has_value());
        QCOMPARE(upstream.connections(), 1);
        QCOMPARE(client.http.idle_connections(), std::size_t(1));
        client.http.close_idle();
        QTRY_COMPARE(upstream.disconnects(), 1);
    }

    void does_not_reuse_after_connection_close()
    {
        const auto upstream =
            always({FakeUpstream::Send{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"}});
        Client client;
        QVERIFY(client.ask(upstream).has_value());
        QVERIFY(client.ask(upstream).has_value());
        QCOMPARE(upstream.connections(), 2);
        QCOMPARE(client.http.idle_connections(), std::size_t(0));
    }

    void a_half_answered_request_is_not_sent_again()
    {
        const auto upstream = always({FakeUpstream::Send{"HTTP/1.1 2"}, FakeUpstream::Close{}});
        Client client;
        const auto answer = client.ask(upstream);
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().code), int(ErrorCode::upstream_reset));
        QCOMPARE(upstream.requests().size(), qsizetype(1));
    }

    void errors_have_their_kind_data()
    {
        QTest::addColumn<FakeUpstream::Script>("script");
        QTest::addColumn<int>("code");
        using F = FakeUpstream;
        QTest::newRow("close") << Script{F::Close{}} << int(ErrorCode::upstream_reset);
        QTest::newRow("reset") << Script{F::Reset{}} << int(ErrorCode::upstream_reset);
        QTest::newRow("silence") << Script{F::Hold{}} << int(ErrorCode::upstream_timeout);
        QTest::newRow("stall in body") << Script{F::Send{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"}, F::Hold{}}
                                       << int(ErrorCode::upstream_timeout);
        QTest::newRow("short body") << Script{F::Send{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"}, F::Close{}}
                                    << int(ErrorCode::upstream_reset);
        QTest::newRow("not HTTP") << Script{F::Send{"hello there\r\n\r\n"}, F::Close{}}
                                  << int(ErrorCode::upstream_bad_reply);
        QTest::newRow("bad chunk") << Script{F::Send{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
                                             F::Close{}}
                                   << int(ErrorCode::upstream_bad_reply);
        QTest::newRow("too long") << Script{F::reply(200, "text/plain", QByteArray(2'000, 'x'))}
                                  << int(ErrorCode::upstream_bad_reply);
        QTest::newRow("claims the moon") << Script{
            F::Send{"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nab"},
            F::Close{}} << int(ErrorCode::upstream_reset);
    }

    void errors_have_their_kind()
    {
        QFETCH(FakeUpstream::Script, script);
        QFETCH(int, code);
        const auto upstream = always(script);
        const auto answer = Client().ask(upstream, {}, 150);
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().code), code);
        QVERIFY(!answer.error().message.empty());
    }

    void cancelling_ends_it_at_once()
    {
        const auto upstream = always({FakeUpstream::Hold{}});
        Client client;
        QElapsedTimer took;
        took.start();
        const auto answer = client.ask_and_cancel(upstream.url().toStdString());
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().code), int(ErrorCode::client_gone));
        QVERIFY(took.elapsed() < 2'000);
        QTRY_COMPARE(upstream.disconnects(), 1);
    }

    void an_upstream_that_takes_nothing_times_out()
    {
        // More than the system's buffers hold.
        const DeafServer upstream;
        Client client;
        client.body = std::string(std::size_t{32} << 20, 'x');
        const auto late = client.ask(upstream.url(), {}, 100);
        QVERIFY(!late);
        QCOMPARE(int(late.error().code), int(ErrorCode::upstream_timeout));
        const auto cancelled = client.ask_and_cancel(upstream.url());
        QVERIFY(!cancelled);
        QCOMPARE(int(cancelled.error().code), int(ErrorCode::client_gone));
        QCOMPARE(client.http.stats().open, std::size_t(0));
    }

    void a_reply_without_body_to_head()
    {
        const auto upstream = always({FakeUpstream::Send{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}});
        Client client;
        client.method = "HEAD";
        QCOMPARE(client.ask(upstream).value_or("failed"), std::string());
        QCOMPARE(client.ask(upstream).value_or("failed"), std::string());
        QCOMPARE(upstream.connections(), 1);
    }

    void a_dead_idle_connection_is_not_used()
    {
        // The upstream closes after each reply without having said so.
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello"), FakeUpstream::Close{}});
        Client client;
        for (int i = 0; i < 5; ++i)
            QCOMPARE(client.ask(upstream).value_or("failed"), std::string("hello"));
        QCOMPARE(upstream.requests().size(), qsizetype(5));
        QCOMPARE(upstream.connections(), 5);
    }

    void a_connection_that_dies_when_reused_is_replaced_once()
    {
        std::atomic<int> asked = 0;
        const FakeUpstream upstream([&](const FakeUpstream::Request&) {
            return ++asked == 2 ? Script{FakeUpstream::Close{}}
                                : Script{FakeUpstream::reply(200, "text/plain", "hello")};
        });
        Client client;
        QVERIFY(client.ask(upstream).has_value());
        QCOMPARE(client.ask(upstream).value_or("failed"), std::string("hello"));
        QCOMPARE(asked.load(), 3);
        QCOMPARE(client.connected, 3);
        const auto stats = client.http.stats();
        QCOMPARE(stats.created, std::uint64_t(2));
        QCOMPARE(stats.reused, std::uint64_t(1));
        QCOMPARE(stats.idle, std::size_t(1));
        QCOMPARE(stats.open, std::size_t(1));
    }

    void old_idle_connections_are_dropped()
    {
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        net::HttpClientOptions options;
        options.pool.idle_lifetime = std::chrono::milliseconds(0);
        Client client(std::move(options));
        QVERIFY(client.ask(upstream).has_value());
        QVERIFY(client.ask(upstream).has_value());
        QCOMPARE(upstream.connections(), 2);
        QTRY_COMPARE(upstream.disconnects(), 1);
    }

    void idle_connections_are_bounded()
    {
        net::HttpClientOptions options;
        options.pool.idle_per_origin = 0;
        Client client(std::move(options));
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        QVERIFY(client.ask(upstream).has_value());
        QCOMPARE(client.http.stats().idle, std::size_t(0));
        QCOMPARE(client.http.stats().open, std::size_t(0));
    }

    void unsafe_requests_are_not_written_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* title, QByteArray method, QByteArray target, QByteArray name,
                            QByteArray value) { QTest::newRow(title) << method << target << name << value; };
        row("key from a file with its line end", "POST", "/", "Authorization", "Bearer secret\n");
        row("CRLF in a value", "POST", "/", "X", "a\r\nX-Evil: b");
        row("NUL in a value", "POST", "/", "X", QByteArray("a\0b", 3));
        row("CRLF in a name", "POST", "/", "X: a\r\nY", "b");
        row("empty name", "POST", "/", "", "b");
        row("space in a name", "POST", "/", "X Y", "b");
        row("CRLF in the target", "POST", "/ HTTP/1.1\r\nX: y\r\n\r\n", "X", "b");
        row("space in the target", "POST", "/a b", "X", "b");
        row("no path", "POST", "x", "X", "b");
        row("space in the method", "PO ST", "/", "X", "b");
    }

    void unsafe_requests_are_not_written()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        Client client;
        client.method = method.toStdString();
        client.target = target.toStdString();
        client.headers = {{name.toStdString(), value.toStdString()}};
        const auto answer = client.ask(upstream);
        QVERIFY(!answer);
        const auto& error = answer.error();
        QVERIFY(error.code == ErrorCode::config || error.code == ErrorCode::invalid_request);
        QVERIFY(error.message.find("secret") == std::string::npos && error.detail.find("secret") == std::string::npos);
        QCOMPARE(upstream.connections(), 0);
    }

    void framing_fields_are_the_clients_own()
    {
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        Client client;
        client.headers = {{"content-length", "1"}, {"Transfer-Encoding", "chunked"}, {"HOST", "evil"}, {"X", "y"}};
        QVERIFY(client.ask(upstream).has_value());
        const auto head = upstream.requests().front().head.toLower();
        QCOMPARE(head.count("content-length"), qsizetype(1));
        QCOMPARE(head.count("host:"), qsizetype(1));
        QVERIFY(!head.contains("chunked") && !head.contains("evil") && head.contains("x: y"));
    }
};

QTEST_GUILESS_MAIN(TstHttpClient)
#include "tst_http_client.moc"
