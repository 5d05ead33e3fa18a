// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_json.h"
#include "dashboards/library.h"
#include "dashboards/resolve.h"
#include "known_metrics.h"
#include "query/promql.h"
#include "query/query_json.h"
#include "query/validate.h"
#include "source_document_queries.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryFile>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

using namespace tokenscope;
using namespace tokenscope::dashboards;
using query::Aggregation;
using query::Function;
using query::Query;
using test::KnownKind;

namespace {

/// Labels that a Prometheus gives to every series that it scrapes.
const std::set<std::string, std::less<>> target_labels = {"instance", "job"};

const std::vector<Dashboard>& shipped()
{
    static const auto all = [] {
        std::vector<Dashboard> dashboards;
        for (const auto& file : shipped_files()) {
            auto dashboard = parse_dashboard(file.json, file.id);
            if (dashboard)
                dashboards.push_back(std::move(*dashboard));
        }
        return dashboards;
    }();
    return all;
}

const Dashboard& shipped(std::string_view id)
{
    return *std::ranges::find(shipped(), id, &Dashboard::id);
}

void each_panel(const std::function<void(const Dashboard&, const Panel&)>& visit)
{
    for (const auto& dashboard : shipped())
        for (const auto& row : dashboard.rows)
            for (const auto& panel : row.panels)
                visit(dashboard, panel);
}

void each_query(const std::function<void(const Dashboard&, const Panel&, const Query&)>& visit)
{
    each_panel([&](const Dashboard& dashboard, const Panel& panel) {
        for (const auto& query : panel.queries)
            for (const auto& alternative : query.alternatives)
                visit(dashboard, panel, alternative);
    });
}

QByteArray place(const Dashboard& dashboard, const Panel& panel, const Query& query)
{
    return QByteArray::fromStdString(dashboard.id + ": " + panel.title + ": " + query::to_json(query).dump());
}

std::vector<Query> leaves(const Query& query)
{
    return query.function == Function::share ? query.parts : std::vector<Query>{query};
}

bool is_ratio_of_all_time(const Query& query)
{
    return query.function == Function::share && query.parts[0].function == Function::value
           && query.parts[1].function == Function::value;
}

/// What speaks against asking the metric this way; empty: nothing does.
QByteArray misfit(const test::KnownMetrics& known, const Query& leaf, bool all_time)
{
    const bool of_family =
        leaf.function == Function::quantile || leaf.function == Function::heatmap || leaf.function == Function::mean;
    const auto* const family = known.family(leaf.metric);
    const auto metric = of_family ? (family ? std::optional(*family) : std::nullopt) : known.series(leaf.metric);
    if (!metric)
        return "no such metric: " + QByteArray::fromStdString(leaf.metric);
    const auto labelled = [&](const std::string& label) {
        return metric->labels.contains(label) || target_labels.contains(label);
    };
    for (const auto& label : leaf.by)
        if (!labelled(label))
            return "no such label: " + QByteArray::fromStdString(label);
    for (const auto& [label, text] : leaf.where)
        if (!labelled(label))
            return "no such label: " + QByteArray::fromStdString(label);
    switch (leaf.function) {
    case Function::quantile:
    case Function::heatmap: return metric->kind == KnownKind::histogram ? "" : "not a histogram";
    case Function::mean:
        return metric->kind == KnownKind::histogram || metric->kind == KnownKind::summary ? ""
                                                                                          : "nothing has a mean here";
    case Function::rate:
    case Function::increase: return metric->kind == KnownKind::counter ? "" : "only counters have a rate";
    case Function::value:
        return metric->kind != KnownKind::counter || all_time || leaf.aggregation == Aggregation::count
                   ? ""
                   : "a counter's value says nothing";
    case Function::share: break;
    }
    return "a share in a share";
}

bool measures_time(std::string_view metric)
{
    return metric.ends_with("_seconds") || metric.ends_with("_duration") || metric.find("latency") != metric.npos;
}

} // namespace

class TestShippedDashboards : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFileIsListedAndParses();
    void writingThemLosesNothing();
    void titlesAndIds();
    void rowsAreFullLines();
    void variablesAreUsedAndHaveTheirLabel();
    void needsAreMetricsThatExist();
    void theGapIsOfOneProviderAndOneServer();
    void queriesAreValid();
    void metricsExistAndFit();
    void tokenTypesAreNeverSummed();
    void unitsArePlausible();
    void gatewayShowsEveryMetric();
    void sourceDocuments_data();
    void sourceDocuments();
    void prometheusReadsThemAll();
};

