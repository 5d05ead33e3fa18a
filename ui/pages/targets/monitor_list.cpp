// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/monitor_list.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <map>

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

QString labelText(const query::Labels& labels, const std::vector<std::string>& without = {})
{
    QStringList parts;
    for (const auto& [name, value] : labels) {
        if (std::find(without.begin(), without.end(), name) == without.end())
            parts << text(name) + QLatin1Char('=') + text(value);
    }
    return parts.join(QStringLiteral(", "));
}

Tone toneOf(sources::Health health)
{
    return health == sources::Health::good ? Tone::good : health == sources::Health::bad ? Tone::bad : Tone::unknown;
}

QString healthText(sources::Health health)
{
    return health == sources::Health::good ? tr("up") : health == sources::Health::bad ? tr("down") : tr("unknown");
}

QString timeText(const std::optional<std::int64_t>& ms)
{
    return ms ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(*ms), QLocale::ShortFormat) : tr("never");
}

QString lines(std::initializer_list<std::pair<QString, QString>> facts)
{
    QStringList all;
    for (const auto& [name, value] : facts) {
        if (!value.isEmpty())
            all << name + QStringLiteral(": ") + value;
    }
    return all.join(QLatin1Char('\n'));
}

Tone toneOf(const sources::Rule& rule)
{
    if (rule.health == sources::Health::bad)
        return Tone::bad;
    if (rule.state == "firing")
        return Tone::bad;
    return rule.state == "pending" ? Tone::warn : toneOf(rule.health);
}

MonitorRow rowOf(const sources::Rule& rule, const QString& key, std::int64_t nowMs)
{
    const bool failed = rule.health == sources::Health::bad;
    const auto state = failed ? tr("failed") : rule.alerting ? text(rule.state) : tr("records");
    const auto hold =
        rule.hold.count() > 0 ? formatRound(static_cast<double>(rule.hold.count()) / 1000.0, Unit::seconds) : QString();
    return {.key = key,
            .cells = {text(rule.name), state, text(rule.expression).simplified(),
                      ageText(rule.last_evaluation_ms, nowMs), text(rule.last_error)},
            .tone = toneOf(rule),
            .detail = lines({{tr("Error"), text(rule.last_error)},
                             {tr("Expression"), text(rule.expression)},
                             {tr("For"), hold},
                             {tr("Labels"), labelText(rule.labels)},
                             {tr("Annotations"), labelText(rule.annotations)},
                             {tr("Evaluated"), timeText(rule.last_evaluation_ms)}}),
            .expression = text(rule.expression)};
}

} // namespace

std::size_t MonitorList::count() const
{
    std::size_t sum = 0;
    for (const auto& group : groups)
        sum += group.rows.size();
    return sum;
}

std::size_t MonitorList::count(Tone tone) const
{
    std::size_t sum = 0;
    for (const auto& group : groups)
        sum += static_cast<std::size_t>(std::count_if(group.rows.begin(), group.rows.end(),
                                                      [tone](const MonitorRow& row) { return row.tone == tone; }));
    return sum;
}

QString ageText(const std::optional<std::int64_t>& ms, std::int64_t nowMs)
{
    if (!ms || *ms <= 0)
        return tr("never");
    // Another machine's clock may be ahead of ours.
    const auto age = std::max<std::int64_t>(0, nowMs - *ms) / 1000;
    if (age == 0)
        return tr("just now");
    return tr("%1 ago").arg(formatRound(static_cast<double>(age), Unit::seconds));
}

