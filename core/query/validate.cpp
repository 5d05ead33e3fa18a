// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/validate.h"

#include "query/columns.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
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

bool is_utf8(const std::string& text)
{
    try {
        [[maybe_unused]] const auto written = nlohmann::json(text).dump();
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

/// `by (inf)` is no PromQL: these are numbers and keywords to it, and it cannot quote a label there.
bool is_reserved(std::string_view label)
{
    constexpr std::array reserved = {std::string_view("inf"), std::string_view("nan"), std::string_view("without")};
    const auto same = [&](std::string_view word) {
        return std::ranges::equal(word, label, [](char a, char b) { return a == (b | 0x20); });
    };
    return std::ranges::any_of(reserved, same);
}

Error invalid(std::string param, std::string message)
{
    return {.code = ErrorCode::invalid_request, .message = std::move(message), .param = std::move(param)};
}

std::string pointer_to(std::string_view field, const std::string& key)
{
    return (nlohmann::json::json_pointer(std::string(field)) / key).to_string();
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

std::optional<Error> validate_labels(const Query& query)
{
    const auto used = query.function == Function::heatmap ? 0 : query.by.size();
    for (std::size_t i = 0; i < used; ++i) {
        const auto& label = query.by[i];
        auto param = fmt::format("/by/{}", i);
        if (auto error = validate_label(label, param))
            return error;
        if (is_reserved(label))
            return invalid(std::move(param), fmt::format("'{}' is a word of PromQL, which cannot group by it.", label));
        if (query.function == Function::quantile && label == "quantile")
            return invalid(std::move(param), "A quantile's answer has a label 'quantile' already: group by others.");
    }
    for (const auto& [label, text] : query.where) {
        // A name that is not UTF-8 is no label name either; its pointer would not be readable.
        auto param = is_utf8(label) ? pointer_to("/where", label) : std::string("/where");
        if (auto error = validate_label(label, param))
            return error;
        if (!is_utf8(text))
            return invalid(std::move(param), fmt::format("The matcher of label '{}' is not valid UTF-8.", label));
    }
    return std::nullopt;
}

std::optional<Error> validate_numbers(const Query& query)
{
    const bool windowed =
        query.function != Function::value && query.function != Function::heatmap && query.function != Function::share;
    if (windowed && (query.window <= query.window.zero() || query.window > longest_time))
        return invalid("/window", "The window must be longer than 0 and at most 100 years.");
    if (query.offset < -longest_time || query.offset > longest_time)
        return invalid("/offset", "The offset must be at most 100 years, back or ahead.");
    if (query.function == Function::quantile) {
        if (query.quantiles.empty())
            return invalid("/q", "A quantile query needs at least one quantile, for example 0.95.");
        for (std::size_t i = 0; i < query.quantiles.size(); ++i)
            if (!std::isfinite(query.quantiles[i]))
                return invalid(fmt::format("/q/{}", i), "A quantile must be a finite number, for example 0.95.");
    }
    if (query.topk > 1'000'000'000)
        return invalid("/topk", "At most the 1000000000 highest can be asked for.");
    if (!std::isfinite(query.scale))
        return invalid("/scale", "The scale must be a finite number.");
    return std::nullopt;
}

std::optional<Error> validate_share(const Query& query)
{
    if (!query.metric.empty())
        return invalid("/metric", "A share has no metric of its own: give 'of' and 'in' one each.");
    if (!query.by.empty())
        return invalid("/by", "A share has no labels of its own: group 'of' and 'in' by them.");
    if (!query.where.empty())
        return invalid("/where", "A share has no matchers of its own: give them to 'of' and 'in'.");
    if (query.offset != query.offset.zero())
        return invalid("/offset", "A share has no offset of its own: give it to 'of' and 'in'.");
    constexpr std::array names = {std::string_view("/of"), std::string_view("/in")};
    if (query.parts.size() != names.size())
        return invalid(std::string(names[query.parts.empty() ? 0 : 1]), "A share needs two queries, 'of' and 'in'.");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto function = query.parts[i].function;
        if (function == Function::quantile || function == Function::heatmap || function == Function::share)
            return invalid(fmt::format("{}/fn", names[i]),
                           "A part of a share must be one of value, rate, increase and mean.");
        if (auto error = validate(query.parts[i])) {
            error->param.insert(0, names[i]);
            return error;
        }
    }
    const auto of = grouping(query.parts[0]);
    const auto in = grouping(query.parts[1]);
    for (const auto& label : in)
        if (std::ranges::find(of, label) == of.end())
            return invalid("/in/by",
                           fmt::format("'in' is grouped by '{}' and 'of' is not: a share's 'in' may only have "
                                       "labels that 'of' has too.",
                                       label));
    if (query.or_zero && of.size() != in.size())
        return invalid("/or_zero", "Zeros can be put in only where 'of' and 'in' are grouped by the same labels.");
    return std::nullopt;
}

} // namespace

std::optional<Error> validate(const Query& query)
{
    if (auto error = validate_numbers(query))
        return error;
    if (query.function == Function::share)
        return validate_share(query);
    if (!query.parts.empty())
        return invalid("/of", "Only a share has the parts 'of' and 'in'.");
    if (query.or_zero)
        return invalid("/or_zero", "Only a share can be 0 where there is nothing.");
    if (query.metric.empty())
        return invalid("/metric", "Say which metric is meant.");
    if (!is_name(query.metric, true))
        return invalid("/metric",
                       fmt::format("'{}' is not a metric name: use letters, digits, '_' and ':'.", query.metric));
    return validate_labels(query);
}

} // namespace tokenscope::query
