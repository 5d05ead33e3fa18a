// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/environment.h"
#include "config/nearest.h"
#include "config/values.h"
#include "unit/config/config_support.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;
using std::chrono::microseconds;

class TestValues : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void durations_data();
    void durations();
    void sizes_data();
    void sizes();
    void formatted_values_parse_to_themselves();
    void numbers_know_no_locale();
    void listen_data();
    void listen();
    void listening_beyond_this_machine_needs_keys();
    void nearest_data();
    void nearest();
    void variables_data();
    void variables();
};

void TestValues::durations_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("expected"); // microseconds, -1: refused
    const auto row = [](const char* text, qint64 expected) { QTest::newRow(text) << QByteArray(text) << expected; };
    row("250us", 250);
    row("500ms", 500'000);
    row("30s", 30'000'000);
    row("2m", 120'000'000);
    row("1h", 3'600'000'000);
    row("30d", 2'592'000'000'000);
    row("1.5s", 1'500'000);
    row("0.25ms", 250);
    row("0", 0);
    row("0s", 0);
    row("007s", 7'000'000);
    for (const char* text : {"",
                             "s",
                             "5",
                             "5x",
                             "5S",
                             "5 s",
                             " 5s",
                             "5s ",
                             "-5s",
                             "+5s",
                             "1.s",
                             ".5s",
                             "1..5s",
                             "1e3s",
                             "0.1us",
                             "1.0000001s",
                             "1h30m",
                             "99999999999999999999s",
                             "104249991375d",
                             "5sec",
                             "0x5s"})
        row(text, -1);
}

void TestValues::durations()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, expected);
    const auto value = parse_value({.type = ValueType::duration}, text.toStdString());
    QCOMPARE(value ? std::get<microseconds>(*value).count() : -1, expected);
}

void TestValues::sizes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char* text, qint64 expected) { QTest::newRow(text) << QByteArray(text) << expected; };
    row("32MiB", 32 << 20);
    row("64KiB", 64 << 10);
    row("3GiB", qint64{3} << 30);
    row("65536", 65536);
    row("512B", 512);
    row("1.5KiB", 1536);
    row("2kB", 2000);
    row("5MB", 5'000'000);
    row("1GB", 1'000'000'000);
    row("0", 0);
    for (const char* text :
         {"", "B", "MiB", "1.5", "1.5B", "1 KiB", "1KIB", "1K", "1TiB", "-1B", "9007199254740993GiB"})
        row(text, -1);
}

void TestValues::sizes()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, expected);
    const auto value = parse_value({.type = ValueType::size}, text.toStdString());
    QCOMPARE(value ? static_cast<qint64>(std::get<std::uint64_t>(*value)) : -1, expected);
}

