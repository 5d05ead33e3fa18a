// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/matcher.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace tokenscope::query {

MatcherText split_matcher(std::string_view text)
{
    const bool negated = text.starts_with('!');
    if (negated)
        text.remove_prefix(1);
    if (text.starts_with('~'))
        return {negated ? MatchKind::not_regex : MatchKind::regex, text.substr(1)};
    return {negated ? MatchKind::not_equal : MatchKind::equal, text};
}

std::string matcher_text(MatchKind kind, std::string_view value)
{
    const bool negated = kind == MatchKind::not_equal || kind == MatchKind::not_regex;
    const std::string sign = negated ? "!" : "";
    if (kind == MatchKind::regex || kind == MatchKind::not_regex)
        return sign + "~" + std::string(value);
    const bool ambiguous = value.starts_with('~') || (!negated && value.starts_with('!'));
    return ambiguous ? sign + "~" + regex_escaped(value) : sign + std::string(value);
}

std::string regex_escaped(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos)
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

Result<Matchers> Matchers::compile(const std::map<std::string, std::string>& where)
{
    Matchers matchers;
    for (const auto& [label, text] : where) {
        const auto [kind, value] = split_matcher(text);
        Matcher matcher{label, kind, std::string(value), nullptr};
        if (kind == MatchKind::regex || kind == MatchKind::not_regex) {
            re2::RE2::Options options;
            options.set_log_errors(false);
            auto regex = std::make_shared<const re2::RE2>(matcher.value, options);
            if (!regex->ok()) {
                return failure({.code = ErrorCode::invalid_request,
                                .message = fmt::format("The pattern '{}' for label '{}' is not a regular expression.",
                                                       value, label),
                                .detail = regex->error(),
                                .param = "/where/" + label});
            }
            matcher.regex = std::move(regex);
        }
        matchers.m_matchers.push_back(std::move(matcher));
    }
    return matchers;
}

bool Matchers::accept(const Labels& labels) const
{
    static const std::string empty;
    return std::ranges::all_of(m_matchers, [&](const Matcher& matcher) {
        const auto found = labels.find(matcher.label);
        const auto& value = found == labels.end() ? empty : found->second;
        switch (matcher.kind) {
        case MatchKind::equal: return value == matcher.value;
        case MatchKind::not_equal: return value != matcher.value;
        case MatchKind::regex: return re2::RE2::FullMatch(value, *matcher.regex);
        case MatchKind::not_regex: return !re2::RE2::FullMatch(value, *matcher.regex);
        }
        return false;
    });
}

} // namespace tokenscope::query
