// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/rule_file.h"

#include "base/file_access.h"
#include "base/json_object.h"
#include "base/json_text.h"
#include "query/duration_text.h"
#include "query/query_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <set>
#include <utility>

namespace tokenscope::alerts {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t file_version = 1;
constexpr std::size_t most_rules = 500;
constexpr std::size_t longest_text = 10'000;

/// The value whose name it is; reports a name that none has.
template <typename Enum, std::size_t Count>
Enum choice(JsonObject& object, std::string_view key, const std::array<Enum, Count>& choices, Presence presence,
            Enum otherwise)
{
    const auto name = object.text(key, presence, longest_text);
    if (name.empty())
        return otherwise;
    std::string names;
    for (const auto value : choices) {
        if (to_string(value) == name)
            return value;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(value));
    }
    object.report(key, fmt::format("'{}' is none of {}.", name, names));
    return otherwise;
}

std::chrono::milliseconds duration(JsonObject& object, std::string_view key)
{
    const auto text = object.text(key, Presence::optional, 100);
    if (text.empty())
        return {};
    const auto value = query::parse_duration(text);
    if (!value)
        object.report(key, fmt::format("'{}' is not a time such as 30s or 5m.", text));
    return value.value_or(std::chrono::milliseconds(0));
}

void read_question(JsonObject& object, Rule& rule, FirstProblem& problem)
{
    const auto* query = object.member("query");
    auto expression = object.text("promql", Presence::optional, longest_text);
    if ((query != nullptr) == object.has("promql"))
        return problem.report(object.pointer(), "Give either 'query' or 'promql'.");
    if (!query) {
        rule.question = std::move(expression);
        return;
    }
    auto parsed = query::parse_query(*query);
    if (parsed)
        rule.question = std::move(*parsed);
    else
        problem.report(object.pointer_to("query") + parsed.error().param, parsed.error().message);
}

Rule read_rule(const json& value, const std::string& pointer, FirstProblem& problem)
{
    JsonObject object(value, pointer, problem);
    Rule rule;
    rule.id = object.text("id", Presence::required, 200);
    rule.name = object.text("name", Presence::required, 200);
    rule.source = object.text("source", Presence::required, 200);
    read_question(object, rule, problem);
    rule.condition = choice(object, "condition", std::array{Condition::above, Condition::below, Condition::absent},
                            Presence::required, rule.condition);
    if (rule.condition != Condition::absent)
        rule.threshold = object.number("threshold", Presence::required).value_or(0);
    rule.hold = duration(object, "hold");
    rule.keep = duration(object, "keep");
    rule.severity = choice(object, "severity", std::array{Severity::info, Severity::warning, Severity::critical},
                           Presence::optional, rule.severity);
    rule.enabled = object.flag("enabled", true);
    rule.notify = object.flag("notify", true);
    object.finish();
    if (const auto error = validate(rule))
        problem.report(pointer, error->message);
    return rule;
}

json to_json(const Rule& rule)
{
    json out = {{"id", rule.id},
                {"name", rule.name},
                {"source", rule.source},
                {"condition", to_string(rule.condition)},
                {"severity", to_string(rule.severity)},
                {"enabled", rule.enabled},
                {"notify", rule.notify}};
    if (const auto* expression = std::get_if<std::string>(&rule.question))
        out["promql"] = *expression;
    else
        out["query"] = query::to_json(std::get<query::Query>(rule.question));
    if (rule.condition != Condition::absent)
        out["threshold"] = rule.threshold;
    if (rule.hold.count() > 0)
        out["hold"] = query::duration_text(rule.hold);
    if (rule.keep.count() > 0)
        out["keep"] = query::duration_text(rule.keep);
    return out;
}

Error about(const fs::path& file, Error error)
{
    error.message = fmt::format("{}: {}", file.string(), error.message);
    return error;
}

} // namespace

Result<std::vector<Rule>> parse_rules(std::string_view text)
{
    const auto parsed = parse_json_text(text);
    if (!parsed)
        return failure(parsed.error());
    FirstProblem problem;
    JsonObject document(*parsed, "", problem);
    const auto version = document.whole("version", 0, 1, SIZE_MAX);
    if (version > file_version)
        document.report("version", fmt::format("It is of a newer Tokenscope (version {}): use that one.", version));
    std::vector<Rule> rules;
    std::set<std::string> ids;
    if (const auto* list = document.list("rules", Presence::required, 0, most_rules)) {
        for (const auto& value : *list) {
            const auto pointer = fmt::format("{}/{}", document.pointer_to("rules"), rules.size());
            rules.push_back(read_rule(value, pointer, problem));
            if (!ids.insert(rules.back().id).second)
                problem.report(pointer + "/id", "Another rule has this id.");
        }
    }
    document.finish();
    if (version == 0)
        document.report("version", "'version' is missing.");
    if (problem.found())
        return failure(*problem.error());
    return rules;
}

std::string write_rules(const std::vector<Rule>& rules)
{
    json list = json::array();
    for (const auto& rule : rules)
        list.push_back(to_json(rule));
    const json document = {{"version", file_version}, {"rules", std::move(list)}};
    return document.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

Result<std::vector<Rule>> load_rules(const fs::path& file)
{
    std::error_code code;
    if (fs::status(file, code).type() == fs::file_type::not_found)
        return std::vector<Rule>();
    const auto text = read_whole(file, max_file_bytes);
    if (!text)
        return failure(about(file, text.error()));
    auto rules = parse_rules(*text);
    if (!rules)
        return failure(about(file, rules.error()));
    return rules;
}

Result<void> save_rules(const fs::path& file, const std::vector<Rule>& rules)
{
    return write_whole(file, write_rules(rules));
}

} // namespace tokenscope::alerts
