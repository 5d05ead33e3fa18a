// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_store.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope::query;

namespace {

constexpr auto whenever = std::numeric_limits<std::int64_t>::max();

std::vector<SeriesStore::Series> all(const SeriesStore& store, std::string_view metric, std::int64_t from = -1,
                                     std::int64_t to = whenever)
{
    return store.select(
        metric, [](const Labels&) { return true; }, from, to);
}

/// "0=1 1000=stale"
std::string text(const std::vector<Point>& points)
{
    std::string result;
    for (const auto& point : points) {
        result += (result.empty() ? "" : " ") + std::to_string(point.time) + '=';
        result += is_stale(point.value) ? "stale" : QByteArray::number(point.value).toStdString();
    }
    return result;
}

std::vector<Sample> scrape(std::size_t series, double value)
{
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < series; ++i)
        samples.push_back({"m", {{"id", std::to_string(i)}}, value});
    return samples;
}

} // namespace

class TestSeriesStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void staleMarkerIsPrometheus();
    void selectsASpanOfMatchingSeries();
    void unknownMetricAndEmptyStore();
    void vanishedSeriesBecomesStaleOnce();
    void emptyScrapeEndsEverything();
    void firstOfTwoSamplesCounts();
    void sameLabelsOfDifferentMetrics();
    void countersOfThisProcessAreBornAtZero();
    void forgetsByAge();
    void clockSetBack();
    void cutsHistoryWhenFull();
    void coarseGoesFirst();
    void coarseTierKeepsTheLastOfTenSeconds();
    void refusesNewSeriesWhenHopelessAndRecovers();
    void anotherBudget();
    void aSmallerBudgetInMidHistory();
    void valuesComeBackBitByBit();
    void samplesWithTimesOfTheirOwn();
    void orderOfThePageDoesNotMatter();
    void aMillionSamples();
    void useGoesBackToNothing();
    void readersAndAWriter();
};

void TestSeriesStore::staleMarkerIsPrometheus()
{
    QVERIFY(std::isnan(stale_marker()));
    QVERIFY(is_stale(stale_marker()));
    QVERIFY(!is_stale(std::numeric_limits<double>::quiet_NaN()));
    QVERIFY(!is_stale(0));
}

