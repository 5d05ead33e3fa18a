// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/rule.h"

#include "query/validate.h"

#include <cmath>

namespace tokenscope::alerts {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_expression = 10'000;
constexpr auto longest_hold = 24h;

Error invalid(std::string param, std::string message)
{
    return {.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)};
}

bool blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::optional<Error> validate_question(const Rule& rule)
{
    if (const auto* expression = std::get_if<std::string>(&rule.question)) {
        if (blank(*expression))
            return invalid("question", "Say what to watch: a metric, or a PromQL expression.");
        if (expression->size() > longest_expression)
            return invalid("question", "The expression is too long.");
        return std::nullopt;
    }
    const auto& query = std::get<query::Query>(rule.question);
    if (query.function == query::Function::heatmap)
        return invalid("question", "A heatmap has no single value to watch: choose another function.");
    auto error = query::validate(query);
    if (error)
        error->param = "question" + error->param;
    return error;
}

} // namespace

std::string_view to_string(Condition condition)
{
    switch (condition) {
    case Condition::above: return "above";
    case Condition::below: return "below";
    case Condition::absent: return "absent";
    }
    return "";
}

std::string_view to_string(Severity severity)
{
    switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::critical: return "critical";
    }
    return "";
}

std::optional<Error> validate(const Rule& rule)
{
    if (blank(rule.name))
        return invalid("name", "Give the rule a name.");
    if (rule.name.size() > longest_name)
        return invalid("name", "The name is too long.");
    if (rule.source.empty())
        return invalid("source", "Choose the source to watch.");
    if (auto error = validate_question(rule))
        return error;
    if (rule.condition != Condition::absent && !std::isfinite(rule.threshold))
        return invalid("threshold", "Give the threshold as a number.");
    if (rule.hold < 0ms || rule.hold > longest_hold)
        return invalid("hold", "The time until it fires must be between 0 and 24 h.");
    if (rule.keep < 0ms || rule.keep > longest_hold)
        return invalid("keep", "The time until it is over must be between 0 and 24 h.");
    return std::nullopt;
}

} // namespace tokenscope::alerts
