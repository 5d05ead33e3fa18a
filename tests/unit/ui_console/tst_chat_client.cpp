// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/chat_client.h"
#include "scripted_server.h"

#include <QSignalSpy>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::ScriptedServer;

namespace {

const QByteArray path = "/v1/chat/completions";
const QByteArray word = "data: {\"model\":\"tiny\",\"choices\":[{\"delta\":{\"content\":\"caf\xC3\xA9 \"}}]}\n\n";
const QByteArray usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":6}}\n\n";
const QByteArray done = "data: [DONE]\n\n";

ChatRequest hello()
{
    return {.model = QStringLiteral("tiny"), .messages = {{QStringLiteral("user"), QStringLiteral("hello")}}};
}

/// A client with everything it said.
struct Talk {
    explicit Talk(const QString& url) : client(url)
    {
        QObject::connect(&client, &ChatClient::contentReceived, &client,
                         [this](const QString& delta) { content += delta; });
        QObject::connect(&client, &ChatClient::finished, &client, [this](const ChatStats& s) {
            stats = s;
            ++finished;
        });
        QObject::connect(&client, &ChatClient::failed, &client, [this](const QString& m, const QString& d) {
            message = m;
            detail = d;
            ++failed;
        });
    }
    bool over() const { return finished + failed > 0; }

    ChatClient client;
    QString content, message, detail;
    ChatStats stats;
    int finished = 0, failed = 0;
};

} // namespace

class TestChatClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAReplySentByteByByte()
    {
        ScriptedServer server;
        QList<QByteArray> pieces{ScriptedServer::streamHead()};
        for (const char byte : QByteArray(word + word + usage + done))
            pieces << QByteArray(1, byte);
        server.script(path, pieces);
        Talk talk(server.apiUrl());
        talk.client.send(hello());
        QVERIFY(talk.client.busy());
        QTRY_VERIFY(talk.over());
        QCOMPARE(talk.message, QString());
        QCOMPARE(talk.content, QString::fromUtf8("caf\xC3\xA9 caf\xC3\xA9 "));
        QCOMPARE(talk.stats.completionTokens, std::optional<std::uint64_t>(6));
        QCOMPARE(talk.stats.model, QStringLiteral("tiny"));
        QVERIFY(talk.stats.ttft.value() > 0);
        QVERIFY(talk.stats.tokensPerSecond.value() > 0);
        QVERIFY(talk.stats.total >= *talk.stats.ttft);
        QVERIFY(!talk.client.busy());
        QVERIFY(server.bodies().value(0).contains("\"stream\":true"));
    }

    void endsAtTheEndMarkerThoughTheConnectionStays()
    {
        ScriptedServer server;
        server.script(path, {ScriptedServer::streamHead(), word + done}, true);
        Talk talk(server.apiUrl());
        talk.client.send(hello());
        QTRY_COMPARE(talk.finished, 1);
        QTRY_COMPARE(server.disconnects(), 1);
    }

    void failures_data()
    {
        using List = QList<QByteArray>;
        QTest::addColumn<List>("pieces");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("detail");
        QTest::addColumn<QString>("content");
        const auto row = [](const char* name, const List& pieces, const char* message, const char* detail,
                            const char* content) {
            QTest::newRow(name) << pieces << QString::fromUtf8(message) << QString::fromUtf8(detail)
                                << QString::fromUtf8(content);
        };
        const auto head = ScriptedServer::streamHead();
        row("cut off in the middle", {head, word + word.left(30)}, "lost before the reply was complete", "",
            "caf\xC3\xA9 ");
        row("cut off before a word", {head}, "before the model said anything", "", "");
        row("no end marker", {head, word + usage}, "lost before the reply was complete", "end marker", "caf\xC3\xA9 ");
        row("chunked, cut off",
            {"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
             QByteArray::number(word.size(), 16) + "\r\n" + word + "\r\nffff\r\nda"},
            "lost before the reply was complete", "", "caf\xC3\xA9 ");
        row("error event", {head, word, "data: {\"error\":{\"message\":\"out of memory\"}}\n\n"},
            "broke off with an error", "out of memory", "caf\xC3\xA9 ");
        row("not JSON in an event", {head, "data: <html>\n\n"}, "broke off with an error", "<html>", "");
        row("error with words",
            {ScriptedServer::reply("429 Too Many Requests", "application/json",
                                   R"({"error":{"message":"The queue is full.","type":"x"}})")},
            "The queue is full.", "HTTP 429", "");
        row("error without words", {ScriptedServer::reply("503 Service Unavailable", "text/html", "<h1>no</h1>")},
            "busy", "<h1>no</h1>", "");
        row("server error", {ScriptedServer::reply("500 Internal Server Error", "text/plain", "")}, "HTTP 500",
            "HTTP 500", "");
        row("no stream", {ScriptedServer::reply("200 OK", "application/json", R"({"choices":[]})")}, "without a stream",
            "application/json", "");
        row("empty 204", {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"}, "HTTP 204", "", "");
        row("no HTTP at all", {"hello there\r\n"}, "does not answer", "", "");
        row("hangs up", {}, "does not answer", "", "");
    }
    void failures()
    {
        QFETCH(QList<QByteArray>, pieces);
        QFETCH(QString, message);
        QFETCH(QString, detail);
        QFETCH(QString, content);
        ScriptedServer server;
        server.script(path, pieces);
        Talk talk(server.apiUrl());
        talk.client.send(hello());
        QTRY_VERIFY(talk.over());
        QCOMPARE(talk.finished, 0);
        QCOMPARE(talk.failed, 1);
        QVERIFY2(talk.message.contains(message), qPrintable(talk.message));
        QVERIFY2(talk.detail.contains(detail), qPrintable(talk.detail));
        QCOMPARE(talk.content, content);
        QVERIFY(!talk.client.busy());
    }

    void nobodyListens()
    {
        Talk talk(QStringLiteral("http://127.0.0.1:1/v1"));
        talk.client.send(hello());
        QTRY_COMPARE(talk.failed, 1);
        QVERIFY(talk.message.contains(QStringLiteral("http://127.0.0.1:1/v1")));
        QVERIFY(!talk.detail.isEmpty());
    }

    void stopEndsASlowReplyAndTheServerNotices()
    {
        ScriptedServer server;
        server.script(path, {ScriptedServer::streamHead(), word}, true);
        Talk talk(server.apiUrl());
        talk.client.send(hello());
        QTRY_VERIFY(!talk.content.isEmpty());
        talk.client.stop();
        QCOMPARE(talk.finished, 1);
        QCOMPARE(talk.stats.finishReason, QStringLiteral("stopped"));
        QVERIFY(!talk.stats.completionTokens);
        QVERIFY(!talk.client.busy());
        QTRY_COMPARE(server.disconnects(), 1);
        talk.client.stop();
        QCOMPARE(talk.finished, 1);
    }

    void stoppingInsideASignalIsSafe()
    {
        ScriptedServer server;
        server.script(path, {ScriptedServer::streamHead(), word + word + done});
        Talk talk(server.apiUrl());
        connect(&talk.client, &ChatClient::contentReceived, &talk.client, &ChatClient::stop);
        talk.client.send(hello());
        QTRY_VERIFY(talk.over());
        QCOMPARE(talk.finished, 1);
        QCOMPARE(talk.failed, 0);
    }

    void oneAtATimeAndThenAgain()
    {
        ScriptedServer server;
        server.script(path, {ScriptedServer::streamHead(), word + done});
        Talk talk(server.apiUrl());
        talk.client.send(hello());
        talk.client.send(hello());
        QTRY_COMPARE(talk.finished, 1);
        talk.client.send(hello());
        QTRY_COMPARE(talk.finished, 2);
        QCOMPARE(server.bodies().size(), 2);
    }

    void mayBeDestroyedInTheMiddle()
    {
        ScriptedServer server;
        server.script(path, {ScriptedServer::streamHead(), word}, true);
        {
            Talk talk(server.apiUrl());
            talk.client.send(hello());
            QTRY_VERIFY(!talk.content.isEmpty());
        }
        QTRY_COMPARE(server.disconnects(), 1);
    }
};

QTEST_GUILESS_MAIN(TestChatClient)
#include "tst_chat_client.moc"
