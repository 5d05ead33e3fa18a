// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/resolve.h"

#include "dashboards/variable_uses.h"
#include "query/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tokenscope::dashboards {

namespace {

using query::Function;
using query::MatchKind;
using query::Query;

/// Matches no text at all, the empty one included.
constexpr std::string_view nothing = "[^\\s\\S]";

void add_metrics(const Query& query, std::vector<std::string>& names)
{
    const auto add = [&names](std::string name) {
        if (std::ranges::find(names, name) == names.end())
            names.push_back(std::move(name));
    };
    switch (query.function) {
    case Function::value:
    case Function::rate:
    case Function::increase: add(query.metric); break;
    case Function::mean:
        add(query.metric + "_sum");
        add(query.metric + "_count");
        break;
    case Function::quantile:
    case Function::heatmap: add(query.metric + "_bucket"); break;
    case Function::share:
        for (const auto& part : query.parts)
            add_metrics(part, names);
        break;
    }
}

bool has_all(const MetricNames& names, const Query& query)
{
    return std::ranges::all_of(metrics_of(query), [&](const auto& name) { return names.contains(name); });
}

const std::vector<std::string>* chosen(const Choices& choices, std::string_view name)
{
    const auto found = choices.find(name);
    return found == choices.end() || found->second.empty() ? nullptr : &found->second;
}

void add_choices(const Query& query, const Choices& choices, std::set<std::string, std::less<>>& used)
{
    for (const auto& [label, matcher] : query.where) {
        const auto [kind, value] = query::split_matcher(matcher);
        const bool regex = kind == MatchKind::regex || kind == MatchKind::not_regex;
        for (const auto& use : variable_uses(value, regex ? ValueKind::regex : ValueKind::literal)) {
            if (chosen(choices, use.name))
                used.emplace(use.name);
        }
    }
    for (const auto& part : query.parts)
        add_choices(part, choices, used);
}

std::string system_of(const Query& query)
{
    const auto names = metrics_of(query);
    return names.empty() ? std::string() : names.front().substr(0, names.front().find_first_of("_:"));
}

/// See offered().
std::vector<const Query*> answering(const PanelQuery& query, const MetricNames& names, const Choices& choices)
{
    std::set<std::string, std::less<>> wanted;
    for (const auto& candidate : query.alternatives)
        add_choices(candidate, choices, wanted);
    std::vector<const Query*> result;
    for (const auto& candidate : query.alternatives) {
        const bool same = result.empty() || !wanted.empty() || system_of(candidate) == system_of(*result.front());
        if (same && has_all(names, candidate) && gone_by(candidate, choices) == wanted)
            result.push_back(&candidate);
    }
    return result;
}

/// The values as a regular expression; in a group where something stands beside it.
std::string any_of(const std::vector<std::string>& values, bool grouped)
{
    std::vector<std::string> escaped;
    std::ranges::transform(values, std::back_inserter(escaped), query::regex_escaped);
    const auto joined = fmt::format("{}", fmt::join(escaped, "|"));
    return grouped ? fmt::format("(?:{})", joined) : joined;
}

/// The matcher with its variables replaced; absent where one of them has nothing chosen.
std::optional<std::string> with_choices(const std::string& text, const Choices& choices)
{
    const auto [kind, value] = query::split_matcher(text);
    const bool regex = kind == MatchKind::regex || kind == MatchKind::not_regex;
    const bool negated = kind == MatchKind::not_equal || kind == MatchKind::not_regex;
    const auto uses = variable_uses(value, regex ? ValueKind::regex : ValueKind::literal);
    if (uses.empty())
        return text;
    const bool whole = uses.size() == 1 && uses.front().name.size() + 1 == value.size();
    std::string pattern;
    std::size_t done = 0;
    const auto literal = [&](std::size_t until) {
        const auto piece = value.substr(done, until - done);
        pattern += regex ? std::string(piece) : query::regex_escaped(piece);
    };
    for (const auto& use : uses) {
        const auto* const values = chosen(choices, use.name);
        if (!values)
            return std::nullopt;
        if (whole && values->size() == 1)
            return query::matcher_text(negated ? MatchKind::not_equal : MatchKind::equal, values->front());
        literal(use.at);
        pattern += any_of(*values, !whole);
        done = use.at + 1 + use.name.size();
    }
    literal(value.size());
    return (negated ? "!~" : "~") + pattern;
}

/// A regular expression's text as it stands between a PromQL string's quotes.
std::string within_quotes(std::string_view text, char quote)
{
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (quote == '`') // nothing can be escaped in it, but the expression itself can
            result += c == '`' || byte < 0x20 ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
        else if (c == quote || c == '\\')
            (result += '\\') += c;
        else if (byte < 0x20 || byte == 0x7f)
            result += fmt::format("\\x{:02x}", byte);
        else
            result += c;
    }
    return result;
}

} // namespace

