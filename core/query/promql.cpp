// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/promql.h"

#include "query/matcher.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <vector>

namespace tokenscope::query {

namespace {

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
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

std::string selector(const Query& query, std::string_view suffix)
{
    std::vector<std::string> matchers;
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
    return fmt::format("{}{}{}", query.metric, suffix, braces);
}

std::string aggregated(std::string_view operation, const std::vector<std::string>& by, std::string_view inner)
{
    if (by.empty())
        return fmt::format("{}({})", operation, inner);
    return fmt::format("{} by ({}) ({})", operation, fmt::join(by, ", "), inner);
}

std::string over_window(const Query& query, std::string_view function, std::string_view suffix,
                        const std::vector<std::string>& by)
{
    return aggregated("sum", by, fmt::format("{}({}[{}ms])", function, selector(query, suffix), query.window.count()));
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

std::string unscaled(const Query& query, double quantile)
{
    switch (query.function) {
    case Function::value: return aggregated(name_of(query.aggregation), query.by, selector(query, ""));
    case Function::rate: return over_window(query, "rate", "", query.by);
    case Function::increase: return over_window(query, "increase", "", query.by);
    case Function::mean:
        return over_window(query, "rate", "_sum", query.by) + " / " + over_window(query, "rate", "_count", query.by);
    case Function::quantile: {
        auto by = query.by;
        by.insert(by.begin(), "le");
        return fmt::format("histogram_quantile({}, {})", number(quantile), over_window(query, "rate", "_bucket", by));
    }
    case Function::heatmap:
    case Function::share: break;
    }
    return {};
}

} // namespace

std::string to_promql(const Query& query, double quantile)
{
    auto text = unscaled(query, quantile);
    return query.scale == 1.0 ? text : fmt::format("{} * {}", text, number(query.scale));
}

} // namespace tokenscope::query
