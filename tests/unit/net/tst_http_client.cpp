// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_client.h"
#include "support/fake_upstream.h"

#include <QElapsedTimer>
#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::test;
namespace asio = boost::asio;
using Script = FakeUpstream::Script;

namespace {

/// The client on the test's own thread: each ask() runs the loop until its answer is there.
struct Client {
    asio::io_context io{1};
    net::Watchdog watchdog{io.get_executor(), std::chrono::milliseconds(10)};
    asio::ssl::context tls = net::make_client_tls();
    net::HttpClient http{io.get_executor(), tls, watchdog};
    int connected = 0;

    Result<std::string> ask(const FakeUpstream& upstream, CancelToken cancel = {}, int idle_ms = 5'000)
    {
        std::optional<Result<std::string>> answer;
        asio::co_spawn(io, fetch(upstream.url().toStdString(), std::move(cancel), idle_ms, answer), asio::detached);
        while (!answer)
            io.run_one();
        return *answer;
    }

    net::Task<void> fetch(std::string url, CancelToken cancel, int idle_ms, std::optional<Result<std::string>>& answer)
    {
        net::UpstreamRequest request;
        request.method = "POST";
        request.origin = *parse_url(url);
        request.target = "/x";
        request.body = "hello";
        request.idle_timeout = std::chrono::milliseconds(idle_ms);
        request.on_connected = [this] { ++connected; };
        auto reply = co_await http.send(std::move(request), std::move(cancel));
        if (reply)
            answer = co_await reply->read_all(1'000);
        else
            answer = failure(reply.error());
    }
};

FakeUpstream always(Script script)
{
    return FakeUpstream([script](const FakeUpstream::Request&) { return script; });
}

} // namespace

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
        CancelSource source;
        asio::steady_timer timer(client.io, std::chrono::milliseconds(30));
        timer.async_wait([&](const boost::system::error_code&) { source.cancel(); });
        QElapsedTimer took;
        took.start();
        const auto answer = client.ask(upstream, source.token());
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().code), int(ErrorCode::client_gone));
        QVERIFY(took.elapsed() < 2'000);
        QTRY_COMPARE(upstream.disconnects(), 1);
    }

    void untrusted_certificates_are_refused()
    {
        // A plain server behind an https address: whatever it answers, it is no trusted TLS.
        const auto upstream = always({FakeUpstream::Close{}});
        Client client;
        std::optional<Result<std::string>> answer;
        auto url = upstream.url().toStdString();
        url.replace(0, 4, "https");
        asio::co_spawn(client.io, client.fetch(url, {}, 300, answer), asio::detached);
        QElapsedTimer limit;
        limit.start();
        while (!answer && limit.elapsed() < 10'000)
            client.io.run_one_for(std::chrono::milliseconds(100));
        QVERIFY(answer && !*answer);
        QVERIFY(answer->error().code == ErrorCode::upstream_tls || answer->error().code == ErrorCode::upstream_timeout);
    }
};

QTEST_GUILESS_MAIN(TstHttpClient)
#include "tst_http_client.moc"
