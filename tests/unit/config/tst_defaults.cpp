// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/defaults.h"
#include "unit/config/config_support.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;

class TestDefaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ollama_host_data();
    void ollama_host();
    void demo_alone_without_a_key();
    void openai_with_a_key();
    void anthropic_with_a_key();
    void unusable_variables_data();
    void unusable_variables();
};

void TestDefaults::ollama_host_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* variable, const char* expected) {
        QTest::newRow(variable) << QByteArray(variable) << QByteArray(expected);
    };
    row("", "http://127.0.0.1:11434");
    row("  ", "http://127.0.0.1:11434");
    row("example.com", "http://example.com:11434");
    row("example.com:1234", "http://example.com:1234");
    row("http://example.com", "http://example.com");
    row("https://example.com", "https://example.com");
    row("http://example.com:1234", "http://example.com:1234");
    row("https://example.com:1234", "https://example.com:1234");
    row("https://example.com/ollama/", "https://example.com/ollama");
    row("example.com/ollama", "http://example.com:11434/ollama");
    row("example.com:1/a/b", "http://example.com:1/a/b");
    row("0.0.0.0", "http://127.0.0.1:11434");
    row("0.0.0.0:8000", "http://127.0.0.1:8000");
    row("http://0.0.0.0", "http://127.0.0.1");
    row("::", "http://127.0.0.1:11434");
    row("[::]", "http://127.0.0.1:11434");
    row("[::]:8000", "http://127.0.0.1:8000");
    row(":8000", "http://127.0.0.1:8000");
    row(":", "http://127.0.0.1:11434");
    row("http://:8000", "http://127.0.0.1:8000");
    row("::1", "http://[::1]:11434");
    row("[::1]", "http://[::1]:11434");
    row("[::1]:8000", "http://[::1]:8000");
    row("fe80::abcd", "http://[fe80::abcd]:11434");
    row("192.168.1.7", "http://192.168.1.7:11434");
    row("1.2.3.4:99999", "http://1.2.3.4:11434");
    row("1.2.3.4:0", "http://1.2.3.4:11434");
    row("1.2.3.4:-1", "http://1.2.3.4:11434");
    row("https://1.2.3.4:x", "https://1.2.3.4");
    row("\"example.com\"", "http://example.com:11434");
    row(" 'example.com:1' \n", "http://example.com:1");
    row("HTTPS.example", "http://https.example:11434");
    row("ftp://example.com", "http://127.0.0.1:11434");
    row("two words", "http://127.0.0.1:11434");
    row("joe:pass@example.com", "http://127.0.0.1:11434");
    row("example.com\r\nX: y", "http://127.0.0.1:11434");
    row("[::1", "http://127.0.0.1:11434");
}

void TestDefaults::ollama_host()
{
    QFETCH(QByteArray, variable);
    QFETCH(QByteArray, expected);
    QCOMPARE(bytes(ollama_base_url(variable.toStdString())), expected);
    QCOMPARE(bytes(ollama_base_url(std::nullopt)), QByteArray("http://127.0.0.1:11434"));
}

void TestDefaults::demo_alone_without_a_key()
{
    for (const auto& env :
         {fake_env(), fake_env({{"OPENAI_API_KEY", ""}}), fake_env({{"OPENAI_BASE_URL", "nonsense"}})}) {
        const auto config = default_config(env);
        QVERIFY(config);
        QVERIFY(config->discover_providers);
        QCOMPARE(bytes(config->listen), QByteArray("127.0.0.1:8080"));
        QCOMPARE(config->providers.size(), std::size_t{1});
        QCOMPARE(config->providers[0].kind, ProviderKind::demo);
    }
}

void TestDefaults::openai_with_a_key()
{
    const auto usual = default_config(fake_env({{"OPENAI_API_KEY", "sk-1"}, {"OPENAI_BASE_URL", ""}}));
    QVERIFY(usual);
    QCOMPARE(usual->providers.size(), std::size_t{2});
    QCOMPARE(bytes(usual->providers[0].name), QByteArray("demo"));
    QCOMPARE(bytes(usual->providers[1].name), QByteArray("openai"));
    QCOMPARE(bytes(usual->providers[1].base_url), QByteArray("https://api.openai.com/v1"));
    QCOMPARE(bytes(usual->providers[1].api_key), QByteArray("sk-1"));

    const auto elsewhere =
        default_config(fake_env({{"OPENAI_API_KEY", "k"}, {"OPENAI_BASE_URL", "http://vllm:8000/v1/"}}));
    QVERIFY(elsewhere);
    QCOMPARE(bytes(elsewhere->providers[1].base_url), QByteArray("http://vllm:8000/v1"));
}

void TestDefaults::anthropic_with_a_key()
{
    const auto both = default_config(fake_env({{"OPENAI_API_KEY", "sk-1"}, {"ANTHROPIC_API_KEY", "sk-ant"}}));
    QVERIFY(both);
    QCOMPARE(both->providers.size(), std::size_t{3});
    const auto& provider = both->providers[2];
    QCOMPARE(provider.kind, ProviderKind::anthropic);
    QCOMPARE(bytes(provider.name), QByteArray("anthropic"));
    QCOMPARE(bytes(provider.base_url), QByteArray("https://api.anthropic.com"));
    QCOMPARE(bytes(provider.api_key), QByteArray("sk-ant"));

    const auto elsewhere =
        default_config(fake_env({{"ANTHROPIC_API_KEY", "k"}, {"ANTHROPIC_BASE_URL", "http://proxy:1/"}}));
    QVERIFY(elsewhere);
    QCOMPARE(elsewhere->providers.size(), std::size_t{2});
    QCOMPARE(bytes(elsewhere->providers[1].base_url), QByteArray("http://proxy:1"));
    const auto broken = default_config(fake_env({{"ANTHROPIC_API_KEY", "k"}, {"ANTHROPIC_BASE_URL", "sEcReT"}}));
    QVERIFY(!broken);
    QVERIFY(bytes(broken.error().message).contains("ANTHROPIC_BASE_URL"));
}

void TestDefaults::unusable_variables_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("culprit");
    QTest::newRow("line feed in the key") << QByteArray("sEcReT\n") << QByteArray() << QByteArray("OPENAI_API_KEY");
    QTest::newRow("no scheme") << QByteArray("k") << QByteArray("sEcReT:8000") << QByteArray("OPENAI_BASE_URL");
    QTest::newRow("password") << QByteArray("k") << QByteArray("http://a:sEcReT@h") << QByteArray("OPENAI_BASE_URL");
}

void TestDefaults::unusable_variables()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, culprit);
    const auto config =
        default_config(fake_env({{"OPENAI_API_KEY", key.toStdString()}, {"OPENAI_BASE_URL", url.toStdString()}}));
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::config);
    QVERIFY(bytes(config.error().message).contains(culprit));
    QVERIFY(!bytes(config.error().message + config.error().detail).contains("sEcReT"));
}

QTEST_APPLESS_MAIN(TestDefaults)
#include "tst_defaults.moc"
