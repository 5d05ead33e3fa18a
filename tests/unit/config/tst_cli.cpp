// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli.h"
#include "unit/config/config_support.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::app;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

using Words = std::vector<std::string>;

QByteArray refusal(const Words& words, Program program = Program::console)
{
    const auto parsed = parse_cli(words, program);
    return parsed ? QByteArray("accepted") : bytes(parsed.error().message);
}

} // namespace

class TestCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing_asked();
    void everything_asked();
    void equals_sign_and_space_are_the_same();
    void qt_options_go_through();
    void refusals_data();
    void refusals();
    void the_gateway_has_no_window();
    void numbers();
    void help_names_every_option();
    void default_config_file_is_found();
};

void TestCli::nothing_asked()
{
    for (const auto program : {Program::console, Program::gateway}) {
        const auto parsed = parse_cli({}, program);
        QVERIFY(parsed);
        QVERIFY(!parsed->help && !parsed->version && !parsed->check_config && !parsed->print_config);
        QVERIFY(!parsed->minimised && !parsed->demo_traffic && !parsed->listen && !parsed->config_file
                && !parsed->log_file);
        QVERIFY(!parsed->log_level && !parsed->screenshots && !parsed->theme && parsed->sizes.empty()
                && !parsed->after);
        QVERIFY(parsed->qt_arguments.empty());
    }
}

void TestCli::everything_asked()
{
    const auto parsed = parse_cli(Words{"--listen",       "LOCALHOST:0",   "--config",    "a b.yaml", "--check-config",
                                        "--print-config", "--demo",        "--log-level", "debug",    "--log-file",
                                        "/tmp/x=y.log",   "--screenshots", "out",         "--theme",  "dark",
                                        "--size",         "1440x900",      "--after",     "2.5",      "--help",
                                        "--version",      "--hash-key",    "--store-key", "a/b@c",    "--minimised"},
                                  Program::console);
    QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
    QVERIFY(parsed->hash_key && parsed->minimised);
    QCOMPARE(bytes(*parsed->store_key), QByteArray("a/b@c"));
    QVERIFY(parsed->help && parsed->version && parsed->check_config && parsed->print_config && parsed->demo_traffic);
    QCOMPARE(bytes(*parsed->listen), QByteArray("localhost:0"));
    QCOMPARE(bytes(parsed->config_file->string()), QByteArray("a b.yaml"));
    QCOMPARE(bytes(parsed->log_file->string()), QByteArray("/tmp/x=y.log"));
    QVERIFY(parsed->log_level == LogLevel::debug);
    QCOMPARE(bytes(parsed->screenshots->string()), QByteArray("out"));
    QVERIFY(parsed->theme == Theme::dark);
    QVERIFY((parsed->sizes == std::vector{WindowSize{1440, 900}}));
    QVERIFY(parsed->after == 2500ms);
}

void TestCli::equals_sign_and_space_are_the_same()
{
    const auto parsed =
        parse_cli(Words{"--config=a=b.yaml", "--log-level=off", "--theme=system", "-h"}, Program::console);
    QVERIFY(parsed);
    QCOMPARE(bytes(parsed->config_file->string()), QByteArray("a=b.yaml"));
    QVERIFY(parsed->log_level == LogLevel::off);
    QVERIFY(parsed->theme == Theme::system);
    QVERIFY(parsed->help);
}

void TestCli::qt_options_go_through()
{
    const Words qt{"-platform", "offscreen", "--style=fusion", "-geometry", "800x600+0+0",
                   "-display",  ":0",        "-reverse"};
    auto words = qt;
    words.insert(words.begin() + 2, "--demo");
    const auto parsed = parse_cli(words, Program::console);
    QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
    QVERIFY(parsed->demo_traffic);
    QVERIFY(parsed->qt_arguments == qt);
    QVERIFY(refusal({"-platform"}).startsWith("-platform needs a value"));
    QVERIFY(refusal({"-platform", "--demo"}).startsWith("-platform needs a value"));
    QVERIFY(refusal(qt, Program::gateway).startsWith("unknown option -platform"));
}

