// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/query_json.h"

#include "query/duration_text.h"
#include "query/validate.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

namespace tokenscope::query {

namespace {

using nlohmann::json;
using Pointer = json::json_pointer;
using Problem = std::optional<Error>;

template <typename T>
struct Named {
    std::string_view name;
    T value;
};
constexpr std::array functions = {Named{"value", Function::value},       Named{"rate", Function::rate},
                                  Named{"increase", Function::increase}, Named{"mean", Function::mean},
                                  Named{"quantile", Function::quantile}, Named{"heatmap", Function::heatmap},
                                  Named{"share", Function::share}};
constexpr std::array aggregations = {Named{"sum", Aggregation::sum}, Named{"avg", Aggregation::avg},
                                     Named{"min", Aggregation::min}, Named{"max", Aggregation::max},
                                     Named{"count", Aggregation::count}};

template <typename T>
std::string_view name_of(std::span<const Named<T>> all, T value)
{
    for (const auto& one : all)
        if (one.value == value)
            return one.name;
    return {};
}

Error wrong(const Pointer& at, std::string message)
{
    return {.code = ErrorCode::invalid_request, .message = std::move(message), .param = at.to_string()};
}

template <typename T>
Problem read_name(const json& value, const Pointer& at, std::span<const Named<T>> all, T& out)
{
    std::string known;
    for (const auto& one : all) {
        if (value.is_string() && value.get_ref<const std::string&>() == one.name) {
            out = one.value;
            return {};
        }
        known += (known.empty() ? "" : ", ") + std::string(one.name);
    }
    return wrong(at, fmt::format("It must be one of {}.", known));
}

Problem read_text(const json& value, const Pointer& at, std::string& out)
{
    if (!value.is_string())
        return wrong(at, "It must be a text.");
    out = value.get<std::string>();
    return {};
}

Problem read_number(const json& value, const Pointer& at, double& out)
{
    if (!value.is_number())
        return wrong(at, "It must be a number.");
    out = value.get<double>();
    return {};
}

Problem read_flag(const json& value, const Pointer& at, bool& out)
{
    if (!value.is_boolean())
        return wrong(at, "It must be true or false.");
    out = value.get<bool>();
    return {};
}

Problem read_count(const json& value, const Pointer& at, std::size_t& out)
{
    if (!value.is_number_unsigned())
        return wrong(at, "It must be a whole number, 0 or above.");
    out = value.get<std::size_t>();
    return {};
}

Problem read_duration(const json& value, const Pointer& at, std::chrono::milliseconds& out)
{
    const auto duration = value.is_string() ? parse_duration(value.get_ref<const std::string&>())
                                            : std::optional<std::chrono::milliseconds>();
    if (!duration)
        return wrong(at, "It must be a time: whole numbers with ms, s, m, h or d, for example \"5m\" or \"1h30m\".");
    out = *duration;
    return {};
}

/// One, or a list of them.
template <typename T>
Problem read_list(const json& value, const Pointer& at, Problem (*read)(const json&, const Pointer&, T&),
                  std::vector<T>& out)
{
    if (!value.is_array())
        return read(value, at, out.emplace_back());
    for (std::size_t i = 0; i < value.size(); ++i)
        if (auto error = read(value[i], at / i, out.emplace_back()))
            return error;
    return {};
}

Problem read_where(const json& value, const Pointer& at, std::map<std::string, std::string>& out)
{
    if (!value.is_object())
        return wrong(at, "It must be an object of labels and matchers, for example {\"status\": \"!~5..\"}.");
    for (const auto& [label, matcher] : value.items())
        if (auto error = read_text(matcher, at / label, out[label]))
            return error;
    return {};
}

bool has_window(Function function)
{
    return function != Function::value && function != Function::heatmap && function != Function::share;
}

/// Whether a function has a use for a key; of an unknown key absent.
std::optional<bool> is_used(std::string_view key, Function function)
{
    const bool share = function == Function::share;
    if (key == "fn" || key == "topk" || key == "scale")
        return true;
    if (key == "metric" || key == "where" || key == "offset")
        return !share;
    if (key == "by")
        return !share && function != Function::heatmap;
    if (key == "of" || key == "in" || key == "or_zero")
        return share;
    if (key == "agg")
        return function == Function::value;
    if (key == "q")
        return function == Function::quantile;
    if (key == "window")
        return has_window(function);
    return std::nullopt;
}

Problem read_query(const json& object, const Pointer& at, Query& out);

Problem read_key(std::string_view key, const json& value, const Pointer& at, Query& out)
{
    if (key == "metric")
        return read_text(value, at, out.metric);
    if (key == "agg")
        return read_name<Aggregation>(value, at, aggregations, out.aggregation);
    if (key == "q")
        return read_list(value, at, read_number, out.quantiles);
    if (key == "by")
        return read_list(value, at, read_text, out.by);
    if (key == "where")
        return read_where(value, at, out.where);
    if (key == "window")
        return read_duration(value, at, out.window);
    if (key == "offset")
        return read_duration(value, at, out.offset);
    if (key == "topk")
        return read_count(value, at, out.topk);
    if (key == "scale")
        return read_number(value, at, out.scale);
    if (key == "or_zero")
        return read_flag(value, at, out.or_zero);
    return {};
}

Problem read_parts(const json& object, const Pointer& at, Query& out)
{
    for (const auto* key : {"of", "in"}) {
        const auto found = object.find(key);
        if (found == object.end())
            return wrong(at / key, "A share needs two queries, 'of' and 'in'.");
        const auto place = at / key;
        // Known here already, and deeper ones would only be read to be refused.
        if (found->is_object() && found->value("fn", json()) == "share")
            return wrong(place / "fn", "A part of a share must be one of value, rate, increase and mean.");
        if (auto error = read_query(*found, place, out.parts.emplace_back()))
            return error;
    }
    return {};
}

Problem read_query(const json& object, const Pointer& at, Query& out)
{
    if (!object.is_object())
        return wrong(at, "A query must be an object, for example {\"metric\": \"up\"}.");
    if (const auto fn = object.find("fn"); fn != object.end())
        if (auto error = read_name<Function>(*fn, at / "fn", functions, out.function))
            return error;
    for (const auto& [key, value] : object.items()) {
        const auto used = is_used(key, out.function);
        if (!used)
            return wrong(at / key, fmt::format("A query has no '{}'.", key));
        if (!*used)
            return wrong(at / key, fmt::format("'{}' has no meaning for the function {}.", key,
                                               name_of<Function>(functions, out.function)));
        if (auto error = read_key(key, value, at / key, out))
            return error;
    }
    return out.function == Function::share ? read_parts(object, at, out) : Problem();
}

/// Where in `json` a pointer leads, or the nearest place above it that is there or could be.
std::string nearest(const json& json, Pointer at)
{
    while (!at.empty() && !json.contains(at)) {
        const auto above = at.parent_pointer();
        if (json.contains(above) && json[above].is_object())
            break;
        at = above;
    }
    return at.to_string();
}

json one_or_list(const auto& values)
{
    return values.size() == 1 ? json(values.front()) : json(values);
}

} // namespace

Result<Query> parse_query(const json& json)
{
    Query query;
    if (auto error = read_query(json, Pointer(), query))
        return failure(std::move(*error));
    if (auto error = validate(query)) {
        error->param = nearest(json, Pointer(error->param));
        return failure(std::move(*error));
    }
    return query;
}

json to_json(const Query& query)
{
    const Query defaults;
    auto result = json::object();
    const auto put = [&](const char* key, bool differs, auto&& make) {
        if (differs && is_used(key, query.function).value_or(false))
            result[key] = make();
    };
    put("fn", query.function != defaults.function, [&] { return name_of<Function>(functions, query.function); });
    put("metric", !query.metric.empty(), [&] { return query.metric; });
    put("agg", query.aggregation != defaults.aggregation,
        [&] { return name_of<Aggregation>(aggregations, query.aggregation); });
    put("q", !query.quantiles.empty(), [&] { return one_or_list(query.quantiles); });
    put("by", !query.by.empty(), [&] { return one_or_list(query.by); });
    put("where", !query.where.empty(), [&] { return query.where; });
    put("window", query.window != defaults.window, [&] { return duration_text(query.window); });
    put("offset", query.offset != defaults.offset, [&] { return duration_text(query.offset); });
    put("topk", query.topk != defaults.topk, [&] { return query.topk; });
    put("scale", query.scale != defaults.scale, [&] { return query.scale; });
    put("or_zero", query.or_zero != defaults.or_zero, [&] { return query.or_zero; });
    const bool whole = query.parts.size() == 2;
    put("of", whole, [&] { return to_json(query.parts[0]); });
    put("in", whole, [&] { return to_json(query.parts[1]); });
    return result;
}

} // namespace tokenscope::query
