// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/json_scan.h"
#include "llm/json_text.h"

using namespace tokenscope::llm;
using llmtest::bytes;

class TestJsonText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void escapes_as_nlohmann_does_data();
    void escapes_as_nlohmann_does();
    void every_byte_pair_gives_valid_json();
    void unescapes_data();
    void unescapes();
    void prefix_cuts_no_character();
};

void TestJsonText::escapes_as_nlohmann_does_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("plain") << QByteArray("plain text");
    QTest::newRow("specials") << QByteArray("\"\\/\b\f\n\r\t\x01\x1F\x7F");
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("unicode") << QByteArray("w\xC3\xB6rld \xF0\x9F\x91\x8B \xE2\x80\xA8");
    QTest::newRow("broken between good") << QByteArray("\xC3\xB6\xFF\"\n");
}

void TestJsonText::escapes_as_nlohmann_does()
{
    QFETCH(QByteArray, text);
    std::string out;
    append_json_string(out, text.toStdString());
    const std::string expected =
        nlohmann::json(text.toStdString()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    QCOMPARE(bytes(out), bytes(expected));
}

void TestJsonText::every_byte_pair_gives_valid_json()
{
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text{'a', static_cast<char>(first), static_cast<char>(second)};
            std::string out;
            append_json_string(out, text);
            if (const auto fault = check_json(out, 1))
                QFAIL(qPrintable(QStringLiteral("%1 %2").arg(first).arg(second)));
            if (!invalid_utf8_at(text))
                QCOMPARE(unescape_json(out), text);
        }
    }
}

void TestJsonText::unescapes_data()
{
    QTest::addColumn<QByteArray>("raw");
    for (const char* raw : {R"("")", R"("a\"b\\c\/d\b\f\n\r\t")", R"("\u0041\u00f6\u20ac\ud83d\udc4b")", R"("\\u0041")",
                            R"("x\u0000y")", R"("\uFFFD")"})
        QTest::newRow(raw) << QByteArray(raw);
}

void TestJsonText::unescapes()
{
    QFETCH(QByteArray, raw);
    const auto expected = nlohmann::json::parse(raw.toStdString()).get<std::string>();
    QCOMPARE(bytes(unescape_json(raw.toStdString())), bytes(expected));
}

void TestJsonText::prefix_cuts_no_character()
{
    const std::string_view text = "a\xC3\xB6\xF0\x9F\x91\x8B";
    const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 3, 7, 7};
    for (std::size_t bytes = 0; bytes < std::size(expected); ++bytes)
        QCOMPARE(utf8_prefix(text, bytes).size(), expected[bytes]);
}

QTEST_APPLESS_MAIN(TestJsonText)
#include "tst_json_text.moc"
