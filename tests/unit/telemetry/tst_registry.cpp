// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/fixed_series.h"
#include "telemetry/registry/series.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/registry/total_series.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

constexpr double bounds[] = {0.1, 1, 10};
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr MetricSpec row_of(std::string_view name)
{
    return {Metric::request_latency, name, MetricKind::histogram, "", {}, bounds};
}
constexpr MetricSpec times = row_of("times_seconds");
constexpr MetricSpec counts = row_of("counts");
constexpr double finer_bounds[] = {0.1, 0.5, 1, 10, 50};
constexpr double other_bounds[] = {0.5, 50};
constexpr MetricSpec finer_times{
    Metric::request_latency, "times_seconds", MetricKind::histogram, "", {}, bounds, finer_bounds};
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
        Counter counter({times, m_clock});
        counter.increment();
        counter.increment(0);
        counter.increment(5'000'000'000);
        QCOMPARE(counter.value(), 5'000'000'001.0);
    }

    void aCounterDoesNotBeginAnewHoweverMuchIsAdded()
    {
        constexpr auto most = std::numeric_limits<std::uint64_t>::max();
        Counter counter({times, m_clock});
        counter.increment(3);
        for (int i = 0; i < 5; ++i) {
            const auto before = counter.value();
            counter.increment(most);
            counter.increment(most / 2);
            counter.increment(0xFFFF'FFFF);
            QVERIFY(counter.value() >= before);
        }
        QVERIFY(counter.value() >= 0x1p63);
    }

    void amountsOnlyRise()
    {
        Amount amount({times, m_clock});
        for (const double by : {1.0, 2.5, -1.0, std::nan(""), -infinity})
            amount.add(by);
        QCOMPARE(amount.value(), 3.5);
    }

    void gaugesRiseAndFall()
    {
        Gauge gauge({times, m_clock});
        gauge.add(-3);
        QCOMPARE(gauge.value(), -3.0);
        gauge.set(7);
        gauge.add(1);
        QCOMPARE(gauge.value(), 8.0);
    }

    void observationsFallIntoTheBucketThatIncludesThem()
    {
        const Histogram::Context context(times, m_clock);
        Histogram histogram(context);
        for (const Nanos time : std::initializer_list<Nanos>{0ns, 100ms, 100ms + 1ns, 1s, 10s, 10s + 1ns, 10h})
            histogram.observe(time);
        const auto value = histogram.value();
        QCOMPARE(cumulative(value), (Counts{2, 4, 5, 7}));
        QCOMPARE(value.count(), std::uint64_t{7});
        QCOMPARE(value.buckets.back().upper_bound, infinity);
        QVERIFY(value.sum == 36021.200000002);
    }

    // A value is compared with every bound, for all the families there are.
    void everyBucketIsFound()
    {
        for (const auto& row : catalogue()) {
            const Histogram::Context context(row, m_clock);
            const auto published = context.bounds.published();
            std::vector<std::int64_t> values{0, 1, std::numeric_limits<std::int64_t>::max()};
            for (const double bound : published) {
                const auto exact = static_cast<std::int64_t>(std::llround(bound * context.bounds.scale()));
                QVERIFY(static_cast<double>(exact) / context.bounds.scale() == bound); // what the page says is meant
                for (std::int64_t off = -2; off <= 2; ++off)
                    values.push_back(std::max<std::int64_t>(exact + off, 0));
            }
            for (int bit = 0; bit < 63; ++bit)
                for (const std::int64_t off : {-1, 0, 1})
                    values.push_back((std::int64_t{1} << bit) + off);
            for (const auto value : values) {
                const auto expected = std::count_if(published.begin(), published.end(), [&](double bound) {
                    return std::llround(bound * context.bounds.scale()) < value;
                });
                QCOMPARE(context.bounds.bucket_of(value), static_cast<std::size_t>(expected));
            }
        }
    }

    void theSumIsExactHoweverLarge()
    {
        constexpr Nanos most = Nanos::max();
        const Histogram::Context context(times, m_clock);
        Histogram histogram(context);
        for (int i = 0; i < 1000; ++i)
            histogram.observe(1ns);
        QVERIFY(histogram.value().sum == 1e-6);
        for (int i = 0; i < 100; ++i)
            histogram.observe(most);
        QCOMPARE(histogram.value().sum, 9223372036.854775807 * 100); // 29 thousand years

        const Histogram::Context units(counts, m_clock);
        Histogram tokens(units);
        tokens.observe(std::numeric_limits<std::uint64_t>::max());
        tokens.observe(0x7FFF'FFFF'FFFF'FFFFU);
        tokens.observe(std::uint64_t{1});
        QCOMPARE(cumulative(tokens.value()), (Counts{0, 1, 1, 3}));
        QCOMPARE(tokens.value().sum, 0x1p64);
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
        const Histogram::Context context(times, m_clock);
        Histogram histogram(context);
        histogram.observe_times(500ms, 4, 2250ms);
        histogram.observe_times(500ms, 0, 99s);
        histogram.add(std::vector<std::uint32_t>{1, 0, 0, 2}, 30s);
        histogram.add(std::vector<std::uint32_t>{1, 0, 0, 0, 7}, 50ms); // more buckets than there are
        QCOMPARE(cumulative(histogram.value()), (Counts{2, 6, 6, 8}));
        QCOMPARE(histogram.value().sum, 32.3);
    }

    void aBucketTakesAnExemplarEachTimeItIsRead()
    {
        const Histogram::Context context(times, m_clock);
        Histogram histogram(context);
        histogram.observe(500ms, trace_a);
        histogram.observe(20s, trace_b);
        m_clock.advance(3s);
        histogram.observe(600ms, trace_b); // one is enough until somebody looks
        QCOMPARE(histogram.value().buckets[1].exemplar, (Exemplar{trace_a, 0.5, m_clock.wall() - 3000ms}));
        histogram.observe(700ms, trace_b);
        histogram.observe(800ms);          // not sampled
        histogram.observe(900ms, "short"); // no trace id
        const auto value = histogram.value();
        QVERIFY(!value.buckets[0].exemplar);
        QCOMPARE(value.buckets[1].exemplar, (Exemplar{trace_b, 0.7, m_clock.wall()}));
        QVERIFY(!value.buckets[2].exemplar);
        QCOMPARE(value.buckets[3].exemplar, (Exemplar{trace_b, 20, m_clock.wall() - 3000ms}));
        QCOMPARE(cumulative(value), (Counts{0, 5, 5, 6}));
    }

    // Prometheus takes a second one of the same millisecond for out of order.
    void exemplarsOfABucketAreApartInTime()
    {
        const Histogram::Context context(times, m_clock);
        Histogram histogram(context);
        const auto kept = [&histogram] { return histogram.value().buckets[1].exemplar->value; };
        histogram.observe(500ms, trace_a);
        histogram.observe(600ms, trace_b);
        QCOMPARE(kept(), 0.5);
        m_clock.advance(1ms);
        histogram.observe(700ms, trace_b);
        QCOMPARE(kept(), 0.5);
        m_clock.advance(1ms);
        histogram.observe(800ms, trace_b);
        QCOMPARE(kept(), 0.8);
        m_clock.advance(-1h); // set back
        histogram.observe(900ms, trace_b);
        QCOMPARE(kept(), 0.9);
    }

    void coarserBucketsOfTheSameCounts()
    {
        const Histogram::Context context(finer_times, m_clock);
        Histogram histogram(context);
        for (const Nanos time : std::initializer_list<Nanos>{100ms, 100ms + 1ns, 500ms, 500ms + 1ns, 1s, 10s, 50s, 60s})
            histogram.observe(time);
        const auto value = histogram.value();
        QCOMPARE(cumulative(value), (Counts{1, 5, 6, 8}));
        QCOMPARE(value.buckets[1].upper_bound, 1.0);
        QCOMPARE(cumulative(histogram.counts().value(other_bounds)), (Counts{3, 7, 8}));
        QCOMPARE(cumulative(histogram.counts().value({})), (Counts{8})); // all in +Inf
        QVERIFY(value.sum == histogram.counts().value({}).sum);
    }

    // Of several that fell into what is one bucket there, the latest.
    void coarserBucketsKeepOneExemplar()
    {
        const Histogram::Context context(finer_times, m_clock);
        Histogram histogram(context);
        histogram.observe(300ms, trace_a);
        m_clock.advance(1s);
        histogram.observe(700ms, trace_b);
        histogram.observe(20s, trace_b);
        m_clock.advance(1s);
        histogram.observe(70s, trace_a);
        const auto value = histogram.value();
        QVERIFY(!value.buckets[0].exemplar && !value.buckets[2].exemplar);
        QCOMPARE(value.buckets[1].exemplar, (Exemplar{trace_b, 0.7, m_clock.wall() - 1000ms}));
        QCOMPARE(value.buckets[3].exemplar, (Exemplar{trace_a, 70, m_clock.wall()}));
    }

    void countsAddUpExactly()
    {
        const Histogram::Context context(times, m_clock);
        Histogram a(context);
        Histogram b(context);
        auto none = HistogramCounts(context.bounds);
        QCOMPARE(none.count(), std::uint64_t{0});
        for (int i = 0; i < 3; ++i)
            a.observe(Nanos::max());
        for (int i = 0; i < 3; ++i)
            b.observe(Nanos::max());
        b.observe(5s, trace_b);
        none.add(a.counts());
        none.add(b.counts());
        QCOMPARE(none.count(), std::uint64_t{7});
        const auto value = none.value(times.buckets);
        QCOMPARE(cumulative(value), (Counts{0, 0, 1, 7}));
        QCOMPARE(value.sum, 9223372036.854775807 * 6 + 5);
        QCOMPARE(value.buckets[2].exemplar->trace_id, trace_b);
    }

    void allOfAFamilyTogether()
    {
        Registry registry(m_clock, 2);
        Series<Counter> dropped(registry, Metric::dropped_series, nullptr);
        Series<Histogram> parts(registry, Metric::total_latency, &dropped.at({"parts"}));
        const TotalSeries totals(registry, Metric::request_latency, Metric::request_count, parts);
        parts.at({"a", "m", "success"}); // asked for and not observed yet
        QVERIFY(family(registry, "request_latency_seconds").series.empty());
        QVERIFY(family(registry, "request_count_total").series.empty());
        for (const char* model : {"m1", "m2", "m3", "m4"}) // more than there may be
            parts.at({"a", model, "success"}).observe(60ms, trace_a);
        parts.at({"a", "m1", "error"}).observe(7s);
        const auto latency = family(registry, "request_latency_seconds");
        QCOMPARE(latency.series.size(), std::size_t{1});
        QVERIFY(latency.series[0].labels.empty());
        const auto& value = std::get<HistogramValue>(latency.series[0].value);
        const auto& published = spec(Metric::request_latency).buckets;
        QCOMPARE(value.buckets.size(), published.size() + 1);
        for (std::size_t i = 0; i < published.size(); ++i) {
            QCOMPARE(value.buckets[i].upper_bound, published[i]);
            QCOMPARE(value.buckets[i].cumulative, std::uint64_t{published[i] < 0.06 ? 0U : published[i] < 7 ? 4U : 5U});
        }
        QVERIFY(value.sum == 7.24);
        QCOMPARE(family(registry, "request_count_total").series, (std::vector<SeriesSnapshot>{{{}, 5.0}}));
        // Their own page is by their own buckets.
        const auto own = family(registry, "aigateway_total_latency_seconds");
        for (const auto& series : own.series)
            QCOMPARE(std::get<HistogramValue>(series.value).buckets.size(),
                     spec(Metric::total_latency).buckets.size() + 1);
    }

    void whatFamiliesShareIsObservedOnce()
    {
        Registry registry(m_clock, 100);
        const Histogram::Context context(spec(Metric::overhead), m_clock);
        Histogram shared(context);
        FixedSeries<Histogram> wait(registry, Metric::queue_wait_latency);
        FixedSeries<Histogram, 2> parts(registry, Metric::overhead, {"parse", "queue"});
        wait.share(0, shared);
        parts.share(1, shared);
        QVERIFY(registry.collect().empty());
        shared.observe(30us);
        wait.get().observe(1s);
        const auto value = std::get<HistogramValue>(family(registry, "queue_wait_latency_seconds").series[0].value);
        QCOMPARE(value.buckets.size(), spec(Metric::queue_wait_latency).buckets.size() + 1);
        QCOMPARE(value.buckets[0].cumulative, std::uint64_t{1});
        QCOMPARE(value.count(), std::uint64_t{2});
        const auto stages = family(registry, "tokenscope_overhead_seconds").series;
        QCOMPARE(stages.size(), std::size_t{1});
        QCOMPARE(stages[0].labels, (Labels{{"stage", "queue"}}));
        QCOMPARE(std::get<HistogramValue>(stages[0].value).count(), std::uint64_t{1});
    }

    // What is counted by includes what is published, or the counts would not be right.
    void publishedBucketsAreAmongThoseCountedBy()
    {
        for (const auto& row : catalogue())
            QVERIFY(row.finer_buckets.empty()
                    || std::includes(row.finer_buckets.begin(), row.finer_buckets.end(), row.buckets.begin(),
                                     row.buckets.end()));
        const auto by = [](Metric id) { return spec(id).finer_buckets.data(); };
        QVERIFY(by(Metric::request_latency) && by(Metric::request_latency) == by(Metric::total_latency));
        QVERIFY(by(Metric::overhead) && by(Metric::overhead) == by(Metric::queue_wait_latency)
                && by(Metric::overhead) == by(Metric::model_queue_wait));
    }

    void aFixedFamilyAppearsWithWhatItHasCounted()
    {
        Registry registry(m_clock, 100);
        FixedSeries<Counter> count(registry, Metric::request_count);
        FixedSeries<Histogram, 3> parts(registry, Metric::overhead, {"parse", "queue", "relay"});
        QVERIFY(registry.collect().empty());
        parts[1].observe(0ns); // took no time, but was
        count.get().increment();
        QCOMPARE(registry.collect().size(), std::size_t{2});
        QCOMPARE(family(registry, "request_count_total").series, (std::vector<SeriesSnapshot>{{{}, 1.0}}));
        const auto series = family(registry, "tokenscope_overhead_seconds").series;
        QCOMPARE(series.size(), std::size_t{1});
        QCOMPARE(series[0].labels, (Labels{{"stage", "queue"}}));
        QCOMPARE(std::get<HistogramValue>(series[0].value).count(), std::uint64_t{1});
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
                    latency.at({"shared", "m"}).observe(1s, i % 7 == 0 ? trace_a : std::string());
                    latency.at({"b", own}).observe(1s);
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
        for (const auto* beyond : {"one more", "and another"}) {
            const auto* bundle = &bundles.at(spare, beyond);
            QCOMPARE(bundle, spare.get());
        }
        QCOMPARE(&bundles.at(spare, "0"), first);
    }

private:
    ManualClock m_clock;
};

QTEST_APPLESS_MAIN(TstRegistry)
#include "tst_registry.moc"
