// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/json_scan.h"

using namespace tokenscope::llm;
using llmtest::bytes;

namespace {

/// A row's name: readable, and without control characters or broken UTF-8.
QByteArray label(const char* text)
{
    return QByteArray(text).toPercentEncoding(" {}[]\":,'\\/+");
}

} // namespace

class TestJsonScan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void accepts_data();
    void accepts();
    void rejects_data();
    void rejects();
    void depth_limit();
    void faults_at_every_alignment();
    void walks_members();
    void walks_elements();
    void compares_escaped_keys();
    void last_member_wins();
};

void TestJsonScan::accepts_data()
{
    QTest::addColumn<QByteArray>("text");
    const char* const texts[] = {"{}",
                                 "[]",
                                 "null",
                                 "true",
                                 "false",
                                 "0",
                                 "-0",
                                 "1",
                                 "-1",
                                 "0.5",
                                 "-0.0",
                                 "1e5",
                                 "1E+5",
                                 "1e-5",
                                 "0e0",
                                 "1e400",
                                 "123456789012345678901234567890",
                                 "-123456789012345678901234567890",
                                 "0.1234567890123456789012345",
                                 "\"\"",
                                 "\"a\"",
                                 R"("\"\\\/\b\f\n\r\t")",
                                 R"("\u0000")",
                                 R"("\uFFFF")",
                                 R"("\ud83d\udC4b")",
                                 "\"\x7F\"",
                                 "\"\xC3\xB6\"",
                                 "\"\xF4\x8F\xBF\xBF\"",
                                 "\"\xE2\x80\xA8\"",
                                 " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n",
                                 R"({"a":1,"a":2})",
                                 R"({"":{"":[[],{}]}})",
                                 R"([null,true,false,"x",{"y":[]}])"};
    for (const char* text : texts)
        QTest::newRow(label(text).constData()) << QByteArray(text);
    QTest::newRow("long string") << QByteArray("\"" + QByteArray(1000, 'x') + "\"");
}

void TestJsonScan::accepts()
{
    QFETCH(QByteArray, text);
    const auto fault = check_json(text.toStdString(), 16);
    QVERIFY2(!fault, fault ? fault->what.c_str() : "");
}

void TestJsonScan::rejects_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("at");
    const auto row = [](const char* text, int at) { QTest::newRow(label(text).constData()) << QByteArray(text) << at; };
    row("", 0);
    row("  ", 2);
    row("[1,]", 3);
    row("[,1]", 1);
    row("[1 2]", 3);
    row("[1", 2);
    row("]", 0);
    row("[1]]", 3);
    row("[1}", 2);
    row("{\"a\":1]", 6);
    row("{\"a\":1,}", 7);
    row("{\"a\" 1}", 5);
    row("{\"a\":}", 5);
    row("{a:1}", 1);
    row("{'a':1}", 1);
    row("{1:1}", 1);
    row("{\"a\":1} x", 8);
    row("{} {}", 3);
    row("NaN", 0);
    row("Infinity", 0);
    row("-Infinity", 1);
    row("nul", 0);
    row("True", 0);
    row("truex", 4);
    row("01", 1);
    row("-01", 2);
    row("+1", 0);
    row(".5", 0);
    row("1.", 2);
    row("1.e5", 2);
    row("1e", 2);
    row("1e+", 3);
    row("-", 1);
    row("0x1", 1);
    row("1_000", 1);
    row("\"a", 0);
    row("\"a\\", 2);
    row("\"a\\\"", 0);
    row("'a'", 0);
    row("\"\\x41\"", 1);
    row("\"\\u12\"", 1);
    row("\"\\u12G4\"", 1);
    row("\"\\ud800\"", 1);
    row("\"\\udc00\"", 1);
    row("\"\\ud800\\ud800\"", 1);
    row("\"\\ud800\\n\"", 1);
    row("\"\\ud800\\u\"", 1);
    row("\"a\nb\"", 2);
    row("\"a\tb\"", 2);
    row("[1]//x", 3);
    row("/*x*/[1]", 0);
    row("\xEF\xBB\xBF{}", 0);
    row("\"\xFF\"", 1);
    row("\"\xC3\"", 1);
    row("\"\xC0\xAF\"", 1);
    row("\"\xED\xA0\x80\"", 1);
    row("\"\xF4\x90\x80\x80\"", 1);
    row("\"ok\xE2\x82\"", 3);
    row("\xC2\xA0[1]", 0);
    QTest::newRow("NUL in a string") << QByteArray("\"a\0b\"", 5) << 2;
    QTest::newRow("NUL behind") << QByteArray("{}\0", 3) << 2;
    QTest::newRow("NUL as an escape") << QByteArray("\"\\\0\"", 4) << 1;
}

