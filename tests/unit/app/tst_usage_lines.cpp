// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/usage_lines.h"
#include "app/composition.h"
#include "support/heap_count.h"

#include <QLocale>
#include <QTest>

#include <map>
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
    record.chunks.resize(chunks);
    return record;
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
        telemetry::RequestLog log(500);
        const auto before = test::heap_bytes();
        for (int i = 0; i < 700; ++i)
            log.publish(record(chunks));
        const auto taken = test::heap_bytes() - before;
        const auto ratio = static_cast<double>(app::requestBytes(log)) / static_cast<double>(taken);
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
        config.observability.requests.capture_memory = std::size_t{3} << 20;
        app::Composition composition({.config = config, .log = {.to_stderr = false}, .qt_version = {}, .charts = true});
        composition.requests().publish(record(1'000));
        composition.requests().publish(record(1'000));
        std::map<QString, QString> lines;
        for (const auto& [name, value] : app::usageLines(composition))
            lines[name] = value;
        const auto line = [&lines](const char* name) { return lines[QString::fromLatin1(name)]; };
        QVERIFY2(line("Charts").contains(QStringLiteral("of 20.0 MiB")), qPrintable(line("Charts")));
        QVERIFY2(line("Requests in memory").startsWith(QStringLiteral("2 in 3")),
                 qPrintable(line("Requests in memory")));
        QVERIFY2(line("Traces").endsWith(QStringLiteral("of 8.00 MiB")), qPrintable(line("Traces")));
        QVERIFY2(line("Headers and bodies").endsWith(QStringLiteral("of 3.00 MiB")),
                 qPrintable(line("Headers and bodies")));
        QVERIFY(!line("This process").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TstUsageLines)
#include "tst_usage_lines.moc"
