// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/rule_templates.h"

#include <QCoreApplication>

namespace tokenscope::ui {

namespace {

using namespace std::chrono_literals;

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::TargetsPage", text);
}

query::Query quantile(const char* metric, double q)
{
    query::Query query;
    query.metric = metric;
    query.function = query::Function::quantile;
    query.quantiles = {q};
    query.by = {"model"};
    return query;
}

query::Query value(const char* metric, query::Aggregation aggregation = query::Aggregation::sum)
{
    query::Query query;
    query.metric = metric;
    query.aggregation = aggregation;
    return query;
}

query::Query rate(const char* metric)
{
    query::Query query;
    query.metric = metric;
    query.function = query::Function::rate;
    return query;
}

query::Query errorShare()
{
    query::Query query;
    query.function = query::Function::share;
    query.or_zero = true;
    auto errors = rate("aigateway_requests_total");
    errors.where = {{"status", "error"}};
    query.parts = {errors, rate("aigateway_requests_total")};
    return query;
}

alerts::Rule rule(const QString& name, query::Query query, alerts::Condition condition, double threshold,
                  std::chrono::milliseconds hold, alerts::Severity severity)
{
    return {.name = name.toStdString(),
            .question = std::move(query),
            .condition = condition,
            .threshold = threshold,
            .hold = hold,
            .keep = 30s,
            .severity = severity};
}

} // namespace

std::vector<RuleTemplate> ruleTemplates()
{
    using enum alerts::Condition;
    using enum alerts::Severity;
    auto waiting = value("tokenscope_queue_depth");
    waiting.by = {"provider"};
    return {
        {rule(tr("Slow first tokens"), quantile("aigateway_first_token_latency_seconds", 0.95), above, 2, 30s, warning),
         tr("p95 of the time to first token of each model")},
        {rule(tr("Slow replies"), quantile("aigateway_total_latency_seconds", 0.95), above, 30, 1min, warning),
         tr("p95 of the total latency of each model")},
        {rule(tr("Requests fail"), errorShare(), above, 0.05, 30s, critical), tr("share of requests that fail")},
        {rule(tr("A queue builds up"), std::move(waiting), above, 10, 30s, warning),
         tr("requests that wait for each provider")},
        {rule(tr("No requests"), rate("aigateway_requests_total"), below, 0.001, 5min, info), tr("requests a second")},
        {rule(tr("The GPU is idle"), value("gpu_utilization_pct", query::Aggregation::avg), below, 5, 5min, info),
         tr("use of the GPU")}};
}

} // namespace tokenscope::ui
