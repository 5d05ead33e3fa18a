// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"

#include <QTest>

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

using namespace tokenscope;
using namespace std::chrono_literals;

/// How often this process is sampled for the charts, and in how much memory; both may change while it runs.
class TstSampling : public QObject {
    Q_OBJECT

private:
    static config::Config configuration(std::chrono::milliseconds interval, std::size_t memory)
    {
        config::Config config;
        config.listen = "127.0.0.1:0";
        config.discover_providers = false;
        config.providers = {{.name = "demo", .kind = config::ProviderKind::demo}};
        config.conversations.backend = config::ConversationBackend::memory;
        config.observability.charts = {.interval = interval, .memory = memory};
        return config;
    }
    static std::vector<std::int64_t> times(const query::SeriesStore& store)
    {
        const auto all = store.select(
            "process_open_fds", [](const auto&) { return true; }, 0, std::numeric_limits<std::int64_t>::max());
        std::vector<std::int64_t> times;
        for (const auto& series : all)
            std::ranges::transform(series.points, std::back_inserter(times), &query::Point::time);
        return times;
    }

private Q_SLOTS:
    void anotherIntervalCountsAtOnce()
    {
        const SystemClock clock;
        telemetry::Metrics metrics({.version = "1", .qt = ""}, 2000, &clock);
        telemetry::Logger log({.to_stderr = false});
        query::SeriesStore store({});
        app::Sampling sampling(metrics, &store, 1h, clock, log);
        QTRY_COMPARE(times(store).size(), std::size_t{1});
        const auto first = times(store);
        sampling.set_interval(2ms); // not in an hour
        QTRY_VERIFY(times(store).size() > 5);
        QCOMPARE(times(store).front(), first.front());
        sampling.set_interval(1h);
    }

    void withoutAStoreTheMachineIsReadAllTheSame()
    {
        const SystemClock clock;
        telemetry::Metrics metrics({.version = "1", .qt = ""}, 2000, &clock);
        telemetry::Logger log({.to_stderr = false});
        const app::Sampling sampling(metrics, nullptr, 1h, clock, log);
        const auto has_process = [&] {
            const auto families = metrics.collect();
            return std::ranges::any_of(families, [](const auto& family) {
                return family.name == "process_open_fds" && !family.series.empty();
            });
        };
        QTRY_VERIFY(has_process());
    }

    void settingsAreAppliedWithoutLosingTheHistory()
    {
        app::Composition composition({.config = configuration(250ms, std::size_t{80} << 20),
                                      .log = {.to_stderr = false},
                                      .qt_version = {},
                                      .charts = true});
        QVERIFY(composition.start());
        auto& source = composition.local_source();
        QCOMPARE(source.capabilities().interval, 250ms);
        QCOMPARE(source.use().budget, std::size_t{80} << 20);
        QTRY_VERIFY(source.use().history_from && *source.use().newest > *source.use().history_from);
        const auto before = source.use();
        QVERIFY(composition.apply(configuration(60s, std::size_t{8} << 20)));
        QCOMPARE(source.capabilities().interval, 60s);
        const auto after = source.use();
        QCOMPARE(after.budget, std::size_t{8} << 20);
        QCOMPARE(after.history_from, before.history_from);
        QVERIFY(after.series >= before.series && after.bytes <= after.budget && !after.history_cut);
        QVERIFY(composition.apply(configuration(500ms, (std::size_t{1} << 30) + 3)));
        QCOMPARE(source.capabilities().interval, 500ms);
        QCOMPARE(source.use().budget, (std::size_t{1} << 30) + 3); // both parts together, to the byte
        QTRY_VERIFY(*source.use().newest > *after.newest);
        QCOMPARE(source.use().history_from, before.history_from);
    }
};

QTEST_GUILESS_MAIN(TstSampling)
#include "tst_sampling.moc"
