// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison.h"

#include <QDateTime>
#include <QStandardPaths>
#include <QTest>

#include <cmath>
#include <limits>
#include <map>
#include <random>

using namespace tokenscope;
using namespace tokenscope::query;
using tests::PrometheusServer;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(tokenscope::query::Query)

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t length_ms = 50 * 60'000;
constexpr double bounds[] = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

/// What a server with a troubled life would publish: the state behind the samples of one scrape after another.
class Workload {
public:
    /// At `second` since the beginning.
    std::vector<Sample> scrape(int second)
    {
        m_samples.clear();
        requests(second);
        latencies(second);
        gauges(second);
        return std::move(m_samples);
    }

private:
    void add(std::string name, Labels labels, double value)
    {
        m_samples.push_back({std::move(name), std::move(labels), value});
    }
    int random(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }

    void requests(int second)
    {
        int index = 0;
        for (const char* backend : {"demo", "ollama"}) {
            for (const char* model : {"tiny", "big", ""}) {
                for (const char* status : {"200", "404", "503"}) {
                    auto& count = m_counts[index];
                    count += random(20) * 0.75;
                    if (random(200) == 0)
                        count = random(3); // the server was restarted
                    // Each series is away for a while, some more than the look-back of five minutes.
                    const bool away = second % 1'500 > 300 + index * 20 && second % 1'500 < 310 + index * 50;
                    if (!away) {
                        Labels labels{{"backend", backend}, {"status", status}};
                        if (*model)
                            labels.emplace("model", model);
                        add("requests_total", std::move(labels), count);
                    }
                    ++index;
                }
            }
        }
        // Two samples, then never again; and one only.
        if (second >= 600 && second < 615)
            add("short_total", {{"kind", "two"}}, second);
        if (second >= 600 && second < 606)
            add("short_total", {{"kind", "one"}}, second);
        // From 0, and rarely up: the extrapolation must stop at zero.
        add("slow_total", {}, second / 400);
        // Far larger than its growth.
        add("huge_total", {}, 9.007e15 + 4.0 * (second / 7));
        add("broken_total", {}, second % 90 < 8 ? nan_value : second);
    }

    void latencies(int second)
    {
        for (const char* model : {"tiny", "big", "idle"}) {
            auto& histogram = m_histograms[model];
            for (int i = random(12); i > 0 && std::string_view(model) != "idle"; --i) {
                const double value = std::exp((random(1'000) - 650) / 200.0);
                for (std::size_t b = 0; b < std::size(bounds); ++b)
                    histogram.buckets[b] += value <= bounds[b] ? 1 : 0;
                ++histogram.count;
                histogram.sum += value;
            }
            if (random(150) == 0)
                histogram = {};
            for (std::size_t b = 0; b < std::size(bounds); ++b)
                add("latency_bucket", {{"model", model}, {"le", QByteArray::number(bounds[b]).toStdString()}},
                    histogram.buckets[b]);
            add("latency_bucket", {{"model", model}, {"le", "+Inf"}}, histogram.count);
            add("latency_sum", {{"model", model}}, histogram.sum);
            add("latency_count", {{"model", model}}, histogram.count);
        }
        // Buckets that no careful exporter would write: twice the same bound, negative bounds, falling counts, no number.
        const double t = second;
        for (const auto& [le, rate] : std::map<std::string, double>{{"-1", 0.5},
                                                                    {"0.5", 2},
                                                                    {"0.50", 1},
                                                                    {"1e0", 2.5},
                                                                    {"2", 1.5},
                                                                    {"x", 9},
                                                                    {"", 9},
                                                                    {"+Inf", 4},
                                                                    {"Inf", 1}})
            add("odd_bucket", {{"le", le}, {"of", "everything"}}, t * rate);
        add("odd_bucket", {{"le", "1"}, {"of", "no infinity"}}, t);
        add("odd_bucket", {{"le", "+Inf"}, {"of", "nothing else"}}, t);
        for (const char* le : {"0", "1", "+Inf"})
            add("odd_bucket", {{"le", le}, {"of", "nothing above zero"}}, t);
        add("odd_bucket", {{"le", "1"}, {"of", "NaN"}}, second % 60 < 10 ? nan_value : t);
        add("odd_bucket", {{"le", "+Inf"}, {"of", "NaN"}}, t);
    }

    void gauges(int second)
    {
        constexpr double inf = std::numeric_limits<double>::infinity();
        for (int i = 0; i < 5; ++i)
            add("gauge", {{"id", std::to_string(i)}, {"path", "/a\"b\\c\n"}, {"parity", i % 2 ? "odd" : "even"}},
                random(1'000) - 500.5);
        add("extreme", {{"id", "1"}}, second % 100 < 30 ? inf : 1);
        add("extreme", {{"id", "2"}}, second % 140 < 40 ? -inf : 2);
        add("extreme", {{"id", "3"}}, second % 180 < 50 ? nan_value : 3);
        add("tiny", {}, 1e-300 * second);
    }

    struct Histogram {
        double buckets[std::size(bounds)] = {};
        double count = 0;
        double sum = 0;
    };

    std::mt19937 m_random{20'260'101}; // the same numbers in every run
    std::map<int, double> m_counts;
    std::map<std::string, Histogram> m_histograms;
    std::vector<Sample> m_samples;
};

} // namespace

/// The same samples in a real Prometheus and in our store must give the same answers, at every step.
class TestDifferential : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void agrees_data();
    void agrees();
    void cleanupTestCase();

private:
    static void modified();
    void compare(const Query& query, std::int64_t from, std::int64_t to, std::int64_t step);

    SeriesStore m_store{{.max_age_ms = 2 * length_ms, .max_bytes = std::size_t{256} << 20}};
    PrometheusServer m_server;
    std::int64_t m_begin = 0;
    tests::Comparison m_comparison{m_store, m_server};
};

void TestDifferential::initTestCase()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("prometheus is not installed, so there is nothing to compare with");
    const auto trouble = m_server.start(executable);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));

