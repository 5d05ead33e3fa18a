// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/resolve.h"
#include "query/matcher.h"
#include "query/query_json.h"

#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include <QTest>

#include <algorithm>
#include <utility>

using namespace tokenscope;
using namespace tokenscope::dashboards;
using query::Function;
using query::Query;
using Names = std::vector<std::string>;

namespace {

/// Values of labels that would break a careless escape.
const Names hostile = {"plain",  "gpt-4o.mini", "a|b",   "a\"b",      "back\\slash", "~re",     "!not",    "!~both", "",
                       "$model", "x`y",         "nl\nx", "(a)[b]{c}", "'single'",    "ünïcode", "^start$", "a*b+c?"};

Query asking(const std::string& matcher)
{
    return {.metric = "m", .where = {{"model", matcher}}};
}

/// Which of the hostile values the query's matcher accepts.
Names accepted(const Query& query)
{
    Names values;
    const auto matchers = query::Matchers::compile(query.where);
    if (!matchers)
        return {"not compiled: " + matchers.error().detail};
    for (const auto& value : hostile)
        if (matchers->accept({{"model", value}}))
            values.push_back(value);
    return values;
}

/// The text of a PromQL string in double or single quotes, as Prometheus reads it.
std::string unquoted(std::string_view text, char quote)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || quote == '`')
            result += text[i];
        else if (text[++i] == 'x')
            result +=
                static_cast<char>(std::stoi(std::string(text.substr(std::exchange(i, i + 2) + 1, 2)), nullptr, 16));
        else
            result += text[i];
    }
    return result;
}

} // namespace

class TestDashboardResolve : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void metricsOfQueries_data();
    void metricsOfQueries();
    void firstFoundWins();
    void onlyTheSameSystemStandsIn();
    void whatIsChosenCounts();
    void fitsAnyNeed();
    void oneValueToBeginWith();
    void nothingChosenRemovesTheMatcher();
    void oneValue();
    void severalValues();
    void insideOtherText();
    void sharesToo();
    void expressions();
    void expressionsAreEscaped_data();
    void expressionsAreEscaped();
};

void TestDashboardResolve::metricsOfQueries_data()
{
    QTest::addColumn<int>("function");
    QTest::addColumn<QStringList>("names");
    const auto add = [](const char* name, Function function, const QStringList& names) {
        QTest::newRow(name) << int(function) << names;
    };
    add("value", Function::value, {QStringLiteral("m")});
    add("rate", Function::rate, {QStringLiteral("m")});
    add("increase", Function::increase, {QStringLiteral("m")});
    add("mean", Function::mean, {QStringLiteral("m_sum"), QStringLiteral("m_count")});
    add("quantile", Function::quantile, {QStringLiteral("m_bucket")});
    add("heatmap", Function::heatmap, {QStringLiteral("m_bucket")});
}

void TestDashboardResolve::metricsOfQueries()
{
    QFETCH(int, function);
    QFETCH(QStringList, names);
    QStringList found;
    const Query query{.metric = "m", .function = Function(function)};
    for (const auto& name : metrics_of(query))
        found << QString::fromStdString(name);
    QCOMPARE(found, names);
    // Of a share both parts, each name once.
    const Query share{.function = Function::share, .parts = {query, query}};
    QCOMPARE(metrics_of(share).size(), std::size_t(names.size()));
}

void TestDashboardResolve::firstFoundWins()
{
    const PanelQuery query{.alternatives = {{.metric = "new", .function = Function::quantile},
                                            {.metric = "old", .function = Function::mean},
                                            {.metric = "oldest"}}};
    const auto found = [&](const MetricNames& names) { return resolve(query, names)->metric; };
    QCOMPARE(found({"new_bucket", "old_sum", "old_count", "oldest"}), std::string("new"));
    QCOMPARE(found({"old_sum", "old_count", "oldest"}), std::string("old"));
    QCOMPARE(found({"old_sum", "oldest"}), std::string("oldest")); // half a histogram is none
    QCOMPARE(found({"new", "new_count"}), std::string("new"));     // nothing found: the first, so that its name is told
    QCOMPARE(found({}), std::string("new"));
    QVERIFY(!resolve(PanelQuery{.expression = "m"}, {"m"}));
}

