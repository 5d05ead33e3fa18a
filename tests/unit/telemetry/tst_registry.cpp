// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/series.h"
#include "telemetry/registry/series_bundles.h"

#include <QtTest>

#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

constexpr double bounds[] = {0.1, 1, 10};
constexpr double infinity = std::numeric_limits<double>::infinity();
const std::string trace_a(32, 'a');
const std::string trace_b(32, 'b');

std::vector<std::uint64_t> cumulative(const HistogramValue& value)
{
    std::vector<std::uint64_t> counts;
    for (const auto& bucket : value.buckets)
        counts.push_back(bucket.cumulative);
    return counts;
}

FamilySnapshot family(const Registry& registry, std::string_view name)
{
    for (const auto& one : registry.collect())
        if (one.name == name)
            return one;
    return {};
}

using Counts = std::vector<std::uint64_t>;

} // namespace

class TstRegistry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countersOnlyRise()
    {
        Counter counter({{}, m_clock});
        counter.increment();
        counter.increment(2.5);
        counter.increment(-1);
        counter.increment(std::nan(""));
        QCOMPARE(counter.value(), 3.5);
    }

    void observationsFallIntoTheBucketThatIncludesThem()
    {
        const CellContext context{bounds, m_clock};
        Histogram histogram(context);
        for (const double value : {0.1, 0.10000001, 1.0, 10.0, 10.5, -3.0, infinity})
            histogram.observe(value);
        histogram.observe(std::nan(""));
        const auto value = histogram.value();
        QCOMPARE(cumulative(value), (Counts{2, 4, 5, 7}));
        QCOMPARE(value.count(), std::uint64_t{7});
        QCOMPARE(value.buckets.back().upper_bound, infinity);
        QCOMPARE(value.sum, infinity);
    }

    void aBucketIsFoundWhateverTheOneBefore()
    {
        const CellContext context{bounds, m_clock};
        const double values[] = {-infinity, -3, 0.1, std::nextafter(0.1, 1), 1, 2, 10, std::nextafter(10, 11),
                                 infinity};
        for (const double before : values) {
            for (const double after : values) {
                Histogram both(context);
                both.observe(before);
                both.observe(std::nan("")); // moves nothing
                both.observe_times(std::nan(""), 3, 1);
                both.observe(after);
                Histogram first(context);
                first.observe(before);
                Histogram second(context);
                second.observe(after);
                auto expected = cumulative(first.value());
                const auto added = cumulative(second.value());
                for (std::size_t i = 0; i < expected.size(); ++i)
                    expected[i] += added[i];
                QCOMPARE(cumulative(both.value()), expected);
            }
        }
    }

    void textsAreTheSameInEveryByte()
    {
        for (std::size_t size = 0; size < 40; ++size) {
            const std::string text(size, 'x');
            QVERIFY(same_text(text, std::string(size, 'x')));
            QVERIFY(!same_text(text, text + 'x'));
            for (std::size_t i = 0; i < size; ++i) {
                auto other = text;
                other[i] = 'y';
                QVERIFY(!same_text(text, other));
            }
        }
        QVERIFY(same_text({}, ""));
    }

    void manyObservationsAtOnce()
    {
        const CellContext context{bounds, m_clock};
        Histogram histogram(context);
        histogram.observe_times(0.5, 4, 2.25);
        histogram.observe_times(0.5, 0, 99);
        histogram.add(std::vector<std::uint32_t>{1, 0, 0, 2}, 30);
        histogram.add(std::vector<std::uint32_t>{1, 0, 0, 0, 7}, 0.05); // more buckets than there are
        QCOMPARE(cumulative(histogram.value()), (Counts{2, 6, 6, 8}));
        QCOMPARE(histogram.value().sum, 32.3);
    }

    void aBucketKeepsItsLatestExemplar()
    {
        const CellContext context{bounds, m_clock};
        Histogram histogram(context);
        histogram.observe(0.5, trace_a);
        histogram.observe(20, trace_b);
        m_clock.advance(std::chrono::seconds(3));
        histogram.observe(0.7, trace_b);
        histogram.observe(0.8);          // not sampled
        histogram.observe(0.9, "short"); // no trace id
        const auto value = histogram.value();
        QVERIFY(!value.buckets[0].exemplar);
        QCOMPARE(value.buckets[1].exemplar, (Exemplar{trace_b, 0.7, m_clock.wall()}));
        QVERIFY(!value.buckets[2].exemplar);
        QCOMPARE(value.buckets[3].exemplar, (Exemplar{trace_b, 20, m_clock.wall() - std::chrono::milliseconds(3000)}));
        QCOMPARE(cumulative(value), (Counts{0, 4, 4, 5}));
    }

    // Prometheus takes a second one of the same millisecond for out of order.
    void exemplarsOfABucketAreApartInTime()
    {
        const CellContext context{bounds, m_clock};
        Histogram histogram(context);
        const auto kept = [&histogram] { return histogram.value().buckets[1].exemplar->value; };
        histogram.observe(0.5, trace_a);
        histogram.observe(0.6, trace_b);
        QCOMPARE(kept(), 0.5);
        m_clock.advance(std::chrono::milliseconds(1));
        histogram.observe(0.7, trace_b);
        QCOMPARE(kept(), 0.5);
        m_clock.advance(std::chrono::milliseconds(1));
        histogram.observe(0.8, trace_b);
        QCOMPARE(kept(), 0.8);
        m_clock.advance(std::chrono::hours(-1)); // set back
        histogram.observe(0.9, trace_b);
        QCOMPARE(kept(), 0.9);
    }

    void aSeriesIsItsLabels()
    {
        Registry registry(m_clock, 100);
        Series<Counter> tokens(registry, Metric::model_tokens, nullptr);
        tokens.at({"ollama", "phi4", "prompt"}).increment(3);
        tokens.at({"ollama", "phi4", "prompt"}).increment(4);
        tokens.at({"ollama", "", "prompt"}).increment(1);
        QVERIFY(&tokens.at({"ollama", "phi4", "prompt"}) != &tokens.at({"ollama", "phi4", "total"}));
        // The same characters in other places are other labels.
        QVERIFY(&tokens.at({"a", "bc", "prompt"}) != &tokens.at({"ab", "c", "prompt"}));

        auto series = family(registry, "aigateway_model_tokens_total").series;
        QCOMPARE(series.size(), std::size_t{5});
        const auto sum_of = [&series](const Labels& labels) {
            double sum = 0;
            for (const auto& one : series)
                sum += one.labels == labels ? std::get<double>(one.value) : 0;
            return sum;
        };
        QCOMPARE(sum_of({{"backend", "ollama"}, {"model", "phi4"}, {"type", "prompt"}}), 7.0);
        QCOMPARE(sum_of({{"backend", "ollama"}, {"type", "prompt"}}), 1.0); // an empty label is none
    }

    void brokenTextIsOneSeriesHoweverItIsBroken()
    {
        Registry registry(m_clock, 100);
        Series<Counter> tokens(registry, Metric::model_tokens, nullptr);
        tokens.at({"b", "m\xFF", "prompt"}).increment();
        tokens.at({"b", "m\xFE", "prompt"}).increment();
        tokens.at({"b", "m\xEF\xBF\xBD", "prompt"}).increment();
        const auto series = family(registry, "aigateway_model_tokens_total").series;
        QCOMPARE(series.size(), std::size_t{1});
        QCOMPARE(std::get<double>(series[0].value), 3.0);
    }

    void beyondTheCapOpenLabelsAreFolded()
    {
        Registry registry(m_clock, 2);
        Series<Counter> dropped(registry, Metric::dropped_series, nullptr);
        Series<Counter> requests(registry, Metric::requests, &dropped.at({"aigateway_requests_total"}));
        for (int i = 0; i < 50; ++i)
            requests.at({"ollama", "model-" + std::to_string(i), i % 2 == 0 ? "success" : "error"}).increment();
        // Two of their own, then one "<other>" for each value of the closed label.
        const auto series = family(registry, "aigateway_requests_total").series;
        QCOMPARE(series.size(), std::size_t{4});
        double sum = 0;
        for (const auto& one : series)
            sum += std::get<double>(one.value);
        QCOMPARE(sum, 50.0);
        QCOMPARE(std::get<double>(family(registry, "tokenscope_dropped_series_total").series[0].value), 48.0);

        registry.set_series_cap(100);
        requests.at({"ollama", "model-49", "error"}).increment();
        QCOMPARE(family(registry, "aigateway_requests_total").series.size(), std::size_t{5});
    }

    void aRemovedSeriesLeavesThePage()
    {
        Registry registry(m_clock, 100);
        Series<Gauge> depth(registry, Metric::queue_depth, nullptr);
        depth.at({"a"}).set(1);
        depth.at({"b"}).set(2);
        depth.remove({"a"});
        depth.remove({"never there"});
        QCOMPARE(family(registry, "tokenscope_queue_depth").series.size(), std::size_t{1});
        depth.remove({"b"});
        QVERIFY(registry.collect().empty());
        QCOMPARE(depth.at({"a"}).value(), 0.0);
    }

    void aSnapshotIsOfOneMoment()
    {
        Registry registry(m_clock, 1000);
        Series<Histogram> latency(registry, Metric::first_token_latency, nullptr);
        constexpr int rounds = 20'000;
        std::atomic<int> running{3};
        std::vector<std::thread> writers;
        for (int t = 0; t < 3; ++t)
            writers.emplace_back([&latency, &running, t] {
                const std::string own = "model-" + std::to_string(t);
                for (int i = 0; i < rounds; ++i) {
                    latency.at({"shared", "m"}).observe(1, i % 7 == 0 ? trace_a : std::string());
                    latency.at({"b", own}).observe(1);
                }
                --running;
            });
        while (running > 0) {
            for (const auto& one : family(registry, "aigateway_first_token_latency_seconds").series) {
                const auto& value = std::get<HistogramValue>(one.value);
                QCOMPARE(value.sum, static_cast<double>(value.count())); // each observation was 1
            }
        }
        for (auto& writer : writers)
            writer.join();
        std::uint64_t count = 0;
        for (const auto& one : family(registry, "aigateway_first_token_latency_seconds").series)
            count += std::get<HistogramValue>(one.value).count();
        QCOMPARE(count, std::uint64_t{6 * rounds});
    }

    void theBucketOfTheLastObservationIsNoTrap()
    {
        const CellContext context{bounds, m_clock};
        Histogram histogram(context);
        Counts expected(4);
        std::mt19937 random(1);
        for (int i = 0; i < 2000; ++i) {
            constexpr double values[] = {-1, 0.1, 0.05, 0.5, 1, 2, 10, 11, infinity, -infinity};
            const double value = values[random() % std::size(values)];
            histogram.observe(value);
            for (std::size_t bucket = 0; bucket < expected.size(); ++bucket)
                expected[bucket] += bucket == std::size(bounds) || value <= bounds[bucket] ? 1 : 0;
        }
        QCOMPARE(cumulative(histogram.value()), expected);
    }

    void aBundleIsFoundByItsKey()
    {
        Registry registry(m_clock, 100);
        Bundles<int> bundles(registry.labels());
        Bundles<int>::Spare spare;
        // Of all lengths up to where the comparison takes several steps, each differing in one byte.
        std::set<const int*> different;
        std::vector<std::string> keys{""};
        for (std::size_t length = 1; length <= 20; ++length)
            for (std::size_t at = 0; at < length; ++at) {
                keys.emplace_back(length, 'x');
                keys.back()[at] = 'y';
            }
        for (const auto& key : keys)
            different.insert(&bundles.at(spare, key, "b"));
        QCOMPARE(different.size(), keys.size());
        for (const auto& key : keys)
            QVERIFY(different.contains(&bundles.at(spare, key, "b")));
        QVERIFY(!different.contains(&bundles.at(spare, "b", "x")));
        QVERIFY(!spare);
    }

    void aKeyThatIsNoUtf8HasOneBundle()
    {
        Registry registry(m_clock, 100);
        Bundles<int> bundles(registry.labels());
        Bundles<int>::Spare spare;
        const auto* first = &bundles.at(spare, "a\xFFz");
        QCOMPARE(&bundles.at(spare, "a\xFFz"), first);
        QCOMPARE(&bundles.at(spare, "a\xEF\xBF\xBDz"), first);
    }

    void beyondTheMostBundlesAreSpare()
    {
        Registry registry(m_clock, 100);
        Bundles<int> bundles(registry.labels());
        Bundles<int>::Spare spare;
        const auto* first = &bundles.at(spare, "0");
        for (std::size_t i = 1; i < Bundles<int>::most; ++i)
            bundles.at(spare, std::to_string(i));
        QVERIFY(!spare);
        QCOMPARE(&bundles.at(spare, "one more"), &*spare);
        QCOMPARE(&bundles.at(spare, "and another"), &*spare);
        QCOMPARE(&bundles.at(spare, "0"), first);
    }

private:
    ManualClock m_clock;
};

QTEST_APPLESS_MAIN(TstRegistry)
#include "tst_registry.moc"
