// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "config/loader.h"
#include "unit/config/config_support.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

const Env& env()
{
    static const Env environment = fake_env({{"SECRET", "sk-secret value"},
                                             {"KEY", "sk-from-env"},
                                             {"PORT", "8123"},
                                             {"HOST", "Example.COM"},
                                             {"NOTHING", ""},
                                             {"TRICKY", "${KEY} $$ }: \"x\" # y"}});
    return environment;
}

QByteArray read_all(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::string_view view(const QByteArray& text)
{
    return {text.data(), static_cast<std::size_t>(text.size())};
}

/// A file that sets every key.
const std::string& everything()
{
    static const auto text =
        read_all(QStringLiteral(TOKENSCOPE_SOURCE_DIR "/tests/corpus/config/good/every-key.yaml")).toStdString();
    return text;
}

} // namespace

class TestLoader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_every_key();
    void what_is_not_there_has_its_default_data();
    void what_is_not_there_has_its_default();
    void ollama_has_a_default_address();
    void variables_are_values_not_yaml();
    void an_empty_variable_is_an_empty_value();
    void openai_is_offered_only_with_a_key();
    void an_unusable_variable_is_an_error_only_where_it_counts();
    void yaml_in_other_clothes_data();
    void yaml_in_other_clothes();
    void bad_files_data();
    void bad_files();
    void secrets_are_never_repeated();
    void client_keys_are_never_repeated();
    void keys_open_the_door_wherever_they_stand();
    void warnings();
    void hostile_nesting_ends();
    void every_truncation_is_an_answer();
    void every_changed_byte_is_an_answer();
    void files();
};

void TestLoader::reads_every_key()
{
    const auto loaded = load_config(everything(), "all.yaml", env());
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());

    Config expected;
    expected.listen = "[::]:9000";
    Provider local{.name = "local", .kind = ProviderKind::ollama, .base_url = "https://example.com"};
    local.api_key = "sk-from-env";
    local.max_in_flight = 4;
    local.max_queue = 0;
    local.queue_timeout = 0ms;
    local.connect_timeout = 250ms;
    local.idle_timeout = 2min;
    local.max_retries = 0;
    local.retry_backoff = 1s;
    Provider cloud{.name = "cloud.v-1_x", .kind = ProviderKind::openai, .base_url = "http://example.com:8123/v1"};
    Provider claude{.name = "claude", .kind = ProviderKind::anthropic, .base_url = "https://api.anthropic.com"};
    claude.max_retries = 10;
    claude.retry_backoff = 0ms;
    Provider sim{.name = "sim", .kind = ProviderKind::demo};
    sim.demo = {.seed = 18446744073709551615ULL,
                .tokenizer_workers = 3,
                .workers = 9,
                .batch_size = 1,
                .batch_wait = 0us,
                .tokenize_per_token = 1us,
                .prefill_base = 250us,
                .prefill_per_token = 1500us,
                .per_token = 0us,
                .jitter = 0,
                .error_rate = 0.25,
                .midstream_error_rate = 0.5,
                .stall_rate = 1,
                .tail_rate = 0.125,
                .tail_factor = 1.5};
    expected.providers = {local, cloud, claude, sim};
    expected.aliases = {{"fast", "local/phi4"}, {"gpt 4", "cost$10 sk-from-env $x"}};
    // Aliases are replaced; two models may stand in for each other.
    expected.fallbacks = {{"claude/opus", {"local/phi4", "8123", "meta-llama/Llama-3"}},
                          {"local/phi4", {"claude/opus"}}};
    const std::string digits = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    expected.auth.keys = {
        {"key-1", hash_key("sk-from-env")},
        {"key-2", "sha256:" + digits},
        {"alice", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}, // of FIPS 180-2
    };
    expected.auth.allowed_hosts = {"gateway.local", "192.168.1.7", "fe80::1"};
    expected.auth.allowed_origins = {"https://app.example", "http://localhost:5173", "app://obsidian.md",
                                     "tauri://localhost:80"};
    expected.rate_limit = {.requests_per_second = 0.5, .burst = 20};
    expected.conversations = {
        .backend = ConversationBackend::memory, .path = "/var/lib/Example.COM.db", .ttl = std::chrono::hours(12)};
    expected.limits = {.body_bytes = 1'572'864,
                       .header_bytes = 2048,
                       .header_timeout = 1s,
                       .body_timeout = 2s,
                       .idle_timeout = 1h,
                       .write_timeout = 24h,
                       .drain_timeout = 0s};
    expected.log = {.level = LogLevel::off, .file = "/var/log/Example.COM.log"};
    auto& observability = expected.observability;
    observability.enabled = false;
    observability.prices = "/etc/Example.COM/prices.json";
    observability.metrics = {.enabled = false,
                             .path = "/Stats-1/our_own.txt",
                             .address = "[::]:9190",
                             .allow_remote = true,
                             .count_scrapes = true,
                             .series_cap = 1};
    observability.tracing = {
        .enabled = false,
        .service_name = "llm-gateway, K\xC3\xB6ln",
        .sampler = {.type = SamplerType::probability, .rate = 0.25},
        .exporter = {.type = ExporterType::otlp_http,
                     .endpoint = "https://collector.example/v1/traces",
                     .insecure = false,
                     .headers = {{"authorization", "Bearer sk-from-env"}, {"x-scope-orgid", "tenant 1"}}}};
    observability.requests = {.backend = RequestLogBackend::sqlite,
                              .path = "/var/lib/requests.db",
                              .ttl = std::chrono::hours(24),
                              .memory = std::size_t{2} << 20,
                              .bodies = false,
                              .capture_memory = std::size_t{1} << 20};
    observability.charts = {.interval = 250ms, .memory = std::size_t{4} << 30};
    QVERIFY(*loaded == expected);
}

