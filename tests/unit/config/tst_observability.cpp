// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/loader.h"
#include "config/observability_values.h"
#include "config/schema.h"
#include "config/writer.h"
#include "unit/config/config_support.h"
#include "unit/config/fake_keychain.h"

#include <QtTest>

#include <fmt/format.h>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;

namespace {

Result<Config> load(const std::string& yaml, std::vector<std::string>* warnings = nullptr)
{
    return load_config(yaml, "f", fake_env({{"S", "sEcReT"}}), warnings);
}

QByteArray message(const Result<Config>& loaded)
{
    return loaded ? QByteArray() : bytes(loaded.error().message);
}

std::string exporter(const std::string& inside)
{
    return fmt::format("observability: {{tracing: {{exporter: {{{}}}}}}}", inside);
}

} // namespace

/// The section "observability" as people write it; what is refused is in tests/corpus/config.
class TestObservability : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void the_usual_block_of_a_gateway();
    void the_usual_block_of_a_gateway_with_headers();
    void a_probability_without_a_rate();
    void endpoints_data();
    void endpoints();
    void metrics_addresses_data();
    void metrics_addresses();
    void header_secrets_are_never_repeated();
    void headers_come_from_the_keychain();
    void warnings_data();
    void warnings();
    void names_of_choices();
};

void TestObservability::defaults()
{
    const auto loaded = load("observability:\n  tracing:\n    exporter:\n      headers:\n");
    QVERIFY2(loaded, message(loaded));
    const auto& set = loaded->observability;
    QVERIFY(set == Observability());
    QVERIFY(set.metrics_on() && set.tracing_on());
    QVERIFY(set.tracing.sampler.type == SamplerType::always);
    QVERIFY(set.tracing.exporter.type == ExporterType::none);
    QVERIFY(loaded->log == Log());
}

void TestObservability::the_usual_block_of_a_gateway()
{
    const auto loaded = load("observability:\n"
                             "  enabled: true  # Master switch for all observability features\n"
                             "\n"
                             "  metrics:\n"
                             "    enabled: true\n"
                             "    path: \"/metrics\"  # Prometheus metrics endpoint\n"
                             "\n"
                             "  tracing:\n"
                             "    enabled: true\n"
                             "    service_name: \"llm-gateway\"\n"
                             "    sampler:\n"
                             "      type: \"probability\"  # \"always\", \"never\", or \"probability\"\n"
                             "      rate: 0.1  # 10% sampling rate\n"
                             "    exporter:\n"
                             "      type: \"otlp\"  # \"otlp\" for production, \"stdout\" for development\n"
                             "      endpoint: \"localhost:4317\"  # OTLP collector endpoint\n"
                             "      insecure: true  # Use insecure connection (for development)\n"
                             "      # headers:  # Optional authentication headers\n"
                             "      #   authorization: \"Bearer your-token\"\n");
    QVERIFY2(loaded, message(loaded));
    Observability expected;
    expected.tracing = {.enabled = true,
                        .service_name = "llm-gateway",
                        .sampler = {.type = SamplerType::probability, .rate = 0.1},
                        .exporter = {.type = ExporterType::otlp, .endpoint = "localhost:4317"}};
    QVERIFY(loaded->observability == expected);
    // For quick testing.
    const auto quick = load("observability:\n  enabled: true\n  tracing:\n    enabled: true\n    sampler:\n"
                            "      type: \"always\"\n    exporter:\n      type: \"stdout\"\n");
    QVERIFY2(quick, message(quick));
    QVERIFY(quick->observability.tracing.exporter.type == ExporterType::stdout_lines);
}

void TestObservability::the_usual_block_of_a_gateway_with_headers()
{
    std::vector<std::string> warnings;
    const auto loaded = load("observability:\n"
                             "  tracing:\n"
                             "    sampler: { type: probability, rate: 1.0 }\n"
                             "    exporter:\n"
                             "      type: \"otlp\"\n"
                             "      endpoint: \"localhost:4317\"\n"
                             "      insecure: true\n"
                             "      headers:\n"
                             "        authorization: \"Bearer your-token\"\n",
                             &warnings);
    QVERIFY2(loaded, message(loaded));
    const std::map<std::string, std::string> expected{{"authorization", "Bearer your-token"}};
    QVERIFY(loaded->observability.tracing.exporter.headers == expected);
    QVERIFY(warnings.empty());
}

