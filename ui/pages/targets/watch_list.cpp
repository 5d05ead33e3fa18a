// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/watch_list.h"

#include "format/format.h"
#include "pages/common/query_draft.h"
#include "query/matcher.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <array>
#include <chrono>
#include <set>
#include <utility>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::TargetsPage", text);
}

QString text(const std::string& from)
{
    return QString::fromStdString(from);
}

QString secondsText(std::chrono::milliseconds time)
{
    return formatRound(static_cast<double>(time.count()) / 1000.0, Unit::seconds);
}

QString labelsText(const query::Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << text(name) + QLatin1Char('=') + text(value);
    return parts.join(QStringLiteral(", "));
}

QString stateText(alerts::State state)
{
    switch (state) {
    case alerts::State::firing: return tr("firing");
    case alerts::State::pending: return tr("pending");
    case alerts::State::inactive: break;
    }
    return tr("quiet");
}

QString severityText(alerts::Severity severity)
{
    switch (severity) {
    case alerts::Severity::info: return tr("info");
    case alerts::Severity::warning: return tr("warning");
    case alerts::Severity::critical: return tr("critical");
    }
    return {};
}

/// The metric and its matchers, as PromQL has them.
QString selectorText(const query::Query& query)
{
    static const std::array signs{QStringLiteral("="), QStringLiteral("!="), QStringLiteral("=~"),
                                  QStringLiteral("!~")};
    QStringList matchers;
    for (const auto& [label, matcher] : query.where) {
        const auto [kind, value] = query::split_matcher(matcher);
        matchers << text(label) + signs[static_cast<std::size_t>(kind)] + QLatin1Char('"')
                        + QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())) + QLatin1Char('"');
    }
    const auto list = matchers.join(QStringLiteral(", "));
    return text(query.metric) + (list.isEmpty() ? QString() : QLatin1Char('{') + list + QLatin1Char('}'));
}

QString functionText(const query::Query& query)
{
    switch (query.function) {
    case query::Function::value: return {};
    case query::Function::rate: return tr("rate of ");
    case query::Function::increase: return tr("increase of ");
    case query::Function::mean: return tr("mean of ");
    case query::Function::quantile:
        return query.quantiles.empty() ? QString() : tr("p%1 of ").arg(query.quantiles.front() * 100);
    case query::Function::heatmap:
    case query::Function::share: break;
    }
    return {};
}

/// A rule's value as it is shown: a share in per cent.
std::pair<std::optional<double>, Unit> measured(const alerts::Rule& rule, std::optional<double> value)
{
    const auto* query = std::get_if<query::Query>(&rule.question);
    if (query && query->function == query::Function::share)
        return {value ? std::optional(*value * 100) : std::nullopt, Unit::percent};
    return {value, query ? unitOf(*query) : Unit::none};
}

/// The worst series: what the row shows.
const alerts::SeriesState* leading(const AlertEngine::Watched& watched)
{
    const alerts::SeriesState* found = nullptr;
    const auto higher = [&watched](const alerts::SeriesState& one, const alerts::SeriesState& other) {
        if (one.state != other.state)
            return one.state > other.state;
        const bool below = watched.rule.condition == alerts::Condition::below;
        return one.value && (!other.value || (below ? *one.value < *other.value : *one.value > *other.value));
    };
    for (const auto& series : watched.state.series()) {
        if (!found || higher(series, *found))
            found = &series;
    }
    return found;
}