void TestShippedDashboards::everyFileIsListedAndParses()
{
    std::set<std::string> listed;
    for (const auto& file : shipped_files()) {
        listed.emplace(file.id);
        const auto parsed = parse_dashboard(file.json, file.id);
        QVERIFY2(parsed, parsed ? "" : (std::string(file.id) + ": " + parsed.error().message).c_str());
    }
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(TOKENSCOPE_SOURCE_DIR "/resources/dashboards"))
        there.insert(entry.path().stem().string());
    QVERIFY(listed == there);
    QCOMPARE(shipped_files().front().id, std::string_view("overview"));
}

void TestShippedDashboards::writingThemLosesNothing()
{
    for (const auto& file : shipped_files()) {
        const auto& dashboard = shipped(file.id);
        const auto written = to_json(dashboard).dump();
        const auto again = parse_dashboard(written, file.id);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(to_json(*again).dump(), written);
    }
}

void TestShippedDashboards::titlesAndIds()
{
    std::set<std::string> titles;
    for (const auto& dashboard : shipped()) {
        QVERIFY2(titles.insert(dashboard.title).second, dashboard.title.c_str());
        QVERIFY2(!dashboard.description.empty(), dashboard.id.c_str());
        QVERIFY2(!dashboard.needs.empty(), dashboard.id.c_str());
        for (const auto& row : dashboard.rows) {
            QVERIFY2(!row.title.empty(), dashboard.id.c_str());
            std::set<std::string> in_row;
            for (const auto& panel : row.panels)
                QVERIFY2(in_row.insert(panel.title).second, (dashboard.id + ": " + panel.title).c_str());
        }
    }
    each_panel([](const Dashboard& dashboard, const Panel& panel) {
        for (const auto& query : panel.queries)
            QVERIFY2(panel.queries.size() == 1 || !query.name.empty(),
                     (dashboard.id + ": " + panel.title + " has several queries, one without a name").c_str());
    });
}

void TestShippedDashboards::rowsAreFullLines()
{
    for (const auto& dashboard : shipped()) {
        for (const auto& row : dashboard.rows) {
            std::size_t column = 0;
            for (const auto& panel : row.panels) {
                column += panel.width;
                QVERIFY2(column <= 12, (dashboard.id + ": " + panel.title + " breaks its line").c_str());
                column %= 12;
            }
            QVERIFY2(column == 0, (dashboard.id + ": " + row.title + " ends with a gap").c_str());
        }
    }
}

void TestShippedDashboards::variablesAreUsedAndHaveTheirLabel()
{
    const test::KnownMetrics known;
    for (const auto& dashboard : shipped()) {
        const auto text = to_json(dashboard).dump();
        for (const auto& variable : dashboard.variables) {
            QVERIFY2(text.find('$' + variable.name) != text.npos, (dashboard.id + ": " + variable.name).c_str());
            for (const auto& name : variable.metrics) {
                const auto metric = known.series(name);
                QVERIFY2(metric, (dashboard.id + ": " + name).c_str());
                QVERIFY2(metric->labels.contains(variable.label) || target_labels.contains(variable.label),
                         (dashboard.id + ": " + name + " has no label " + variable.label).c_str());
            }
        }
    }
}

void TestShippedDashboards::needsAreMetricsThatExist()
{
    const test::KnownMetrics known;
    for (const auto& dashboard : shipped()) {
        for (const auto& need : dashboard.needs) {
            QVERIFY2(known.series(need), (dashboard.id + ": " + need).c_str());
            QCOMPARE(fits(dashboard, {need}), dashboard.also_needs.empty());
            for (const auto& other : dashboard.also_needs) {
                QVERIFY2(known.series(other), (dashboard.id + ": " + other).c_str());
                QVERIFY(fits(dashboard, {need, other}));
                QVERIFY(!fits(dashboard, {other}));
            }
        }
        QVERIFY(!fits(dashboard, {"up"}));
    }
    // Whatever has most of its panels is offered it.
    QVERIFY(fits(shipped("overview"), {"vllm:request_success_total"}));
    QVERIFY(fits(shipped("overview"), {"sglang:num_requests_total"}));
}