void TestObservability::a_probability_without_a_rate()
{
    const auto loaded = load("observability: {tracing: {sampler: {type: probability}}}");
    QVERIFY(loaded);
    QCOMPARE(loaded->observability.tracing.sampler.rate, 0.1);
}

void TestObservability::endpoints_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("taken");
    const auto row = [](const char* type, const char* given, const char* taken) {
        QTest::addRow("%s %s", type, given) << QByteArray(type) << QByteArray(given) << QByteArray(taken);
    };
    row("otlp", "", "");
    row("otlp", "LOCALHOST:4317", "localhost:4317");
    row("otlp", "[::1]:4317", "[::1]:4317");
    row("otlp", "http://collector:4317/", "http://collector:4317");
    row("otlp", "https://collector", "https://collector");
    row("otlp_http", "", "");
    row("otlp_http", "http://collector:4318", "http://collector:4318/v1/traces");
    row("otlp_http", "http://collector:4318/", "http://collector:4318/v1/traces");
    row("otlp_http", "https://collector/otlp/v1/traces", "https://collector/otlp/v1/traces");
    row("none", "http://collector:4318", "http://collector:4318");
    row("stdout", "collector:1", "collector:1");
}

void TestObservability::endpoints()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, taken);
    // In either order of the keys.
    for (const char* shape : {"type: {0}, endpoint: \"{1}\"", "endpoint: \"{1}\", type: {0}"}) {
        const auto loaded = load(exporter(fmt::format(fmt::runtime(shape), type.toStdString(), given.toStdString())));
        QVERIFY2(loaded, message(loaded));
        QCOMPARE(bytes(loaded->observability.tracing.exporter.endpoint), taken);
        const auto again = load(print_config(*loaded));
        QVERIFY2(again, message(again));
        QVERIFY(*again == *loaded);
    }
}

void TestObservability::metrics_addresses_data()
{
    QTest::addColumn<QByteArray>("listen");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("allow_remote");
    QTest::addColumn<bool>("good");
    const auto row = [](const char* listen, const char* address, bool allow_remote, bool good) {
        QTest::addRow("%s %s %d", listen, address, allow_remote)
            << QByteArray(listen) << QByteArray(address) << allow_remote << good;
    };
    row("127.0.0.1:8080", "", false, true);
    row("127.0.0.1:8080", "127.0.0.1:9190", false, true);
    row("127.0.0.1:8080", "[::1]:8080", false, true);
    row("127.0.0.1:8080", "127.0.0.2:8080", false, true);
    row("127.0.0.1:0", "127.0.0.1:0", false, true);
    row("127.0.0.1:8080", "127.0.0.1:8080", false, false);
    row("127.0.0.1:8080", "127.0.0.1:8080", true, false);
    row("localhost:8080", "[::1]:8080", false, false);
    row("0.0.0.0:8080", "127.0.0.1:8080", false, false);
    row("127.0.0.1:8080", "10.0.0.1:9190", false, false);
    row("127.0.0.1:8080", "10.0.0.1:9190", true, true);
    row("127.0.0.1:8080", "metrics.example:9190", false, false);
    row("127.0.0.1:8080", "[::]:0", false, false);
    row("127.0.0.1:8080", "[::ffff:127.0.0.1]:9190", false, true);
}

void TestObservability::metrics_addresses()
{
    QFETCH(QByteArray, listen);
    QFETCH(QByteArray, address);
    QFETCH(bool, allow_remote);
    QFETCH(bool, good);
    const Metrics metrics{.address = address.toStdString(), .allow_remote = allow_remote};
    QCOMPARE(check_metrics_address(metrics, listen.toStdString()).has_value(), good);
}