void TestCli::refusals_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("start");
    const auto row = [](const QStringList& words, const char* start) {
        QTest::newRow(qPrintable(words.join(u' '))) << words << QByteArray(start);
    };
    const auto s = [](const char* text) { return QString::fromUtf8(text); };
    row({s("--lisen=x")}, "unknown option --lisen, did you mean --listen?; see");
    row({s("--chekc-config")}, "unknown option --chekc-config, did you mean --check-config?");
    row({s("--zzzzzzzz")}, "unknown option --zzzzzzzz; see tokenscope --help");
    row({s("-x")}, "unknown option -x");
    row({s("--")}, "unknown option --;");
    row({s("--=x")}, "unknown option --;");
    row({s("")}, "unexpected argument ''");
    row({s("-")}, "unexpected argument '-'");
    row({s("config.yaml")}, "unexpected argument 'config.yaml'");
    row({s("--demo=true")}, "--demo takes no value");
    row({s("--demo"), s("true")}, "unexpected argument 'true'");
    row({s("--demo"), s("--demo")}, "--demo is given twice");
    row({s("--config")}, "--config needs a value, --config FILE");
    row({s("--config=")}, "--config needs a value");
    row({s("--config"), s("")}, "--config needs a value");
    row({s("--config"), s("--demo")}, "--config needs a value");
    row({s("--config=a"), s("--config=b")}, "--config is given twice");
    row({s("--log-level=verbose")}, "--log-level: 'verbose' is not known, valid: trace, debug, info");
    row({s("--log-level=warn")}, "--log-level: 'warn' is not known");
    row({s("--theme=drak")}, "--theme: 'drak' is not known, did you mean 'dark'?");
    row({s("--theme=both")}, "--theme both is for --screenshots only");
    row({s("--size=800x600,1024x640")}, "several values of --size are for --screenshots only");
    row({s("--size=800x600,")}, "--size: '800x600,' is not WIDTHxHEIGHT");
    row({s("--listen=8080")}, "--listen: '8080' is not an address");
    row({s("--hash-key=x")}, "--hash-key takes no value");
    row({s("--store-key")}, "--store-key needs a value, --store-key NAME");
    for (const char* name : {"two words", "a}", "${x}", "ключ", "a\nb"})
        row({s("--store-key"), s(name)}, "--store-key: ");
    for (const char* size : {"", "x", "1440", "1440x", "x900", "319x900", "900x16385", "1440X900", "1440x900x1",
                             "1e3x900", "-400x400", "1440x 900", "99999999999x400"})
        row({s("--size"), s(size)}, "--size");
    for (const char* after : {"-1", "-0.1", "3601", "nan", "inf", "1s", "1,5", "", "0x1"})
        row({s("--after"), s(after)}, "--after");
}

void TestCli::refusals()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, start);
    Words arguments;
    for (const auto& word : words)
        arguments.push_back(word.toStdString());
    const auto message = refusal(arguments);
    QVERIFY2(message.startsWith(start), message.constData());
    QVERIFY2(message.endsWith("see tokenscope --help"), message.constData());
}

void TestCli::the_gateway_has_no_window()
{
    for (const char* option : {"--screenshots=d", "--theme=dark", "--size=800x600", "--after=1", "--minimised"})
        QVERIFY(refusal({option}, Program::gateway).contains("is an option of tokenscope, the console, only"));
    QVERIFY(parse_cli(Words{"--listen=[::1]:1", "--demo", "--check-config"}, Program::gateway));
}

void TestCli::numbers()
{
    for (const char* size : {"320x320", "16384x16384"})
        QVERIFY2(parse_cli(Words{"--size", size}, Program::console), size);
    const auto several =
        parse_cli(Words{"--screenshots=d", "--theme=both", "--size=800x600,1024x640"}, Program::console);
    QVERIFY(several && several->theme == Theme::both);
    QVERIFY((several->sizes == std::vector{WindowSize{800, 600}, WindowSize{1024, 640}}));
    const auto after = [](const char* text) {
        return parse_cli(Words{"--after", text}, Program::console)->after.value();
    };
    QVERIFY(after("0") == 0ms);
    QVERIFY(after("0.001") == 1ms);
    QVERIFY(after("3600") == 3'600'000ms);
}

void TestCli::help_names_every_option()
{
    const auto console = bytes(help_text(Program::console));
    const auto gateway = bytes(help_text(Program::gateway));
    for (const char* option : {"--listen", "--config", "--check-config", "--print-config", "--demo", "--log-level",
                               "--log-file", "--help", "--version", "--hash-key", "--store-key"}) {
        QVERIFY2(console.contains(option), option);
        QVERIFY2(gateway.contains(option), option);
    }
    for (const char* option : {"--screenshots", "--theme", "--size", "--after", "--minimised"}) {
        QVERIFY2(console.contains(option), option);
        QVERIFY2(!gateway.contains(option), option);
    }
    for (const auto& line : console.split('\n'))
        QVERIFY2(line.size() <= 120, line.constData());
    QCOMPARE(bytes(version_text(Program::gateway)), QByteArray("tokenscope-gateway " TOKENSCOPE_VERSION "\n"));
}

void TestCli::default_config_file_is_found()
{
    const auto found = [](std::map<std::string, std::string> variables) {
        return bytes(default_config_file(fake_env(std::move(variables))).value_or("").string());
    };
    const QByteArray in_home = "/home/me/.config/tokenscope/config.yaml";
    QCOMPARE(found({}), QByteArray());
    QCOMPARE(found({{"HOME", "me"}}), QByteArray());
    QCOMPARE(found({{"HOME", "/home/me"}}), in_home);
    QCOMPARE(found({{"HOME", "/home/me"}, {"XDG_CONFIG_HOME", ""}}), in_home);
    QCOMPARE(found({{"HOME", "/home/me"}, {"XDG_CONFIG_HOME", "relative"}}), in_home);
    QCOMPARE(found({{"HOME", "/home/me"}, {"XDG_CONFIG_HOME", "/xdg"}}), QByteArray("/xdg/tokenscope/config.yaml"));
    QCOMPARE(found({{"XDG_CONFIG_HOME", "/xdg"}}), QByteArray("/xdg/tokenscope/config.yaml"));
}

QTEST_APPLESS_MAIN(TestCli)
#include "tst_cli.moc"
