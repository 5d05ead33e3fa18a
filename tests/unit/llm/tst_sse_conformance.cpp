// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/sse.h"

#include <random>

using namespace tokenscope::llm;
using llmtest::bytes;

namespace {

struct Seen {
    std::string name, data;
    bool operator==(const Seen&) const = default;
};
using Events = std::vector<Seen>;

/// The algorithm of the HTML standard, 9.2.6, written down in the plainest way on the whole stream, as the judge. Like the parser,
/// and unlike a browser, it counts what stands before a missing blank line.
Events judge(std::string stream)
{
    std::string text;
    if (stream.starts_with("\xEF\xBB\xBF"))
        stream.erase(0, 3);
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (stream[i] == '\r' && i + 1 < stream.size() && stream[i + 1] == '\n')
            continue;
        text += stream[i] == '\r' ? '\n' : stream[i];
    }
    Events out;
    Seen event;
    bool has_data = false;
    const auto dispatch = [&] {
        if (has_data)
            out.push_back(event);
        event = {};
        has_data = false;
    };
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        at = end + 1;
        if (line.empty()) {
            dispatch();
            continue;
        }
        const auto colon = line.find(':');
        const auto field = line.substr(0, colon);
        auto value = colon == std::string::npos ? std::string() : line.substr(colon + 1);
        if (value.starts_with(' '))
            value.erase(0, 1);
        if (field == "event")
            event.name = value;
        if (field != "data")
            continue;
        event.data += (has_data ? "\n" : "") + value;
        has_data = true;
    }
    dispatch();
    return out;
}

/// What the parser finds when the stream arrives in pieces of `size` bytes; 0: of random sizes.
Events parse(const std::string& stream, std::size_t size, std::mt19937& random,
             std::size_t limit = std::size_t{1} << 20)
{
    SseParser parser(limit);
    Events out;
    const auto note = [&](const SseParser::Event& event) {
        if (event.has_data)
            out.push_back({std::string(event.name), std::string(event.data)});
    };
    std::size_t at = 0;
    while (at < stream.size()) {
        const auto count = std::min(stream.size() - at, size > 0 ? size : 1 + random() % 9);
        std::string piece = stream.substr(at, count);
        at += count;
        for (std::string_view rest = piece; !rest.empty();) {
            const auto step = parser.take(rest);
            if (step.consumed == 0 || step.consumed > rest.size())
                qFatal("consumed %zu of %zu", step.consumed, rest.size());
            if (step.found == SseParser::Found::event)
                note(step.event);
            rest.remove_prefix(step.consumed);
        }
    }
    note(parser.finish());
    return out;
}

QByteArray print(const Events& events)
{
    std::string out;
    for (const auto& event : events)
        out += event.name + "|" + event.data + ";";
    return bytes(out);
}

} // namespace