void TestLoader::what_is_not_there_has_its_default_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("blank") << QByteArray("\n\n  \n");
    QTest::newRow("comments") << QByteArray("# listen: nonsense\n");
    QTest::newRow("empty document") << QByteArray("---\n...\n");
    QTest::newRow("null") << QByteArray("~\n");
    QTest::newRow("empty mapping") << QByteArray("{}\n");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF");
    QTest::newRow("sections with everything commented out")
        << QByteArray("limits:\n#  body_bytes: 1MiB\nobservability:\n  metrics:\naliases:\n");
}

void TestLoader::what_is_not_there_has_its_default()
{
    QFETCH(QByteArray, text);
    const auto loaded = load_config(view(text), "f", env());
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    Config expected;
    expected.discover_providers = true;
    expected.providers = {Provider{.name = "demo", .kind = ProviderKind::demo}};
    expected.providers[0].max_in_flight = 12; // two workers with four requests each, and a batch that waits for them
    QVERIFY(*loaded == expected);
}

void TestLoader::ollama_has_a_default_address()
{
    const auto loaded = load_config("providers: [{name: o, kind: ollama}]", "f", env());
    QVERIFY(loaded);
    QCOMPARE(bytes(loaded->providers.at(0).base_url), QByteArray("http://127.0.0.1:11434"));
    QVERIFY(!loaded->discover_providers);
}

void TestLoader::variables_are_values_not_yaml()
{
    const auto loaded = load_config("aliases: { a: \"${TRICKY}\" }", "f", env());
    QVERIFY(loaded);
    QCOMPARE(bytes(loaded->aliases.at("a")), QByteArray("${KEY} $$ }: \"x\" # y"));
}

void TestLoader::an_empty_variable_is_an_empty_value()
{
    const auto key = load_config(
        "providers: [{name: o, kind: openai, base_url: \"http://h\", api_key: \"${NOTHING}\"}]", "f", env());
    QVERIFY(key);
    QVERIFY(key->providers.at(0).api_key.empty());
    const auto count = load_config("limits: { body_bytes: \"${NOTHING}\" }", "f", env());
    QVERIFY(!count);
}

void TestLoader::openai_is_offered_only_with_a_key()
{
    const auto with_key = fake_env({{"OPENAI_API_KEY", "sk-1"}});
    const auto loaded = load_config("", "f", with_key);
    QVERIFY(loaded);
    QCOMPARE(loaded->providers.size(), std::size_t{2});
    QCOMPARE(bytes(loaded->providers[1].name), QByteArray("openai"));
    const auto named = load_config("providers: [{name: d, kind: demo}]", "f", with_key);
    QVERIFY(named);
    QCOMPARE(named->providers.size(), std::size_t{1});
}