QString detailText(const AlertEngine::Watched& watched, const QString& source, std::int64_t nowMs)
{
    const auto& rule = watched.rule;
    QStringList lines{tr("Watches: %1").arg(questionText(rule)), tr("On: %1").arg(source),
                      tr("Fires: %1").arg(conditionText(rule))};
    if (watched.state.error()) {
        lines.prepend(
            tr("Error: %1 %2").arg(text(watched.state.error()->message), text(watched.state.error()->detail)));
    } else {
        for (const auto& series : watched.state.series()) {
            const auto labels = labelsText(series.labels);
            lines << QStringLiteral("%1%2: %3, %4")
                         .arg(labels.isEmpty() ? tr("Value") : labels,
                              series.since_ms ? tr(" (since %1)").arg(ageText(series.since_ms, nowMs)) : QString(),
                              ruleValueText(rule, series.value), stateText(series.state));
        }
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QString questionText(const alerts::Rule& rule)
{
    if (const auto* expression = std::get_if<std::string>(&rule.question))
        return text(*expression).simplified();
    const auto& query = std::get<query::Query>(rule.question);
    if (query.function == query::Function::share)
        return tr("share of %1 in %2").arg(selectorText(query.parts.front()), selectorText(query.parts.back()));
    QStringList by;
    for (const auto& label : query.by)
        by << text(label);
    return functionText(query) + selectorText(query)
           + (by.isEmpty() ? QString() : tr(" by %1").arg(by.join(QStringLiteral(", "))));
}

QString ruleValueText(const alerts::Rule& rule, std::optional<double> value)
{
    const auto [shown, unit] = measured(rule, value);
    return formatValue(shown, unit).joined();
}

QString conditionText(const alerts::Rule& rule)
{
    const std::chrono::duration<double> seconds = rule.hold;
    const auto hold =
        rule.hold.count() > 0 ? tr(" for %1").arg(formatRound(seconds.count(), Unit::seconds)) : QString();
    const auto [shown, unit] = measured(rule, rule.threshold);
    const auto threshold = formatRound(shown, unit);
    switch (rule.condition) {
    case alerts::Condition::above: return tr("above %1").arg(threshold) + hold;
    case alerts::Condition::below: return tr("below %1").arg(threshold) + hold;
    case alerts::Condition::absent: return tr("no value") + hold;
    }
    return {};
}

MonitorList watchList(const AlertEngine& engine, std::int64_t nowMs,
                      const std::function<QString(const std::string&)>& sourceName)
{
    MonitorList list{
        .header = {tr("Rule"), tr("State"), tr("Value"), tr("Fires"), tr("Since"), tr("Source"), tr("Watches")},
        .groups = {}};
    MonitorGroup group{tr("My rules"), tr("watched while Tokenscope runs"), {}};
    for (std::size_t i = 0; i < engine.size(); ++i) {
        const auto& watched = engine.at(i);
        const auto& rule = watched.rule;
        const auto* shown = leading(watched);
        const auto state = watched.state.state();
        const auto source = sourceName(rule.source);
        const bool failed = rule.enabled && watched.state.error();
        const auto stateShown = !rule.enabled                                      ? tr("off")
                                : failed                                           ? tr("no answer")
                                : state == alerts::State::firing                   ? severityText(rule.severity)
                                : shown || watched.state.answered_ms().has_value() ? stateText(state)
                                                                                   : tr("waiting");
        group.rows.push_back(
            {.key = text(rule.id),
             .cells = {text(rule.name), stateShown, ruleValueText(rule, shown ? shown->value : std::nullopt),
                       conditionText(rule), shown && shown->since_ms ? ageText(shown->since_ms, nowMs) : QString(),
                       source, questionText(rule)},
             .tone = !rule.enabled                             ? Tone::unknown
                     : failed                                  ? Tone::warn
                     : state == alerts::State::firing          ? Tone::bad
                     : state == alerts::State::pending         ? Tone::warn
                     : watched.state.answered_ms().has_value() ? Tone::good
                                                               : Tone::unknown,
             .detail = detailText(watched, source, nowMs),
             .expression = std::holds_alternative<std::string>(rule.question)
                               ? text(std::get<std::string>(rule.question))
                               : QString()});
    }
    if (!group.rows.empty())
        list.groups.push_back(std::move(group));
    return list;
}

MonitorList happeningList(const AlertEngine& engine, std::int64_t nowMs)
{
    MonitorList list{.header = {tr("When"), tr("What"), tr("Rule"), tr("Value"), tr("Lasted"), tr("Series")},
                     .groups = {}};
    MonitorGroup group{tr("Since Tokenscope started"), tr("the newest first"), {}};
    auto place = engine.happenings().size();
    std::set<std::string> rules;
    for (std::size_t i = 0; i < engine.size(); ++i)
        rules.insert(engine.at(i).rule.id);
    for (const auto& [event, rule] : engine.happenings()) {
        const bool removed = !rules.contains(rule.id);
        const auto at = QLocale().toString(QDateTime::fromMSecsSinceEpoch(event.at_ms).time(), QLocale::LongFormat);
        const auto labels = labelsText(event.labels);
        group.rows.push_back(
            {.key = QString::number(place--),
             .cells = {ageText(event.at_ms, nowMs), event.fired ? severityText(rule.severity) : tr("over"),
                       removed ? tr("%1 (removed)").arg(text(rule.name)) : text(rule.name),
                       ruleValueText(rule, event.value),
                       event.fired ? QString() : secondsText(std::chrono::milliseconds(event.lasted_ms)), labels},
             .tone = event.fired ? Tone::bad : Tone::good,
             .detail = QStringList{at, tr("Watches: %1").arg(questionText(rule)),
                                   tr("Fires: %1").arg(conditionText(rule)), labels}
                           .join(QLatin1Char('\n')),
             .expression = {}});
    }
    if (!group.rows.empty())
        list.groups.push_back(std::move(group));
    return list;
}

} // namespace tokenscope::ui
