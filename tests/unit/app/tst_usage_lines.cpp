// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/usage_lines.h"
#include "app/composition.h"
#include "support/heap_count.h"
#include "telemetry/tracing/tracer.h"

#include <QLocale>
#include <QTest>

#include <map>
#include <memory>
#include <optional>
#include <string>

using namespace tokenscope;

namespace {

telemetry::RequestRecord record(std::size_t chunks)
{
    telemetry::RequestRecord record;
    record.request_id = std::string(32, 'a');
    record.route = "/v1/chat/completions";
    record.target = {.backend = "vllm", .model = "a-model-of-some-vendor-70b"};
    record.requested_model = record.target.model;
    record.error = "The request ended before its reply was complete.";
    record.chunks = telemetry::ChunkMarks(chunks);
    return record;
}

/// One that is never asked.
class Source : public sources::MetricSource {
public:
    Source(std::string name, std::optional<Memory> memory) : m_name(std::move(name)), m_memory(memory) {}

    std::string name() const override { return m_name; }
    std::optional<Memory> memory() const override { return m_memory; }
    sources::SourceStatus status() const override { return {}; }
    void range(query::Query, sources::Range, CancelToken, Done) override {}
    void test(CancelToken, sources::Answer<std::string>) override {}
    void metrics(CancelToken, sources::Answer<std::vector<sources::MetricInfo>>) override {}
    void label_names(std::string, CancelToken, sources::Answer<Texts>) override {}
    void label_values(std::string, std::string, CancelToken, sources::Answer<Texts>) override {}

private:
    const std::string m_name;
    const std::optional<Memory> m_memory;
};

ui::SourceList::Entry entry(std::string name, std::optional<sources::MetricSource::Memory> memory)
{
    return {.id = {}, .source = std::make_shared<Source>(std::move(name), memory)};
}

} // namespace

/// What the Settings page says of this process's memory.
class TstUsageLines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestsCountWhatTheyTake_data()
    {
        QTest::addColumn<std::size_t>("chunks");
        QTest::newRow("whole replies") << std::size_t{0};
        QTest::newRow("streams") << std::size_t{65};
        QTest::newRow("long streams") << std::size_t{4'096};
    }

    void requestsCountWhatTheyTake()
    {
        QFETCH(std::size_t, chunks);
        telemetry::RequestLog log(500, std::size_t{1} << 30);
        const auto before = test::heap_bytes();
        for (int i = 0; i < 700; ++i)
            log.publish(record(chunks));
        const auto taken = test::heap_bytes() - before;
        const auto ratio = static_cast<double>(log.use().bytes) / static_cast<double>(taken);
        qInfo("%zu bytes taken, ratio %.3f", taken, ratio);
        QVERIFY(test::heap_is_of_the_programs() ? ratio > 0.97 && ratio < 1.03 : ratio > 0.8 && ratio < 1.25);
    }

    void tracesCountWhatTheyTake()
    {
        const ManualClock clock;
        telemetry::SpanStore store;
        const telemetry::Tracer tracer(config::Observability{}, store, clock);
        const auto before = test::heap_bytes();
        for (int i = 0; i < 2'500; ++i) {
            telemetry::TraceContext context;
            auto span = tracer.begin(std::nullopt, clock.now(), context);
            auto wait = span.child("queue.wait");
            wait.set("provider.name", "a-provider-of-some-name");
            wait.end();
            span.end();
        }
        const auto taken = test::heap_bytes() - before;
        const auto ratio = static_cast<double>(store.use().bytes) / static_cast<double>(taken);
        qInfo("%zu bytes taken, ratio %.3f", taken, ratio);
        QVERIFY(test::heap_is_of_the_programs() ? ratio > 0.97 && ratio < 1.03 : ratio > 0.8 && ratio < 1.25);
    }

    void everyBudgetIsThere()
    {
        QLocale::setDefault(QLocale::c());
        config::Config config;
        config.listen = "127.0.0.1:0";
        config.discover_providers = false;
        config.providers = {{.name = "demo", .kind = config::ProviderKind::demo}};
        config.conversations.backend = config::ConversationBackend::memory;
        config.observability.charts = {.interval = std::chrono::hours(1), .memory = std::size_t{20} << 20};
        config.observability.requests.memory = std::size_t{5} << 20;
        config.observability.requests.capture_memory = std::size_t{3} << 20;
        app::Composition composition({.config = config, .log = {.to_stderr = false}, .qt_version = {}, .charts = true});
        QVERIFY(composition.start());
        composition.requests().publish(record(1'000));
        composition.requests().publish(record(1'000));
        std::map<QString, QString> lines;
        const std::vector<ui::SourceList::Entry> sources{
            entry("Prometheus", std::nullopt),
            entry("GPU box", sources::MetricSource::Memory{.bytes = 7'340'032, .budget = std::size_t{64} << 20})};
        for (const auto& [name, value] : app::usageLines(composition, sources))
            lines[name] = value;
        const auto line = [&lines](const char* name) { return lines[QString::fromLatin1(name)]; };
        QVERIFY2(line("Charts").contains(QStringLiteral("of 20.0 MiB")), qPrintable(line("Charts")));
        QVERIFY2(line("Requests in memory").endsWith(QStringLiteral("of 5.00 MiB, in 2 records")),
                 qPrintable(line("Requests in memory")));
        QVERIFY2(line("Traces").endsWith(QStringLiteral("of 8.00 MiB")), qPrintable(line("Traces")));
        QVERIFY2(line("Headers and bodies").endsWith(QStringLiteral("of 3.00 MiB")),
                 qPrintable(line("Headers and bodies")));
        QCOMPARE(line("Samples of GPU box"), QStringLiteral("7.00 MiB of 64.0 MiB"));
        QVERIFY(!lines.contains(QStringLiteral("Samples of Prometheus")));    // it keeps them itself
        QVERIFY2(line("All of these").endsWith(QStringLiteral("of 100 MiB")), // 20 + 5 + 8 + 3 + 64
                 qPrintable(line("All of these")));
        QVERIFY(!line("This process").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TstUsageLines)
#include "tst_usage_lines.moc"
