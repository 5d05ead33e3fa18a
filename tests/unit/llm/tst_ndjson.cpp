// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ndjson.h"

using namespace tokenscope::llm;
using llmtest::bytes;

class TestNdjson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splits_data();
    void splits();
};

namespace {

QByteArray lines_of(std::string_view stream, const std::vector<std::size_t>& cuts, std::size_t limit)
{
    NdjsonSplitter splitter(limit);
    NdjsonSplitter::Line line;
    std::string seen;
    const auto note = [&] { seen += line.oversized ? "OVERSIZED;" : "[" + std::string(line.text) + "]"; };
    std::size_t from = 0;
    const auto feed = [&](const std::string& part) {
        for (std::string_view rest = part; splitter.next(rest, line);)
            note();
    };
    for (const std::size_t cut : cuts) {
        feed(std::string(stream.substr(from, cut - from)));
        from = cut;
    }
    feed(std::string(stream.substr(from)));
    if (splitter.finish(line))
        note();
    return bytes(seen);
}

} // namespace

void TestNdjson::splits_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("lines") << QByteArray("a\nbb\n") << QByteArray("[a][bb]");
    QTest::newRow("no LF at the end") << QByteArray("a\nbb") << QByteArray("[a][bb]");
    QTest::newRow("CRLF") << QByteArray("a\r\nb\rc\r\n") << QByteArray("[a][b\rc]");
    QTest::newRow("blank") << QByteArray("\n\na\n\r\n") << QByteArray("[][][a][]");
    QTest::newRow("at the limit") << QByteArray("12345678\n1\n") << QByteArray("[12345678][1]");
    QTest::newRow("over the limit") << QByteArray("123456789\n1\n") << QByteArray("OVERSIZED;[1]");
    QTest::newRow("over the limit at the end") << QByteArray("1\n1234567890") << QByteArray("[1]OVERSIZED;");
}

void TestNdjson::splits()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, expected);
    const std::string text = stream.toStdString();
    QCOMPARE(lines_of(text, {}, 8), expected);
    QCOMPARE(lines_of(text, llmtest::every_byte(text), 8), expected);
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        QCOMPARE(lines_of(text, {cut}, 8), expected);
}

QTEST_APPLESS_MAIN(TestNdjson)
#include "tst_ndjson.moc"
