// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/net/echo_server.h"
#include "unit/net/mutate.h"
#include "unit/net/raw_socket.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <random>

using namespace tokenscope;
using namespace tokenscope::test;

namespace {

struct Case {
    QByteArray name, request, body;
    int status = 0;
    bool closes = false;
};

/// Undoes the escapes of the corpus; see its README.
QByteArray unescape(QByteArrayView text)
{
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == '{') {
            const auto close = text.indexOf('}', i);
            const auto star = text.indexOf('*', i);
            out += unescape(text.sliced(star + 1, close - star - 1)).repeated(text.sliced(i + 1, star - i - 1).toInt());
            i = close;
        } else if (text[i] != '\\') {
            out += text[i];
        } else if (const char kind = text[++i]; kind == 'x') {
            out += QByteArray::fromHex(text.sliced(i + 1, 2).toByteArray());
            i += 2;
        } else {
            out += kind == 'r' ? '\r' : kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == '0' ? '\0' : kind;
        }
    }
    return out;
}

QList<Case> read_cases(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("Cannot read %s.", qPrintable(path));
    QList<Case> out;
    for (auto line : file.readAll().split('\n')) {
        if (line.startsWith("== ")) {
            const auto bar = line.lastIndexOf(" | ");
            const auto expected = line.mid(bar + 3);
            out += Case{
                .name = QFileInfo(path).baseName().toUtf8() + ": " + line.mid(3, bar - 3),
                .request = {},
                .body = unescape(expected.mid(expected.contains(' ') ? expected.indexOf(' ') + 1 : expected.size())),
                .status = expected.left(3).toInt(),
                .closes = !expected.startsWith("200") || expected.startsWith("200close")};
        } else if (!line.startsWith('#') && !out.isEmpty()) {
            out.last().request += unescape(line);
        }
    }
    return out;
}

QList<Case> all_cases()
{
    QList<Case> out;
    const QDir folder(QStringLiteral(TOKENSCOPE_HTTP_CORPUS));
    for (const auto& name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name))
        out += read_cases(folder.filePath(name));
    return out;
}

const QByteArray second = "GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

} // namespace

class TstHttpCorpus : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void corpus_data()
    {
        QTest::addColumn<int>("index");
        const auto cases = all_cases();
        QVERIFY(cases.size() > 150);
        for (qsizetype i = 0; i < cases.size(); ++i)
            QTest::newRow(cases[i].name.constData()) << int(i);
    }

    void corpus()
    {
        QFETCH(int, index);
        const auto wanted = m_cases[index];
        check(wanted, {wanted.request + second});
        if (wanted.request.size() < 300) {
            QList<QByteArray> bytes;
            for (const char byte : QByteArray(wanted.request + second))
                bytes += QByteArray(1, byte);
            check(wanted, bytes);
        }
        // A head and what follows it in two packets.
        const auto end = wanted.request.indexOf("\r\n\r\n") + 4;
        check(wanted, {wanted.request.left(end), wanted.request.mid(end), second});
    }

    void cut_short_anywhere()
    {
        EchoServer server;
        int requests = 0;
        for (const auto& wanted : m_cases) {
            if (wanted.request.size() > 200 || (wanted.status != 200 && requests % 7 != 0))
                continue;
            ++requests;
            for (qsizetype size = 0; size < wanted.request.size(); ++size) {
                bool closed = false;
                const auto reply = ask(server, wanted.request.left(size), &closed);
                QVERIFY2(closed, wanted.request.left(size).constData());
                QVERIFY2(is_reply(reply), reply.constData());
            }
        }
        QVERIFY(requests > 20);
        QVERIFY(still_serves(server));
    }

    void random_mutations_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("length") << QByteArray(
            "POST /a?b=c HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
            "Connection: keep-alive\r\n\r\nhello");
        QTest::newRow("chunked") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: "
                                               "100-continue\r\n\r\n2;a=\"b\"\r\nhe\r\n3\r\nllo\r\n0\r\nT: t\r\n\r\n");
        QTest::newRow("two") << QByteArray(
            "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\nHost: x\r\n\r\n");
    }

    void random_mutations()
    {
        QFETCH(QByteArray, request);
        EchoServer server;
        std::mt19937 random(20'260'101);
        for (int i = 0; i < 1'500; ++i) {
            const auto bytes = mutate(request, random);
            bool closed = false;
            const auto reply = ask(server, bytes, &closed);
            QVERIFY2(closed, bytes.toPercentEncoding().constData());
            QVERIFY2(is_reply(reply), bytes.toPercentEncoding().constData());
        }
        QVERIFY(still_serves(server));
    }

private:
    static void check(const Case& wanted, const QList<QByteArray>& pieces)
    {
        EchoServer server;
        RawSocket socket(server.port());
        for (const auto& piece : pieces)
            socket.send(piece);
        bool closed = false;
        const auto bytes = socket.read_to_end(&closed);
        QVERIFY2(closed, bytes.left(200).constData());
        const auto replies = split_replies(bytes);
        QVERIFY(!replies.isEmpty());
        QVERIFY2(replies.front().status == wanted.status, bytes.left(300).constData());
        QCOMPARE(replies.size(), qsizetype(wanted.closes ? 1 : 2));
        QCOMPARE(server.served().contains(QStringLiteral("/second")), !wanted.closes);
        if (wanted.status == 200) {
            QCOMPARE(replies.front().body, wanted.body);
            QCOMPARE(replies.front().head.contains("Connection: close"), wanted.closes);
            const auto target = server.served().constFirst();
            QVERIFY(target.startsWith(QStringLiteral("/")) || target == QStringLiteral("*"));
        } else {
            QVERIFY(replies.front().head.contains("Connection: close"));
            QVERIFY(server.served().isEmpty());
        }
    }

    static QByteArray ask(EchoServer& server, const QByteArray& request, bool* closed)
    {
        RawSocket socket(server.port());
        socket.send(request);
        socket.end();
        return socket.read_to_end(closed);
    }

    static bool is_reply(const QByteArray& bytes)
    {
        return bytes.isEmpty()
               || (bytes.startsWith("HTTP/1.1 ") && bytes.mid(9, 3).toInt() >= 100 && bytes.size() > 12);
    }

    static bool still_serves(EchoServer& server)
    {
        bool closed = false;
        return split_replies(ask(server, second, &closed)).value(0).status == 200;
    }

    const QList<Case> m_cases = all_cases();
};

QTEST_GUILESS_MAIN(TstHttpCorpus)
#include "tst_http_corpus.moc"
