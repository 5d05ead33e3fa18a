// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"

#include "query/evaluator.h"
#include "remote/prometheus_source.h"
#include "unit/remote/scripted_source.h"

#include <QDateTime>
#include <QFile>
#include <QStandardPaths>

#include <cmath>
#include <limits>
#include <random>

using namespace tokenscope;
using namespace tokenscope::query;
using namespace std::chrono_literals;
using remote::PrometheusSource;
using sources::Health;
using test::Awaited;
using tests::PrometheusServer;

Q_DECLARE_METATYPE(tokenscope::query::Query)

namespace {

constexpr std::int64_t length_ms = 20 * 60'000;
constexpr double bounds[] = {0.1, 0.5, 1, 5};

std::vector<Sample> scrape(int second, std::mt19937& random)
{
    std::vector<Sample> samples;
    int index = 0;
    for (const char* model : {"tiny", "big", "ö \"x\" / y", ""}) {
        ++index;
        if (second > 200 * index && second < 200 * index + 60 * index)
            continue; // away
        Labels labels{{"backend", "demo"}};
        if (*model)
            labels.emplace("model", model);
        samples.push_back({"requests_total", labels, double(second % 611) * index * 0.75});
        samples.push_back(
            {"gauge", labels, second % 90 < 10 ? std::numeric_limits<double>::infinity() : double(random() % 100)});
        double count = 0;
        for (const double bound : bounds) {
            auto with_le = labels;
            with_le.emplace("le", QByteArray::number(bound).toStdString());
            samples.push_back({"latency_bucket", std::move(with_le), count += second * bound * index});
        }
        auto with_le = labels;
        with_le.emplace("le", "+Inf");
        samples.push_back({"latency_bucket", std::move(with_le), count + second});
        samples.push_back({"latency_count", labels, count + second});
        samples.push_back({"latency_sum", labels, count * 0.3});
    }
    return samples;
}

const char* const configuration = R"(global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [ "rules.yml" ]
scrape_configs:
  - job_name: itself
    static_configs: [ { targets: [ "127.0.0.1:PORT" ] } ]
  - job_name: nobody
    static_configs: [ { targets: [ "127.0.0.1:1" ], labels: { team: a } } ]
)";

const char* const rule_file = R"(groups:
  - name: group
    interval: 1s
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        labels: { kind: recorded }
      - alert: TargetDown
        expr: up == 0
        for: 0s
        labels: { severity: page }
        annotations: { summary: "{{ $labels.job }} is down" }
      - alert: Never
        expr: vector(1) > 2
        for: 90s
)";

bool near(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) <= 1e-9 * std::abs(b);
}

std::string difference(const Frame& theirs, const Frame& ours)
{
    if (theirs.times != ours.times)
        return "other times";
    if (theirs.columns.size() != ours.columns.size())
        return std::to_string(theirs.columns.size()) + " columns instead of " + std::to_string(ours.columns.size());
    for (std::size_t i = 0; i < ours.columns.size(); ++i) {
        const auto& a = theirs.columns[i];
        const auto& b = ours.columns[i];
        if (a.name != b.name || a.labels != b.labels || a.values.size() != b.values.size())
            return "column '" + a.name + "' instead of '" + b.name + '\'';
        for (std::size_t t = 0; t < b.values.size(); ++t) {
            if (!near(a.values[t], b.values[t]))
                return a.name + ": " + std::to_string(a.values[t]) + " instead of " + std::to_string(b.values[t])
                       + " at step " + std::to_string(t);
        }
    }
    return {};
}

} // namespace

/// PrometheusSource against a real Prometheus: what it answers is what query::evaluate() answers on the same samples.
class TestPrometheusSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void agrees_data();
    void agrees();
    void rawPromql();
    void errorsAreTheServersOwn();
    void tellsWhatItHas();
    void targetsAndRules();
    void cleanupTestCase();

