// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/changes.h"
#include "unit/config/config_support.h"

#include <QtTest>

#include <fmt/format.h>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

Config some()
{
    Config config;
    config.providers = {{.name = "a", .kind = ProviderKind::openai, .base_url = "http://a", .api_key = "sEcReT-1"},
                        {.name = "b", .kind = ProviderKind::demo},
                        {.name = "c", .kind = ProviderKind::ollama}};
    config.aliases = {{"fast", "a/x"}, {"gone", "a/y"}};
    config.fallbacks = {{"a/x", {"b/demo-tiny"}}};
    config.auth.keys = {{"alice", "sha256:sEcReT"}, {"bob", "sha256:1"}};
    return config;
}

QByteArray described(const Config& from, const Config& to)
{
    return bytes(fmt::format("{}", fmt::join(describe_changes(from, to), ", ")));
}

} // namespace

class TestChanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing();
    void single_values();
    void providers_come_go_and_move();
    void models_and_keys();
    void observability();
    void the_discovery();
};

void TestChanges::nothing()
{
    QCOMPARE(described(some(), some()), QByteArray());
    QCOMPARE(described({}, {}), QByteArray());
}

void TestChanges::single_values()
{
    auto now = some();
    now.listen = "127.0.0.1:1";
    now.providers[0].api_key = "sEcReT-2";
    now.providers[1].demo.jitter = 0;
    now.auth.allowed_hosts = {"h"};
    now.auth.allowed_origins = {"https://h"};
    now.rate_limit.burst = 1;
    now.conversations.ttl = 1s;
    now.limits.body_bytes = 1;
    now.observability.metrics.count_scrapes = true;
    QCOMPARE(described(some(), now),
             QByteArray("listen, providers.a.api_key, providers.b.demo.jitter, auth.allowed_hosts, "
                        "auth.allowed_origins, rate_limit.burst, conversations.ttl, limits.body_bytes, "
                        "observability.metrics.count_scrapes"));
}

void TestChanges::providers_come_go_and_move()
{
    auto now = some();
    std::swap(now.providers[0], now.providers[1]);
    QCOMPARE(described(some(), now), QByteArray("providers (order)"));
    now.providers[2].name = "d";
    now.providers[0].max_queue = 1;
    QCOMPARE(described(some(), now),
             QByteArray("providers.c (removed), providers.b.max_queue, providers.d (added), providers (order)"));
    now = some();
    now.providers.insert(now.providers.begin() + 1, {.name = "new"});
    QCOMPARE(described(some(), now), QByteArray("providers.new (added)"));
}

void TestChanges::models_and_keys()
{
    auto now = some();
    now.aliases = {{"fast", "a/z"}, {"a\nb", "x"}};
    now.fallbacks["a/x"].push_back("c/y");
    now.auth.keys = {{"bob", "sha256:2"}, {"carol", "sha256:3"}};
    QCOMPARE(described(some(), now),
             QByteArray("aliases.gone (removed), aliases.a?b (added), aliases.fast, fallbacks.a/x, "
                        "auth.keys.alice (removed), auth.keys.bob, auth.keys.carol (added)"));
}

void TestChanges::observability()
{
    auto before = some();
    before.observability.tracing.exporter.headers = {{"authorization", "sEcReT-1"}, {"gone", "sEcReT"}};
    auto now = before;
    now.log = {.level = LogLevel::off, .file = "/x"};
    auto& changed = now.observability;
    changed.enabled = false;
    changed.prices = "/p";
    changed.metrics = {.enabled = false,
                       .path = "/m",
                       .address = "127.0.0.1:1",
                       .allow_remote = true,
                       .count_scrapes = true,
                       .series_cap = 1};
    changed.tracing.enabled = false;
    changed.tracing.service_name = "s";
    changed.tracing.sampler = {.type = SamplerType::never, .rate = 0.5};
    changed.tracing.exporter = {.type = ExporterType::otlp,
                                .endpoint = "h:1",
                                .insecure = false,
                                .headers = {{"authorization", "sEcReT-2"}, {"new", "sEcReT"}}};
    changed.requests = {.backend = RequestLogBackend::sqlite,
                        .path = "/r",
                        .ttl = 1s,
                        .memory = std::size_t{1} << 20,
                        .bodies = false,
                        .capture_memory = 1};
    changed.charts = {.interval = 2s, .memory = std::size_t{1} << 30};
    const auto said = described(before, now);
    QCOMPARE(said,
             QByteArray("log.level, log.file, observability.enabled, observability.prices, "
                        "observability.metrics.enabled, observability.metrics.path, observability.metrics.address, "
                        "observability.metrics.allow_remote, observability.metrics.count_scrapes, "
                        "observability.metrics.series_cap, observability.tracing.enabled, "
                        "observability.tracing.service_name, observability.tracing.sampler.type, "
                        "observability.tracing.sampler.rate, observability.tracing.exporter.type, "
                        "observability.tracing.exporter.endpoint, observability.tracing.exporter.insecure, "
                        "observability.tracing.exporter.headers.gone (removed), "
                        "observability.tracing.exporter.headers.authorization, "
                        "observability.tracing.exporter.headers.new (added), observability.requests.backend, "
                        "observability.requests.path, observability.requests.ttl, "
                        "observability.requests.memory, "
                        "observability.requests.bodies, observability.requests.capture_memory, "
                        "observability.charts.interval, observability.charts.memory"));
}

void TestChanges::the_discovery()
{
    auto now = some();
    now.discover_providers = true;
    QCOMPARE(described(some(), now), QByteArray("providers (discovery)"));
}

QTEST_APPLESS_MAIN(TestChanges)
#include "tst_changes.moc"
