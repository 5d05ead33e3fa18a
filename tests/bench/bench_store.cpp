// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the series store costs: 100,000 series with 8 labels at 1 s for 10 minutes, as bytes a sample and time a scrape; then rate
// and quantile over an hour of 200 series. Beside it, in the same run, the plain thing: points of 16 bytes in vectors.
#include "query/evaluator.h"
#include "query/series_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>

using namespace tokenscope::query;

namespace {

constexpr std::int64_t begin = 1'700'000'000'000;

double milliseconds(auto work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double resident_mb(const char* which)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(which))
            return std::stod(line.substr(line.find_first_of("0123456789"))) / 1'024;
    return 0;
}

std::vector<Sample> page(std::size_t series)
{
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < series; ++i)
        samples.push_back({fmt::format("metric_of_a_server_{}_total", i % 200),
                           {{"instance", fmt::format("10.0.{}.{}:9090", i % 4, i % 50)},
                            {"job", "inference"},
                            {"le", fmt::format("{}", 0.005 * static_cast<double>(i % 16))},
                            {"method", i % 2 ? "GET" : "POST"},
                            {"model", fmt::format("a-model-of-some-vendor:{}b", i % 20)},
                            {"namespace", "production"},
                            {"pod", fmt::format("server-{:x}", i / 10)},
                            {"zone", fmt::format("somewhere-{}", i % 3)}},
                           static_cast<double>(i)});
    return samples;
}

/// Half of the series rest, as most of a page does; counters rise now and then or all the time; gauges of whole numbers,
/// of sums of decimals, and of noise.
void change(std::vector<Sample>& samples, std::mt19937_64& random)
{
    for (std::size_t i = 0; i < samples.size(); ++i) {
        auto& value = samples[i].value;
        const auto kind = i % 20;
        if (kind < 10)
            continue;
        if (kind < 14)
            value += random() % 10 == 0 ? 1 : 0;
        else if (kind < 17)
            value += static_cast<double>(random() % 100);
        else if (kind == 17)
            value = static_cast<double>(random() % 1'000);
        else if (kind == 18)
            value += static_cast<double>(random() % 1'000) / 1'000;
        else
            value = static_cast<double>(random()) / 1e19;
    }
}

void measure_scrapes()
{
    constexpr std::size_t series = 100'000;
    constexpr int scrapes = 600;
    auto samples = page(series);
    const auto base = resident_mb("VmRSS");
    SeriesStore store({.max_bytes = std::size_t{1} << 30});
    std::mt19937_64 random(1);
    std::vector<double> times;
    std::size_t labels = 0;
    double first = 0;
    for (int i = 0; i < scrapes; ++i) {
        change(samples, random);
        const auto time =
            milliseconds([&] { store.append(begin + i * 1'000 + static_cast<int>(random() % 20), samples); });
        if (i == 0) {
            first = time;
            labels = store.use().bytes;
        } else {
            times.push_back(time);
        }
    }
    const auto use = store.use();
    const auto resident = resident_mb("VmHWM") - base;
    // The plain thing: every sample known by its place, no lookup, no labels.
    std::vector<std::vector<Point>> flat(series);
    for (auto& points : flat)
        points.reserve(64);
    std::vector<double> plain;
    for (int i = 0; i < 60; ++i)
        plain.push_back(milliseconds([&] {
            for (std::size_t s = 0; s < series; ++s)
                flat[s].push_back({begin + i * 1'000, samples[s].value});
        }));
    std::ranges::sort(times);
    std::ranges::sort(plain);
    const auto count = static_cast<double>(series) * scrapes;
    fmt::print("100,000 series with 8 labels, 600 scrapes: 60 million samples\n");
    fmt::print(
        "  bytes          {:8.1f} MB, of them labels and index {:.1f} MB; {:.2f} B a sample, {:.2f} all in all\n",
        static_cast<double>(use.bytes) / 1e6, static_cast<double>(labels) / 1e6,
        static_cast<double>(use.bytes - labels) / count, static_cast<double>(use.bytes) / count);
    fmt::print("  resident       {:8.1f} MiB more at its peak; 16-byte points alone would be {:.0f} MiB ({:.1f} x)\n",
               resident, count * 16 / 1'048'576, count * 16 / 1'048'576 / resident);
    fmt::print("  a scrape       {:8.1f} ms median, {:.1f} ms at 99 %, {:.1f} ms the first; push_back alone {:.1f} ms "
               "({:.1f} x)\n",
               times[times.size() / 2], times[times.size() * 99 / 100], first, plain[plain.size() / 2],
               times[times.size() / 2] / plain[plain.size() / 2]);
    const auto select = milliseconds([&] {
        store.select(
            "metric_of_a_server_13_total", [](const Labels&) { return true; }, begin, begin + 600'000);
    });
    fmt::print("  select         {:8.1f} ms for 500 series, all of their 600 points\n", select);
}

void measure_queries()
{
    constexpr std::size_t series = 200;
    constexpr int seconds = 3'600;
    SeriesStore store({});
    std::vector<std::vector<Point>> flat(series);
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < series; ++i)
        samples.push_back(
            {"latency_seconds_bucket",
             {{"le", i % 10 == 9 ? "+Inf" : fmt::format("{}", i % 10)}, {"model", fmt::format("{}", i / 10)}},
             0});
    std::mt19937_64 random(1);
    for (int t = 0; t < seconds; ++t) {
        for (std::size_t i = 0; i < series; ++i) {
            samples[i].value += static_cast<double>(random() % 3 * (i % 10));
            flat[i].push_back({begin + t * 1'000, samples[i].value});
        }
        store.append(begin + t * 1'000, samples);
    }
    const auto to = begin + (seconds - 1) * 1'000;
    const auto best = [](auto work) {
        double least = 1e9;
        for (int i = 0; i < 5; ++i)
            least = std::min(least, milliseconds(work));
        return least;
    };
    double sum = 0;
    const auto scan = best([&] {
        for (const auto& points : flat) {
            const auto copy = points;
            for (const auto& point : copy)
                sum += point.value;
        }
    });
    const auto select = best([&] {
        for (const auto& found : store.select(
                 "latency_seconds_bucket", [](const Labels&) { return true; }, begin - 1, to))
            for (const auto& point : found.points)
                sum -= point.value;
    });
    const auto ask = [&](Function function, const char* metric) {
        Query query;
        query.metric = metric;
        query.function = function;
        query.by = {"model"};
        query.quantiles = {0.5, 0.95, 0.99};
        query.window = std::chrono::minutes(1);
        return best([&] {
            if (const auto frame = evaluate(query, store, begin, to, 10'000); !frame || frame->columns.empty())
                std::abort();
        });
    };
    fmt::print("200 series, one hour of 1 s: 720,000 points, 360 steps, by 20 models\n");
    fmt::print("  copy and scan of vectors of points {:7.2f} ms\n", scan);
    fmt::print("  select and scan                    {:7.2f} ms ({:.1f} x), {:.1f} ns a point\n", select, select / scan,
               select * 1e6 / 720'000);
    const auto rate = ask(Function::rate, "latency_seconds_bucket");
    const auto quantile = ask(Function::quantile, "latency_seconds");
    fmt::print("  rate over 1 min                    {:7.2f} ms ({:.1f} x)\n", rate, rate / scan);
    fmt::print("  three quantiles over 1 min         {:7.2f} ms ({:.1f} x)\n", quantile, quantile / scan);
    if (sum != 0)
        fmt::print("  The sums differ by {}.\n", sum);
}

} // namespace

int main()
{
    measure_scrapes();
    measure_queries();
    return 0;
}
