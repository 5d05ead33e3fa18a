// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/sse.h"

using namespace tokenscope::llm;
using llmtest::bytes;

class TestSse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void extents();
    void oversized();
    void oversized_by_short_lines();
};

namespace {

/// Every event as "name|data;".
QByteArray events_of(std::string_view stream, const std::vector<std::size_t>& cuts, std::size_t limit = 1 << 20)
{
    SseParser parser(limit);
    std::string seen;
    const auto note = [&](const SseParser::Event& event) {
        if (event.oversized)
            seen += "OVERSIZED;";
        else if (event.has_data)
            seen += std::string(event.name) + "|" + std::string(event.data) + ";";
    };
    std::size_t from = 0;
    const auto feed = [&](std::string_view part) {
        while (!part.empty()) {
            const std::string copy(part);
            const auto step = parser.take(copy);
            if (step.consumed == 0 || step.consumed > part.size())
                qFatal("consumed %zu of %zu", step.consumed, part.size());
            if (step.found == SseParser::Found::event)
                note(step.event);
            part.remove_prefix(step.consumed);
        }
    };
    for (const std::size_t cut : cuts) {
        feed(stream.substr(from, cut - from));
        from = cut;
    }
    feed(stream.substr(from));
    note(parser.finish());
    return bytes(seen);
}

} // namespace

void TestSse::parses_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* stream, const char* expected) {
        QTest::newRow(name) << QByteArray(stream) << QByteArray(expected);
    };
    row("empty", "", "");
    row("LF", "data: a\n\ndata: b\n\n", "|a;|b;");
    row("CR", "data: a\r\rdata: b\r\r", "|a;|b;");
    row("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b;");
    row("mixed", "data: a\r\n\ndata: b\r\r\ndata: c\n\r\n", "|a;|b;|c;");
    row("CR then LF CR LF", "data: a\r\n\r\n\r\n\ndata: b\n\n", "|a;|b;");
    row("one space only is taken", "data:  a \n\n", "| a ;");
    row("no space", "data:a\n\n", "|a;");
    row("several lines", "data: a\ndata\ndata: b\ndata:\n\n", "|a\n\nb\n;");
    row("empty data is an event", "data\n\ndata:\n\n", "|;|;");
    row("names", "event: error\ndata: x\n\nevent: y\n\ndata: z\n\n", "error|x;|z;");
    row("the last name counts", "event: a\nevent: b\ndata: x\n\n", "b|x;");
    row("comments", ": hello\n:\ndata: a\n: inside\n\n:x\n\n", "|a;");
    row("unknown fields", "id: 5\nretry: 10\nfoo\nDATA: no\n data: no\ndata: a\n\n", "|a;");
    row("colons in data", "data: a: b:c\n\n", "|a: b:c;");
    row("BOM",
        "\xEF\xBB\xBF"
        "data: a\n\n",
        "|a;");
    row("BOM and a blank line", "\xEF\xBB\xBF\n\ndata: a\n\n", "|a;");
    row("BOM later is no BOM",
        "data: a\n\n\xEF\xBB\xBF"
        "data: b\n\n",
        "|a;");
    row("two BOMs",
        "\xEF\xBB\xBF\xEF\xBB\xBF"
        "data: a\n\n",
        "");
    row("no blank line at the end", "data: a\n\ndata: b\n", "|a;|b;");
    row("no line end at the end", "data: a\n\ndata: b", "|a;|b;");
    row("CR at the end", "data: a\r\n\r\ndata: b\r", "|a;|b;");
    row("UTF-8", "data: w\xC3\xB6rld \xF0\x9F\x91\x8B\n\n", "|w\xC3\xB6rld \xF0\x9F\x91\x8B;");
    QTest::newRow("NUL") << QByteArray("data: a\0b\n\n", 11) << QByteArray("|a\0b;", 5);
}

void TestSse::parses()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, expected);
    const std::string text = stream.toStdString();
    QCOMPARE(events_of(text, {}), expected);
    QCOMPARE(events_of(text, llmtest::every_byte(text)), expected);
    for (std::size_t first = 0; first <= text.size(); ++first) {
        for (std::size_t second = first; second <= text.size(); ++second)
            QCOMPARE(events_of(text, {first, second}), expected);
    }
}

void TestSse::extents()
{
    SseParser parser;
    const std::string_view stream = ": c\ndata: a\r\n\r\ndata: b\r\r";
    const auto first = parser.take(stream);
    QCOMPARE(first.consumed, std::size_t{15});
    QVERIFY(first.found == SseParser::Found::event);
    const auto second = parser.take(stream.substr(15));
    QCOMPARE(second.consumed, std::size_t{9});
    QVERIFY(second.found == SseParser::Found::event);
    const auto third = parser.take("\ndata: c");
    QCOMPARE(third.consumed, std::size_t{1});
    QVERIFY(third.found == SseParser::Found::line_feed);
    QVERIFY(parser.take("\n\n").found == SseParser::Found::event);
    QVERIFY(parser.take("\n").found == SseParser::Found::event); // a LF of its own: a blank line, not the other half
}

void TestSse::oversized()
{
    const std::string stream = "data: a\n\ndata: " + std::string(200, 'x') + "\ndata: y\n\nevent: n\ndata: b\n\n";
    QCOMPARE(events_of(stream, {}, 64), QByteArray("|a;OVERSIZED;n|b;"));
    QCOMPARE(events_of(stream, llmtest::every_byte(stream), 64), QByteArray("|a;OVERSIZED;n|b;"));
    QCOMPARE(events_of("data: " + std::string(200, 'x'), {}, 64), QByteArray("OVERSIZED;"));
    QCOMPARE(events_of("data: " + std::string(57, 'x') + "\n\n", {}, 64), bytes("|" + std::string(57, 'x') + ";"));
}

void TestSse::oversized_by_short_lines()
{
    std::string stream;
    for (int i = 0; i < 100; ++i)
        stream += "data\n";
    QCOMPARE(events_of(stream + "\ndata: b\n\n", {}, 64), QByteArray("OVERSIZED;|b;"));
}

QTEST_APPLESS_MAIN(TestSse)
#include "tst_sse.moc"