void TestJsonScan::rejects()
{
    QFETCH(QByteArray, text);
    QFETCH(int, at);
    const auto fault = check_json(text.toStdString(), 16);
    QVERIFY(fault.has_value());
    QCOMPARE(static_cast<int>(fault->at), at);
    QVERIFY(!fault->what.empty());
}

void TestJsonScan::depth_limit()
{
    const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    QVERIFY(!check_json(nested(16), 16));
    const auto fault = check_json(nested(17), 16);
    QVERIFY(fault.has_value());
    QCOMPARE(fault->at, std::size_t{16});
    QVERIFY(fault->what.find("16 levels") != std::string::npos);
    // A hostile depth must cost neither the stack nor the time to read it all.
    QCOMPARE(check_json(std::string(30'000'000, '['), 256)->at, std::size_t{256});
}

void TestJsonScan::faults_at_every_alignment()
{
    // The string scanner takes eight bytes a step: what ends a run must be found at each of the eight places.
    for (std::size_t before = 0; before < 24; ++before) {
        for (const char bad : {'\n', '\0', '\x1F'}) {
            const std::string text = "\"" + std::string(before, 'x') + bad + std::string(24, 'y') + "\"";
            const auto fault = check_json(text, 4);
            QVERIFY(fault.has_value());
            QCOMPARE(fault->at, before + 1);
        }
        const std::string good = "\"" + std::string(before, '\x7F') + "\\\"\xC3\xB6 !#[]" + std::string(24, ' ') + "\"";
        QVERIFY(!check_json(good, 4));
    }
}

void TestJsonScan::walks_members()
{
    const std::string_view text = R"( { "a" : "x\"},{" , "b":[1,{"c":"]"}], "d":-1.5e3 ,"e":{},"f":null})";
    std::vector<std::string> seen;
    std::string_view key;
    std::string_view value;
    for (JsonMembers members(text.substr(1)); members.next(key, value);)
        seen.push_back(std::string(key) + "=" + std::string(value));
    const std::vector<std::string> expected{R"("a"="x\"},{")", R"("b"=[1,{"c":"]"}])", R"("d"=-1.5e3)", R"("e"={})",
                                            R"("f"=null)"};
    QCOMPARE(seen, expected);
    JsonMembers empty(" { } ");
    QVERIFY(!empty.next(key, value));
    JsonMembers array("[1]");
    QVERIFY(!array.next(key, value));
}

void TestJsonScan::walks_elements()
{
    std::vector<std::string> seen;
    std::string_view value;
    for (JsonElements elements(R"([ 1 ,"a,]" , [2,[3]],{"x":[4]} ,true])"); elements.next(value);)
        seen.emplace_back(value);
    const std::vector<std::string> expected{"1", R"("a,]")", "[2,[3]]", R"({"x":[4]})", "true"};
    QCOMPARE(seen, expected);
    JsonElements empty("[ ]");
    QVERIFY(!empty.next(value));
    JsonElements other("\"[1]\"");
    QVERIFY(!other.next(value));
}

void TestJsonScan::compares_escaped_keys()
{
    QVERIFY(json_string_is(R"("model")", "model"));
    QVERIFY(json_string_is(R"("mod\u0065l")", "model"));
    QVERIFY(json_string_is(R"("\u006D\u006f\u0064\u0065\u006C")", "model"));
    QVERIFY(!json_string_is(R"("Model")", "model"));
    QVERIFY(!json_string_is(R"("mode")", "model"));
    QVERIFY(!json_string_is(R"("model ")", "model"));
    QVERIFY(!json_string_is(R"("mode\\l")", "model"));
    QVERIFY(!json_string_is(R"("model\u0000")", "model"));
    QVERIFY(!json_string_is("5", ""));
    QVERIFY(!json_string_is("", "model"));
}

void TestJsonScan::last_member_wins()
{
    const std::string_view text = R"({"a":1,"b":{"a":9},"\u0061":2,"c":null})";
    QCOMPARE(bytes(find_json_member(text, "a").value()), QByteArray("2"));
    QVERIFY(!find_json_member(text, "z"));
    QVERIFY(find_json_member(text, "c"));
    QVERIFY(!find_json_value(text, "c"));
}

QTEST_APPLESS_MAIN(TestJsonScan)
#include "tst_json_scan.moc"