MonitorList targetList(const std::vector<sources::Target>& targets, std::int64_t nowMs)
{
    MonitorList list{.header = {tr("Target"), tr("Health"), tr("Scraped"), tr("Took"), tr("Labels"), tr("Error")},
                     .groups = {}};
    std::map<QString, MonitorGroup> jobs;
    for (const auto& target : targets) {
        auto& job = jobs[text(target.pool)];
        job.title = text(target.pool);
        const auto took =
            target.scrape_seconds ? formatValue(target.scrape_seconds, Unit::seconds).joined() : QString();
        job.rows.push_back(
            {.key = text(target.url) + labelText(target.labels),
             .cells = {text(target.url), healthText(target.health), ageText(target.last_scrape_ms, nowMs), took,
                       labelText(target.labels, {"job"}), text(target.last_error)},
             .tone = toneOf(target.health),
             .detail = lines({{tr("Error"), text(target.last_error)},
                              {tr("Address"), text(target.url)},
                              {tr("Labels"), labelText(target.labels)},
                              {tr("Scraped"), timeText(target.last_scrape_ms)},
                              {tr("Took"), took}}),
             .expression = {}});
    }
    for (auto& [name, job] : jobs) {
        const auto up = std::count_if(job.rows.begin(), job.rows.end(),
                                      [](const MonitorRow& row) { return row.tone == Tone::good; });
        job.note = tr("%1 of %2 up").arg(up).arg(job.rows.size());
        list.groups.push_back(std::move(job));
    }
    return list;
}

MonitorList ruleList(const std::vector<sources::RuleGroup>& groups, std::int64_t nowMs)
{
    MonitorList list{.header = {tr("Rule"), tr("State"), tr("Expression"), tr("Evaluated"), tr("Error")}, .groups = {}};
    for (const auto& group : groups) {
        const auto every = formatRound(static_cast<double>(group.interval.count()) / 1000.0, Unit::seconds);
        MonitorGroup shown{text(group.name), tr("%1 · every %2").arg(text(group.file), every), {}};
        int place = 0;
        for (const auto& rule : group.rules)
            shown.rows.push_back(rowOf(rule, text(group.file) + text(group.name) + QString::number(place++), nowMs));
        list.groups.push_back(std::move(shown));
    }
    return list;
}

MonitorList alertList(const std::vector<sources::RuleGroup>& groups, std::int64_t nowMs)
{
    MonitorList list{.header = {tr("Alert"), tr("State"), tr("Since"), tr("Value"), tr("Labels")}, .groups = {}};
    for (const char* state : {"firing", "pending"}) {
        MonitorGroup shown{
            QLatin1StringView(state) == QLatin1StringView("firing") ? tr("Firing") : tr("Pending"), {}, {}};
        for (const auto& group : groups) {
            for (const auto& rule : group.rules) {
                for (const auto& alert : rule.alerts) {
                    if (alert.state != state)
                        continue;
                    const auto value = alert.value ? QString::number(*alert.value, 'g', 6) : QString();
                    const auto labels = labelText(alert.labels, {"alertname"});
                    shown.rows.push_back({.key = text(rule.name) + labels,
                                          .cells = {text(rule.name), text(alert.state),
                                                    ageText(alert.active_since_ms, nowMs), value, labels},
                                          .tone = alert.state == "firing" ? Tone::bad : Tone::warn,
                                          .detail = lines({{tr("Annotations"), labelText(alert.annotations)},
                                                           {tr("Labels"), labelText(alert.labels)},
                                                           {tr("Since"), timeText(alert.active_since_ms)},
                                                           {tr("Expression"), text(rule.expression)}}),
                                          .expression = text(rule.expression)});
                }
            }
        }
        if (!shown.rows.empty())
            list.groups.push_back(std::move(shown));
    }
    return list;
}

MonitorList filtered(const MonitorList& list, const QString& wanted, const std::vector<Tone>& tones)
{
    const auto words = wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    MonitorList result{.header = list.header, .groups = {}};
    for (const auto& group : list.groups) {
        MonitorGroup shown{group.title, group.note, {}};
        std::copy_if(group.rows.begin(), group.rows.end(), std::back_inserter(shown.rows), [&](const MonitorRow& row) {
            const QString all =
                group.title + QLatin1Char('\n') + row.cells.join(QLatin1Char('\n')) + QLatin1Char('\n') + row.detail;
            return (tones.empty() || std::find(tones.begin(), tones.end(), row.tone) != tones.end())
                   && std::all_of(words.begin(), words.end(),
                                  [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
        });
        if (!shown.rows.empty())
            result.groups.push_back(std::move(shown));
    }
    return result;
}

} // namespace tokenscope::ui
