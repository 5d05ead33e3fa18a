// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_store.h"
#include "support/heap_count.h"

#include <QTest>

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace tokenscope::query;
using tokenscope::test::heap_bytes;
using tokenscope::test::heap_is_of_the_programs;

namespace {

std::vector<Sample> scrape(std::size_t series, const std::string& run)
{
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < series; ++i)
        samples.push_back({"http_requests_of_a_server_total_" + std::to_string(i % 50),
                           {{"instance", "10.0.0." + std::to_string(i % 20) + ":9090"},
                            {"job", "a-job-with-a-name"},
                            {"method", i % 2 ? "GET" : "POST"},
                            {"model", "a-model-of-some-vendor:" + std::to_string(i % 10) + "b"},
                            {"namespace", "production"},
                            {"region", "somewhere-1"},
                            {"run", run},
                            {"path", "/a/path/of/a/server/" + std::to_string(i / 4)}},
                           0});
    return samples;
}

} // namespace

/// Whether the store's own count of its bytes is what it takes of the heap.
class TestSeriesStoreMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void counts_what_it_takes_data()
    {
        QTest::addColumn<int>("scrapes");
        QTest::addColumn<bool>("noise");
        QTest::addColumn<std::size_t>("budget");
        const std::size_t plenty = std::size_t{1} << 30;
        QTest::newRow("labels alone") << 1 << false << plenty;
        QTest::newRow("counters") << 500 << false << plenty;
        QTest::newRow("noise") << 500 << true << plenty;
        QTest::newRow("both tiers") << 2'000 << false << plenty;
        QTest::newRow("a budget that is too small") << 500 << true << std::size_t{1'000'000};
    }

    void counts_what_it_takes()
    {
        QFETCH(int, scrapes);
        QFETCH(bool, noise);
        QFETCH(std::size_t, budget);
        constexpr std::size_t series = 1'000;
        auto samples = scrape(series, "a");
        std::mt19937_64 random(1);
        const std::size_t before = heap_bytes();
        auto store = std::make_unique<SeriesStore>(
            SeriesStore::Limits{.max_age_ms = 600'000, .coarse_age_ms = 6'000'000, .max_bytes = budget});
        for (int i = 0; i < scrapes; ++i) {
            for (std::size_t s = 0; s < series; ++s)
                samples[s].value = noise        ? static_cast<double>(random())
                                   : s % 3 == 0 ? samples[s].value + static_cast<double>(s % 11)
                                                : samples[s].value;
            store->append(i * 1'000, samples);
        }
        const auto use = store->use();
        // The list of the last scrape's series, twice, is not of the budget.
        const auto taken = static_cast<double>(heap_bytes() - before - 4 * series * sizeof(void*));
        const auto ratio = static_cast<double>(use.bytes) / taken;
        store.reset();
        const auto left = heap_bytes() - before;
        qInfo("%zu series: %zu bytes, %.0f taken, ratio %.3f", use.series, use.bytes, taken, ratio);
        // Another allocator rounds in another way.
        QVERIFY(heap_is_of_the_programs() ? ratio > 0.95 && ratio < 1.08 : ratio > 0.93 && ratio < 1.25);
        QVERIFY(use.bytes <= budget);
        QCOMPARE(left, std::size_t{0});
    }

    /// Series whose labels change all the time leave nothing behind.
    void churn()
    {
        const std::size_t before = heap_bytes();
        std::size_t most = 0;
        std::size_t later = 0;
        std::size_t empty = 1;
        {
            SeriesStore store({.max_age_ms = 20'000, .coarse_age_ms = 0});
            for (int i = 0; i < 600; ++i) {
                store.append(i * 1'000, scrape(50, "run " + std::to_string(i / 5)));
                if (i == 100)
                    most = heap_bytes() - before;
            }
            later = heap_bytes() - before;
            for (int i = 600; i < 700; ++i)
                store.append(i * 1'000, {});
            empty = store.use().bytes;
        }
        const auto left = heap_bytes() - before;
        QVERIFY(later < most * 3 / 2);
        QCOMPARE(empty, std::size_t{0});
        QCOMPARE(left, std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(TestSeriesStoreMemory)
#include "tst_series_store_memory.moc"