void TestObservability::header_secrets_are_never_repeated()
{
    for (const char* headers :
         {"headers: \"authorization=sEcReT\"", "headers: [\"authorization: sEcReT\"]", "headers: {a: \" ${S}\"}",
          "headers: {\"authorization: sEcReT\": x}", "headers: {a: \"sEcReT\\x01\"}", "headers: {a: [sEcReT]}",
          "headers: {a: {b: sEcReT}}", "headers: {a: \"${S}\", A: \"${S}\"}", "headers: {a: \"${keychain:sEcReT x}\"}",
          "endpoint: \"http://joe:sEcReT@h:1\"", "endpoint: \"joe:${S}@h:1\"", "endpoint: \"${S}\"",
          "endpoint: \"http://h/${S}\"", "type: \"${S}\"", "insecure: \"${S}\""}) {
        std::vector<std::string> warnings;
        const auto loaded = load(
            exporter(fmt::format("{}{}", std::string_view(headers).starts_with("type") ? "" : "type: otlp, ", headers)),
            &warnings);
        QVERIFY2(!loaded, headers);
        QVERIFY2(!message(loaded).contains("sEcReT"), message(loaded));
        for (const auto& warning : warnings)
            QVERIFY2(!bytes(warning).contains("sEcReT"), warning.c_str());
    }
}

void TestObservability::headers_come_from_the_keychain()
{
    FakeKeychain keychain;
    keychain.secrets["otlp"] = "Basic abc=";
    const auto loaded = load_config(exporter("type: otlp, headers: {authorization: \"${keychain:otlp}\"}"), "f",
                                    Lookup(fake_env(), &keychain));
    QVERIFY2(loaded, message(loaded));
    QCOMPARE(bytes(loaded->observability.tracing.exporter.headers.at("authorization")), QByteArray("Basic abc="));
}

void TestObservability::warnings_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("warning");
    const auto row = [](const char* name, const std::string& yaml, const char* warning) {
        QTest::newRow(name) << bytes(yaml) << QByteArray(warning);
    };
    row("endpoint without a type", exporter("endpoint: \"localhost:4317\""),
        "f:1:48: observability.tracing.exporter.endpoint: has no effect for type none; otlp or otlp_http sends");
    row("headers of stdout", exporter("type: stdout, headers: {a: b}"),
        "f:1:52: observability.tracing.exporter.headers: has no effect for type stdout; otlp or otlp_http sends");
    row("headers in the clear", exporter("type: otlp, endpoint: \"collector:4317\", headers: {a: b}"),
        "f:1:78: observability.tracing.exporter.headers: would be sent without TLS, for everybody on the way to read; "
        "use https://");
    row("headers over TLS", exporter("type: otlp, endpoint: \"collector:4317\", insecure: false, headers: {a: b}"), "");
    row("headers over https", exporter("type: otlp_http, endpoint: \"https://collector\", headers: {a: b}"), "");
    row("headers to this machine", exporter("type: otlp_http, endpoint: \"http://[::1]:4318\", headers: {a: b}"), "");
    row("rate of always", "observability: {tracing: {sampler: {rate: 0.5}}}",
        "f:1:37: observability.tracing.sampler.rate: has no effect unless type is probability");
    row("path of memory", "observability: {requests: {path: /x.db}}",
        "f:1:28: observability.requests.path: has no effect for backend memory");
    row("what is printed", print_config(*load("")), "");
}

void TestObservability::warnings()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, warning);
    std::vector<std::string> warnings;
    const auto loaded = load(yaml.toStdString(), &warnings);
    QVERIFY2(loaded, message(loaded));
    QCOMPARE(bytes(fmt::format("{}", fmt::join(warnings, "\n"))), warning);
}

/// The tables of names follow the enums.
void TestObservability::names_of_choices()
{
    QCOMPARE(bytes(name_of(ProviderKind::demo)), QByteArray("demo"));
    QCOMPARE(bytes(name_of(ConversationBackend::sqlite)), QByteArray("sqlite"));
    QCOMPARE(bytes(name_of(LogLevel::off)), QByteArray("off"));
    QCOMPARE(bytes(name_of(SamplerType::probability)), QByteArray("probability"));
    QCOMPARE(bytes(name_of(ExporterType::stdout_lines)), QByteArray("stdout"));
    QCOMPARE(bytes(name_of(RequestLogBackend::sqlite)), QByteArray("sqlite"));
}

QTEST_APPLESS_MAIN(TestObservability)
#include "tst_observability.moc"
