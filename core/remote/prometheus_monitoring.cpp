// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/prometheus_monitoring.h"

#include "remote/sample_value.h"

#include <QDateTime>
#include <QString>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>

namespace tokenscope::remote {

namespace {

using namespace sources;
using nlohmann::json;

const json* find(const json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string text(const json& object, const char* key)
{
    const auto* value = find(object, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<double> number(const json& object, const char* key)
{
    const auto* value = find(object, key);
    return value && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
}

std::chrono::milliseconds duration(const json& object, const char* key)
{
    constexpr double longest = 1e12;
    const auto seconds = number(object, key).value_or(0);
    return std::chrono::milliseconds(std::llround(std::clamp(seconds, 0.0, longest) * 1'000));
}

/// The year 1 is Go's word for never.
std::optional<std::int64_t> time(const json& object, const char* key)
{
    const auto parsed = QDateTime::fromString(QString::fromStdString(text(object, key)), Qt::ISODateWithMs);
    return parsed.isValid() && parsed.date().year() > 1 ? std::optional<std::int64_t>(parsed.toMSecsSinceEpoch())
                                                        : std::nullopt;
}

query::Labels labels(const json& object)
{
    query::Labels out;
    if (object.is_object()) {
        for (const auto& [name, value] : object.items()) {
            if (value.is_string())
                out.emplace(name, value.get<std::string>());
        }
    }
    return out;
}

query::Labels labels(const json& object, const char* key)
{
    const auto* found = find(object, key);
    return found ? labels(*found) : query::Labels();
}

Health health(const json& object, std::string_view good)
{
    const auto word = text(object, "health");
    return word == good ? Health::good : word.empty() || word == "unknown" ? Health::unknown : Health::bad;
}

const json& list(const json& object, const char* key)
{
    static const json nothing = json::array();
    const auto* found = find(object, key);
    return found && found->is_array() ? *found : nothing;
}

bool is_list(const json* value, bool (json::*of)() const noexcept)
{
    return value
           && (value->is_null()
               || (value->is_array() && std::ranges::all_of(*value, [of](const json& item) { return (item.*of)(); })));
}

Rule read_rule(const json& object)
{
    Rule rule{.alerting = text(object, "type") == "alerting",
              .name = text(object, "name"),
              .expression = text(object, "query"),
              .labels = labels(object, "labels"),
              .annotations = labels(object, "annotations"),
              .hold = duration(object, "duration"),
              .state = text(object, "state"),
              .health = health(object, "ok"),
              .last_error = text(object, "lastError"),
              .last_evaluation_ms = time(object, "lastEvaluation"),
              .alerts = {}};
    for (const auto& alert : list(object, "alerts"))
        rule.alerts.push_back({.labels = labels(alert, "labels"),
                               .annotations = labels(alert, "annotations"),
                               .state = text(alert, "state"),
                               .active_since_ms = time(alert, "activeAt"),
                               .value = parse_sample_value(text(alert, "value"))});
    return rule;
}

/// The first description of a metric that has any.
const json* described(const json& metadata, const std::string& name)
{
    const auto* found = find(metadata, name.c_str());
    return found && found->is_array() && !found->empty() ? &found->front() : nullptr;
}

MetricInfo describe(const std::string& name, const json& metadata)
{
    MetricInfo info{.name = name, .type = "unknown", .help = {}, .unit = {}};
    const auto* description = described(metadata, name);
    for (const std::string_view suffix : {"_bucket", "_sum", "_count", "_total"}) {
        if (description || !name.ends_with(suffix))
            continue;
        description = described(metadata, name.substr(0, name.size() - suffix.size()));
        const auto type = description ? text(*description, "type") : std::string();
        const bool part =
            suffix == "_total" ? type == "counter" : type == "histogram" || (type == "summary" && suffix != "_bucket");
        if (!part)
            description = nullptr;
    }
    if (!description)
        return info;
    const auto type = text(*description, "type");
    for (const std::string_view known : {"counter", "gauge", "histogram", "summary"}) {
        if (type == known)
            info.type = type;
    }
    info.help = text(*description, "help");
    info.unit = text(*description, "unit");
    return info;
}

} // namespace

std::optional<std::vector<Target>> read_targets(const json& data)
{
    if (!is_list(find(data, "activeTargets"), &json::is_object))
        return std::nullopt;
    std::vector<Target> targets;
    for (const auto& object : list(data, "activeTargets"))
        targets.push_back({.pool = text(object, "scrapePool"),
                           .url = text(object, "scrapeUrl"),
                           .labels = labels(object, "labels"),
                           .health = health(object, "up"),
                           .last_error = text(object, "lastError"),
                           .last_scrape_ms = time(object, "lastScrape"),
                           .scrape_seconds = number(object, "lastScrapeDuration")});
    return targets;
}

std::optional<std::vector<RuleGroup>> read_rules(const json& data)
{
    if (!is_list(find(data, "groups"), &json::is_object))
        return std::nullopt;
    std::vector<RuleGroup> groups;
    for (const auto& object : list(data, "groups")) {
        groups.push_back({.name = text(object, "name"),
                          .file = text(object, "file"),
                          .interval = duration(object, "interval"),
                          .rules = {}});
        for (const auto& rule : list(object, "rules"))
            groups.back().rules.push_back(read_rule(rule));
    }
    return groups;
}

std::optional<std::vector<query::Labels>> read_series(const json& data)
{
    if (!is_list(&data, &json::is_object))
        return std::nullopt;
    std::vector<query::Labels> series;
    for (const auto& one : data)
        series.push_back(labels(one));
    return series;
}

std::optional<std::vector<std::string>> read_texts(const json& data)
{
    if (!is_list(&data, &json::is_string))
        return std::nullopt;
    std::vector<std::string> texts;
    for (const auto& value : data)
        texts.push_back(value.get<std::string>());
    std::ranges::sort(texts);
    return texts;
}

std::vector<MetricInfo> describe(const std::vector<std::string>& names, const json& metadata)
{
    std::vector<MetricInfo> infos;
    infos.reserve(names.size());
    for (const auto& name : names)
        infos.push_back(describe(name, metadata));
    return infos;
}

} // namespace tokenscope::remote
