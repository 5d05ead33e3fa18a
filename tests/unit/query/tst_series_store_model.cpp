// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_store.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace tokenscope::query;

namespace {

std::int64_t bucket_of(std::int64_t time)
{
    return (time + 1'000'000'000'000) / coarse_step_ms;
}

bool same(const Point& a, const Point& b)
{
    return a.time == b.time && std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

/// The store's meaning without its limits: all points of every series, by id.
class Model {
public:
    void append(std::int64_t time, const std::vector<Sample>& samples)
    {
        if (m_newest && time <= *m_newest)
            forget_from(time);
        m_newest = time;
        std::set<std::string> live;
        for (const auto& sample : samples) {
            const auto& id = sample.labels.at("id");
            auto& points = m_points[id];
            const auto at = sample.time.value_or(time);
            if (points.empty() || at > points.back().time) {
                points.push_back({at, sample.value});
                m_scrapes[id].push_back(time);
            } else {
                m_refused[id].push_back({at, sample.value});
            }
            if (!sample.time)
                live.insert(id);
        }
        for (const auto& id : m_live) {
            auto& points = m_points[id];
            const auto has_sample = [&](const Sample& sample) { return sample.labels.at("id") == id; };
            if (std::ranges::none_of(samples, has_sample) && !points.empty()) {
                points.push_back({time, stale_marker()});
                m_scrapes[id].push_back(time);
            }
        }
        m_live = std::move(live);
    }

    const std::vector<Point>& points(const std::string& id) { return m_points[id]; }
    /// Of times that are not later than the point before, which the store may have forgotten for its age.
    const std::vector<Point>& refused(const std::string& id) { return m_refused[id]; }
    /// Whether the clock was set back into these 10 s: a series that had nothing else left has no marker there.
    bool split(std::int64_t time) const { return m_split.contains(bucket_of(time)); }
    const std::map<std::string, std::vector<Point>>& all() const { return m_points; }
    /// Of points that must be there even where only one of 10 s is.
    std::vector<Point> last_of_buckets(const std::string& id)
    {
        std::map<std::pair<std::int64_t, bool>, Point> last;
        for (const auto& point : m_points[id])
            last[{bucket_of(point.time), is_stale(point.value)}] = point;
        std::vector<Point> result;
        for (const auto& [key, point] : last)
            if (!m_split.contains(key.first))
                result.push_back(point);
        return result;
    }

private:
    void forget_from(std::int64_t time)
    {
        for (auto& [id, points] : m_points) {
            auto& scrapes = m_scrapes[id];
            while (!points.empty() && (points.back().time >= time || scrapes.back() >= time)) {
                // Thinned out, the store knows of a sample's scrape only roughly.
                if (points.back().time < time)
                    m_refused[id].push_back(points.back());
                points.pop_back();
                scrapes.pop_back();
            }
        }
        // What was the last one of these 10 s may be forgotten, and those before it long thinned out.
        m_split.insert(bucket_of(time));
        m_split.insert(bucket_of(time) - 1);
    }

    std::map<std::string, std::vector<Point>> m_points;
    std::map<std::string, std::vector<Point>> m_refused;
    std::map<std::string, std::vector<std::int64_t>> m_scrapes; ///< that each point came by
    std::set<std::string> m_live;
    std::set<std::int64_t> m_split;
    std::optional<std::int64_t> m_newest;
};

class Traffic {
public:
    Traffic(std::uint64_t seed, bool own_times) : m_random(seed), m_own_times(own_times) {}

    std::uint64_t below(std::uint64_t end) { return m_random() % end; }

    std::int64_t next_time()
    {
        switch (below(60)) {
        case 0: m_time -= static_cast<std::int64_t>(below(150'000)); break;
        case 1: m_time += static_cast<std::int64_t>(below(60'000)); break;
        case 2: break;
        default: m_time += 900 + static_cast<std::int64_t>(below(200));
        }
        return m_time;
    }

    std::vector<Sample> scrape(std::int64_t time)
    {
        std::vector<Sample> samples;
        for (std::size_t i = 0; i < series; ++i) {
            if (below(100) == 0)
                m_here[i] = !m_here[i];
            if (!m_here[i])
                continue;
            Sample sample{"m", {{"id", std::to_string(i)}, {"kind", std::to_string(i % 5)}}, value(i)};
            if (i % 7 == 0 && m_own_times)
                sample.time = time - 5'000 + static_cast<std::int64_t>(below(10'000));
            samples.push_back(std::move(sample));
        }
        if (below(10) == 0)
            std::ranges::shuffle(samples, m_random);
        return samples;
    }

    static constexpr std::size_t series = 40;

private:
    double value(std::size_t i)
    {
        switch (i % 5) {
        case 0: return 1.5;
        case 1: return m_values[i] += static_cast<double>(below(4));
        case 2: return std::bit_cast<double>(m_random());
        case 3: return static_cast<double>(below(10)) / 10;
        default: return below(20) == 0 ? ++m_values[i] : m_values[i];
        }
    }

    std::mt19937_64 m_random;
    bool m_own_times;
    std::int64_t m_time = 0;
    bool m_here[series] = {};
    double m_values[series] = {};
};

} // namespace

/// The store against a model without limits, under random scrapes: gaps, clocks set back, series that come and go.
class TestSeriesStoreModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agrees_data()
    {
        QTest::addColumn<std::size_t>("budget");
        QTest::addColumn<bool>("own_times");
        QTest::addColumn<std::int64_t>("coarse");
        const std::size_t plenty = std::size_t{64} << 20;
        QTest::newRow("plenty") << plenty << false << std::int64_t{1'000'000};
        QTest::newRow("plenty, times of their own") << plenty << true << std::int64_t{1'000'000};
        QTest::newRow("no coarse tier") << plenty << true << std::int64_t{0};
        QTest::newRow("cut") << std::size_t{70'000} << false << std::int64_t{1'000'000};
        QTest::newRow("cut, no coarse tier") << std::size_t{30'000} << true << std::int64_t{0};
        QTest::newRow("hopeless") << std::size_t{12'000} << false << std::int64_t{1'000'000};
        QTest::newRow("two series") << std::size_t{6'000} << true << std::int64_t{1'000'000};
    }

    void agrees()
    {
        QFETCH(std::size_t, budget);
        QFETCH(bool, own_times);
        QFETCH(std::int64_t, coarse);
        m_dropped = 0;
        m_cut = false;
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            SeriesStore store({.max_age_ms = 100'000, .coarse_age_ms = coarse, .max_bytes = budget});
            Model model;
            Traffic traffic(seed, own_times);
            for (int i = 0; i < 2'500; ++i) {
                const auto time = traffic.next_time();
                const auto samples = traffic.scrape(time);
                store.append(time, samples);
                model.append(time, samples);
                QVERIFY2(store.use().bytes <= budget, qPrintable(QString::number(store.use().bytes)));
                m_cut = m_cut || store.use().history_cut;
                if (i % 50 == 0) {
                    const auto from = time - static_cast<std::int64_t>(traffic.below(1'200'000));
                    const auto to = from + static_cast<std::int64_t>(traffic.below(1'200'000));
                    check(store, model, from, to, own_times ? 5'000 : 0);
                    if (QTest::currentTestFailed()) {
                        qWarning("seed %d, scrape %d", static_cast<int>(seed), i);
                        return;
                    }
                }
            }
            m_dropped += store.use().dropped_samples;
        }
        if (budget >= 30'000)
            QCOMPARE(m_dropped, std::uint64_t{0});
        else
            QVERIFY(m_dropped > 0);
        QCOMPARE(m_cut, budget <= 100'000);
    }

private:
    void check(const SeriesStore& store, Model& model, std::int64_t from, std::int64_t to, std::int64_t slack)
    {
        const auto use = store.use();
        std::map<std::string, std::vector<Point>> found;
        for (auto& series : store.select(
                 "m", [](const Labels& labels) { return labels.at("kind") != "9"; }, from, to))
            found[series.labels.at("id")] = std::move(series.points);
        for (const auto& [id, points] : found) {
            const auto known = model.points(id);
            for (const auto& point : points) {
                QVERIFY(point.time > from && point.time <= to);
                const auto is_point = [&](const Point& other) { return same(point, other); };
                QVERIFY(std::ranges::any_of(known, is_point) || std::ranges::any_of(model.refused(id), is_point));
            }
            for (std::size_t i = 1; i < points.size(); ++i)
                QVERIFY(points[i - 1].time < points[i].time);
        }
        if (use.dropped_samples > 0)
            return;
        for (const auto& [id, known] : model.all()) {
            const auto& points = found[id];
            const auto must_have = [&](const Point& point) {
                const auto there = std::ranges::any_of(points, [&](const Point& other) { return same(point, other); });
                QVERIFY2(there, qPrintable(QStringLiteral("%1 of %2, raw from %3, history from %4, in (%5, %6]")
                                               .arg(point.time)
                                               .arg(QString::fromStdString(id))
                                               .arg(*use.raw_from)
                                               .arg(*use.history_from)
                                               .arg(from)
                                               .arg(to)));
            };
            for (const auto& point : known)
                if (point.time > from && point.time <= to && point.time >= *use.raw_from + slack
                    && !(is_stale(point.value) && model.split(point.time)))
                    must_have(point);
            for (const auto& point : model.last_of_buckets(id))
                if (point.time > from && point.time <= to && point.time >= *use.history_from + slack)
                    must_have(point);
        }
    }

    std::uint64_t m_dropped = 0;
    bool m_cut = false;
};

QTEST_APPLESS_MAIN(TestSeriesStoreModel)
#include "tst_series_store_model.moc"