void TestLoader::an_unusable_variable_is_an_error_only_where_it_counts()
{
    const auto broken = fake_env({{"OPENAI_API_KEY", "sk-1"}, {"OPENAI_BASE_URL", "nonsense"}});
    const auto loaded = load_config("nonsense: 1", "f", broken);
    QVERIFY(!loaded);
    QCOMPARE(bytes(loaded.error().message),
             QByteArray("f: environment variable OPENAI_BASE_URL is not a base URL\n"
                        "f:1:1: nonsense: unknown key, valid: listen, aliases, auth, conversations, fallbacks, limits, "
                        "log, observability, providers, rate_limit"));
    QVERIFY(load_config("providers: [{name: d, kind: demo}]", "f", broken));
}

void TestLoader::yaml_in_other_clothes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("json") << QByteArray("{\"limits\": {\"body_bytes\": \"1MiB\"}}");
    QTest::newRow("carriage returns") << QByteArray("limits:\r\n  body_bytes: 1MiB\r\n");
    QTest::newRow("number of bytes") << QByteArray("limits: {body_bytes: 1048576}");
    QTest::newRow("single quotes") << QByteArray("'limits': {'body_bytes': '1MiB'}");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBFlimits: {body_bytes: 1MiB}");
    QTest::newRow("anchor") << QByteArray("aliases: {a: &x \"1MiB\"}\nlimits: {body_bytes: *x}");
    QTest::newRow("variable") << QByteArray("limits: {body_bytes: \"${SIZE}MiB\"}");
    QTest::newRow("no line feed at the end") << QByteArray("limits:\n  body_bytes: 1MiB");
    QTest::newRow("document markers") << QByteArray("---\nlimits: {body_bytes: 1MiB}\n...\n");
}

void TestLoader::yaml_in_other_clothes()
{
    QFETCH(QByteArray, text);
    const auto loaded = load_config(view(text), "f", fake_env({{"SIZE", "1"}}));
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(loaded->limits.body_bytes, std::size_t{1} << 20);
}

void TestLoader::bad_files_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(QStringLiteral(TOKENSCOPE_SOURCE_DIR "/tests/corpus/config"));
    const auto files = folder.entryInfoList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name);
    for (const auto& file : files)
        QTest::newRow(qPrintable(file.completeBaseName())) << file.filePath();
    QVERIFY(files.size() > 40);
}

/// A file ends in "# expect: line:column: text" lines, in order; "not valid YAML: " may go on in any way.
void TestLoader::bad_files()
{
    QFETCH(QString, path);
    const auto text = read_all(path);
    QByteArrayList expected;
    for (const auto& line : text.split('\n')) {
        if (line.startsWith("# expect: ")) {
            const auto rest = line.mid(10);
            expected << QByteArray(rest.at(0) >= '0' && rest.at(0) <= '9' ? "f:" : "f: ") + rest;
        }
    }
    QVERIFY(!expected.isEmpty());

    const auto loaded = load_config(view(text), "f", env());
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().code, ErrorCode::config);
    auto actual = bytes(loaded.error().message).split('\n');
    for (qsizetype i = 0; i < std::min(actual.size(), expected.size()); ++i) {
        if (expected[i].endsWith("not valid YAML: "))
            actual[i].truncate(expected[i].size());
    }
    QCOMPARE(actual.join('\n'), expected.join('\n'));
}

void TestLoader::secrets_are_never_repeated()
{
    const auto secret = fake_env({{"S", "http://joe:sEcReT@h/?x"}});
    const auto loaded =
        load_config("listen: \"${S}\"\n"
                    "providers:\n"
                    "  - {name: \"${S}\", kind: \"${S}\", base_url: \"${S}\", api_key: \"sEcReT ${S}\"}\n"
                    "  - {name: b, kind: openai, base_url: \"http://joe:sEcReT@h\", max_queue: \"${S}\"}\n"
                    "  - {name: c, kind: openai, base_url: \"http://joe:sEcReT/@h\"}\n"
                    "limits: {idle_timeout: \"${S}\", body_bytes: \"${S}\"}\n",
                    "f", secret);
    QVERIFY(!loaded);
    const auto message = bytes(loaded.error().message);
    QCOMPARE(message.count('\n') + 1, 10);
    QVERIFY2(!message.contains("sEcReT"), message.constData());
}

