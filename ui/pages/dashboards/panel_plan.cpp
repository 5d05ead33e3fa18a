// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_plan.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <set>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Dashboards", text);
}

bool has(const dashboards::MetricNames& names, const query::Query& query)
{
    const auto wanted = dashboards::metrics_of(query);
    return std::all_of(wanted.begin(), wanted.end(), [&names](const auto& name) { return names.contains(name); });
}

bool anyOffered(const dashboards::PanelQuery& query, const dashboards::MetricNames& names)
{
    return std::any_of(query.alternatives.begin(), query.alternatives.end(),
                       [&names](const auto& alternative) { return has(names, alternative); });
}

void addTried(QStringList& tried, const dashboards::PanelQuery& query)
{
    for (const auto& alternative : query.alternatives) {
        for (const auto& name : dashboards::metrics_of(alternative)) {
            const auto text = QString::fromStdString(name);
            if (!tried.contains(text))
                tried << text;
        }
    }
}

/// As many as fit into a panel.
QString listed(const QStringList& names)
{
    constexpr qsizetype most = 4;
    const auto some = names.mid(0, most).join(QStringLiteral(", "));
    return names.size() <= most ? some : tr("%1 and %2 more").arg(some).arg(names.size() - most);
}

bool manyQuantiles(const query::Query& query)
{
    return query.function == query::Function::quantile && query.quantiles.size() > 1;
}

std::string keyOf(const dashboards::Choices& choices)
{
    std::string key;
    for (const auto& [name, values] : choices) {
        key += name + '=';
        for (const auto& value : values)
            key += value + '\1';
        key += '\2';
    }
    return key;
}

/// What is chosen and not among what every question goes by.
QString regardlessOf(const PlanContext& context, const std::vector<std::set<std::string, std::less<>>>& goneBy)
{
    QStringList titles;
    for (const auto& variable : context.variables) {
        const auto chosen = context.choices.find(variable.name);
        const bool any = chosen != context.choices.end() && !chosen->second.empty();
        const auto goes = [&variable](const auto& names) { return names.contains(variable.name); };
        if (any && !std::ranges::all_of(goneBy, goes))
            titles << QString::fromStdString(variable.title.empty() ? variable.name : variable.title);
    }
    return titles.join(QStringLiteral(", "));
}

} // namespace

PanelPlan planOf(const dashboards::Panel& panel, const PlanContext& context, const std::vector<std::size_t>& passed)
{
    PanelPlan plan;
    if (!context.settled)
        return plan;
    plan.key = "asked" + keyOf(context.choices);
    QStringList tried;
    std::vector<std::set<std::string, std::less<>>> goneBy; // of each question
    bool needsPromql = false;
    bool otherwise = false; ///< it is measured, but not by what is chosen
    for (std::size_t i = 0; i < panel.queries.size(); ++i) {
        const auto& query = panel.queries[i];
        plan.key += '\3';
        if (!query.expression.empty() && (context.promql || query.alternatives.empty())) {
            needsPromql = needsPromql || !context.promql;
            if (context.promql) {
                goneBy.push_back(dashboards::gone_by(query.expression, context.choices));
                plan.questions.emplace_back(dashboards::with_choices(query.expression, context.choices));
                plan.names.push_back(query.name);
                plan.queries.push_back(i);
                plan.more.push_back(false);
                plan.key += query.expression;
            }
            continue;
        }
        if (context.known && !anyOffered(query, context.names)) {
            addTried(tried, query);
            plan.key += '-';
            continue;
        }
        const auto over = i < passed.size() ? passed[i] : 0;
        const auto offered = dashboards::offered(query, context.names, context.choices);
        if (context.known && offered == 0) {
            otherwise = true;
            plan.key += '*';
            continue;
        }
        const auto chosen = dashboards::resolve(query, context.names, context.choices, over);
        if (!chosen)
            continue;
        for (const auto& name : dashboards::metrics_of(*chosen))
            plan.key += name + ',';
        plan.percentiles = plan.percentiles || manyQuantiles(*chosen);
        goneBy.push_back(dashboards::gone_by(*chosen, context.choices));
        plan.questions.emplace_back(dashboards::with_choices(*chosen, context.choices));
        plan.names.push_back(query.name);
        plan.queries.push_back(i);
        plan.more.push_back(over + 1 < offered);
        plan.key += plan.more.back() ? '+' : '.'; // names that came late may tell of another one
    }
    plan.regardless = regardlessOf(context, goneBy);
    if (plan.questions.empty() && needsPromql)
        plan.emptyText = tr("This panel is written in PromQL: choose a Prometheus as the source.");
    else if (plan.questions.empty() && !context.trouble.isEmpty())
        plan.trouble = context.trouble;
    else if (plan.questions.empty() && otherwise)
        plan.emptyText = tr("This source measures it, but not by what is chosen above: choose All to see it.");
    else if (plan.questions.empty()) {
        plan.emptyText = tr("Not measured by this source.");
        plan.tried = tr("It has no such metric: tried %1").arg(listed(tried));
    }
    plan.key += '\4' + plan.trouble.toStdString();
    return plan;
}

ShownUnit shownUnit(dashboards::Unit unit)
{
    using From = dashboards::Unit;
    switch (unit) {
    case From::none: return {Unit::none, 1};
    case From::seconds: return {Unit::seconds, 1};
    case From::milliseconds: return {Unit::seconds, 1e-3};
    case From::percent: return {Unit::percent, 1};
    case From::ratio: return {Unit::percent, 100};
    case From::bytes: return {Unit::bytes, 1};
    case From::mebibytes: return {Unit::bytes, 1024 * 1024};
    case From::tokens: return {Unit::tokens, 1};
    case From::per_second: return {Unit::perSecond, 1};
    case From::tokens_per_second: return {Unit::tokensPerSecond, 1};
    case From::requests_per_second: return {Unit::requestsPerSecond, 1};
    case From::bytes_per_second: return {Unit::bytesPerSecond, 1};
    case From::celsius: return {Unit::celsius, 1};
    case From::watts: return {Unit::watts, 1};
    case From::hertz: return {Unit::hertz, 1};
    case From::dollars: return {Unit::dollars, 1};
    }
    return {};
}

} // namespace tokenscope::ui
