// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_plan.h"

#include <QtTest>

#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

dashboards::PanelQuery alternatives(const std::vector<std::string>& metrics)
{
    dashboards::PanelQuery query;
    for (const auto& metric : metrics)
        query.alternatives.push_back({.metric = metric});
    return query;
}

} // namespace

/// What a panel asks of a source.
class TestPanelPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void questionsAreChosenByWhatTheSourceHas()
    {
        auto made = dashboards::Panel();
        made.queries = {alternatives({"new_name", "old_name"}), alternatives({"neither"})};
        made.queries[0].name = "one";
        const dashboards::MetricNames names{"old_name"};
        const dashboards::Choices choices;
        PlanContext context{.settled = true, .known = true, .names = names, .promql = false, .choices = choices};
        const auto plan = planOf(made, context);
        QCOMPARE(plan.questions.size(), std::size_t{1});
        QCOMPARE(std::get<query::Query>(plan.questions[0]).metric, std::string("old_name"));
        QCOMPARE(plan.names, std::vector<std::string>{"one"});

        made.queries = {alternatives({"a", "b"})};
        const auto none = planOf(made, context);
        QVERIFY(none.questions.empty());
        QCOMPARE(none.emptyText, QStringLiteral("Not measured by this source."));
        QCOMPARE(none.tried, QStringLiteral("It has no such metric: tried a, b"));
        QVERIFY(none.key != plan.key);

        context.known = false; // nobody knows: the source itself is to say
        QCOMPARE(planOf(made, context).questions.size(), std::size_t{1});
        context.settled = false;
        QVERIFY(planOf(made, context).questions.empty() && planOf(made, context).key.empty());
    }

    /// A number of all models under the name of one would be wrong.
    void whatDoesNotGoByTheChoiceIsNotShown()
    {
        auto made = dashboards::Panel();
        made.queries = {{.alternatives = {{.metric = "ours", .where = {{"model", "$model"}}}, {.metric = "theirs"}}}};
        const dashboards::MetricNames names{"theirs"};
        dashboards::Choices choices{{"model", {}}};
        const PlanContext context{.settled = true, .known = true, .names = names, .promql = false, .choices = choices};
        QCOMPARE(planOf(made, context).questions.size(), std::size_t{1});
        const auto before = planOf(made, context).key;
        choices["model"] = {"phi4"};
        const auto plan = planOf(made, context);
        QVERIFY(plan.questions.empty() && plan.key != before);
        QVERIFY2(plan.emptyText.contains(QStringLiteral("choose All")), qPrintable(plan.emptyText));
        QVERIFY(plan.tried.isEmpty()); // it is measured
    }

    /// What cannot be told apart by a choice says so.
    void aNumberOfAllSaysSo()
    {
        const std::vector<dashboards::Variable> variables{{.name = "model", .title = "Model"},
                                                          {.name = "host", .title = ""}};
        const dashboards::MetricNames names{"all", "some"};
        dashboards::Choices choices;
        const PlanContext context{.settled = true,
                                  .known = true,
                                  .names = names,
                                  .promql = true,
                                  .choices = choices,
                                  .trouble = {},
                                  .variables = variables};
        auto made = dashboards::Panel();
        made.queries = {{.alternatives = {{.metric = "some", .where = {{"model", "$model"}}}}},
                        {.expression = "up{model=~'$model'}"}};
        QCOMPARE(planOf(made, context).regardless, QString());
        choices = {{"model", {"phi4"}}, {"host", {}}};
        QCOMPARE(planOf(made, context).regardless, QString());
        choices["host"] = {"a"};
        QCOMPARE(planOf(made, context).regardless, QStringLiteral("host"));
        made.queries.push_back({.alternatives = {{.metric = "all"}}});
        QCOMPARE(planOf(made, context).regardless, QStringLiteral("Model, host"));
    }

    void rawPromqlNeedsASourceThatCan()
    {
        auto made = dashboards::Panel();
        made.queries = {{.alternatives = {}, .expression = "up{job=~\"$job\"}", .name = {}}};
        const dashboards::MetricNames names{"up"};
        const dashboards::Choices choices{{"job", {"api"}}};
        PlanContext context{.settled = true, .known = true, .names = names, .promql = false, .choices = choices};
        QVERIFY(planOf(made, context).emptyText.contains(QStringLiteral("PromQL")));
        context.promql = true;
        const auto plan = planOf(made, context);
        const auto& asked = std::get<std::string>(plan.questions.at(0));
        QVERIFY(asked.find("api") != std::string::npos && asked.find('$') == std::string::npos);
    }
};

QTEST_MAIN(TestPanelPlan)
#include "tst_panel_plan.moc"
