// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/latency_sketch.h"
#include "query/sketch_store.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace tokenscope::query;

namespace {

using Names = std::array<std::string_view, 2>;
constexpr Names names{"backend", "model"};
constexpr double infinity = std::numeric_limits<double>::infinity();

bool all(const Labels&)
{
    return true;
}

double at_rank(std::vector<double> values, double q)
{
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

bool within(double got, double true_value)
{
    return true_value == 0 ? got == 0
                           : std::abs(got - true_value) <= 1.0001 * LatencySketch::relative_error * true_value;
}

std::uint64_t total(const SketchStore& store, std::string_view metric)
{
    std::uint64_t count = 0;
    for (const auto& series : store.select(metric, all, -1'000'000'000'000, 1'000'000'000'000'000))
        for (const auto& slot : series.slots) {
            count += slot.sketch.zeros();
            for (const auto& bucket : slot.sketch.buckets())
                count += bucket.count;
        }
    return count;
}

} // namespace

class TstLatencySketch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantilesAreWithinOnePercent_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 12; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void quantilesAreWithinOnePercent()
    {
        QFETCH(int, seed);
        std::mt19937_64 random(static_cast<unsigned>(seed));
        std::vector<double> values;
        LatencySketch even;
        LatencySketch odd;
        const auto count = 1 + random() % 3000;
        std::lognormal_distribution<double> spread(-3, 0.2 + seed * 0.4);
        for (std::size_t i = 0; i < count; ++i) {
            values.push_back(random() % 50 == 0 ? 0 : spread(random));
            (i % 2 == 0 ? even : odd).add(values.back());
        }
        LatencySketch both = even;
        both.add(odd);
        SketchWindow merged;
        merged.add(both);
        SketchWindow window;
        window.add(odd);
        window.add(even);
        for (const double q : {0.0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
            const auto truth = at_rank(values, q);
            QVERIFY2(within(*merged.quantile(q), truth), qPrintable(QStringLiteral("q %1").arg(q)));
            QCOMPARE(*window.quantile(q), *merged.quantile(q));
        }
        window.remove(even);
        window.remove(odd);
        QVERIFY(!window.quantile(0.5));
    }

    void oddValues()
    {
        LatencySketch sketch;
        sketch.add(std::numeric_limits<double>::quiet_NaN());
        sketch.add(5, 0);
        QVERIFY(sketch.empty());
        sketch.add(-1);
        sketch.add(0);
        sketch.add(1e-12);
        QCOMPARE(sketch.zeros(), std::uint64_t{3});
        sketch.add(infinity);
        sketch.add(std::numeric_limits<double>::max());
        SketchWindow window;
        window.add(sketch);
        QCOMPARE(*window.quantile(0), 0.0);
        QVERIFY(*window.quantile(1) > 1e280);
        QCOMPARE(*window.quantile(-0.1), -infinity);
        QCOMPARE(*window.quantile(1.1), infinity);
        QVERIFY(std::isnan(*window.quantile(std::numeric_limits<double>::quiet_NaN())));
    }

    void aSeriesIsItsLabels()
    {
        SketchStore store;
        store.add("a", names, Names{"x", "yz"}, 1'500, 0.2);
        store.add("a", names, Names{"xy", "z"}, 1'999, 0.3, 2);
        store.add("a", names, Names{"x", "yz"}, 2'000, 0.2);
        store.add("b", names, Names{"x", "yz"}, 2'000, 0.2);
        QVERIFY(store.has("a"));
        QVERIFY(!store.has("a_bucket"));
        const auto one = store.select(
            "a", [](const Labels& labels) { return labels.at("model") == "yz"; }, 0, 5'000);
        QCOMPARE(one.size(), std::size_t{1});
        QCOMPARE(one[0].labels, (Labels{{"backend", "x"}, {"model", "yz"}}));
        QCOMPARE(one[0].slots.size(), std::size_t{2});
        QCOMPARE(one[0].slots[0].time, std::int64_t{1'000});
        QCOMPARE(total(store, "a"), std::uint64_t{4});
        QCOMPARE(store.select("a", all, 1'000, 1'999).size(), std::size_t{0}); // the beginning is left out
        QCOMPARE(store.select("a", all, 999, 1'000).size(), std::size_t{2});
    }

    void lateOnesFindTheirSlot()
    {
        SketchStore store;
        for (const std::int64_t time : {9'000, 3'000, 5'000, 3'999, -500})
            store.add("a", names, Names{"x", "y"}, time, 1);
        const auto series = store.select("a", all, -10'000, 10'000);
        std::vector<std::int64_t> times;
        for (const auto& slot : series.at(0).slots)
            times.push_back(slot.time);
        QCOMPARE(times, (std::vector<std::int64_t>{-1'000, 3'000, 5'000, 9'000}));
    }

    void aClockSetBackForgetsTheFuture()
    {
        SketchStore store;
        for (std::int64_t second = 0; second < 100; ++second) {
            store.add("a", names, Names{"x", "y"}, second * 1'000, 1);
            store.add("b", names, Names{"x", "y"}, second * 1'000, 1);
        }
        const auto bytes = store.bytes();
        // Late by as much as threads may be: nothing is lost.
        store.add("a", names, Names{"x", "y"}, 89'000, 1);
        QCOMPARE(total(store, "a"), std::uint64_t{101});
        // By more: the clock was set back, for every metric.
        store.add("a", names, Names{"x", "y"}, 50'500, 1);
        const auto last = [&](const char* metric) {
            return store.select(metric, all, -1, 1'000'000).at(0).slots.back().time;
        };
        QCOMPARE(last("a"), std::int64_t{50'000});
        QCOMPARE(last("b"), std::int64_t{50'000});
        QCOMPARE(total(store, "a"), std::uint64_t{52});
        QVERIFY(store.bytes() < bytes);
        // And time goes on from there.
        store.add("a", names, Names{"x", "y"}, 51'000, 1);
        store.add("a", names, Names{"x", "y"}, 60'000, 1);
        QCOMPARE(total(store, "a"), std::uint64_t{54});
        store.add("c", names, Names{"x", "y"}, 1, 1); // to the beginning
        QCOMPARE(last("a"), std::int64_t{0});
    }

    void anotherBudget()
    {
        SketchStore store({.fine_ms = 1'000'000, .max_age_ms = 100'000'000, .max_bytes = 1'000'000});
        for (std::int64_t second = 0; second < 5'000; ++second)
            store.add("a", names, Names{"x", "y"}, second * 1'000, 0.001 * static_cast<double>(second + 1));
        const auto before = total(store, "a");
        const auto full = store.bytes();
        QVERIFY2(full > 20'000, qPrintable(QString::number(full)));
        store.set_budget(2'000'000);
        QCOMPARE(total(store, "a"), before);
        QCOMPARE(store.budget(), std::size_t{2'000'000});
        store.set_budget(full / 4);
        QVERIFY2(store.bytes() <= full / 4, qPrintable(QString::number(store.bytes()))); // at once
        const auto kept = store.select("a", all, -1, 10'000'000);
        QCOMPARE(kept.at(0).slots.back().time, std::int64_t{4'999'000}); // the newest stay
    }

    void whatIsOldIsCoarseThenGone()
    {
        SketchStore store({.fine_ms = 100'000, .max_age_ms = 1'000'000, .max_bytes = 1 << 20});
        for (std::int64_t second = 0; second < 700; ++second)
            store.add("a", names, Names{"x", "y"}, second * 1'000, 0.001 * static_cast<double>(second + 1));
        QCOMPARE(total(store, "a"), std::uint64_t{700});
        const auto slots = store.select("a", all, -1, 1'000'000).at(0).slots;
        QVERIFY2(slots.size() < 700 / 10 + 200, qPrintable(QString::number(slots.size())));
        QVERIFY(std::ranges::is_sorted(slots, {}, &SketchStore::Slot::time));
        store.add("a", names, Names{"x", "y"}, 1'500'000, 1);
        const auto kept = store.select("a", all, -1, 2'000'000);
        for (const auto& slot : kept.at(0).slots)
            QVERIFY(slot.time >= 500'000);
        store.add("b", names, Names{"x", "y"}, 9'000'000, 1);
        QVERIFY(!store.has("a"));
        QVERIFY(store.has("b"));
    }

    void bytesAreBounded()
    {
        constexpr std::size_t most = 200'000;
        SketchStore store({.fine_ms = 1'000'000, .max_age_ms = 100'000'000, .max_bytes = most});
        std::mt19937_64 random(7);
        for (std::int64_t second = 0; second < 20'000; ++second) {
            store.add("a", names, Names{"x", std::to_string(second % 9)}, second * 1'000,
                      std::exp(static_cast<double>(random() % 1000) / 100));
            QVERIFY(store.bytes() <= most);
        }
        QVERIFY(total(store, "a") > 500); // not all is thrown away
        store.add("a", names, Names{"x", "y"}, 500'000'000, 1);
        QCOMPARE(total(store, "a"), std::uint64_t{1});
        QVERIFY2(store.bytes() < 1'000, qPrintable(QString::number(store.bytes()))); // the count has not drifted
    }
};

QTEST_APPLESS_MAIN(TstLatencySketch)
#include "tst_latency_sketch.moc"