bool fits(const Dashboard& dashboard, const MetricNames& names)
{
    const auto any = [&](const std::vector<std::string>& needs) {
        return needs.empty() || std::ranges::any_of(needs, [&](const auto& need) { return names.contains(need); });
    };
    return any(dashboard.needs) && any(dashboard.also_needs);
}

std::vector<std::string> metrics_of(const Query& query)
{
    std::vector<std::string> names;
    add_metrics(query, names);
    return names;
}

std::optional<Query> resolve(const PanelQuery& query, const MetricNames& names, const Choices& choices,
                             std::size_t passed)
{
    if (query.alternatives.empty())
        return std::nullopt;
    const auto candidates = answering(query, names, choices);
    return passed < candidates.size() ? *candidates[passed] : query.alternatives.front();
}

std::size_t offered(const PanelQuery& query, const MetricNames& names, const Choices& choices)
{
    return answering(query, names, choices).size();
}

std::set<std::string, std::less<>> gone_by(const Query& query, const Choices& choices)
{
    std::set<std::string, std::less<>> used;
    add_choices(query, choices, used);
    return used;
}

std::set<std::string, std::less<>> gone_by(std::string_view expression, const Choices& choices)
{
    std::set<std::string, std::less<>> used;
    for (const auto& [use, position, quote] : expression_uses(expression)) {
        if (position != Position::elsewhere && chosen(choices, use.name))
            used.emplace(use.name);
    }
    return used;
}

std::size_t first_value(const Variable& variable, const std::vector<std::string>& values)
{
    const auto matcher = query::Matchers::compile({{variable.label, variable.first}});
    const auto wanted = [&](const std::string& value) {
        return !value.empty() && matcher && matcher->accept({{variable.label, value}});
    };
    const auto found = std::ranges::find_if(values, wanted);
    return found == values.end() ? 0 : static_cast<std::size_t>(found - values.begin());
}

Query with_choices(Query query, const Choices& choices)
{
    for (auto matcher = query.where.begin(); matcher != query.where.end();) {
        if (auto replaced = with_choices(matcher->second, choices)) {
            matcher->second = std::move(*replaced);
            ++matcher;
        } else {
            matcher = query.where.erase(matcher);
        }
    }
    for (auto& part : query.parts)
        part = with_choices(std::move(part), choices);
    return query;
}

std::string with_choices(std::string_view expression, const Choices& choices)
{
    std::string result;
    std::size_t done = 0;
    for (const auto& [use, position, quote] : expression_uses(expression)) {
        if (position == Position::elsewhere)
            continue;
        result += expression.substr(done, use.at - done);
        done = use.at + 1 + use.name.size();
        if (const auto* const values = chosen(choices, use.name))
            result += within_quotes(any_of(*values, true), quote);
        else
            result += position == Position::matches ? ".*" : within_quotes(nothing, quote);
    }
    return result += expression.substr(done);
}

} // namespace tokenscope::dashboards