/// A gap between all providers and all servers means nothing: every question is about one of each.
void TestShippedDashboards::theGapIsOfOneProviderAndOneServer()
{
    const auto& dashboard = shipped("client-server");
    QCOMPARE(dashboard.variables.size(), std::size_t(2));
    for (const auto& variable : dashboard.variables)
        QVERIFY2(!variable.first.empty() && !variable.multi, variable.name.c_str());
    const auto chosen = [](const std::string& metric) {
        return metric.starts_with("aigateway_") || metric.starts_with("tokenscope_") ? "$provider" : "$server";
    };
    for (const auto& row : dashboard.rows) {
        for (const auto& panel : row.panels) {
            for (const auto& asked : panel.queries) {
                for (const auto& query : asked.alternatives) {
                    QCOMPARE(std::ranges::count(query.where, chosen(query.metric),
                                                &std::pair<const std::string, std::string>::second),
                             1);
                }
                const auto count = [&asked](std::string_view text) {
                    std::size_t found = 0;
                    for (auto at = asked.expression.find(text); at != std::string::npos;
                         at = asked.expression.find(text, at + 1))
                        ++found;
                    return found;
                };
                QCOMPARE(count("{backend=~\"$provider\"") + count("{instance=~\"$server\"}"), count("[2m]"));
            }
        }
    }
}

void TestShippedDashboards::queriesAreValid()
{
    std::size_t count = 0;
    each_query([&](const Dashboard& dashboard, const Panel& panel, const Query& query) {
        ++count;
        for (const Choices& choices : {Choices(), Choices{{"model", {"a\"b", "c.d|$e"}}, {"instance", {"~x"}}}}) {
            const auto chosen = with_choices(query, choices);
            const auto error = query::validate(chosen);
            QVERIFY2(!error, error ? (place(dashboard, panel, query).toStdString() + error->message).c_str() : "");
            QVERIFY2(!query::to_promql(chosen).empty(), place(dashboard, panel, query).constData());
        }
    });
    QVERIFY(count > 500);
}

void TestShippedDashboards::metricsExistAndFit()
{
    const test::KnownMetrics known;
    each_query([&](const Dashboard& dashboard, const Panel& panel, const Query& query) {
        for (const auto& leaf : leaves(query)) {
            const auto problem = misfit(known, leaf, is_ratio_of_all_time(query));
            QVERIFY2(problem.isEmpty(), place(dashboard, panel, query).append(": ").append(problem).constData());
        }
    });
}

/// Some types are parts of others: a sum over all of them counts tokens twice.
void TestShippedDashboards::tokenTypesAreNeverSummed()
{
    each_query([](const Dashboard& dashboard, const Panel& panel, const Query& query) {
        for (const auto& leaf : leaves(query)) {
            const bool gen_ai = leaf.metric.starts_with("gen_ai_client_token_usage");
            const bool ours = leaf.metric == "aigateway_model_tokens_total" || leaf.metric == "provider_tokens_total"
                              || leaf.metric == "tokenscope_estimated_tokens_total";
            const std::string label = gen_ai ? "gen_ai_token_type" : "type";
            const bool apart = leaf.where.contains(label) || std::ranges::find(leaf.by, label) != leaf.by.end();
            QVERIFY2((!gen_ai && !ours) || apart, place(dashboard, panel, query).constData());
            QVERIFY2(!panel.stacked || !gen_ai || leaf.where.contains(label),
                     place(dashboard, panel, query).constData());
        }
    });
}