void TestLoader::client_keys_are_never_repeated()
{
    const auto secret = fake_env({{"S", "sEcReT key"}, {"T", "sha256:sEcReT"}});
    std::vector<std::string> warnings;
    const auto loaded = load_config(
        "auth:\n"
        "  keys: [\"${S}\", \"${T}\", \"sEcReT key\", \"sha256:sEcReT\", {key: \"${S}\"}, {kee: sEcReT-1}, sEcReT-1,\n"
        "         sEcReT-1, {name: \"${S}\", key: sEcReT-2}]\n"
        "  allowed_hosts: [\"${S}\"]\n"
        "  allowed_origins: [\"https://joe:sEcReT@h\", \"${S}\"]\n"
        "aliases: {a: \"${S}/\"}\n"
        "fallbacks: {a: [\"${S}/\", \"${S}/x\", \"${S}/x\"]}\n"
        "conversations: {backend: \"${S}\", path: \"${S}\", ttl: \"${S}\"}\n"
        "rate_limit: {requests_per_second: \"${S}\"}\n",
        "f", secret, &warnings);
    QVERIFY(!loaded);
    auto said = bytes(loaded.error().message);
    QCOMPARE(said.count('\n') + 1, 18);
    QVERIFY(warnings.size() >= 4);
    for (const auto& warning : warnings)
        said += bytes(warning);
    QVERIFY2(!said.contains("sEcReT"), said.constData());
}

void TestLoader::keys_open_the_door_wherever_they_stand()
{
    const std::string open = "listen: 0.0.0.0:80\n";
    const std::string key = "auth: {keys: [\"${KEY}\"]}\n";
    QVERIFY(load_config(open + key, "f", env()));
    QVERIFY(load_config(key + open, "f", env()));
    const auto from_env = load_config("listen: \"${KEY}:80\"", "f", fake_env({{"KEY", "sEcReT"}}));
    QVERIFY(!from_env);
    QCOMPARE(
        bytes(from_env.error().message),
        QByteArray("f:1:9: listen: '${KEY}:80' can be reached from other machines, so clients must need a key: add "
                   "one to auth.keys, or listen on 127.0.0.1, [::1] or localhost"));
}