/// The rules of the HTML standard's event streams beyond tst_sse, and their judge on random streams.
class TestSseConformance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rows_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, QByteArray stream, QByteArray expected) {
            QTest::newRow(name) << stream << expected;
        };
        row("id with a NUL", QByteArray("id: 1\0002\ndata: a\n\n", 18), "|a;");
        row("empty id", "id\ndata: a\n\nid:\ndata: b\n\n", "|a;|b;");
        row("retry", "retry: 1000\ndata: a\n\n", "|a;");
        row("retry is no number", "retry: soon\nretry: -1\nretry: 1e3\nretry:\nretry\ndata: a\n\n", "|a;");
        row("retry only is no event", "retry: 1\n\ndata: a\n\n", "|a;");
        row("id only is no event", "id: 1\n\ndata: a\n\n", "|a;");
        row("names are forgotten between events", "event: x\n\ndata: a\n\n", "|a;");
        row("empty name", "event: x\nevent\ndata: a\n\n", "|a;");
        row("space before the colon", "data : a\ndata: b\n\n", "|b;");
        row("space before the field", " data: a\ndata: b\n\n", "|b;");
        row("tab behind the colon", "data:\ta\n\n", "|\ta;");
        row("two spaces behind the colon", "data:  a\n\n", "| a;");
        row("only a space", "data: \n\n", "|;");
        row("no colon", "data\n\n", "|;");
        row("field in capitals", "Data: a\nDATA: b\n\n", "");
        row("longer field", "datas: a\ndat: b\n\n", "");
        row("colon first", ":data: a\n\n", "");
        row("many colons", "data:::a\n\n", "|::a;");
        row("JSON with escaped line ends", "data: {\"a\":\"x\\n\\ny\"}\n\n", "|{\"a\":\"x\\n\\ny\"};");
        row("pretty JSON in lines", "data: {\ndata:   \"a\": 1\ndata: }\n\n", "|{\n  \"a\": 1\n};");
        row("DONE", "data: [DONE]\n\n", "|[DONE];");
        row("blank lines first", "\n\r\n\r\ndata: a\n\n", "|a;");
        row("CR LF across lines", "data: a\r\ndata: b\rdata: c\ndata: d\r\n\r\n", "|a\nb\nc\nd;");
        row("LF CR is two line ends", "data: a\n\rdata: b\n\r", "|a;|b;");
        row("half a BOM",
            "\xEF\xBB"
            "data: a\n\ndata: b\n\n",
            "|b;");
        row("BOM only", "\xEF\xBB\xBF", "");
        row("BOM before a comment", "\xEF\xBB\xBF: c\ndata: a\n\n", "|a;");
        row("comment at the end", "data: a\n\n: bye", "|a;");
        row("field cut at the end", "data: a\n\nda", "|a;");
        row("invalid UTF-8 is passed on", "data: \xFF\xC3\n\n", "|\xFF\xC3;");
        row("other line ends are data",
            "data: a\vb\fc\xC2\x85"
            "d\xE2\x80\xA8"
            "e\n\n",
            "|a\vb\fc\xC2\x85"
            "d\xE2\x80\xA8"
            "e;");
        row("many lines", QByteArray(QByteArray("data: x\n").repeated(1'000) + "\n"),
            QByteArray("|" + QByteArray("x\n").repeated(999) + "x;"));
        row("large", QByteArray("data: " + QByteArray(900'000, 'x') + "\n\n"),
            QByteArray("|" + QByteArray(900'000, 'x') + ";"));
    }

    void rows()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, expected);
        const auto text = stream.toStdString();
        std::mt19937 random(1);
        QCOMPARE(print(judge(text)), expected);
        QCOMPARE(print(parse(text, text.size() + 1, random)), expected);
        for (const std::size_t size : {1U, 2U, 3U, 7U})
            QCOMPARE(print(parse(text, size, random)), expected);
    }

    void random_streams()
    {
        static const std::vector<std::string> pieces{"data",
                                                     "data:",
                                                     "data: ",
                                                     "event: ",
                                                     "id: ",
                                                     "retry: ",
                                                     ":",
                                                     " ",
                                                     "\n",
                                                     "\r",
                                                     "\r\n",
                                                     "\n\n",
                                                     "\r\n\r\n",
                                                     "\xEF\xBB\xBF",
                                                     "x",
                                                     "[DONE]",
                                                     "{\"a\":\"b\"}",
                                                     "\xF0\x9F\x91\x8B",
                                                     "\t",
                                                     "data: a\n\n"};
        std::mt19937 random(20'260'103);
        for (int i = 0; i < 3'000; ++i) {
            std::string stream;
            for (auto count = random() % 24; count > 0; --count)
                stream += pieces[random() % pieces.size()];
            const auto expected = print(judge(stream));
            for (const std::size_t size : {std::size_t{0}, std::size_t{1}, stream.size() + 1})
                QVERIFY2(print(parse(stream, size, random)) == expected, bytes(stream).toPercentEncoding().constData());
        }
    }

    void endless_events_take_no_memory()
    {
        // Each way of never ending an event; what follows it is read again.
        for (const std::string line : {"data: x\n", "data", ": comment\n", "x", "event: y\r", "id: 5\r\n"}) {
            SseParser parser(1'000);
            for (int i = 0; i < 5'000; ++i) {
                const auto step = parser.take(line);
                QVERIFY(step.found == SseParser::Found::nothing);
                QCOMPARE(step.consumed, line.size());
            }
            QVERIFY(parser.oversized());
            Events after;
            for (std::string_view rest = "\n\ndata: a\n\n"; !rest.empty();) {
                const auto step = parser.take(rest);
                if (step.found == SseParser::Found::event && step.event.has_data)
                    after.push_back({std::string(step.event.name), std::string(step.event.data)});
                rest.remove_prefix(step.consumed);
            }
            QCOMPARE(print(after), QByteArray("|a;"));
        }
    }
};

QTEST_APPLESS_MAIN(TestSseConformance)
#include "tst_sse_conformance.moc"
