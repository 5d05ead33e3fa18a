// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/rule_state.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tokenscope::alerts {

namespace {

/// The newest value of every column that has one.
std::map<query::Labels, double> last_values(const query::Frame& frame, std::int64_t now)
{
    std::map<query::Labels, double> values;
    for (const auto& column : frame.columns) {
        const auto count = std::min(column.values.size(), frame.times.size());
        for (std::size_t i = count; i-- > 0;) {
            if (frame.times[i] > now || std::isnan(column.values[i]))
                continue;
            values.emplace(column.labels, column.values[i]);
            break;
        }
    }
    return values;
}

bool meets(const Rule& rule, std::optional<double> value)
{
    if (rule.condition == Condition::absent)
        return !value;
    return value && (rule.condition == Condition::above ? *value > rule.threshold : *value < rule.threshold);
}

} // namespace

std::string_view to_string(State state)
{
    switch (state) {
    case State::inactive: return "inactive";
    case State::pending: return "pending";
    case State::firing: return "firing";
    }
    return "";
}

std::vector<Event> RuleState::answered(const Rule& rule, const query::Frame& frame, std::int64_t now_ms)
{
    m_error.reset();
    const auto now = std::max(now_ms, m_answered.value_or(now_ms)); // a clock that was set back
    m_answered = now;
    auto values = last_values(frame, now);
    std::map<query::Labels, std::optional<double>> judged;
    if (rule.condition == Condition::absent) {
        judged.emplace(query::Labels(), values.empty() ? std::nullopt : std::optional(values.begin()->second));
    } else {
        judged.insert(values.begin(), values.end());
        for (const auto& tracked : m_tracked) {
            if (tracked.shown.state != State::inactive)
                judged.try_emplace(tracked.shown.labels, std::nullopt);
        }
    }

    std::map<query::Labels, Tracked> before;
    for (auto& tracked : m_tracked) {
        auto labels = tracked.shown.labels;
        before.emplace(std::move(labels), std::move(tracked));
    }
    m_tracked.clear();
    std::vector<Event> events;
    for (auto& [labels, value] : judged) {
        Tracked tracked;
        if (const auto known = before.find(labels); known != before.end())
            tracked = std::move(known->second);
        tracked.shown.labels = labels;
        tracked.shown.value = value;
        judge(rule, tracked, meets(rule, value), now, events);
        if (value || tracked.shown.state != State::inactive || rule.condition == Condition::absent)
            m_tracked.push_back(std::move(tracked));
    }
    m_series.clear();
    for (const auto& tracked : m_tracked)
        m_series.push_back(tracked.shown);
    return events;
}

void RuleState::judge(const Rule& rule, Tracked& tracked, bool met, std::int64_t now, std::vector<Event>& events)
{
    auto& shown = tracked.shown;
    if (met) {
        tracked.clear_since.reset();
        if (!shown.since_ms)
            shown.since_ms = now;
        if (shown.state == State::firing)
            return;
        shown.state = now - *shown.since_ms >= rule.hold.count() ? State::firing : State::pending;
        if (shown.state == State::firing) {
            shown.fired_ms = now;
            events.push_back(
                {.rule = rule.id, .labels = shown.labels, .fired = true, .at_ms = now, .value = shown.value});
        }
        return;
    }
    if (shown.state == State::firing) {
        if (!tracked.clear_since)
            tracked.clear_since = now;
        if (now - *tracked.clear_since < rule.keep.count())
            return;
        events.push_back({.rule = rule.id,
                          .labels = shown.labels,
                          .fired = false,
                          .at_ms = now,
                          .value = shown.value,
                          .lasted_ms = now - *shown.fired_ms});
    }
    shown.state = State::inactive;
    shown.since_ms.reset();
    shown.fired_ms.reset();
    tracked.clear_since.reset();
}

void RuleState::failed(Error error)
{
    m_error = std::move(error);
}

State RuleState::state() const
{
    auto worst = State::inactive;
    for (const auto& series : m_series)
        worst = std::max(worst, series.state);
    return worst;
}

} // namespace tokenscope::alerts