    // Recent, or Prometheus would delete it; on a whole minute, so that samples and steps often coincide.
    m_begin = (QDateTime::currentMSecsSinceEpoch() - length_ms) / 60'000 * 60'000;
    Workload workload;
    std::mt19937 jitter(1);
    for (int second = 0; second * 1'000 < length_ms; second += 5) {
        // A while without any scrape, so without staleness markers; and scrapes that come a little late.
        if (second > 1'800 && second < 2'250)
            continue;
        const auto late = second % 300 < 120 ? 0 : static_cast<std::int64_t>(jitter() % 1'500);
        m_store.append(m_begin + second * 1'000 + late, workload.scrape(second));
    }
    QCOMPARE(m_store.use().dropped_samples, std::uint64_t{0});
    const auto refused = tests::copy_to(m_server, m_store);
    QVERIFY2(refused.isEmpty(), qPrintable(refused));
}

void TestDifferential::agrees_data()
{
    QTest::addColumn<Query>("query");
    using enum Function;
    const std::vector<double> usual{0.5, 0.95, 0.99};
    for (const auto aggregation :
         {Aggregation::sum, Aggregation::avg, Aggregation::min, Aggregation::max, Aggregation::count}) {
        const auto number = static_cast<int>(aggregation);
        QTest::addRow("gauges, aggregation %d", number) << Query{.metric = "gauge", .aggregation = aggregation};
        QTest::addRow("gauges by parity, aggregation %d", number)
            << Query{.metric = "gauge", .aggregation = aggregation, .by = {"parity"}};
        QTest::addRow("infinities and NaN, aggregation %d", number)
            << Query{.metric = "extreme", .aggregation = aggregation};
        QTest::addRow("counters by model, aggregation %d", number)
            << Query{.metric = "requests_total", .aggregation = aggregation, .by = {"model"}};
    }
    QTest::newRow("every gauge") << Query{.metric = "gauge", .by = {"id", "nonexistent"}};
    QTest::newRow("scaled") << Query{.metric = "gauge", .scale = -1e-3};
    QTest::newRow("smallest numbers") << Query{.metric = "tiny"};
    QTest::newRow("unknown metric") << Query{.metric = "unknown", .function = rate};
    for (const auto window : {4s, 10s, 17s, 60s, 300s, 900s}) {
        for (const auto function : {rate, increase}) {
            const auto tag = [&](const std::string& what) {
                return what + (function == rate ? ", rate " : ", increase ") + std::to_string(window.count());
            };
            QTest::newRow(tag("counters").c_str())
                << Query{.metric = "requests_total", .function = function, .window = window};
            QTest::newRow(tag("every counter").c_str()) << Query{.metric = "requests_total",
                                                                 .function = function,
                                                                 .by = {"backend", "model", "status"},
                                                                 .window = window};
            for (const char* metric : {"short_total", "slow_total", "huge_total", "broken_total", "gauge"})
                QTest::newRow(tag(metric).c_str())
                    << Query{.metric = metric, .function = function, .by = {"kind"}, .window = window};
        }
        const auto tag = [&](const std::string& what) { return what + ' ' + std::to_string(window.count()); };
        QTest::newRow(tag("mean").c_str()) << Query{.metric = "latency", .function = mean, .window = window};
        QTest::newRow(tag("mean by model").c_str())
            << Query{.metric = "latency", .function = mean, .by = {"model"}, .window = window, .scale = 1'000};
        QTest::newRow(tag("quantiles").c_str())
            << Query{.metric = "latency", .function = quantile, .quantiles = usual, .window = window};
        QTest::newRow(tag("quantiles by model").c_str())
            << Query{.metric = "latency", .function = quantile, .quantiles = usual, .by = {"model"}, .window = window};
        QTest::newRow(tag("odd histograms").c_str())
            << Query{.metric = "odd",
                     .function = quantile,
                     .quantiles = {-0.1, 0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.999, 1, 1.5},
                     .by = {"of"},
                     .window = window};
        QTest::newRow(tag("odd histograms together").c_str())
            << Query{.metric = "odd", .function = quantile, .quantiles = usual, .window = window};
    }
    const std::map<std::string, std::string> matchers[] = {
        {{"status", "!~5.."}},   {{"status", "~[45]0."}}, {{"status", "~0"}},
        {{"model", ""}},         {{"model", "!"}},        {{"model", "~.*"}},
        {{"model", "!~.+"}},     {{"model", "~t|big"}},   {{"backend", "!demo"}, {"status", "200"}},
        {{"nonexistent", "!x"}}, {{"nonexistent", "x"}},  {{"status", "~(?i)20\\d"}},
    };
    int number = 0;
    for (const auto& where : matchers) {
        QTest::addRow("where %d", number++)
            << Query{.metric = "requests_total", .function = rate, .by = {"model", "status"}, .where = where};
    }
    modified();
    QTest::newRow("quoted") << Query{.metric = "gauge", .by = {"path"}, .where = {{"path", "/a\"b\\c\n"}}};
    QTest::newRow("quoted pattern") << Query{.metric = "gauge", .by = {"path"}, .where = {{"path", "~/a\"b\\\\c\\s"}}};
}

void TestDifferential::modified()
{
    using enum Function;
    const auto counted = [](std::vector<std::string> by) {
        return Query{.metric = "requests_total", .function = rate, .by = std::move(by)};
    };
    for (const auto offset : {1ms, 5'000ms, 300'000ms, 600'137ms, -1ms, -45'000ms, -600'000ms}) {
        const auto tag = [&](const char* what) {
            return std::string(what) + ", offset " + std::to_string(offset.count());
        };
        QTest::newRow(tag("value").c_str()) << Query{.metric = "gauge", .by = {"id"}, .offset = offset};
        QTest::newRow(tag("rate").c_str())
            << Query{.metric = "requests_total", .function = rate, .by = {"model"}, .offset = offset};
        QTest::newRow(tag("quantile").c_str())
            << Query{.metric = "latency", .function = quantile, .quantiles = {0.9}, .offset = offset};
        QTest::newRow(tag("heatmap").c_str()) << Query{.metric = "latency", .function = heatmap, .offset = offset};
    }
    for (const std::size_t k : {1, 2, 4, 100}) {
        QTest::addRow("top %d gauges", static_cast<int>(k)) << Query{.metric = "gauge", .by = {"id"}, .topk = k};
        QTest::addRow("top %d infinities", static_cast<int>(k))
            << Query{.metric = "extreme", .by = {"id"}, .topk = k, .scale = -2};
        QTest::addRow("top %d quantiles", static_cast<int>(k))
            << Query{.metric = "latency", .function = quantile, .quantiles = {0.5, 0.99}, .by = {"model"}, .topk = k};
        QTest::addRow("top %d buckets", static_cast<int>(k)) << Query{.metric = "odd", .function = heatmap, .topk = k};
    }
    QTest::newRow("heatmap") << Query{.metric = "latency", .function = heatmap, .where = {{"model", "!idle"}}};
    QTest::newRow("odd heatmap") << Query{.metric = "odd", .function = heatmap, .scale = 0.5};
    const auto ratio = [](Query of, Query in) { return Query{.function = Function::share, .parts = {of, in}}; };
    QTest::newRow("share, same labels") << ratio({.metric = "latency_count", .function = rate, .by = {"model"}},
                                                 counted({"model"}));
    QTest::newRow("share of all") << ratio(counted({"backend", "status"}), counted({}));
    QTest::newRow("share of each") << ratio(counted({"backend", "status", "model"}), counted({"model", "backend"}));
    QTest::newRow("share of a mean") << ratio({.metric = "latency", .function = mean, .by = {"model"}, .window = 5min},
                                              {.metric = "latency", .function = mean, .window = 5min});
    QTest::newRow("share of before") << ratio(
        counted({"model"}), {.metric = "requests_total", .function = rate, .by = {"model"}, .offset = 10min});
    QTest::newRow("share of infinities") << ratio({.metric = "extreme", .by = {"id"}}, {.metric = "extreme"});
}

void TestDifferential::agrees()
{
    QFETCH(Query, query);
    // On the samples; between them, and with a step that never is; and a look at every quarter of a second, so that the
    // very moments are met at which a sample comes into and falls out of a window.
    compare(query, m_begin - 60'000, m_begin + length_ms, 15'000);
    compare(query, m_begin + 137, m_begin + length_ms, 7'919);
    compare(query, m_begin + 590'000, m_begin + 930'000, 250);
    compare(query, m_begin + 1'790'000, m_begin + 2'260'000, 1'000);
}

void TestDifferential::compare(const Query& query, std::int64_t from, std::int64_t to, std::int64_t step)
{
    const auto wrong = m_comparison.compare(query, from, to, step);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

void TestDifferential::cleanupTestCase()
{
    // Two empty answers agree as well: there must have been something to compare.
    QVERIFY2(m_begin == 0 || m_comparison.values() > 1'000'000, qPrintable(QString::number(m_comparison.values())));
}

QTEST_GUILESS_MAIN(TestDifferential)
#include "tst_differential.moc"
