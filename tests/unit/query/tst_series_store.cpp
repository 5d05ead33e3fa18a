// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_store.h"

#include <QTest>

#include <atomic>
#include <cmath>
#include <limits>
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
    void shortensHistoryWhenFull();
    void refusesNewSeriesWhenHopeless();
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
    SeriesStore store({.max_age_ms = 10'000});
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

void TestSeriesStore::shortensHistoryWhenFull()
{
    const std::size_t budget = 256 * 1'024;
    SeriesStore store({.max_age_ms = 3'600'000, .max_bytes = budget});
    for (int i = 0; i < 3'600; ++i) {
        store.append(i * 1'000, scrape(20, i));
        QVERIFY(store.use().bytes <= budget);
    }
    QCOMPARE(store.use().dropped_samples, std::uint64_t{0});
    const auto found = all(store, "m");
    QCOMPARE(found.size(), std::size_t{20});
    for (const auto& series : found) {
        // 256 KiB hold about 800 points of each; half of that at least remains, and without holes.
        QVERIFY2(series.points.size() > 250, qPrintable(QString::number(series.points.size())));
        QCOMPARE(series.points.back().time, std::int64_t{3'599'000});
        QCOMPARE(series.points.front().time,
                 std::int64_t{3'599'000} - static_cast<std::int64_t>(series.points.size() - 1) * 1'000);
    }
}

void TestSeriesStore::refusesNewSeriesWhenHopeless()
{
    const std::size_t budget = 64 * 1'024;
    SeriesStore store({.max_age_ms = 3'600'000, .max_bytes = budget});
    for (int i = 0; i < 50; ++i)
        store.append(i * 1'000, scrape(2'000, i));
    const auto use = store.use();
    QVERIFY(use.bytes <= budget);
    QVERIFY(use.series > 50 && use.series < 2'000);
    QCOMPARE(use.dropped_samples, std::uint64_t{50 * (2'000 - use.series)});
    // Those that have a place keep living, with the newest points.
    for (const auto& series : all(store, "m")) {
        QVERIFY(series.points.size() >= 4);
        QCOMPARE(series.points.back().time, std::int64_t{49'000});
    }
    SeriesStore none({.max_bytes = 0});
    none.append(1, scrape(3, 1));
    QCOMPARE(none.use().dropped_samples, std::uint64_t{3});
    QCOMPARE(none.use().bytes, std::size_t{0});
}

void TestSeriesStore::useGoesBackToNothing()
{
    SeriesStore store({.max_age_ms = 10'000});
    std::vector<Sample> samples = scrape(100, 1);
    samples.push_back(
        {"a_metric_name_longer_than_a_small_string", {{"a_label_longer_than_that", std::string(100, 'x')}}, 1});
    for (int i = 0; i < 10; ++i)
        store.append(i * 1'000, samples);
    QVERIFY(store.use().bytes > 100 * 10 * sizeof(Point));
    store.append(100'000, {});
    store.append(200'000, {});
    QCOMPARE(store.use().series, std::size_t{0});
    QCOMPARE(store.use().bytes, std::size_t{0});
}

void TestSeriesStore::readersAndAWriter()
{
    SeriesStore store({.max_age_ms = 50'000, .max_bytes = 128 * 1'024});
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> readers;
    for (int r = 0; r < 2; ++r) {
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
            }
        });
    }
    for (int i = 1; i <= 1'000; ++i) {
        const std::int64_t time = i * 1'000;
        store.append(time, scrape(static_cast<std::size_t>(20 + i % 40), static_cast<double>(time)));
    }
    done = true;
    readers.clear();
    QCOMPARE(wrong.load(), 0);
}

QTEST_APPLESS_MAIN(TestSeriesStore)
#include "tst_series_store.moc"
