// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/sketch_store.h"
#include "support/heap_count.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>

using namespace tokenscope::query;
using tokenscope::test::heap_bytes;
using tokenscope::test::heap_is_of_the_programs;

namespace {

constexpr std::array<std::string_view, 2> names{"backend", "model"};

/// A second of latencies of some models, from one bucket to a few dozen.
void add_second(SketchStore& store, std::int64_t time, int models, std::mt19937_64& random)
{
    for (int model = 0; model < models; ++model) {
        const auto text = "a-model-of-some-vendor:" + std::to_string(model) + "b";
        const std::array<std::string_view, 2> values{"vllm", text};
        for (int i = 0; i < 1 + 3 * (model % 5); ++i)
            store.add("token_latency_seconds", names, values, time,
                      0.01 * (1 + static_cast<double>(random() % 100) / 40));
    }
}

} // namespace

/// Whether the store's own count of its bytes is what it takes of the heap, and stays under its budget there.
class TestSketchStoreMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void counts_what_it_takes_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<std::size_t>("budget");
        const std::size_t plenty = std::size_t{1} << 30;
        QTest::newRow("labels and a second") << 1 << plenty;
        QTest::newRow("fine slots") << 1'700 << plenty;
        QTest::newRow("coarse ones, too") << 9'000 << plenty;
        QTest::newRow("older than all") << 30'000 << plenty;
        QTest::newRow("a budget that is too small") << 9'000 << (std::size_t{1} << 20);
    }

    void counts_what_it_takes()
    {
        QFETCH(int, seconds);
        QFETCH(std::size_t, budget);
        constexpr int models = 12;
        const auto before = heap_bytes();
        auto store = std::make_unique<SketchStore>(
            SketchStore::Limits{.fine_ms = 1'800'000, .max_age_ms = 18'000'000, .max_bytes = budget});
        const auto own = heap_bytes() - before;
        std::mt19937_64 random(1);
        std::size_t most = 0;
        for (int second = 0; second < seconds; ++second) {
            add_second(*store, second * 1'000, models, random);
            most = std::max(most, heap_bytes() - before - own);
        }
        const auto said = store->bytes();
        const auto taken = heap_bytes() - before - own;
        const auto ratio = static_cast<double>(said) / static_cast<double>(taken);
        store.reset();
        const auto left = heap_bytes() - before;
        qInfo("%zu bytes said, %zu taken, ratio %.3f; at most %zu", said, taken, ratio, most);
        QCOMPARE(left, std::size_t{0});
        // Another allocator rounds in another way.
        QVERIFY(heap_is_of_the_programs() ? ratio > 0.97 && ratio < 1.03 : ratio > 0.9 && ratio < 1.25);
        // It is tidied once a second: so much may be beyond.
        QVERIFY(most < budget + budget / 8);
    }

    /// A day holds as much as the day before.
    void does_not_grow_once_it_is_full()
    {
        SketchStore store({.fine_ms = 600'000, .max_age_ms = 3'600'000});
        std::mt19937_64 random(1);
        const auto before = heap_bytes();
        int second = 0;
        const auto pass = [&](int until) {
            std::size_t most = 0;
            for (; second < until; ++second) {
                add_second(store, second * 1'000, 6, random);
                most = std::max(most, heap_bytes() - before);
            }
            return most;
        };
        pass(3'700);
        const auto first = pass(3'700 + 3'600);
        pass(3'700 + 4 * 3'600);
        const auto fifth = pass(3'700 + 5 * 3'600);
        qInfo("at most %zu bytes, later %zu", first, fifth);
        QVERIFY(static_cast<double>(fifth) < 1.03 * static_cast<double>(first));
    }
};

QTEST_APPLESS_MAIN(TestSketchStoreMemory)
#include "tst_sketch_store_memory.moc"
