// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison.h"
#include "dashboard_queries.h"
#include "fitting_series.h"
#include "recorded_scrapes.h"

#include "query/query_json.h"

#include <QDateTime>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using namespace tokenscope;
using namespace tokenscope::query;

namespace {

constexpr std::int64_t length_ms = 40 * 60'000;

/// Every function, every way to hold queries, matchers of all kinds.
constexpr char example[] = R"json({"version": 1, "rows": [{"panels": [
    {"query": {"metric": "up_total", "fn": "rate", "by": ["job"], "where": {"code": "~5..", "model": "$model"}}},
    {"queries": [{"name": "x", "first_of": [{"metric": "new_total", "fn": "increase", "window": "5m"},
                                            {"metric": "old", "agg": "max", "by": "gpu", "topk": 2}]},
                 {"expr": "sum(raw{model=~'$model'})"}]},
    {"query": [{"metric": "t_seconds", "fn": "quantile", "q": [0.5, 0.99], "where": {"status": "!~[45].*"}},
               {"metric": "t_seconds", "fn": "heatmap", "where": {"phase": "~(?:queue|prefill)", "id": "!"}},
               {"metric": "t_seconds", "fn": "mean", "by": ["phase"], "offset": "10m"}]},
    {"query": {"first_of": [{"fn": "share", "of": {"metric": "hits_total", "fn": "rate", "by": "model"},
                             "in": {"metric": "all_total", "fn": "rate", "by": "model"}, "scale": 100}]}},
    {"query": {"fn": "share", "of": {"metric": "used", "by": ["gpu", "host"]}, "in": {"metric": "size", "by": "host"}}}
]}]})json";

/// Whether it is an answer of which the first line has a number somewhere.
bool has_value(const nlohmann::json& answer)
{
    if (answer.is_discarded() || answer.value("status", "") != "success" || answer["data"]["result"].empty())
        return false;
    const auto& points = answer["data"]["result"][0]["values"];
    return std::any_of(points.begin(), points.end(), [](const nlohmann::json& point) {
        return std::isfinite(std::stod(point[1].get<std::string>()));
    });
}

} // namespace

/// Every query of every shipped dashboard has the answer that a real Prometheus gives.
class TestDashboardQueries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsQueries();
    void usualQueries();
    void shipped();

private:
    /// Compares all of them on series made for them.
    void compare(const tests::DashboardQueries& dashboards);
};

void TestDashboardQueries::findsQueries()
{
    QTemporaryDir folder;
    const auto write = [&](const char* name, const QByteArray& text) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write("a.json", example);
    write("b.json", R"({"query": {"metric": "m", "x": 1}, "first_of": [{"metric": "m"}, {"fn": "rate"}]})");
    write("c.json", "{");
    write("d.txt", "{");
    const tests::DashboardQueries found(folder.path().toStdString());
    QCOMPARE(found.files(), std::size_t{3});
    QCOMPARE(found.queries().size(), std::size_t{9});
    QCOMPARE(found.expressions().size(), std::size_t{1});
    QCOMPARE(found.expressions().front().promql, std::string("sum(raw{model=~'chosen'})"));
    QCOMPARE(found.queries().front().query.where.at("model"), std::string("chosen"));
    QCOMPARE(found.problems().size(), std::size_t{3});
    QVERIFY2(found.problems()[0].starts_with("b.json#/first_of/1/metric: "), found.problems()[0].c_str());
    QVERIFY2(found.problems()[1].starts_with("b.json#/query/x: "), found.problems()[1].c_str());
    QCOMPARE(found.problems()[2], std::string("c.json is not JSON"));
    QCOMPARE(tests::DashboardQueries("/nonexistent").files(), std::size_t{0});
}

void TestDashboardQueries::usualQueries()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("a.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(example);
    file.close();
    compare(tests::DashboardQueries(folder.path().toStdString()));
}

void TestDashboardQueries::shipped()
{
    const tests::DashboardQueries dashboards(qgetenv("TOKENSCOPE_DASHBOARDS").toStdString());
    for (const auto& problem : dashboards.problems())
        qWarning("%s", problem.c_str());
    QVERIFY(dashboards.problems().empty());
    if (dashboards.files() == 0)
        QSKIP("there are no dashboards");
    QVERIFY2(!dashboards.queries().empty(), "there are dashboards, but no queries in them");
    compare(dashboards);
}

void TestDashboardQueries::compare(const tests::DashboardQueries& dashboards)
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("prometheus is not installed, so there is nothing to compare with");
    tests::PrometheusServer server;
    const auto trouble = server.start(executable);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));

    tests::FittingSeries series;
    for (const auto& one : dashboards.queries())
        series.add(one.query);
    for (const auto* asked_in_promql_alone : {"node_boot_time_seconds", "raw"})
        series.add({.metric = asked_in_promql_alone, .where = {{"instance", "chosen"}, {"model", "chosen"}}});
    const auto begin = (QDateTime::currentMSecsSinceEpoch() - length_ms) / 60'000 * 60'000;
    SeriesStore store({.max_age_ms = 2 * length_ms, .max_bytes = std::size_t{1} << 30});
    tests::RecordedScrapes recorded;
    for (std::int64_t at = 0; at < length_ms; at += 5'000) {
        if (at % 900'000 >= 870'000) // half a minute of missed scrapes now and then
            continue;
        const auto time = begin + at + at % 7 * 100;
        const auto samples = series.scrape();
        store.append(time, samples);
        recorded.add(time, samples);
    }
    const auto refused = recorded.copy_to(server);
    QVERIFY2(refused.isEmpty(), qPrintable(refused));

    tests::Comparison comparison(store, server);
    std::size_t wrong = 0;
    std::set<std::string> done;
    for (const auto& [where, query] : dashboards.queries()) {
        const auto text = to_json(query).dump();
        if (!done.insert(text).second)
            continue;
        const auto values = comparison.values();
        auto difference = comparison.compare(query, begin - 60'000, begin + length_ms, 15'000);
        if (difference.empty())
            difference = comparison.compare(query, begin + 137, begin + length_ms, 11'919);
        if (difference.empty() && comparison.values() == values)
            difference = "nothing to compare: no series fits it";
        if (difference.empty())
            continue;
        ++wrong;
        qWarning("%s %s: %s", where.c_str(), text.c_str(), difference.c_str());
    }
    qInfo("%zu queries of %zu dashboards, %zu different ones; %zu values compared", dashboards.queries().size(),
          dashboards.files(), done.size(), comparison.values());
    QCOMPARE(wrong, std::size_t{0});
    for (const auto& [where, promql] : dashboards.expressions()) {
        const auto answer = nlohmann::json::parse(
            server.query_range(promql, begin, begin + length_ms, 15'000).toStdString(), nullptr, false);
        QVERIFY2(has_value(answer), (where + ": " + promql + ": " + answer.dump().substr(0, 500)).c_str());
    }
}

QTEST_GUILESS_MAIN(TestDashboardQueries)
#include "tst_dashboard_queries.moc"