void TestValues::formatted_values_parse_to_themselves()
{
    const auto comes_back = [](const KeySpec& spec, const Value& value) {
        const auto again = parse_value(spec, format_value(spec, value));
        return again && *again == value;
    };
    for (const std::uint64_t number :
         {0ULL, 1ULL, 999ULL, 1000ULL, 1024ULL, 1'500'000ULL, 86'400'000'000ULL, 33'554'432ULL}) {
        QVERIFY(comes_back({.type = ValueType::count}, number));
        QVERIFY(comes_back({.type = ValueType::size}, number));
        QVERIFY(comes_back({.type = ValueType::duration}, microseconds(number)));
    }
    for (const double number : {0.0, 0.1, 1.0 / 3, 1e-300, 0.25, 2.0})
        QVERIFY(comes_back({.type = ValueType::number}, number));
    for (const bool flag : {true, false})
        QVERIFY(comes_back({.type = ValueType::boolean}, flag));
    QCOMPARE(bytes(format_value({.type = ValueType::duration}, microseconds(90'000'000))), QByteArray("90s"));
    QCOMPARE(bytes(format_value({.type = ValueType::size}, std::uint64_t{32} << 20)), QByteArray("32MiB"));
}

void TestValues::numbers_know_no_locale()
{
    const std::string before = std::setlocale(LC_ALL, nullptr);
    std::setlocale(LC_ALL, "de_DE.UTF-8"); // where it is not installed there is nothing to get wrong
    const auto value = parse_value({.type = ValueType::number}, "0.5");
    const auto text = format_value({.type = ValueType::number}, 0.5);
    std::setlocale(LC_ALL, before.c_str());
    QVERIFY(value);
    QCOMPARE(std::get<double>(*value), 0.5);
    QCOMPARE(bytes(text), QByteArray("0.5"));
    for (const char* bad : {"nan", "inf", "-inf", "0,5", "", "1e999", "0x1p3", "5%"})
        QVERIFY2(!parse_value({.type = ValueType::number}, bad), bad);
}

void TestValues::listen_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("127.0.0.1:8080", "127.0.0.1:8080");
    row("127.1.2.3:0", "127.1.2.3:0");
    row("[::1]:65535", "[::1]:65535");
    row("LocalHost:80", "localhost:80");
    row("0.0.0.0:1", "0.0.0.0:1");
    row("[::]:1", "[::]:1");
    row("Gateway.local:1", "gateway.local:1");
    for (const char* text : {"", ":8080", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "::1:80", "[::1]", "[::1]8080", "*:80", "127.1:80", "0177.0.0.1:80", "http://127.0.0.1:80",
                             "127.0.0.1:80/x", "127.0.0.1:8080\n"})
        row(text, "");
}

void TestValues::listen()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QCOMPARE(bytes(parse_listen(text.toStdString()).value_or("")), expected);
}

void TestValues::listening_beyond_this_machine_needs_keys()
{
    const Auth with_key{.keys = {{"key-1", "sha256:"}}};
    for (const char* address : {"127.0.0.1:8080", "127.1.2.3:0", "[::1]:65535", "localhost:80"}) {
        QVERIFY2(check_listen(address, {}), address);
        QVERIFY2(check_listen(address, with_key), address);
    }
    for (const char* address :
         {"0.0.0.0:1", "[::]:1", "192.168.0.4:1", "gateway.local:1", "localhost.evil.com:80", "127.0.0.1.nip.io:80"}) {
        QVERIFY2(!check_listen(address, {}), address);
        QVERIFY2(check_listen(address, with_key), address);
    }
}

void TestValues::nearest_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* word, const char* expected) {
        QTest::newRow(word) << QByteArray(word) << QByteArray(expected);
    };
    row("body_byte", "body_bytes");
    row("BodyBytes", "body_bytes");
    row("body-bytes", "body_bytes");
    row("lsiten", "listen");
    row("limit", "limits");
    row("timeout", "");
    row("x", "");
    row("", "");
}

void TestValues::nearest()
{
    QFETCH(QByteArray, word);
    QFETCH(QByteArray, expected);
    static constexpr std::array<std::string_view, 4> words{"listen", "limits", "body_bytes", "body_timeout"};
    QCOMPARE(bytes(config::nearest(word.toStdString(), words)), expected);
}

void TestValues::variables_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected"); // "!": an error
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("", "");
    row("plain", "plain");
    row("${A}", "one");
    row("<${A}${B_2}>", "<onetwo>");
    row("$${A}", "${A}");
    row("$$$${A}", "$${A}");
    row("$$${A}", "$one");
    row("a$", "a$");
    row("$A", "$A");
    row("$ {A}", "$ {A}");
    row("${LOOP}", "${LOOP}");
    for (const char* text : {"${", "${A", "${}", "${ A}", "${1A}", "${A:-x}", "${a}", "${A${B_2}}"})
        row(text, "!");
}

void TestValues::variables()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const auto env = fake_env({{"A", "one"}, {"B_2", "two"}, {"LOOP", "${LOOP}"}});
    const auto out = expand(text.toStdString(), env);
    QCOMPARE(out.error.empty() ? bytes(out.text) : QByteArray("!"), expected);
}

QTEST_APPLESS_MAIN(TestValues)
#include "tst_values.moc"