private:
    template <typename T, typename Ask>
    Result<T> ask(Ask&& ask)
    {
        Awaited<T> answer;
        ask(answer.callback());
        return answer.get();
    }

    SeriesStore m_store{{.max_age_ms = 2 * length_ms, .max_bytes = std::size_t{64} << 20}};
    QTemporaryDir m_rules;
    PrometheusServer m_server;
    std::unique_ptr<PrometheusSource> m_source;
    std::int64_t m_begin = 0;
    std::size_t m_columns = 0;
};

void TestPrometheusSource::initTestCase()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("prometheus is not installed, so there is nothing to ask");
    QFile file(m_rules.filePath(QStringLiteral("rules.yml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(rule_file);
    file.close();
    const auto trouble =
        m_server.start(executable, QByteArray(configuration).replace("rules.yml", file.fileName().toUtf8()));
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));

    m_begin = (QDateTime::currentMSecsSinceEpoch() - length_ms) / 60'000 * 60'000;
    std::mt19937 random(7);
    for (int second = 0; second * 1'000 < length_ms; second += 5)
        m_store.append(m_begin + second * 1'000, scrape(second, random));
    std::vector<PrometheusServer::NamedSeries> all;
    for (const auto& metric : m_store.metric_names()) {
        for (auto& series : m_store.select(
                 metric, [](const Labels&) { return true; }, 0, std::numeric_limits<std::int64_t>::max()))
            all.push_back({metric, std::move(series)});
    }
    const auto refused = m_server.write(all);
    QVERIFY2(refused.isEmpty(), qPrintable(refused));
    const auto url = "http://127.0.0.1:" + std::to_string(m_server.port());
    m_source = std::make_unique<PrometheusSource>(std::make_shared<remote::SourceThread>(),
                                                  sources::Connection{.name = "real", .url = url}, test::variables());
}

void TestPrometheusSource::agrees_data()
{
    QTest::addColumn<Query>("query");
    using enum Function;
    QTest::newRow("value") << Query{.metric = "gauge", .by = {"model"}};
    QTest::newRow("value of all") << Query{.metric = "gauge", .aggregation = Aggregation::max};
    QTest::newRow("rate") << Query{.metric = "requests_total", .function = rate, .by = {"model", "backend"}};
    QTest::newRow("increase") << Query{
        .metric = "requests_total", .function = increase, .by = {"nothing"}, .window = 90s};
    QTest::newRow("mean") << Query{.metric = "latency", .function = mean, .by = {"model"}, .scale = 1'000};
    QTest::newRow("quantiles") << Query{
        .metric = "latency", .function = quantile, .quantiles = {0.5, 0.95, 0.99}, .by = {"model"}};
    QTest::newRow("quantile of all") << Query{.metric = "latency", .function = quantile, .quantiles = {0.9}};
    QTest::newRow("heatmap") << Query{.metric = "latency", .function = heatmap};
    QTest::newRow("share") << Query{.function = share,
                                    .parts = {Query{.metric = "requests_total", .function = rate, .by = {"model"}},
                                              Query{.metric = "requests_total", .function = rate}}};
    QTest::newRow("topk") << Query{.metric = "requests_total", .function = rate, .by = {"model"}, .topk = 2};
    QTest::newRow("offset") << Query{.metric = "requests_total", .function = rate, .by = {"model"}, .offset = 120s};
    QTest::newRow("where") << Query{
        .metric = "gauge", .by = {"model"}, .where = {{"model", "~t.*|ö.*"}, {"backend", "!x"}}};
    QTest::newRow("unknown") << Query{.metric = "unknown", .function = rate};
}

void TestPrometheusSource::agrees()
{
    QFETCH(Query, query);
    const std::int64_t ranges[][3] = {{m_begin, m_begin + length_ms, 15'000},
                                      {m_begin + 137, m_begin + length_ms, 7'919},
                                      {m_begin + 300'000, m_begin + 300'000, 15'000}};
    for (const auto& [from, to, step] : ranges) {
        const auto ours = evaluate(query, m_store, from, to, step);
        QVERIFY2(ours, ours ? "" : ours.error().message.c_str());
        const auto theirs = ask<FramePtr>([&, from = from, to = to, step = step](const auto& done) {
            m_source->range(query, {from, to, step}, {}, done);
        });
        QVERIFY2(theirs, theirs ? "" : (theirs.error().message + theirs.error().detail).c_str());
        const auto wrong = difference(**theirs, *ours);
        QVERIFY2(wrong.empty(), wrong.c_str());
        m_columns += ours->columns.size();
    }
}

void TestPrometheusSource::rawPromql()
{
    const auto at = m_begin + 300'000;
    const auto columns = [&](const char* expression, sources::Range range) {
        const auto frame = ask<FramePtr>([&](const auto& done) { m_source->promql(expression, range, {}, done); });
        return frame ? *frame : std::make_shared<Frame>();
    };
    const auto vector = columns("requests_total", {at, at, 1'000});
    QCOMPARE(vector->columns.size(), std::size_t{4});
    QCOMPARE(vector->columns.front().labels.at("__name__"), std::string("requests_total"));
    const auto matrix = columns("requests_total[30s]", {at, at, 1'000});
    QVERIFY(matrix->times.size() >= 6 && matrix->times.back() == at);
    QCOMPARE(columns("scalar(vector(1.5))", {at, at, 1'000})->columns.front().values.front(), 1.5);
    QCOMPARE(columns("\"text\"", {at, at, 1'000})->columns.front().name, std::string("text"));
    QCOMPARE(columns("sum(gauge)", {at, at + 60'000, 5'000})->times.size(), std::size_t{13});
}

void TestPrometheusSource::errorsAreTheServersOwn()
{
    const auto error = [&](const char* expression) {
        const auto frame = ask<FramePtr>([&](const auto& done) {
            m_source->promql(expression, {m_begin + 60'000, m_begin + 90'000, 15'000}, {}, done);
        });
        return frame ? Error{.message = "no error"} : frame.error();
    };
    const auto parse = error("sum(");
    QCOMPARE(parse.code, ErrorCode::invalid_request);
    QVERIFY2(parse.message.find(" does not accept the query: correct it. It says '") != std::string::npos,
             parse.message.c_str());
    QVERIFY2(parse.detail.starts_with("bad_data: ") && parse.detail.find("1:5: parse error") != std::string::npos,
             parse.detail.c_str());
    const auto execution = error("gauge + on (backend) gauge");
    QCOMPARE(execution.code, ErrorCode::invalid_request);
    QVERIFY2(execution.message.find(" could not evaluate the query: ") != std::string::npos
                 && execution.message.find("found duplicate series") != std::string::npos,
             execution.message.c_str());
    QVERIFY2(execution.detail.starts_with("execution: found duplicate series"), execution.detail.c_str());
    QCOMPARE(m_source->status().health, Health::good);
}

void TestPrometheusSource::tellsWhatItHas()
{
    const auto said = ask<std::string>([&](const auto& done) { m_source->test({}, done); });
    QVERIFY(said && said->starts_with("Prometheus 2.") && said->ends_with(" metrics."));
    // Of what it scrapes it knows the metadata.
    QTRY_VERIFY_WITH_TIMEOUT(
        m_server.get(QStringLiteral("/api/v1/metadata")).contains("prometheus_http_requests_total"), 20'000);
    const auto infos = ask<std::vector<sources::MetricInfo>>([&](const auto& done) { m_source->metrics({}, done); });
    QVERIFY(infos);
    const auto type = [&](const char* name) {
        const auto found = std::ranges::find(*infos, name, &sources::MetricInfo::name);
        return found == infos->end() ? std::string("absent") : found->type;
    };
    QCOMPARE(type("requests_total"), std::string("unknown"));
    QCOMPARE(type("prometheus_http_requests_total"), std::string("counter"));
    QCOMPARE(type("prometheus_http_request_duration_seconds_bucket"), std::string("histogram"));
    QVERIFY(std::ranges::is_sorted(*infos, {}, &sources::MetricInfo::name));
    using Texts = std::vector<std::string>;
    const auto names = ask<Texts>([&](const auto& done) { m_source->label_names("latency_bucket", {}, done); });
    QVERIFY(names == Texts({"backend", "le", "model"}));
    const auto values = ask<Texts>([&](const auto& done) { m_source->label_values("model", "gauge", {}, done); });
    QVERIFY(values == Texts({"big", "tiny", "ö \"x\" / y"}));
    // Of a short time it is exact, although all is in one block: nothing was scraped long ago.
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    const auto jobs = [&](std::int64_t from, std::int64_t to) {
        return ask<Texts>(
            [&](const auto& done) { m_source->label_values_in({.from = from, .to = to}, "job", "up", {}, done); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(jobs(now - 60'000, now + 30'000) == Texts({"itself", "nobody"}), 20'000);
    QVERIFY(jobs(now - 7'200'000, now - 3'600'000) == Texts());
    const auto series =
        ask<std::vector<Labels>>([&](const auto& done) { m_source->series("gauge{model=\"\"}", {}, done); });
    QVERIFY(series == std::vector<Labels>({{{"__name__", "gauge"}, {"backend", "demo"}}}));
}

void TestPrometheusSource::targetsAndRules()
{
    std::vector<sources::Target> targets;
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                 const auto answer = ask<std::vector<sources::Target>>(
                                     [&](const auto& done) { m_source->targets({}, done); });
                                 targets = answer.value_or(targets);
                                 return targets.size() == 2 && std::ranges::all_of(targets, [](const auto& target) {
                                            return target.health != Health::unknown;
                                        });
                             }()),
                             20'000);
    std::ranges::sort(targets, {}, &sources::Target::pool);
    QCOMPARE(targets[0].health, Health::good);
    QCOMPARE(targets[0].pool, std::string("itself"));
    QVERIFY(targets[0].last_error.empty() && targets[0].last_scrape_ms && targets[0].scrape_seconds > 0);
    QCOMPARE(targets[1].health, Health::bad);
    QCOMPARE(targets[1].url, std::string("http://127.0.0.1:1/metrics"));
    QCOMPARE(targets[1].labels.at("team"), std::string("a"));
    QVERIFY(targets[1].last_error.find("refused") != std::string::npos);

    std::vector<sources::RuleGroup> groups;
    QTRY_VERIFY_WITH_TIMEOUT(
        ([&] {
            const auto answer =
                ask<std::vector<sources::RuleGroup>>([&](const auto& done) { m_source->rules({}, done); });
            groups = answer.value_or(groups);
            return groups.size() == 1 && groups[0].rules.size() == 3 && groups[0].rules[1].state == "firing";
        }()),
        20'000);
    QCOMPARE(groups[0].name, std::string("group"));
    QVERIFY(groups[0].file.ends_with("rules.yml") && groups[0].interval == 1s);
    const auto& rules = groups[0].rules;
    QVERIFY(!rules[0].alerting && rules[0].name == "job:up:sum" && rules[0].labels.at("kind") == "recorded");
    QVERIFY(rules[1].alerting && rules[1].health == Health::good && rules[1].last_evaluation_ms);
    QCOMPARE(rules[1].expression, std::string("up == 0"));
    QCOMPARE(rules[1].alerts.size(), std::size_t{1});
    const auto& alert = rules[1].alerts.front();
    QVERIFY(alert.state == "firing" && alert.active_since_ms && alert.value == 0.0);
    QCOMPARE(alert.annotations.at("summary"), std::string("nobody is down"));
    QCOMPARE(alert.labels.at("severity"), std::string("page"));
    QVERIFY(rules[2].state == "inactive" && rules[2].hold == 90s && rules[2].alerts.empty());
}

void TestPrometheusSource::cleanupTestCase()
{
    // Two empty answers agree as well: there must have been something to compare.
    QVERIFY2(m_begin == 0 || m_columns > 60, qPrintable(QString::number(m_columns)));
    m_source.reset();
}

QTEST_GUILESS_MAIN(TestPrometheusSource)
#include "tst_prometheus_source.moc"
