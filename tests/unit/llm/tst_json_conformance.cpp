// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/json_scan.h"

using namespace tokenscope::llm;

namespace {

enum Verdict {
    Accept,
    Reject,
    /// RFC 8259 leaves it to the reader; the row says what ours does, and any answer but a crash would be allowed.
    OursAccepts,
    OursRejects,
};

struct Row {
    const char* name;
    QByteArray text;
    Verdict verdict;
};

QByteArray nested(const char* open, const char* close, int depth)
{
    return QByteArray(open).repeated(depth) + QByteArray(close).repeated(depth);
}

QList<Row> structure()
{
    return {
        {"empty array in an array", "[[]]", Accept},
        {"many empty arrays", "[[],[],[]]", Accept},
        {"empty key", R"({"":0})", Accept},
        {"equal keys", R"({"a":1,"a":1})", Accept},
        {"keys that escape to the same", R"({"a":1,"\u0061":2})", Accept},
        {"key with NUL escape", R"({"a\u0000b":1})", Accept},
        {"long key", QByteArray("{\"" + QByteArray(5'000, 'k') + "\":1}"), Accept},
        {"lonely string", R"("x")", Accept},
        {"lonely negative number", "-0.1", Accept},
        {"nulls", "[null,null]", Accept},
        {"100000 elements", QByteArray("[" + QByteArray("0,").repeated(99'999) + "0]"), Accept},
        {"nothing", "", Reject},
        {"only white space", " \t\r\n ", Reject},
        {"unclosed array", "[", Reject},
        {"unclosed array after comma", "[1,", Reject},
        {"unclosed array of arrays", "[[]", Reject},
        {"unclosed object", "{", Reject},
        {"object ends after its key", R"({"a")", Reject},
        {"object ends after its colon", R"({"a":)", Reject},
        {"object ends after its value", R"({"a":1)", Reject},
        {"object ends after a comma", R"({"a":1,)", Reject},
        {"comma alone", ",", Reject},
        {"colon alone", ":", Reject},
        {"closing alone", "}", Reject},
        {"two commas in an array", "[1,,2]", Reject},
        {"two commas in an object", R"({"a":1,,"b":2})", Reject},
        {"two commas at the end", R"({"a":1,,})", Reject},
        {"comma first in an object", R"({,"a":1})", Reject},
        {"comma for a colon", R"({"a",1})", Reject},
        {"colon for a comma", R"([1:2])", Reject},
        {"two colons", R"({"a"::1})", Reject},
        {"two values", R"({"a":1 2})", Reject},
        {"value without a key", "{1}", Reject},
        {"key is null", "{null:1}", Reject},
        {"key is an array", "{[]:1}", Reject},
        {"array in an object", R"({["a":1]})", Reject},
        {"object closed by a bracket", R"({"a":1])", Reject},
        {"array closed by a brace", "[1}", Reject},
        {"crossed", "[{]}", Reject},
        {"two documents", "[][]", Reject},
        {"two documents on two lines", "{}\n{}", Reject},
        {"comma behind", "[],", Reject},
        {"brace behind", "{}}", Reject},
        {"hash comment", "[1]#x", Reject},
        {"slash behind", "[1]/", Reject},
        {"comment inside", "[1/**/,2]", Reject},
        {"comment unclosed", "[1/*", Reject},
        {"angle brackets", "<null>", Reject},
        {"star", "*", Reject},
        {"ellipsis", "[...]", Reject},
        {"template", "${x}", Reject},
        {"assignment", "x={}", Reject},
        {"backslash outside a string", R"([\n])", Reject},
        {"escaped white space", R"([\u0020])", Reject},
        {"data prefix", "data: {}", Reject},
    };
}

QList<Row> literals_and_numbers()
{
    return {
        {"half of true", "[tru", Reject},
        {"half of false", "[fals]", Reject},
        {"half of null", "[nul]", Reject},
        {"longer than null", "[nulll]", Reject},
        {"literals run together", "[truefalse]", Reject},
        {"capital NULL", "NULL", Reject},
        {"undefined", "undefined", Reject},
        {"nan", "nan", Reject},
        {"-NaN", "-NaN", Reject},
        {"minus infinity", "[-Infinity]", Reject},
        {"inf", "[+inf]", Reject},
        {"zero with exponent", "0e1", Accept},
        {"zero with exponent plus", "0E+1", Accept},
        {"minus zero with fraction", "-0.000", Accept},
        {"exponent with leading zeros", "1e0001", Accept},
        {"tiny", "1e-400", Accept},
        {"huge exponent", "1e99999999999999999999", OursAccepts},
        {"huge negative exponent", "-1e-99999999999999999999", OursAccepts},
        {"2^64", "18446744073709551616", OursAccepts},
        {"-2^63-1", "-9223372036854775809", OursAccepts},
        {"5000 digits", QByteArray(5'000, '9'), OursAccepts},
        {"5000 digits behind the point", QByteArray("0." + QByteArray(5'000, '1')), OursAccepts},
        {"two zeros", "00", Reject},
        {"minus two zeros", "-00", Reject},
        {"zero and digits", "-012", Reject},
        {"two minuses", "--1", Reject},
        {"minus inside", "1-1", Reject},
        {"minus behind", "1-", Reject},
        {"minus and space", "- 1", Reject},
        {"plus and minus", "+-1", Reject},
        {"point alone", ".", Reject},
        {"point before exponent", "0.e1", Reject},
        {"two points", "1.2.3", Reject},
        {"two exponents", "1e1e1", Reject},
        {"exponent with a fraction", "1e1.5", Reject},
        {"exponent of two signs", "1e+-1", Reject},
        {"exponent alone", "e1", Reject},
        {"exponent without digits in an array", "[1e]", Reject},
        {"exponent minus without digits", "[1E-]", Reject},
        {"minus and point", "-.5", Reject},
        {"hexadecimal", "0xFF", Reject},
        {"octal", "0o7", Reject},
        {"binary", "0b1", Reject},
        {"suffix", "1L", Reject},
        {"space inside", "1 000", Reject},
        {"comma inside", "1,5", Reject},
        {"letter behind", "[1a]", Reject},
        {"full-width digit", "\xEF\xBC\x91", Reject},
        {"Arabic digit", "\xD9\xA1", Reject},
        {"NUL behind", QByteArray("1\0", 2), Reject},
    };
}

QList<Row> strings()
{
    return {
        {"every short escape", R"("\"\\\/\b\f\n\r\t")", Accept},
        {"escape of an escape", R"("\\u00")", Accept},
        {"backslashes in a row", R"("\\\\")", Accept},
        {"lower and upper hex", R"("\uabCD")", Accept},
        {"surrogate pair", R"("\uD834\uDD1E")", Accept},
        {"last surrogate pair", R"("\uDBFF\uDFFF")", Accept},
        {"two pairs", R"("\uD83D\uDE00\uD83D\uDE00")", Accept},
        {"before the surrogates", R"("\uD7FF")", Accept},
        {"after the surrogates", R"("\uE000")", Accept},
        {"noncharacters escaped", R"("\uFFFE\uFDD0")", Accept},
        {"noncharacters plain", "\"\xEF\xBF\xBE\xF0\x9F\xBF\xBE\"", Accept},
        {"DEL", "\"\x7F\"", Accept},
        {"C1 control", "\"\xC2\x80\"", Accept},
        {"line and paragraph separator", "\"\xE2\x80\xA8\xE2\x80\xA9\"", Accept},
        {"BOM inside a string", "\"\xEF\xBB\xBF\"", Accept},
        {"first of 2, 3 and 4 bytes", "\"\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80\"", Accept},
        {"last of 2, 3 and 4 bytes", "\"\xDF\xBF\xEF\xBF\xBF\xF4\x8F\xBF\xBF\"", Accept},
        {"before and after the surrogates, plain", "\"\xED\x9F\xBF\xEE\x80\x80\"", Accept},
        {"comment in a string", R"("/*x*/ //y")", Accept},
        {"unclosed", "\"", Reject},
        {"unclosed in an array", "[\"x]", Reject},
        {"closing quote escaped", R"(["x\"])", Reject},
        {"backslash last", R"("\)", Reject},
        {"single quotes", "['x']", Reject},
        {"escaped single quote", R"("\'")", Reject},
        {"escape a", R"("\a")", Reject},
        {"escape v", R"("\v")", Reject},
        {"escape 0", R"("\0")", Reject},
        {"escape U", R"("\U0041")", Reject},
        {"escaped line end", "\"\\\n\"", Reject},
        {"escape of UTF-8", "\"\\\xC3\xB6\"", Reject},
        {"\\u alone", R"("\u")", Reject},
        {"\\u and three digits", R"("\u123")", Reject},
        {"\\u with a sign", R"("\u+123")", Reject},
        {"\\u with a brace", R"("\u{41}")", Reject},
        {"\\u with a space", R"("\u 123")", Reject},
        {"high surrogate alone", R"("\uD800")", OursRejects},
        {"low surrogate alone", R"("\uDFFF")", OursRejects},
        {"surrogates in the wrong order", R"("\uDD1E\uD834")", OursRejects},
        {"high surrogate and a letter", R"("\uD834x")", OursRejects},
        {"high surrogate and a plain escape", R"("\uD834\u0041")", OursRejects},
        {"three surrogates", R"("\uD834\uD834\uDD1E")", OursRejects},
        {"half of a low surrogate", R"("\uD834\uDD1")", Reject},
        {"NUL", QByteArray("\"\0\"", 3), Reject},
        {"control character 1F", "\"\x1F\"", Reject},
        {"line feed", "\"\n\"", Reject},
        {"carriage return", "\"\r\"", Reject},
        {"tab", "\"\t\"", Reject},
        {"backspace", "\"\b\"", Reject},
        {"overlong slash", "\"\xC0\xAF\"", Reject},
        {"overlong NUL", "\"\xC0\x80\"", Reject},
        {"overlong of three bytes", "\"\xE0\x9F\xBF\"", Reject},
        {"overlong of four bytes", "\"\xF0\x8F\xBF\xBF\"", Reject},
        {"surrogate in UTF-8", "\"\xED\xA0\x80\xED\xB0\x80\"", Reject},
        {"beyond U+10FFFF", "\"\xF4\x90\x80\x80\"", Reject},
        {"five bytes", "\"\xF8\x88\x80\x80\x80\"", Reject},
        {"continuation alone", "\"\x80\"", Reject},
        {"one byte missing", "\"\xE2\x82\"", Reject},
        {"sequence ended by a quote", "\"\xF0\x9F\x98\"", Reject},
        {"Latin-1", "\"\xE9\"", Reject},
        {"FE", "\"\xFE\"", Reject},
        {"bad UTF-8 in a key", "{\"\xFF\":1}", Reject},
    };
}

QList<Row> encodings_and_depth()
{
    return {
        {"white space everywhere", " \n\t\r{ \n\t\r\"a\" \n\t\r: \n\t\r[ \n\t\r] \n\t\r} \n\t\r", Accept},
        {"line end behind", "{}\n", Accept},
        {"form feed", "[\f]", Reject},
        {"vertical tab", "\v[]", Reject},
        {"no-break space", "[\xC2\xA0]", Reject},
        {"word joiner", "[\xE2\x81\xA0]", Reject},
        {"line separator outside", "[\xE2\x80\xA8]", Reject},
        {"NUL outside", QByteArray("[\0]", 3), Reject},
        {"NUL before", QByteArray("\0[]", 3), Reject},
        {"DEL outside", "[\x7F]", Reject},
        {"BOM", "\xEF\xBB\xBF[]", OursRejects},
        {"BOM alone", "\xEF\xBB\xBF", Reject},
        {"half a BOM", "\xEF\xBB[]", Reject},
        {"BOM behind", "[]\xEF\xBB\xBF", Reject},
        {"UTF-16 little endian", QByteArray("[\0]\0", 4), Reject},
        {"UTF-16 big endian", QByteArray("\0[\0]", 4), Reject},
        {"UTF-16 with BOM", QByteArray("\xFF\xFE[\0]\0", 6), Reject},
        {"UTF-32", QByteArray("[\0\0\0]\0\0\0", 8), Reject},
        {"bad byte outside", "[\xFF]", Reject},
        {"gzip", "\x1F\x8B\x08", Reject},
        {"as deep as may be", nested("[", "]", 64), Accept},
        {"objects as deep as may be", QByteArray(nested("{\"a\":", "}", 63)).replace(":}", ":{}}"), Accept},
        {"too deep", nested("[", "]", 65), OursRejects},
        {"too deep by turns", nested("[{\"a\":", "}]", 33), OursRejects},
        {"100000 open arrays", QByteArray(100'000, '['), Reject},
        {"100000 open objects", QByteArray("{\"a\":").repeated(100'000), Reject},
        {"100000 open by turns", QByteArray("[{\"\":").repeated(100'000), Reject},
        {"many shallow ones", QByteArray("[" + QByteArray("[[]],").repeated(1'000) + "1]"), Accept},
    };
}

} // namespace

/// The cases of the public JSON suites, written anew: what RFC 8259 demands, forbids, and leaves open.
class TestJsonConformance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("accepted");
        const auto add = [](const char* group, const QList<Row>& rows) {
            static constexpr const char* classes[] = {"y", "n", "i", "i"};
            for (const auto& row : rows)
                QTest::addRow("%s_%s: %s", classes[row.verdict], group, row.name)
                    << row.text << (row.verdict == Accept || row.verdict == OursAccepts);
        };
        add("structure", structure());
        add("literals", literals_and_numbers());
        add("strings", strings());
        add("text", encodings_and_depth());
    }

    void rows()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, accepted);
        const auto fault = check_json(text.toStdString(), 64);
        QVERIFY2(accepted == !fault, fault ? fault->what.c_str() : "accepted");
        QVERIFY(!fault || (fault->at <= std::size_t(text.size()) && !fault->what.empty()));
        // A valid text stays valid inside another, an invalid one does not become valid.
        if (text.size() < 1'000 && !text.startsWith("[[[[") && !text.startsWith("{\"a\":{")
            && text.trimmed().size() > 0)
            QCOMPARE(!check_json("{\"x\":[" + text.toStdString() + "]}", 64), accepted || becomes_valid(text));
    }

    void prefixes_are_never_whole()
    {
        const std::string text = R"({"a":[1,-2.5e+3,"x\u00e9\ud83d\ude00",{"b":null}],"c":true})";
        QVERIFY(!check_json(text, 64));
        for (std::size_t size = 0; size < text.size(); ++size)
            QVERIFY2(check_json(text.substr(0, size), 64), text.substr(0, size).c_str());
    }

private:
    /// Texts that are no document, but may stand between brackets.
    static bool becomes_valid(const QByteArray& text) { return text == "1,5"; }
};

QTEST_APPLESS_MAIN(TestJsonConformance)
#include "tst_json_conformance.moc"