void TestLoader::warnings()
{
    std::vector<std::string> warnings;
    const auto loaded = load_config("providers: [{name: ollama, kind: ollama}]\n"
                                    "aliases: {a: olama/phi4, b: ollama/phi4, c: meta-llama/Llama-3, d: phi4}\n"
                                    "fallbacks:\n"
                                    "  a: [b, olama/x]\n"
                                    "  opnai/x: [ollama/y]\n"
                                    "auth: {keys: [plain-text, {key: other-text}, \"${KEY}\"]}\n"
                                    "rate_limit: {burst: 3}\n"
                                    "conversations: {backend: memory, path: /x}\n",
                                    "f", env(), &warnings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QByteArray said;
    for (const auto& warning : warnings)
        said += bytes(warning) + '\n';
    const QByteArray in_the_clear =
        " is written in the clear; put what tokenscope-gateway --hash-key makes of it there, or "
        "a ${VARIABLE}\n";
    QCOMPARE(said,
             QByteArray("f:2:14: aliases.a: 'olama/phi4' starts with no provider's name, so it is taken for a bare "
                        "model name; did you mean 'ollama/'?\n"
                        "f:2:45: aliases.c: 'meta-llama/Llama-3' starts with no provider's name, so it is taken for "
                        "a bare model name\n"
                        "f:4:10: fallbacks.a[1]: 'olama/x' starts with no provider's name, so it is taken for a bare "
                        "model name; did you mean 'ollama/'?\n"
                        "f:5:3: fallbacks.opnai/x: 'opnai/x' starts with no provider's name, so it is taken for a "
                        "bare model name\n"
                        "f:6:15: auth.keys[0]:"
                        + in_the_clear + "f:6:33: auth.keys[1].key:" + in_the_clear
                        + "f:7:14: rate_limit.burst: has no effect while requests_per_second is 0\n"
                          "f:8:34: conversations.path: has no effect for backend memory\n"));
    warnings.clear();
    QVERIFY(load_config("aliases: {a: ollama/phi4, b: demo/x}\nlimits: {}", "f", env(), &warnings));
    QVERIFY(warnings.empty()); // ollama may be discovered
}

void TestLoader::hostile_nesting_ends()
{
    for (const char* piece : {"[", "{a: ", "- ", "? "}) {
        const auto text = QByteArray(piece).repeated(50'000);
        QVERIFY(!load_config(view(text), "f", env()));
    }
    QByteArray bomb = "a0: &a0 [x]\n";
    for (int i = 1; i < 40; ++i)
        bomb += QByteArrayLiteral("a%1: &a%1 [*a%2, *a%2, *a%2]\n")
                    .replace("%1", QByteArray::number(i))
                    .replace("%2", QByteArray::number(i - 1));
    QVERIFY(!load_config(view(bomb), "f", env()));
    const QByteArray large(2 << 20, '#');
    QVERIFY(!load_config(view(large), "f", env()));
    const QByteArray long_key = QByteArray("limits: {") + QByteArray(900'000, 'k') + ": 1}";
    const auto refused = load_config(view(long_key), "f", env());
    QVERIFY(!refused);
    QVERIFY(refused.error().message.size() < 400);
}

void TestLoader::every_truncation_is_an_answer()
{
    const std::string_view text = everything();
    QVERIFY(!text.empty());
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto loaded = load_config(text.substr(0, size), "f", env());
        if (!loaded)
            QVERIFY2(loaded.error().message.starts_with("f:"), loaded.error().message.c_str());
    }
}

void TestLoader::every_changed_byte_is_an_answer()
{
    constexpr std::size_t stride = 3; // every place is changed, if not to every byte: there are ten thousands of them
    std::size_t first = 0;
    for (const char byte : {'\0', ' ', '\n', '\t', ':', '{', ']', '"', '*', '!', '$', '\x80', '0'}) {
        std::string text = everything();
        for (std::size_t at = first++ % stride; at < text.size(); at += stride) {
            auto& each = text[at];
            const char before = std::exchange(each, byte);
            const auto loaded = load_config(text, "f", env());
            if (!loaded)
                QVERIFY2(loaded.error().message.starts_with("f:"), loaded.error().message.c_str());
            each = before;
        }
    }
}

void TestLoader::files()
{
    QTemporaryDir folder;
    const auto path = [&](const char* name) { return std::filesystem::path(folder.path().toStdString()) / name; };
    const auto message = [&](const std::filesystem::path& file) {
        const auto loaded = load_config_file(file, env());
        return loaded ? QByteArray() : bytes(loaded.error().message);
    };
    QCOMPARE(message(path("none.yaml")), bytes(path("none.yaml").string() + ": does not exist"));
    QVERIFY(message(folder.path().toStdString()).contains("is a directory"));

    QFile file(folder.filePath(QStringLiteral("a.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("limits: { body_bytes: 2KiB }\n");
    file.close();
    const auto loaded = load_config_file(path("a.yaml"), env());
    QVERIFY(loaded);
    QCOMPARE(loaded->limits.body_bytes, std::size_t{2048});
    if (geteuid() != 0) { // root may read everything
        QVERIFY(file.setPermissions(QFileDevice::WriteOwner));
        QVERIFY(message(path("a.yaml")).contains("cannot be read"));
        QVERIFY(file.setPermissions(QFileDevice::WriteOwner | QFileDevice::ReadOwner));
    }
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray((1 << 20) + 1, '\n'));
    file.close();
    QVERIFY(message(path("a.yaml")).contains("larger than 1 MiB"));
}

QTEST_APPLESS_MAIN(TestLoader)
#include "tst_loader.moc"
