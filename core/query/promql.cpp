// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/promql.h"

#include "query/columns.h"
#include "query/duration_text.h"
#include "query/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace tokenscope::query {

namespace {

std::string quoted(std::string_view text)
{
    // This one character means "not UTF-8" to Prometheus' scanner, so it must not stand there itself.
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string result = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (text.substr(i).starts_with(replacement)) {
            result += "\\ufffd";
            i += replacement.size() - 1;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (result += '\\') += c;
        else if (byte < 0x20 || byte == 0x7f)
            result += fmt::format("\\x{:02x}", byte);
        else
            result += c;
    }
    return result += '"';
}

std::string number(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

/// Names that mean something else where a metric is expected.
bool is_keyword(std::string_view name)
{
    constexpr std::array<std::string_view, 8> keywords = {"inf",   "nan",      "bool",       "on",
                                                          "atan2", "ignoring", "group_left", "group_right"};
    return std::ranges::any_of(keywords, [&](std::string_view word) {
        return std::ranges::equal(word, name, [](char a, char b) { return a == b || a == (b | 0x20); });
    });
}

/// `range`: "[1m]", or nothing for an instant.
std::string selector(const Query& query, std::string_view suffix, std::string_view range)
{
    auto name = fmt::format("{}{}", query.metric, suffix);
    std::vector<std::string> matchers;
    if (is_keyword(name)) {
        matchers.push_back(fmt::format("__name__={}", quoted(name)));
        name.clear();
    }
    for (const auto& [label, text] : query.where) {
        const auto [kind, value] = split_matcher(text);
        std::string_view sign = "=";
        switch (kind) {
        case MatchKind::equal: break;
        case MatchKind::not_equal: sign = "!="; break;
        case MatchKind::regex: sign = "=~"; break;
        case MatchKind::not_regex: sign = "!~"; break;
        }
        matchers.push_back(fmt::format("{}{}{}", label, sign, quoted(value)));
    }
    const auto braces = matchers.empty() ? std::string() : fmt::format("{{{}}}", fmt::join(matchers, ", "));
    const auto offset =
        query.offset.count() == 0 ? std::string() : fmt::format(" offset {}", duration_text(query.offset));
    return fmt::format("{}{}{}{}", name, braces, range, offset);
}

std::string aggregated(std::string_view operation, const std::vector<std::string>& by, std::string_view inner)
{
    if (by.empty())
        return fmt::format("{}({})", operation, inner);
    return fmt::format("{} by ({}) ({})", operation, fmt::join(by, ", "), inner);
}

std::string over_window(const Query& query, std::string_view function, std::string_view suffix,
                        const std::vector<std::string>& by, std::chrono::milliseconds window)
{
    const auto range = fmt::format("[{}]", duration_text(window));
    return aggregated("sum", by, fmt::format("{}({})", function, selector(query, suffix, range)));
}

std::string_view name_of(Aggregation aggregation)
{
    switch (aggregation) {
    case Aggregation::sum: return "sum";
    case Aggregation::avg: return "avg";
    case Aggregation::min: return "min";
    case Aggregation::max: return "max";
    case Aggregation::count: return "count";
    }
    return "sum";
}

std::string share(const Query& query)
{
    const auto& of = query.parts[0];
    const auto& in = query.parts[1];
    const auto labels = grouping(in);
    // The labels of `in` are among those of `of`, so as many are the same ones.
    const auto match = labels.size() == grouping(of).size()
                           ? std::string()
                           : fmt::format("on ({}) group_left () ", fmt::join(labels, ", "));
    if (query.or_zero) // the comparison drops NaN, which is no value to us either
        return fmt::format("(({0}) >= -Inf or ({1}) * 0) / ({1})", to_promql(of), to_promql(in));
    return fmt::format("({}) / {}({})", to_promql(of), match, to_promql(in));
}

std::string unmodified(const Query& query, double quantile, std::chrono::milliseconds step)
{
    const auto rate = [&](std::string_view suffix) {
        return over_window(query, "rate", suffix, query.by, query.window);
    };
    switch (query.function) {
    case Function::value: return aggregated(name_of(query.aggregation), query.by, selector(query, "", ""));
    case Function::rate: return rate("");
    case Function::increase: return over_window(query, "increase", "", query.by, query.window);
    case Function::mean: return rate("_sum") + " / " + rate("_count");
    case Function::quantile: {
        auto by = query.by;
        by.insert(by.begin(), "le");
        return fmt::format("histogram_quantile({}, {})", number(quantile),
                           over_window(query, "rate", "_bucket", by, query.window));
    }
    case Function::heatmap: return over_window(query, "increase", "_bucket", {"le"}, step);
    case Function::share: return share(query);
    }
    return {};
}

} // namespace

std::string to_promql(const Query& query, double quantile, std::chrono::milliseconds step)
{
    auto text = unmodified(query, quantile, step);
    if (query.topk > 0)
        text = fmt::format("topk({}, {})", query.topk, text);
    return query.scale == 1.0 ? text : fmt::format("{} * {}", text, number(query.scale));
}

} // namespace tokenscope::query
