// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/defaults.h"
#include "config/loader.h"
#include "config/writer.h"
#include "unit/config/config_support.h"

#include <QFile>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

Config unusual()
{
    Config config;
    config.listen = "0.0.0.0:0";
    Provider cloud{.name = "-", .kind = ProviderKind::openai, .base_url = "http://host:1/a$b/$$/$$$"};
    cloud.max_in_flight = 1;
    cloud.max_queue = 1'000'000;
    cloud.queue_timeout = 1ms;
    cloud.connect_timeout = 1001ms;
    cloud.idle_timeout = 24h;
    Provider demo{.name = "null", .kind = ProviderKind::demo};
    demo.demo = {.seed = 18446744073709551615ULL,
                 .tokenizer_workers = 16,
                 .workers = 1,
                 .batch_size = 256,
                 .batch_wait = 60s,
                 .tokenize_per_token = 7us,
                 .prefill_base = 1us,
                 .prefill_per_token = 60s,
                 .per_token = 0us,
                 .jitter = 1.0 / 3,
                 .error_rate = 1,
                 .midstream_error_rate = 2.0 / 3,
                 .stall_rate = 1e-9,
                 .tail_rate = 1,
                 .tail_factor = 1000};
    config.providers = {cloud, demo, ollama_provider("https://h")};
    config.aliases = {{"true", "null"}, {"~", "${HOME}"}, {"a: b # c", "\"quoted\" \\ 'single'"}, {"$$ключ", "模型$"}};
    config.providers[0].max_retries = 10;
    config.providers[0].retry_backoff = 60s;
    config.fallbacks = {{"-/a", {"null/b, c", "$x"}}, {"${HOME}", {"\"a\""}}, {"loop", {"-/a", "${HOME}"}}};
    const std::string digits = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    config.auth.keys = {{"key-1", "sha256:" + digits}, {"null", "sha256:f" + digits.substr(1)}};
    config.auth.allowed_hosts = {"a.b", "::1"};
    config.auth.allowed_origins = {"https://a", "app://b:443"};
    config.rate_limit = {.requests_per_second = 1.0 / 3, .burst = 1'000'000};
    config.conversations = {.backend = ConversationBackend::memory, .path = "/x/$y/\"z\".db", .ttl = 1s};
    config.limits = {.body_bytes = 1025,
                     .header_bytes = 1'000'000,
                     .header_timeout = 1ms,
                     .body_timeout = 90s,
                     .idle_timeout = 90min,
                     .write_timeout = 1h,
                     .drain_timeout = 0ms};
    config.log = {.level = LogLevel::off, .file = "/x/$y/\"log\""};
    config.observability = {.enabled = false, .prices = "/p/$$"};
    config.observability.metrics = {.enabled = false,
                                    .path = "/m.n",
                                    .address = "0.0.0.0:9190",
                                    .allow_remote = true,
                                    .count_scrapes = true,
                                    .series_cap = 1'000'000};
    auto& tracing = config.observability.tracing;
    tracing.enabled = false;
    tracing.service_name = "${HOME}: \"a\" # \xE6\xA8\xA1";
    tracing.sampler = {.type = SamplerType::never, .rate = 1.0 / 3};
    tracing.exporter = {.type = ExporterType::stdout_lines, .endpoint = "https://h:1/a$b", .insecure = false};
    config.observability.requests = {.backend = RequestLogBackend::sqlite,
                                     .path = "/r/$",
                                     .ttl = 1s,
                                     .memory = std::size_t{1} << 20,
                                     .bodies = false,
                                     .capture_memory = 0};
    config.observability.charts = {.interval = 1'500ms, .memory = std::size_t{9} << 20};
    return config;
}

} // namespace

class TestWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void what_is_printed_loads_again_data();
    void what_is_printed_loads_again();
    void secrets_are_masked_and_asked_for_again();
    void exporter_headers_are_masked();
    void client_keys_show_as_hashes();
    void every_line_of_the_shipped_file_is_printed();
};

void TestWriter::what_is_printed_loads_again_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("defaults") << 0;
    QTest::newRow("unusual values") << 1;
}

void TestWriter::what_is_printed_loads_again()
{
    QFETCH(int, which);
    const auto config = which == 0 ? *default_config(fake_env()) : unusual();
    const auto text = print_config(config);
    const auto again = load_config(text, "printed", fake_env({{"HOME", "wrong"}}));
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY2(*again == config, text.c_str());
    QCOMPARE(bytes(print_config(*again)), bytes(text));
}

void TestWriter::secrets_are_masked_and_asked_for_again()
{
    auto config = unusual();
    config.providers[0].api_key = "sk-very-secret";
    const auto text = print_config(config);
    QVERIFY(!bytes(text).contains("sk-very-secret"));
    QVERIFY(bytes(text).contains("api_key: \"********\""));
    const auto again = load_config(text, "f", fake_env());
    QVERIFY(!again);
    QVERIFY(!bytes(again.error().message).contains('\n'));
    QVERIFY(bytes(again.error().message).contains("providers[0].api_key: is the mask"));
}

void TestWriter::exporter_headers_are_masked()
{
    auto config = *default_config(fake_env());
    config.observability.tracing.exporter = {.type = ExporterType::otlp,
                                             .headers = {{"authorization", "Bearer sEcReT"}}};
    const auto text = bytes(print_config(config));
    QVERIFY(!text.contains("sEcReT"));
    QVERIFY2(text.contains("      headers:\n        \"authorization\": \"********\"\n"), text);
    const auto again = load_config(text.toStdString(), "f", fake_env());
    QVERIFY(!again);
    QVERIFY(bytes(again.error().message).contains("headers.authorization: is the mask"));
}

void TestWriter::client_keys_show_as_hashes()
{
    const auto loaded =
        load_config("auth: {keys: [sEcReT-1, {name: alice, key: \"${S}\"}]}", "f", fake_env({{"S", "sEcReT-2"}}));
    QVERIFY(loaded);
    const auto text = bytes(print_config(*loaded));
    QVERIFY(!text.contains("sEcReT"));
    QVERIFY(text.contains("    - name: \"alice\"\n") && text.contains("      key: \"sha256:"));
    const auto again = load_config(text.toStdString(), "f", fake_env());
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY(again->auth == loaded->auth);
}

/// The shipped file documents every key: it is print_config's output for one provider of each kind.
void TestWriter::every_line_of_the_shipped_file_is_printed()
{
    QFile file(QStringLiteral(TOKENSCOPE_SOURCE_DIR "/resources/config.default.yaml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto shipped = file.readAll();
    auto config = *default_config(fake_env());
    config.providers.insert(config.providers.begin(), ollama_provider(ollama_base_url({})));
    config.providers.push_back(
        {.name = "openai", .kind = ProviderKind::openai, .base_url = "https://api.openai.com/v1"});
    config.providers.push_back(
        {.name = "anthropic", .kind = ProviderKind::anthropic, .base_url = "https://api.anthropic.com"});
    const auto marker = shipped.indexOf("\n\n");
    QVERIFY(shipped.startsWith("# SPDX-FileCopyrightText: ") && marker > 0);
    QCOMPARE(shipped.mid(marker + 2), bytes(print_config(config)));

    const auto loaded = load_config(shipped.toStdString(), "config.default.yaml", fake_env());
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QVERIFY(*loaded == *default_config(fake_env()));
}

QTEST_APPLESS_MAIN(TestWriter)
#include "tst_writer.moc"
