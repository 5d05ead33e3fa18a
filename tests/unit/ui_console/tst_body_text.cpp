// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/body_text.h"
#include "models/exchange_text.h"
#include "recorded_requests.h"

#include <QProcess>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using Kind = BodyText::Kind;

namespace {

using namespace std::string_literals;

constexpr auto shellTraps = "{\"a\":\"it's $HOME `x`\"}";
constexpr auto quotedBraces = "{\"k{\":\"a,b:\\\"]\"}";
constexpr auto prettyBody = "{\n  \"a\": 1e400,\n  \"a\": [\n    true,\n    {}\n  ]\n}";

std::string repeated(const std::string& text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

telemetry::CapturedExchange chat()
{
    test::RequestSamples samples;
    const auto record = samples.run({});
    return *samples.captures.kept.at(record->request_id);
}

} // namespace

class TestBodyText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsKindsApart_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("type");
        QTest::addColumn<int>("kind");
        QTest::newRow("json") << R"({"a":1})"s
                              << "application/json; charset=utf-8"s << static_cast<int>(Kind::json);
        QTest::newRow("json by its look") << " [1]"s
                                          << ""s << static_cast<int>(Kind::json);
        QTest::newRow("a problem document") << R"({"a":1})"s
                                            << "Application/Problem+JSON"s << static_cast<int>(Kind::json);
        QTest::newRow("events") << "data: x\n\n"s
                                << "text/event-stream"s << static_cast<int>(Kind::events);
        QTest::newRow("events by their look") << "data: x\n\n"s
                                              << ""s << static_cast<int>(Kind::events);
        QTest::newRow("lines") << "{\"a\":1}\n{\"a\":2}\n"s
                               << "application/x-ndjson"s << static_cast<int>(Kind::events);
        QTest::newRow("html") << "<html>"s
                              << "text/html"s << static_cast<int>(Kind::text);
        QTest::newRow("not json at all") << "oops"s
                                         << "application/json"s << static_cast<int>(Kind::text);
        QTest::newRow("bytes") << "\x1f\x8b\x08\x00"s
                               << "application/json"s << static_cast<int>(Kind::binary);
        QTest::newRow("NUL") << "a\0b"s
                             << "text/plain"s << static_cast<int>(Kind::binary);
        QTest::newRow("half a character") << "caf\xc3"s
                                          << "text/plain"s << static_cast<int>(Kind::binary);
    }
    void tellsKindsApart()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, type);
        QFETCH(int, kind);
        const auto text = bodyTextOf(test::body_of(bytes), type);
        QCOMPARE(static_cast<int>(text.kind), kind);
        QVERIFY(!text.raw.isEmpty());
    }

    void nothingIsOfTwoKinds()
    {
        QCOMPARE(bodyTextOf({}, {}).kind, Kind::notCaptured);
        QCOMPARE(bodyTextOf({.wanted = true, .bytes = {}, .whole = 0}, {}).kind, Kind::empty);
        QCOMPARE(bodyTextOf({.wanted = true, .bytes = {}, .whole = 10}, {}).kind, Kind::notCaptured);
    }

    void indentsWithoutChangingAnything()
    {
        // Numbers that no double holds, a key that is repeated, an empty object.
        const auto text = bodyTextOf(test::body_of(R"({"a":1e400,"a":[true,{ }]})"), "application/json");
        QCOMPARE(text.pretty, QString::fromLatin1(prettyBody));
        QVERIFY(text.note.isEmpty());
        QCOMPARE(prettyJson(quotedBraces), QStringLiteral("{\n  \"k{\": \"a,b:\\\"]\"\n}"));
    }

    void brokenJsonIsShownWithItsPlace()
    {
        const auto text = bodyTextOf(test::body_of(R"({"a":1,})"), "application/json");
        QCOMPARE(text.kind, Kind::json);
        QVERIFY2(text.note.contains(QStringLiteral("byte 7")), qPrintable(text.note));
        for (const char* broken : {"{", "\"", "{\"a\\", "]]]]", "[[", "{\"a\":\"\\u12"})
            QVERIFY(!prettyJson(broken).isNull());
    }

    void hostileBodiesStaySmall_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::newRow("deep") << repeated("[", 200'000);
        QTest::newRow("deep and wide") << repeated("[0,", 80'000);
        QTest::newRow("closing") << "{" + repeated("}", 200'000);
        QTest::newRow("one long line") << "{\"a\":\"" + repeated("x", 250'000) + "\"}";
        QTest::newRow("too much") << repeated("{\"a\":1} ", 100'000);
    }
    void hostileBodiesStaySmall()
    {
        QFETCH(std::string, bytes);
        const auto text = bodyTextOf(test::body_of(bytes), "application/json");
        QVERIFY(text.pretty.size() < 2 * BodyText::mostPretty);
        QVERIFY(text.raw.size() <= static_cast<qsizetype>(BodyText::most));
    }

    void aCutIsSaidAndNoReasonForHex()
    {
        auto body = test::body_of("{\"a\":\"caf\xc3");
        body.whole = 1'258'291;
        const auto text = bodyTextOf(body, "application/json");
        QCOMPARE(text.kind, Kind::json);
        QVERIFY2(text.note.contains(QStringLiteral("10 B of 1.20 MiB")), qPrintable(text.note));
        QVERIFY(!text.note.contains(QStringLiteral("valid")));
    }

    void listsEventsWithTheirWords()
    {
        const auto stream = "event: ping\ndata: {}\n\n"s + ": comment\n\n"s
                            + R"(data: {"choices":[{"delta":{"content":"Hi\n"}}]})"s + "\n\n"
                            + R"(data: {"choices":[{"delta":{"reasoning_content":"hm"}}]})"s + "\n\n"
                            + R"(data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"yo"}})"s
                            + "\n\n" + R"(data: {"type":"response.output_text.delta","delta":"so"})"s + "\n\n"
                            + "data: [DONE]"s; // without its blank line
        const auto text = bodyTextOf(test::body_of(stream), "text/event-stream");
        QStringList said;
        for (const auto& event : text.events)
            said << event.says;
        QCOMPARE(
            said,
            QStringList(
                {{}, QStringLiteral("Hi\n"), QStringLiteral("hm"), QStringLiteral("yo"), QStringLiteral("so"), {}}));
        QCOMPARE(text.events.front().name, QStringLiteral("ping"));
        QCOMPARE(text.events.back().data, QStringLiteral("[DONE]"));
        const auto ollama =
            bodyTextOf(test::body_of("{\"message\":{\"content\":\"a\"}}\n\n{\"done\":true}"), "application/x-ndjson");
        QCOMPARE(ollama.events.size(), std::size_t{2});
        QCOMPARE(ollama.events.front().says, QStringLiteral("a"));
        const auto many = bodyTextOf(test::body_of(repeated("data: x\n\n", 10'000)), "text/event-stream");
        QCOMPARE(many.events.size(), BodyText::mostEvents);
        QVERIFY(many.note.contains(QStringLiteral("5000 more")));
    }

    void controlsBecomeVisibleAndBytesHex()
    {
        QCOMPARE(bodyTextOf(test::body_of("a\x1b[31m"), "text/plain").raw, QStringLiteral("a\u241b[31m"));
        QCOMPARE(hexDump(std::string_view("A\0\xff"
                                          "12345678",
                                          11)),
                 QStringLiteral("000000  41 00 ff 31 32 33 34 35  A..12345\n000008  36 37 38                 678\n"));
    }

    void curlRunsOnceTheKeyIsSet()
    {
        auto exchange = chat();
        exchange.request_body = test::body_of(shellTraps);
        const auto command = curlOf(exchange, QStringLiteral("http://127.0.0.1:8080"));
        QVERIFY(!command.contains(QStringLiteral("sk-p")));
        QVERIFY(command.contains(QStringLiteral("\"authorization: Bearer ${TOKENSCOPE_KEY}\"")));
        QVERIFY(!command.contains(QStringLiteral("content-length")));
        // The shell takes it apart as it was meant.
        QProcess shell;
        shell.setProcessEnvironment([] {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("TOKENSCOPE_KEY"), QStringLiteral("sk-1"));
            return environment;
        }());
        shell.start(QStringLiteral("/bin/sh"),
                    {QStringLiteral("-c"), QStringLiteral("curl() { printf '%s\\n' \"$@\"; }\n") + command});
        QVERIFY(shell.waitForFinished(20'000));
        const auto words = QString::fromUtf8(shell.readAllStandardOutput());
        QVERIFY2(words.contains(QStringLiteral("authorization: Bearer sk-1\n")), qPrintable(words));
        QVERIFY(words.contains(QString::fromLatin1(shellTraps)));
        QVERIFY(words.contains(QStringLiteral("http://127.0.0.1:8080/v1/chat/completions\n")));
    }

    void curlSaysWhatItCannotRepeat()
    {
        auto exchange = chat();
        exchange.request_body.whole = 1 << 20;
        QVERIFY(curlOf(exchange, {}).startsWith(QStringLiteral("# Only a part")));
        exchange.request_body = {};
        QVERIFY(curlOf(exchange, {}).startsWith(QStringLiteral("# The body was not captured")));
        exchange.request_body = test::body_of("\xff\xfe");
        QVERIFY(curlOf(exchange, {}).startsWith(QStringLiteral("# The body is not text")));
        exchange.method = "GET";
        exchange.request_body = {.wanted = true, .bytes = {}, .whole = 0};
        const auto get = curlOf(exchange, {});
        QVERIFY(get.startsWith(QStringLiteral("curl -N -X GET")));
        QVERIFY(!get.contains(QStringLiteral("--data")));
        exchange.method = "X; rm";
        exchange.request_headers = {{"a`b", "c"}};
        QVERIFY(!curlOf(exchange, {}).contains(QStringLiteral("rm")));
        QVERIFY(!curlOf(exchange, {}).contains(QLatin1Char('`')));
    }

    void whatCannotBeReplayedIsSaid()
    {
        auto exchange = chat();
        QCOMPARE(replayObstacle(&exchange, true), QString());
        QVERIFY(!replayObstacle(nullptr, true).isEmpty());
        exchange.target = "/v1/messages?beta=true";
        QVERIFY(replayObstacle(&exchange, true).contains(QStringLiteral("/v1/messages")));
        exchange.target = "/v1/chat/completions";
        for (const auto* bad : {"{", "[]", "{}", R"({"messages":[]})", R"({"messages":"x"})"}) {
            exchange.request_body = test::body_of(bad);
            QVERIFY2(!replayObstacle(&exchange, true).isEmpty(), bad);
        }
        exchange.request_body.whole = 1 << 20;
        QVERIFY(replayObstacle(&exchange, true).contains(QStringLiteral("part")));
        exchange.request_body = {};
        QVERIFY(replayObstacle(&exchange, false).contains(QStringLiteral("observability.requests.bodies")));
    }
};

QTEST_GUILESS_MAIN(TestBodyText)
#include "tst_body_text.moc"