void TestSeriesStore::selectsASpanOfMatchingSeries()
{
    SeriesStore store({});
    for (int i = 0; i < 100; ++i)
        store.append(i * 1'000,
                     std::vector<Sample>{{"m", {{"a", "1"}}, 1.0 * i}, {"m", {{"a", "2"}}, 2.0 * i}, {"n", {}, 0}});
    const auto found = store.select(
        "m", [](const Labels& labels) { return labels.at("a") == "2"; }, 10'000, 12'000);
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(text(found[0].points), std::string("11000=22 12000=24"));
    QCOMPARE(all(store, "m").at(0).points.size(), std::size_t{100});
    QVERIFY(all(store, "m", 99'000).empty());
    QVERIFY(all(store, "m", 50'000, 40'000).empty());
    QCOMPARE(store.metric_names(), (std::vector<std::string>{"m", "n"}));
    QCOMPARE(store.use().series, std::size_t{3});
}

void TestSeriesStore::unknownMetricAndEmptyStore()
{
    SeriesStore store({});
    QVERIFY(all(store, "m").empty());
    QVERIFY(store.metric_names().empty());
    store.append(0, {});
    QVERIFY(all(store, "m").empty());
    QCOMPARE(store.use().bytes, std::size_t{0});
}

void TestSeriesStore::vanishedSeriesBecomesStaleOnce()
{
    SeriesStore store({});
    const Sample a{"m", {{"a", "1"}}, 1};
    const Sample b{"m", {{"a", "2"}}, 2};
    store.append(1, std::vector<Sample>{a, b});
    store.append(2, std::vector<Sample>{b});
    store.append(3, std::vector<Sample>{b});
    store.append(4, std::vector<Sample>{b, a});
    const auto found = all(store, "m");
    QCOMPARE(text(found.at(0).points), std::string("1=1 2=stale 4=1"));
    QCOMPARE(text(found.at(1).points), std::string("1=2 2=2 3=2 4=2"));
}

void TestSeriesStore::emptyScrapeEndsEverything()
{
    SeriesStore store({});
    store.append(1, scrape(1, 1));
    store.append(2, {});
    store.append(3, {});
    QCOMPARE(text(all(store, "m").at(0).points), std::string("1=1 2=stale"));
}

void TestSeriesStore::firstOfTwoSamplesCounts()
{
    SeriesStore store({});
    store.append(1, std::vector<Sample>{{"m", {}, 1}, {"m", {}, 2}});
    QCOMPARE(text(all(store, "m").at(0).points), std::string("1=1"));
    QCOMPARE(store.use().series, std::size_t{1});
}

void TestSeriesStore::sameLabelsOfDifferentMetrics()
{
    SeriesStore store({});
    store.append(1, std::vector<Sample>{{"m", {{"a", "b"}}, 1}, {"n", {{"a", "b"}}, 2}, {"m", {{"b", "a"}}, 3}});
    QCOMPARE(all(store, "m").size(), std::size_t{2});
    QCOMPARE(text(all(store, "n").at(0).points), std::string("1=2"));
}

void TestSeriesStore::countersOfThisProcessAreBornAtZero()
{
    SeriesStore store({});
    const auto all = [](const Labels&) { return true; };
    const auto count = Sample{.name = "n_total", .labels = {}, .value = 3, .counts_from_zero = true};
    const auto foreign = Sample{.name = "foreign_total", .labels = {}, .value = 3};
    store.append(1000, std::vector<Sample>{});
    store.append(2000, std::vector<Sample>{count, foreign});
    store.append(3000, std::vector<Sample>{count, foreign});
    const auto born = store.select("n_total", all, 0, 9000);
    QCOMPARE(born.size(), std::size_t(1));
    QCOMPARE(born[0].points.size(), std::size_t(3));
    QCOMPARE(born[0].points[0].time, std::int64_t(1000));
    QCOMPARE(born[0].points[0].value, 0.0);
    QCOMPARE(store.select("foreign_total", all, 0, 9000)[0].points.size(), std::size_t(2));

    // Nothing is known of the time before the first scrape.
    SeriesStore fresh({});
    fresh.append(1000, std::vector<Sample>{count});
    QCOMPARE(fresh.select("n_total", all, 0, 9000)[0].points.size(), std::size_t(1));
}

void TestSeriesStore::forgetsByAge()
{
    SeriesStore store({.max_age_ms = 10'000, .coarse_age_ms = 0});
    store.append(0, std::vector<Sample>{{"gone", {{"a", "1"}}, 1}, {"m", {}, 0}});
    for (int i = 1; i <= 30; ++i)
        store.append(i * 1'000, std::vector<Sample>{{"m", {}, 1.0 * i}});
    const auto points = all(store, "m").at(0).points;
    QCOMPARE(points.size(), std::size_t{11});
    QCOMPARE(points.front().time, std::int64_t{20'000});
    QVERIFY(all(store, "gone").empty());
    QCOMPARE(store.metric_names(), std::vector<std::string>{"m"});
    QCOMPARE(store.use().series, std::size_t{1});
    QCOMPARE(store.use().dropped_samples, std::uint64_t{0});
}

void TestSeriesStore::clockSetBack()
{
    SeriesStore store({});
    for (const std::int64_t time : {1'000, 2'000, 3'000})
        store.append(time, std::vector<Sample>{{"m", {}, 1}});
    store.append(2'000, std::vector<Sample>{{"m", {}, 5}});
    QCOMPARE(text(all(store, "m").at(0).points), std::string("1000=1 2000=5"));
    // Back to before everything: nothing old is left, and the series goes on.
    store.append(10, std::vector<Sample>{{"m", {}, 6}});
    store.append(20, std::vector<Sample>{{"n", {}, 7}});
    QCOMPARE(text(all(store, "m").at(0).points), std::string("10=6 20=stale"));
}

void TestSeriesStore::cutsHistoryWhenFull()
{
    const std::size_t budget = 1'024 * 1'024;
    SeriesStore store({.max_age_ms = 3'600'000, .max_bytes = budget});
    std::mt19937_64 random(1);
    for (int i = 0; i < 3'600; ++i) {
        auto samples = scrape(100, 0);
        for (auto& sample : samples)
            sample.value = static_cast<double>(random()); // noise: does not compress
        store.append(i * 1'000, samples);
        QVERIFY(store.use().bytes <= budget);
    }
    const auto use = store.use();
    QCOMPARE(use.dropped_samples, std::uint64_t{0});
    QVERIFY(use.history_cut);
    QCOMPARE(use.history_from, use.raw_from);
    QVERIFY(*use.raw_from > 0 && *use.raw_from < 3'599'000 - 450'000);
    const auto found = all(store, "m");
    QCOMPARE(found.size(), std::size_t{100});
    for (const auto& series : found) {
        // All reach equally far back, without holes.
        QCOMPARE(series.points.front().time, (*use.raw_from + 999) / 1'000 * 1'000);
        QCOMPARE(series.points.back().time, std::int64_t{3'599'000});
        QCOMPARE(series.points.size(), static_cast<std::size_t>(3'600 - series.points.front().time / 1'000));
    }
}

void TestSeriesStore::coarseGoesFirst()
{
    // Ten minutes of raw samples fit, and not all of the rest.
    SeriesStore store({.max_age_ms = 600'000, .coarse_age_ms = 36'000'000, .max_bytes = 450 * 1'024});
    std::mt19937_64 random(1);
    std::optional<std::int64_t> reach;
    for (int i = 0; i < 10'000; ++i) {
        auto samples = scrape(100, 0);
        for (auto& sample : samples)
            sample.value = static_cast<double>(random() % 100);
        store.append(i * 1'000, samples);
        const auto use = store.use();
        QVERIFY(use.bytes <= use.budget);
        QCOMPARE(*use.raw_from, std::max<std::int64_t>(0, i * 1'000 - 600'000));
        if (use.history_cut)
            reach = *use.newest - *use.history_from;
    }
    QVERIFY(reach && *reach > 1'200'000);
    QCOMPARE(store.use().dropped_samples, std::uint64_t{0});
    QVERIFY(all(store, "m").at(7).points.size() > 700);
}

void TestSeriesStore::coarseTierKeepsTheLastOfTenSeconds()
{
    SeriesStore store({.max_age_ms = 800'000, .coarse_age_ms = 8'000'000});
    const auto value = [](std::int64_t time) { return static_cast<double>(time / 1'000); };
    for (std::int64_t time = 0; time <= 2'000'000; time += 1'000) {
        std::vector<Sample> samples{{"m", {}, value(time)}};
        if (time < 14'000)
            samples.push_back({"ends", {}, value(time)});
        store.append(time, samples);
    }
    const auto points = all(store, "m").at(0).points;
    std::set<std::int64_t> times;
    for (const auto& point : points) {
        QCOMPARE(point.value, value(point.time));
        times.insert(point.time);
    }
    for (std::int64_t time = 9'000; time <= 2'000'000; time += 10'000)
        QVERIFY(times.contains(time));
    // One in ten of the older ones, but for where chunks of 100 s met.
    QVERIFY(times.size() < 800 + 100 + 120 + 12);
    QCOMPARE(*store.use().raw_from, std::int64_t{1'200'000});
    QCOMPARE(*store.use().history_from, std::int64_t{0});
    QVERIFY(!store.use().history_cut);
    QCOMPARE(all(store, "m", 1'200'000).at(0).points.size(), std::size_t{800});
    // The last value and the marker.
    const auto ended = text(all(store, "ends").at(0).points);
    QVERIFY2(ended.ends_with("13000=13 14000=stale") && ended.find("9000=9") != std::string::npos, ended.c_str());
}

void TestSeriesStore::anotherBudget()
{
    SeriesStore store({.max_age_ms = 3'600'000, .max_bytes = 64 * 1'024});
    store.set_budget(64 * 1'024);
    for (int i = 0; i < 50; ++i)
        store.append(i * 1'000, scrape(2'000, i));
    const auto before = store.use();
    QVERIFY(before.history_cut && before.dropped_samples > 0);
    const auto points = all(store, "m").size();
    // More room: nothing is lost, nothing more refused, and what was is no longer told.
    store.set_budget(std::size_t{16} << 20);
    QCOMPARE(store.use().budget, std::size_t{16} << 20);
    QCOMPARE(store.use().bytes, before.bytes);
    QCOMPARE(all(store, "m").size(), points);
    QVERIFY(!store.use().history_cut);
    QCOMPARE(store.use().dropped_samples, std::uint64_t{0});
    QCOMPARE(store.use().history_from, before.history_from); // but that it is gone
    store.append(50'000, scrape(2'000, 50));
    QCOMPARE(store.use().series, std::size_t{2'000});
    QCOMPARE(store.use().dropped_samples, std::uint64_t{0});
    SeriesStore empty({.max_bytes = 1'000});
    empty.set_budget(0);
    empty.append(1, scrape(1, 1));
    QCOMPARE(empty.use().dropped_samples, std::uint64_t{1});
}

void TestSeriesStore::aSmallerBudgetInMidHistory()
{
    SeriesStore store({.max_age_ms = 600'000, .coarse_age_ms = 36'000'000, .max_bytes = std::size_t{16} << 20});
    std::mt19937_64 random(1);
    std::int64_t time = 0;
    const auto scrape_all = [&] {
        auto samples = scrape(100, 0);
        for (auto& sample : samples)
            sample.value = static_cast<double>(random());
        store.append(time += 1'000, samples);
    };
    for (int i = 0; i < 2'000; ++i)
        scrape_all();
    QVERIFY(store.use().bytes > 500 * 1'024 && !store.use().history_cut);
    store.set_budget(450 * 1'024);
    const auto use = store.use();
    QVERIFY2(use.bytes <= use.budget, qPrintable(QString::number(use.bytes))); // at once, not with the next scrape
    QVERIFY(use.history_cut && use.newest == time);
    QCOMPARE(use.series, std::size_t{100});
    for (int i = 0; i < 200; ++i) {
        scrape_all();
        QVERIFY(store.use().bytes <= store.use().budget);
    }
    for (const auto& series : all(store, "m")) {
        QCOMPARE(series.points.back().time, time);
        QVERIFY(series.points.size() > 200);
    }
    // The clock is set back to before the cut, and the budget changed once more.
    store.set_budget(std::size_t{16} << 20);
    QVERIFY(!store.use().history_cut);
    time = 500'000;
    scrape_all();
    QVERIFY(!store.use().history_cut);
    store.set_budget(2'000);
    QVERIFY(store.use().bytes <= 2'000 || store.use().series == 100);
    scrape_all();
}

void TestSeriesStore::refusesNewSeriesWhenHopelessAndRecovers()
{
    const std::size_t budget = 64 * 1'024;
    SeriesStore store({.max_age_ms = 3'600'000, .max_bytes = budget});
    for (int i = 0; i < 50; ++i) {
        store.append(i * 1'000, scrape(2'000, i));
        QVERIFY(store.use().bytes <= budget);
    }
    const auto use = store.use();
    QVERIFY2(use.series > 50 && use.series < 2'000, qPrintable(QString::number(use.series)));
    QVERIFY(use.dropped_samples >= std::uint64_t{50 * (2'000 - use.series)} && use.dropped_samples < 50 * 1'950);
    QVERIFY(use.history_cut);
    // Those that have a place keep living, with the newest points.
    for (const auto& series : all(store, "m"))
        QCOMPARE(series.points.back().time, std::int64_t{49'000});
    // They are forgotten by and by, and then there is room again.
    store.append(90'000'000, {});
    store.append(200'000'000, {});
    store.append(200'001'000, scrape(20, 1));
    QCOMPARE(store.use().series, std::size_t{20});
    QVERIFY(!store.use().history_cut);
    SeriesStore none({.max_bytes = 0});
    none.append(1, scrape(3, 1));
    QCOMPARE(none.use().dropped_samples, std::uint64_t{3});
    QCOMPARE(none.use().bytes, std::size_t{0});
}

void TestSeriesStore::valuesComeBackBitByBit()
{
    std::mt19937_64 random(7);
    const std::uint64_t odd[] = {0,
                                 0x8000000000000000,
                                 0x7ff0000000000000,
                                 0xfff0000000000000,
                                 0x7ff8000000000000,
                                 0x7ff0000000000002,
                                 0xfff8000000000001,
                                 0x7fffffffffffffff,
                                 1,
                                 0xffffffffffffffff,
                                 0x000fffffffffffff};
    std::vector<std::uint64_t> bits;
    while (bits.size() < 3'000) {
        switch (random() % 6) {
        case 0: bits.push_back(odd[random() % std::size(odd)]); break;
        case 1: bits.push_back(random()); break;
        case 2: bits.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(random() % 1'000))); break;
        case 3: bits.push_back(bits.empty() ? 0 : bits.back() ^ (std::uint64_t{1} << random() % 64)); break;
        default: bits.insert(bits.end(), random() % 40, bits.empty() ? 0 : bits.back());
        }
    }
    SeriesStore store({.coarse_age_ms = 0});
    std::int64_t time = -1'500'000;
    for (const auto value : bits)
        store.append(time += 1'000, std::vector<Sample>{{"m", {}, std::bit_cast<double>(value)}});
    const auto points = store
                            .select(
                                "m", [](const Labels&) { return true; }, -2'000'000, whenever)[0]
                            .points;
    QCOMPARE(points.size(), bits.size());
    for (std::size_t i = 0; i < bits.size(); ++i)
        QCOMPARE(std::bit_cast<std::uint64_t>(points[i].value), bits[i]);
}

void TestSeriesStore::samplesWithTimesOfTheirOwn()
{
    SeriesStore store({});
    const auto at = [](std::int64_t time, double value) {
        return Sample{.name = "m", .labels = {}, .value = value, .counts_from_zero = false, .time = time};
    };
    store.append(10'000, std::vector<Sample>{at(9'000, 1)});
    store.append(20'000, std::vector<Sample>{at(9'000, 1)}); // the page still tells the same
    QCOMPARE(store.use().late_samples, std::uint64_t{0});
    store.append(30'000, std::vector<Sample>{at(8'000, 2)});
    QCOMPARE(store.use().late_samples, std::uint64_t{1});
    store.append(40'000, std::vector<Sample>{at(45'000, 3)});
    store.append(50'000, {}); // no marker
    store.append(60'000, std::vector<Sample>{{"m", {}, 4}});
    store.append(70'000, {});
    QCOMPARE(text(all(store, "m").at(0).points), std::string("9000=1 45000=3 60000=4 70000=stale"));
    QCOMPARE(text(all(store, "m", 9'000, 45'000).at(0).points), std::string("45000=3"));
    for (const auto time :
         {std::numeric_limits<std::int64_t>::min(), whenever, std::int64_t{80'000 - 3'600'001}, std::int64_t{680'001}})
        store.append(80'000, std::vector<Sample>{at(time, 5)});
    QCOMPARE(store.use().late_samples, std::uint64_t{5});
    QCOMPARE(all(store, "m").at(0).points.size(), std::size_t{4});
    // Set back to between two of them.
    store.append(44'000, std::vector<Sample>{at(44'500, 6)});
    QCOMPARE(text(all(store, "m").at(0).points), std::string("9000=1 44500=6"));
}

void TestSeriesStore::orderOfThePageDoesNotMatter()
{
    SeriesStore store({});
    std::mt19937_64 random(3);
    for (int i = 0; i < 50; ++i) {
        auto samples = scrape(200, i);
        std::ranges::shuffle(samples, random);
        samples.resize(150 + random() % 50);
        store.append(i * 1'000, samples);
    }
    const auto found = all(store, "m");
    QCOMPARE(found.size(), std::size_t{200});
    for (const auto& series : found) {
        for (const auto& point : series.points)
            QVERIFY(is_stale(point.value) || point.value == static_cast<double>(point.time / 1'000));
    }
}

void TestSeriesStore::aMillionSamples()
{
    SeriesStore store({});
    auto samples = scrape(1'000, 0);
    for (int i = 0; i < 1'000; ++i) {
        for (std::size_t s = 0; s < samples.size(); s += 2)
            samples[s].value += static_cast<double>((s + static_cast<std::size_t>(i)) % 7);
        store.append(i * 1'000, samples);
    }
    const auto found = all(store, "m");
    QCOMPARE(found.size(), std::size_t{1'000});
    for (const auto& series : found)
        QCOMPARE(series.points.size(), std::size_t{1'000});
    QVERIFY2(store.use().bytes < 2'500'000, qPrintable(QString::number(store.use().bytes)));
    const auto labels = store.labels_of("m");
    QCOMPARE(labels.size(), std::size_t{1'000});
    QCOMPARE(labels[17].at("id"), std::string("17"));
    QCOMPARE(store.labels_of("").size(), std::size_t{1'000});
    QVERIFY(store.labels_of("n").empty());
}

void TestSeriesStore::useGoesBackToNothing()
{
    SeriesStore store({.max_age_ms = 10'000, .coarse_age_ms = 0});
    std::vector<Sample> samples = scrape(100, 1);
    samples.push_back(
        {"a_metric_name_longer_than_a_small_string", {{"a_label_longer_than_that", std::string(100, 'x')}}, 1});
    for (int i = 0; i < 10; ++i)
        store.append(i * 1'000, samples);
    QVERIFY(store.use().bytes > 100 * 200);
    store.append(100'000, {});
    store.append(200'000, {});
    QCOMPARE(store.use().series, std::size_t{0});
    QCOMPARE(store.use().bytes, std::size_t{0});
}

void TestSeriesStore::readersAndAWriter()
{
    SeriesStore store({.max_age_ms = 50'000, .coarse_age_ms = 300'000, .max_bytes = 128 * 1'024});
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> readers;
    for (int r = 0; r < 3; ++r) {
        readers.emplace_back([&] {
            while (!done) {
                for (const auto& series : all(store, "m")) {
                    for (std::size_t i = 0; i < series.points.size(); ++i) {
                        const auto& point = series.points[i];
                        if (!is_stale(point.value) && point.value != static_cast<double>(point.time))
                            ++wrong;
                        if (i > 0 && point.time <= series.points[i - 1].time)
                            ++wrong;
                    }
                }
                store.metric_names();
                for (const auto& labels : store.labels_of(""))
                    wrong += labels.at("id").empty() ? 1 : 0;
            }
        });
    }
    for (int i = 1; i <= 1'000; ++i) {
        const std::int64_t time = i % 100 == 0 ? i * 1'000 - 5'000 : i * 1'000;
        auto samples = scrape(static_cast<std::size_t>(20 + i % 40), static_cast<double>(time));
        // Series that come and go for good, so that labels are freed under the readers' eyes.
        samples.push_back({"m", {{"id", std::to_string(time)}}, static_cast<double>(time)});
        store.append(time, samples);
    }
    done = true;
    readers.clear();
    QCOMPARE(wrong.load(), 0);
}

QTEST_APPLESS_MAIN(TestSeriesStore)
#include "tst_series_store.moc"