void TestShippedDashboards::unitsArePlausible()
{
    each_query([](const Dashboard& dashboard, const Panel& panel, const Query& query) {
        const auto unit = panel.unit;
        bool good = true;
        const bool of_family = query.function == Function::quantile || query.function == Function::mean
                               || query.function == Function::heatmap;
        if (of_family && query.metric.ends_with("_ms"))
            good = unit == Unit::milliseconds;
        else if (of_family && measures_time(query.metric))
            good = unit == Unit::seconds && (query.scale == 1 || query.metric.ends_with("_milliseconds"));
        else if (query.function == Function::rate && query.scale == 1)
            good = unit == Unit::per_second || unit == Unit::tokens_per_second || unit == Unit::requests_per_second
                   || unit == Unit::bytes_per_second || unit == Unit::watts;
        else if (query.function == Function::share && query.scale == 100)
            good = unit == Unit::percent;
        else if (query.function == Function::value && query.metric.ends_with("_bytes"))
            good = query.aggregation == Aggregation::count || (unit == Unit::bytes && query.scale == 1)
                   || (unit == Unit::mebibytes && query.scale == 1.0 / 1048576);
        else if (query.function == Function::value
                 && (query.metric.ends_with("_ratio") || query.metric.ends_with("_perc")))
            good = query.aggregation == Aggregation::count || (unit == Unit::percent && query.scale == 100)
                   || (unit == Unit::ratio && query.scale == 1);
        QVERIFY2(good, place(dashboard, panel, query).constData());
        QVERIFY2(unit != Unit::percent || !panel.maximum || *panel.maximum == 100,
                 place(dashboard, panel, query).constData());
    });
}

void TestShippedDashboards::gatewayShowsEveryMetric()
{
    std::set<std::string> shown;
    for (const auto& row : shipped("gateway").rows)
        for (const auto& panel : row.panels)
            for (const auto& query : panel.queries)
                for (const auto& alternative : query.alternatives)
                    for (const auto& leaf : leaves(alternative))
                        shown.insert(leaf.metric);
    shown.insert("process_start_time_seconds"); // a moment, and no number to draw
    for (const auto& family : test::KnownMetrics().our_families())
        QVERIFY2(shown.contains(family) || shown.contains(family + "_sum"), family.c_str());
}

void TestShippedDashboards::sourceDocuments_data()
{
    QTest::addColumn<int>("index");
    const auto& all = test::document_queries();
    for (std::size_t i = 0; i < all.size(); ++i)
        QTest::newRow((std::string(all[i].dashboard) + ": " + std::string(all[i].promql)).c_str()) << int(i);
}

void TestShippedDashboards::sourceDocuments()
{
    QFETCH(int, index);
    const auto& wanted = test::document_queries()[std::size_t(index)];
    const auto query = query::parse_query(nlohmann::json::parse(wanted.query));
    QVERIFY2(query, query ? "" : query.error().message.c_str());
    const auto text = query::to_json(*query).dump();
    bool found = false;
    for (const auto& row : shipped(wanted.dashboard).rows)
        for (const auto& panel : row.panels)
            for (const auto& asked : panel.queries)
                found = found
                        || (!asked.alternatives.empty()
                            && query::to_json(with_choices(asked.alternatives.front(), {})).dump() == text);
    QVERIFY(found);
}

void TestShippedDashboards::prometheusReadsThemAll()
{
    const auto promtool = QStandardPaths::findExecutable(QStringLiteral("promtool"));
    if (promtool.isEmpty())
        QSKIP("promtool is not installed");
    auto rules = nlohmann::json::array();
    const Choices hostile{
        {"model", {"a\"b\\", "c.d|$e\n`"}}, {"instance", {"!~x"}}, {"provider", {"a\"b\\"}}, {"server", {"!~x"}}};
    const auto add = [&rules](std::string expression) {
        rules.push_back({{"record", "r" + std::to_string(rules.size())}, {"expr", std::move(expression)}});
    };
    each_query([&](const Dashboard&, const Panel&, const Query& query) {
        add(query::to_promql(with_choices(query, {})));
        add(query::to_promql(with_choices(query, hostile)));
    });
    each_panel([&](const Dashboard&, const Panel& panel) {
        for (const auto& query : panel.queries) {
            if (query.expression.empty())
                continue;
            add(with_choices(query.expression, {}));
            add(with_choices(query.expression, hostile));
        }
    });
    const nlohmann::json file = {{"groups", {{{"name", "g"}, {"rules", rules}}}}};
    QTemporaryFile on_disk(QDir::tempPath() + QStringLiteral("/rules-XXXXXX.json"));
    QVERIFY(on_disk.open());
    on_disk.write(QByteArray::fromStdString(file.dump()));
    on_disk.close();
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(promtool, {QStringLiteral("check"), QStringLiteral("rules"), on_disk.fileName()});
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY2(process.exitCode() == 0, process.readAll().constData());
}

QTEST_GUILESS_MAIN(TestShippedDashboards)
#include "tst_shipped_dashboards.moc"