/// Where the first has nothing in the time shown, the next one is asked: under an older name, not of another system's requests.
void TestDashboardResolve::onlyTheSameSystemStandsIn()
{
    const PanelQuery query{
        .alternatives = {
            {.metric = "one:new_total"}, {.metric = "two_total"}, {.metric = "one_old_total"}, {.metric = "three"}}};
    const MetricNames all{"one:new_total", "two_total", "one_old_total", "three"};
    QCOMPARE(offered(query, all), std::size_t{2});
    QCOMPARE(resolve(query, all, {}, 1)->metric, std::string("one_old_total"));
    QCOMPARE(offered(query, {"two_total", "three"}), std::size_t{1});
    QCOMPARE(resolve(query, {"two_total", "three"})->metric, std::string("two_total"));
}

/// What does not go by the choice would be of all.
void TestDashboardResolve::whatIsChosenCounts()
{
    const PanelQuery query{
        .alternatives = {{.metric = "a", .where = {{"model", "$model"}, {"host", "$host"}}},
                         {.metric = "b"},
                         {.metric = "c", .where = {{"name", "!~x$model"}, {"at", "$host"}}},
                         {.function = Function::share, .parts = {{.metric = "d"}, {.metric = "e"}}}}};
    const MetricNames all{"a", "b", "c", "d", "e"};
    const Choices model{{"model", {"phi4"}}, {"host", {}}};
    QCOMPARE(resolve(query, {"b", "c"})->metric, std::string("b"));
    QCOMPARE(resolve(query, {"b", "c"}, model)->metric, std::string("c"));
    QCOMPARE(offered(query, {"b", "d", "e"}, model), std::size_t{0});
    // A choice tells what it is of: another system may know it by that name.
    QCOMPARE(offered(query, all, model), std::size_t{2});
    QCOMPARE(resolve(query, all, model, 1)->metric, std::string("c"));
    // Of a variable that none of them has it says nothing.
    QCOMPARE(offered(query, {"b"}, {{"gpu", {"0"}}}), std::size_t{1});
}

void TestDashboardResolve::fitsAnyNeed()
{
    Dashboard dashboard{.needs = {"a", "b"}};
    QVERIFY(fits(dashboard, {"b", "c"}));
    QVERIFY(!fits(dashboard, {"c", "ab"}));
    dashboard.also_needs = {"x", "y"};
    QVERIFY(!fits(dashboard, {"a", "b"}));
    QVERIFY(!fits(dashboard, {"x", "y"}));
    QVERIFY(fits(dashboard, {"b", "x"}));
    dashboard.needs.clear();
    dashboard.also_needs.clear();
    QVERIFY(fits(dashboard, {}));
}

void TestDashboardResolve::oneValueToBeginWith()
{
    const Variable variable{.name = "v", .label = "backend", .first = "!demo"};
    QCOMPARE(first_value(variable, {"demo", "vllm"}), std::size_t(1));
    QCOMPARE(first_value(variable, {"anthropic", "demo"}), std::size_t(0));
    QCOMPARE(first_value(variable, {"demo"}), std::size_t(0)); // better than nothing
    QCOMPARE(first_value(variable, {}), std::size_t(0));
    QCOMPARE(first_value({.label = "instance", .first = "~.*:8000"}, {"a:1", "b:8000"}), std::size_t(1));
}

void TestDashboardResolve::nothingChosenRemovesTheMatcher()
{
    for (const auto* const matcher : {"$model", "!$model", "~$model", "!~x$model|y", "a$model"}) {
        QVERIFY(with_choices(asking(matcher), {}).where.empty());
        QVERIFY(with_choices(asking(matcher), {{"model", {}}, {"other", {"x"}}}).where.empty());
    }
    for (const auto* const matcher : {"model", "$", "a$", "~a$|b$", "~\\$model", "$5"})
        QCOMPARE(with_choices(asking(matcher), {{"model", {"x"}}}).where.at("model"), std::string(matcher));
}

void TestDashboardResolve::oneValue()
{
    for (const auto& value : hostile) {
        const Choices choices{{"model", {value}}};
        QCOMPARE(accepted(with_choices(asking("$model"), choices)), Names{value});
        QCOMPARE(accepted(with_choices(asking("~$model"), choices)), Names{value});
        for (const auto* const negated : {"!$model", "!~$model"}) {
            const auto others = accepted(with_choices(asking(negated), choices));
            QCOMPARE(others.size(), hostile.size() - 1);
            QVERIFY(std::ranges::find(others, value) == others.end());
        }
    }
    QCOMPARE(with_choices(asking("$model"), {{"model", {"gpt-4o"}}}).where.at("model"), std::string("gpt-4o"));
}

