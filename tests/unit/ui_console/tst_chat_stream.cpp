// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/chat_stream.h"

#include <QProcess>
#include <QtTest>

using namespace tokenscope::ui;

namespace {

const QByteArray wholeReply =
    "\xEF\xBB\xBF: hello\r\n\r\n"
    "data: {\"model\":\"tiny\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\n\r\n"
    "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm \xF0\x9F\xA4\x94\"}}]}\n\n"
    "event: message\ndata: {\"choices\":[{\"delta\":{\"content\":\"na\xC3\xAFve \xF0\x9F\x98\x80\"}}]}\n\n"
    "data: {\"choices\":[{\"delta\":{\"content\":\" \\ud83d\\ude00\\u0000end\"},\"finish_reason\":\"length\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":20,\"total_tokens\":27}}\n\n"
    "data: [DONE]\n\n";

QString expectedContent()
{
    return QString::fromUtf8("na\xC3\xAFve \xF0\x9F\x98\x80 \xF0\x9F\x98\x80") + QChar(0) + QStringLiteral("end");
}

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace

class TestChatStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splitAnywhere()
    {
        for (qsizetype cut = 0; cut <= wholeReply.size(); ++cut) {
            ChatStream stream;
            stream.append(view(wholeReply.left(cut)), 1);
            auto content = stream.takeContent();
            auto reasoning = stream.takeReasoning();
            stream.append(view(wholeReply.mid(cut)), 2);
            content += stream.takeContent();
            reasoning += stream.takeReasoning();
            QCOMPARE(content, expectedContent());
            QCOMPARE(reasoning, QString::fromUtf8("hm \xF0\x9F\xA4\x94"));
            QVERIFY(stream.done());
            QVERIFY(!stream.error());
        }
    }

    void measures()
    {
        ChatStream stream;
        stream.append(R"(data: {"choices":[{"delta":{"role":"assistant","content":""}}]})"
                      "\n\n",
                      0.1);
        QVERIFY(!stream.anyText());
        stream.append(R"(data: {"choices":[{"delta":{"content":"a"}}]})"
                      "\n\n",
                      0.5);
        stream.append(R"(data: {"choices":[{"delta":{"content":"b"}}]})"
                      "\n\n",
                      0.75);
        stream.append(R"(data: {"choices":[{"delta":{"content":"c"},"finish_reason":"stop"}]})"
                      "\n\n",
                      1.5);
        stream.append(R"(data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":20}})"
                      "\n\ndata: [DONE]\n\n",
                      1.9);
        const auto stats = stream.stats(2);
        QCOMPARE(stats.ttft, std::optional(0.5));
        QCOMPARE(stats.total, 2.0);
        QCOMPARE(stats.tokensPerSecond, std::optional(20.0));
        QCOMPARE(stats.gaps, (std::vector<double>{0.25, 0.75}));
        QCOMPARE(stats.finishReason, QStringLiteral("stop"));
    }

    void whatNobodyReportedIsAbsent()
    {
        ChatStream stream;
        stream.append("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\ndata: [DONE]\n\n", 0.5);
        const auto stats = stream.stats(1);
        QVERIFY(!stats.completionTokens);
        QVERIFY(!stats.promptTokens);
        QVERIFY(!stats.tokensPerSecond);
        QVERIFY(ChatStream().stats(1).ttft == std::nullopt);
    }

    void oneChunkHasNoSpeed()
    {
        ChatStream stream;
        stream.append("data: {\"choices\":[{\"delta\":{\"content\":\"all\"}}],\"usage\":{\"completion_tokens\":9}}\n\n",
                      0.5);
        QVERIFY(!stream.stats(1).tokensPerSecond);
    }

    void oddEventsAreNoCrash_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<bool>("error");
        QTest::newRow("not JSON") << QByteArray("{oops") << true;
        QTest::newRow("array") << QByteArray("[]") << true;
        QTest::newRow("invalid UTF-8") << QByteArray("{\"a\":\"\xFF\"}") << true;
        QTest::newRow("error object") << QByteArray(R"({"error":{"message":"overloaded"}})") << true;
        QTest::newRow("error string") << QByteArray(R"({"error":"overloaded"})") << true;
        QTest::newRow("error of numbers") << QByteArray(R"({"error":{"code":5}})") << true;
        QTest::newRow("error null") << QByteArray(R"({"error":null})") << false;
        QTest::newRow("empty object") << QByteArray("{}") << false;
        QTest::newRow("choices null") << QByteArray(R"({"choices":null})") << false;
        QTest::newRow("choice is a number") << QByteArray(R"({"choices":[3]})") << false;
        QTest::newRow("delta null") << QByteArray(R"({"choices":[{"delta":null,"finish_reason":7}]})") << false;
        QTest::newRow("content is a list") << QByteArray(R"({"choices":[{"delta":{"content":["a"]}}]})") << false;
        QTest::newRow("tokens below 0") << QByteArray(R"({"usage":{"completion_tokens":-1}})") << false;
    }
    void oddEventsAreNoCrash()
    {
        QFETCH(QByteArray, event);
        QFETCH(bool, error);
        ChatStream stream;
        stream.append(view("data: " + event + "\n\n"), 1);
        QCOMPARE(stream.error().has_value(), error);
        QVERIFY(stream.takeContent().isEmpty());
        QVERIFY(!stream.stats(1).completionTokens);
    }

    void anEndMarkerWithoutBlankLineCounts()
    {
        ChatStream stream;
        stream.append("data: [DONE]", 1);
        QVERIFY(!stream.done());
        stream.end(1);
        QVERIFY(stream.done());
    }

    void bodySendsOnlyWhatIsSet()
    {
        ChatRequest request{.model = QStringLiteral("tiny"),
                            .messages = {{QStringLiteral("user"), QStringLiteral("hi")}}};
        QCOMPARE(chatBody(request),
                 QByteArray(R"({"model":"tiny","messages":[{"role":"user","content":"hi"}],"stream":true,)"
                            R"("stream_options":{"include_usage":true}})"));
        request.temperature = 0.5;
        request.maxTokens = 10;
        QVERIFY(chatBody(request).contains(R"("temperature":0.5,"max_tokens":10)"));
        request.messages[0].text = QString(QChar(0xD800)); // half of a pair
        QVERIFY(!chatBody(request).isEmpty());
    }

    void curlSurvivesTheShell()
    {
        ChatRequest request{.model = QStringLiteral("tiny"),
                            .messages = {{QStringLiteral("user"), QStringLiteral("it's $HOME `id` \"q\" \\ \n!")}}};
        auto command = curlCommand(QStringLiteral("http://127.0.0.1:8080/v1"), request);
        command.replace(QStringLiteral("curl -N"), QStringLiteral("printf '%s\\n--\\n'"));
        QProcess shell;
        shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), command});
        QVERIFY(shell.waitForFinished());
        const auto arguments = shell.readAllStandardOutput().split('\n');
        QCOMPARE(arguments.value(0), QByteArray("http://127.0.0.1:8080/v1/chat/completions"));
        QVERIFY(arguments.join('\n').contains(R"(it's $HOME `id` \"q\" \\ \n!)"));
    }
};

QTEST_GUILESS_MAIN(TestChatStream)
#include "tst_chat_stream.moc"
