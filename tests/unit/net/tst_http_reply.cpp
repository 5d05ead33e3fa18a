// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/net/mutate.h"
#include "unit/net/test_client.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;
using F = FakeUpstream;

namespace {

constexpr int reset = int(ErrorCode::upstream_reset);
constexpr int bad = int(ErrorCode::upstream_bad_reply);

/// The same bytes many times, in packets of a size that a network would make.
F::Script flood(QByteArray first, const QByteArray& bytes, int count)
{
    F::Script script{F::Send{std::move(first)}};
    for (int i = 0; i < count; ++i)
        script << F::Send{bytes};
    return script << F::Hold{};
}

} // namespace

/// What an upstream may send instead of a reply.
class TstHttpReply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bad_replies_data()
    {
        QTest::addColumn<FakeUpstream::Script>("script");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, QByteArray bytes, int code) {
            QTest::newRow(name) << F::Script{F::Send{std::move(bytes)}, F::Close{}} << code;
        };
        const QByteArray chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        row("only a line end", "\r\n", bad);
        row("HTTP/0.9", "hello", bad);
        row("HTTP/2", "HTTP/2 200\r\n\r\n", bad);
        row("another protocol", "ICY 200 OK\r\n\r\n", bad);
        row("status of two digits", "HTTP/1.1 20 OK\r\n\r\n", bad);
        row("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", bad);
        row("status in words", "HTTP/1.1 two OK\r\n\r\n", bad);
        row("negative status", "HTTP/1.1 -20 OK\r\n\r\n", bad);
        row("control character in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n", bad);
        row("binary", QByteArray("\0\1\2\3\xFF\xFE", 6), bad);
        row("TLS alert", "\x15\x03\x01\x02\x02\x28", bad);
        row("field without a colon", "HTTP/1.1 200 OK\r\nhello\r\n\r\n", bad);
        row("NUL in a field", QByteArray("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 27), bad);
        row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc", bad);
        row("length and chunked", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            bad);
        row("unknown coding and length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: cow\r\nContent-Length: 2\r\n\r\nab",
            bad);
        row("gzip, chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", bad);
        row("chunked, identity", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", bad);
        row("length in words", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello", bad);
        row("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", bad);
        row("chunk size in words", chunked + "xyz\r\n", bad);
        row("chunk size overflows", chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n", bad);
        row("chunk without its end", chunked + "5\r\nhello0\r\n\r\n", bad);
        row("chunk size ended by LF", chunked + "5\nhello\r\n0\r\n\r\n", bad);
        row("chunk extension with LF", chunked + "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", bad);
        row("length in the trailer", chunked + "0\r\nContent-Length: 5\r\n\r\n", bad);
        row("chunk cut", chunked + "5\r\nhel", reset);
        row("last chunk missing", chunked + "5\r\nhello\r\n", reset);
        row("body cut", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", reset);
        row("head cut", "HTTP/1.1 200 OK\r\nContent-Le", reset);
        row("only interim", "HTTP/1.1 100 Continue\r\n\r\n", reset);
        row("protocol changed", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", bad);
        row("too many interim answers",
            QByteArray("HTTP/1.1 103 Early Hints\r\n\r\n").repeated(17) + chunked + "0\r\n\r\n", bad);
        QTest::newRow("interim flood") << flood("", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(500), 50)
                                       << bad;
        QTest::newRow("endless headers") << flood("HTTP/1.1 200 OK\r\n", QByteArray("X: y\r\n").repeated(1'000), 500)
                                         << bad;
        QTest::newRow("endless header") << flood("HTTP/1.1 200 OK\r\nX: ", QByteArray(10'000, 'y'), 500) << bad;
        QTest::newRow("endless status line") << flood("HTTP/1.1 200 ", QByteArray(10'000, 'y'), 500) << bad;
        QTest::newRow("endless chunk size") << flood(chunked, QByteArray(10'000, '0'), 500) << bad;
        QTest::newRow("endless extension") << flood(chunked + "5;a=", QByteArray(10'000, 'b'), 500) << bad;
        QTest::newRow("endless trailers")
            << flood(chunked + "0\r\n", QByteArray("X: y\r\n").repeated(1'000), 500) << bad;
        QTest::newRow("endless body") << flood("HTTP/1.1 200 OK\r\n\r\n", QByteArray(10'000, 'b'), 500) << bad;
    }

    void bad_replies()
    {
        QFETCH(FakeUpstream::Script, script);
        QFETCH(int, code);
        const auto upstream = always(script);
        Client client;
        const auto answer = client.ask(upstream);
        QVERIFY2(!answer, answer.value_or("").c_str());
        QVERIFY2(int(answer.error().code) == code, answer.error().message.c_str());
        QVERIFY(!answer.error().message.empty());
        QCOMPARE(client.http.stats().open, std::size_t(0));
        QCOMPARE(upstream.requests().size(), qsizetype(1));
    }

    void bytes_behind_the_reply_end_the_connection_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("too much for the length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello!");
        QTest::newRow("another reply") << QByteArray(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        QTest::newRow("behind the last chunk") << QByteArray(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n");
    }

    void bytes_behind_the_reply_end_the_connection()
    {
        QFETCH(QByteArray, reply);
        const auto upstream = always({F::Send{reply}});
        Client client;
        QCOMPARE(client.ask(upstream).value_or("failed"), std::string("hello"));
        QCOMPARE(client.http.stats().idle, std::size_t(0));
        QCOMPARE(client.ask(upstream).value_or("failed"), std::string("hello"));
        QCOMPARE(upstream.connections(), 2);
    }

    void random_mutations_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                              "5\r\nConnection: keep-alive\r\n\r\nhello");
        QTest::newRow("chunked") << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                               "chunked\r\n\r\n2;a=\"b\"\r\nhe\r\n3\r\nllo\r\n0\r\nT: t\r\n\r\n");
        QTest::newRow("until close") << QByteArray("HTTP/1.0 404 Not Found\r\nX: y\r\n\r\nhello");
    }

    void random_mutations()
    {
        QFETCH(QByteArray, reply);
        std::mt19937 random(20'260'102);
        for (int round = 0; round < 10; ++round) {
            QByteArray bytes;
            const FakeUpstream upstream([&](const F::Request&) { return F::Script{F::Send{bytes}, F::Close{}}; });
            Client client;
            for (int i = 0; i < 60; ++i) {
                bytes = mutate(reply, random);
                const auto answer = client.ask(upstream);
                const int code = answer ? 0 : int(answer.error().code);
                QVERIFY2(answer || code == reset || code == bad, bytes.toPercentEncoding().constData());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TstHttpReply)
#include "tst_http_reply.moc"
