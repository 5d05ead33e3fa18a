// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace tokenscope::query {

namespace {

bool is_name(std::string_view text, bool colons)
{
    const auto letter = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
    };
    const auto rest = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !text.empty() && letter(text.front()) && std::ranges::all_of(text, rest);
}

Error invalid(std::string param, std::string message)
{
    return {.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)};
}

std::optional<Error> validate_label(std::string_view label, std::string param)
{
    // The metric's name has its own field; two of them contradict each other.
    if (label == "__name__")
        return invalid(std::move(param), "Give the metric's name as the metric, not as label '__name__'.");
    if (!is_name(label, false))
        return invalid(std::move(param), fmt::format("'{}' is not a label name: use letters, digits and '_'.", label));
    return std::nullopt;
}

} // namespace

std::optional<Error> validate(const Query& query)
{
    if (!is_name(query.metric, true))
        return invalid("metric",
                       fmt::format("'{}' is not a metric name: use letters, digits, '_' and ':'.", query.metric));
    for (const auto& label : query.by) {
        if (auto error = validate_label(label, "by"))
            return error;
    }
    for (const auto& [label, text] : query.where) {
        if (auto error = validate_label(label, "where"))
            return error;
    }
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 366 * 100);
    if (query.function != Function::value && (query.window <= query.window.zero() || query.window > longest))
        return invalid("window", "The window must be longer than 0 and at most 100 years.");
    if (query.function == Function::quantile && query.quantiles.empty())
        return invalid("q", "A quantile query needs at least one quantile, for example 0.95.");
    if (!std::isfinite(query.scale))
        return invalid("scale", "The scale must be a finite number.");
    return std::nullopt;
}

} // namespace tokenscope::query