void TestDashboardResolve::severalValues()
{
    QCOMPARE(accepted(with_choices(asking("$model"), {{"model", hostile}})), hostile);
    QCOMPARE(accepted(with_choices(asking("!$model"), {{"model", hostile}})), Names{});
    QCOMPARE(accepted(with_choices(asking("$model"), {{"model", {"a|b", ""}}})), (Names{"a|b", ""}));
    QCOMPARE(with_choices(asking("$model"), {{"model", {"a.b", "c"}}}).where.at("model"), std::string("~a\\.b|c"));
}

void TestDashboardResolve::insideOtherText()
{
    const Choices choices{{"model", {"4o", "b|c"}}, {"x", {"mini"}}};
    QCOMPARE(with_choices(asking("gpt.$model"), choices).where.at("model"), std::string("~gpt\\.(?:4o|b\\|c)"));
    QCOMPARE(with_choices(asking("!~gpt.$model-$x.*"), choices).where.at("model"),
             std::string("!~gpt.(?:4o|b\\|c)-(?:mini).*"));
    // The longest name is meant: "$models" is another variable than "$model".
    QVERIFY(with_choices(asking("$models"), choices).where.empty());
    // A value is not searched for variables again.
    QCOMPARE(with_choices(asking("$model"), {{"model", {"$x"}}, {"x", {"no"}}}).where.at("model"), std::string("$x"));
}

void TestDashboardResolve::sharesToo()
{
    const Query share{.function = Function::share, .parts = {asking("$model"), asking("$x")}};
    const auto chosen = with_choices(share, {{"model", {"a"}}});
    QCOMPARE(chosen.parts[0].where.at("model"), std::string("a"));
    QVERIFY(chosen.parts[1].where.empty());
}

void TestDashboardResolve::expressions()
{
    const auto chosen = [](std::string_view expression, const Choices& choices) {
        return QByteArray::fromStdString(with_choices(expression, choices));
    };
    const Choices choices{{"model", {"a.b", "c"}}};
    QCOMPARE(chosen("sum(m{model=~\"$model\"})", choices), QByteArray("sum(m{model=~\"(?:a\\\\.b|c)\"})"));
    QCOMPARE(chosen("m{model=~\"$model\",x!~ '$x'}", {}), QByteArray("m{model=~\".*\",x!~ '[^\\\\s\\\\S]'}"));
    QCOMPARE(chosen("m{model=~`$model`}", choices), QByteArray("m{model=~`(?:a\\.b|c)`}"));
    // Left as they are: what is no matcher's pattern, escaped, or a comment.
    for (const auto* const same :
         {"m{a=\"$model\"} $model # $model", "m{a=~\"\\\\$model\"}", "m{a=~`\\$model`}",
          "label_replace(m, \"a\", \"$model\", \"b\", \"(.*)\")", "m{a=~\"x", "", "\"", "#", "m{a=~\"\\"})
        QCOMPARE(chosen(same, choices), QByteArray(same));
    QCOMPARE(chosen("m{a=~\"x\\\"$model\"}", choices), QByteArray("m{a=~\"x\\\"(?:a\\\\.b|c)\"}"));
    QCOMPARE(chosen("# \"\nm{a=~\"$model\"}", {{"model", {"z"}}}), QByteArray("# \"\nm{a=~\"(?:z)\"}"));
}

void TestDashboardResolve::expressionsAreEscaped_data()
{
    QTest::addColumn<char>("quote");
    QTest::newRow("double") << '"';
    QTest::newRow("single") << '\'';
    QTest::newRow("backtick") << '`';
}

void TestDashboardResolve::expressionsAreEscaped()
{
    QFETCH(char, quote);
    const auto expression = std::string("m{a=~") + quote + "$model" + quote + "}";
    for (const auto& value : hostile) {
        const auto text = with_choices(expression, {{"model", {value}}});
        const auto inside = text.substr(6, text.size() - 8);
        QVERIFY2(inside.find('\n') == std::string::npos, text.c_str());
        // No quote within ends the string.
        for (std::size_t i = 0; i < inside.size(); ++i) {
            if (inside[i] == '\\' && quote != '`')
                ++i;
            else
                QVERIFY2(inside[i] != quote, text.c_str());
        }
        const re2::RE2 pattern(unquoted(inside, quote));
        QVERIFY2(pattern.ok(), text.c_str());
        for (const auto& other : hostile)
            QCOMPARE(re2::RE2::FullMatch(other, pattern), other == value);
    }
    const auto all = with_choices(expression, {{"model", hostile}});
    const re2::RE2 pattern(unquoted(all.substr(6, all.size() - 8), quote));
    for (const auto& value : hostile)
        QVERIFY2(re2::RE2::FullMatch(value, pattern), value.c_str());
}

QTEST_APPLESS_MAIN(TestDashboardResolve)
#include "tst_dashboard_resolve.moc"
