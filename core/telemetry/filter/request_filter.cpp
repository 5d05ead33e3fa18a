// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/request_filter.h"

#include <algorithm>
#include <vector>

namespace tokenscope::telemetry {

namespace {

using Kind = FilterToken::Kind;

class Parser {
public:
    explicit Parser(std::vector<FilterToken> tokens) : m_tokens(std::move(tokens)) {}

    FilterResult<RequestMatch> read()
    {
        auto match = read_any();
        if (match && !at_end()) // only a parenthesis ends it early
            return filter_failure(peek().from, peek().to, "No parenthesis is open here: leave this one out.");
        return match;
    }
    bool changes_with_time() const { return m_changes_with_time; }

private:
    bool at_end() const { return m_at == m_tokens.size(); }
    const FilterToken& peek() const { return m_tokens[m_at]; }
    bool next_is(Kind kind) const { return !at_end() && peek().kind == kind; }

    FilterResult<RequestMatch> read_any()
    {
        std::vector<RequestMatch> choices;
        do {
            if (!choices.empty())
                ++m_at;
            auto match = read_all();
            if (!match)
                return match;
            choices.push_back(std::move(*match));
        } while (next_is(Kind::word_or));
        if (choices.size() == 1)
            return std::move(choices.front());
        return [choices = std::move(choices)](const RequestRecord& record, WallTime now) {
            return std::any_of(choices.begin(), choices.end(), [&](const auto& match) { return match(record, now); });
        };
    }

    FilterResult<RequestMatch> read_all()
    {
        std::vector<RequestMatch> wanted;
        do {
            if (next_is(Kind::word_and))
                ++m_at;
            auto match = read_one();
            if (!match)
                return match;
            wanted.push_back(std::move(*match));
        } while (!at_end() && peek().kind != Kind::word_or && peek().kind != Kind::close);
        if (wanted.size() == 1)
            return std::move(wanted.front());
        return [wanted = std::move(wanted)](const RequestRecord& record, WallTime now) {
            return std::all_of(wanted.begin(), wanted.end(), [&](const auto& match) { return match(record, now); });
        };
    }

    FilterResult<RequestMatch> read_one()
    {
        if (m_depth == RequestFilter::deepest)
            return filter_failure(at_end() ? 0 : peek().from, at_end() ? 0 : peek().to,
                                  "There is too much within each other here: use fewer parentheses.");
        ++m_depth;
        auto match = read_nested();
        --m_depth;
        return match;
    }

    FilterResult<RequestMatch> read_nested()
    {
        if (at_end() || peek().kind == Kind::close || peek().kind == Kind::word_or || peek().kind == Kind::word_and)
            return missing();
        const auto& token = m_tokens[m_at++];
        switch (token.kind) {
        case Kind::minus:
        case Kind::word_not: {
            auto match = read_one();
            if (!match)
                return match;
            return
                [match = std::move(*match)](const RequestRecord& record, WallTime now) { return !match(record, now); };
        }
        case Kind::open: {
            auto match = read_any();
            if (!match)
                return match;
            if (!next_is(Kind::close))
                return filter_failure(token.from, token.to, "This parenthesis is not closed.");
            ++m_at;
            return match;
        }
        default: return read_filter_term(token, m_changes_with_time);
        }
    }

    /// Something had to stand here: what came before says what.
    FilterResult<RequestMatch> missing() const
    {
        const auto kind_before = m_at > 0 ? m_tokens[m_at - 1].kind : Kind::word;
        const auto& token = m_at > 0 ? m_tokens[m_at - 1] : m_tokens[m_at];
        switch (kind_before) {
        case Kind::minus:
            return filter_failure(token.from, token.to, "Say what is not wanted right after the \u201c-\u201d.");
        case Kind::word_not: return filter_failure(token.from, token.to, "Say what is not wanted after NOT.");
        case Kind::word_or: return filter_failure(token.from, token.to, "Say what else is wanted after OR.");
        case Kind::word_and: return filter_failure(token.from, token.to, "Say what else is wanted after AND.");
        case Kind::open:
            return filter_failure(token.from, at_end() ? token.to : peek().to,
                                  next_is(Kind::close) ? "There is nothing between the parentheses."
                                                       : "This parenthesis is not closed.");
        default: break;
        }
        return peek().kind == Kind::close
                   ? filter_failure(peek().from, peek().to, "No parenthesis is open here: leave this one out.")
                   : filter_failure(peek().from, peek().to,
                                    "Something has to stand before this word; to look for it, put it in quotes.");
    }

    std::vector<FilterToken> m_tokens;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    bool m_changes_with_time = false;
};

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
           || c == '/' || c == '-' || c == ':';
}

} // namespace

FilterResult<RequestFilter> parse_request_filter(std::string_view text)
{
    if (text.size() > RequestFilter::longest)
        return filter_failure(RequestFilter::longest, text.size(), "The filter is too long: shorten it.");
    auto tokens = read_filter_tokens(text);
    if (!tokens)
        return tl::make_unexpected(std::move(tokens.error()));
    RequestFilter filter;
    if (tokens->empty())
        return filter;
    Parser parser(std::move(*tokens));
    auto match = parser.read();
    if (!match)
        return tl::make_unexpected(std::move(match.error()));
    filter.m_match = std::move(*match);
    filter.m_changes_with_time = parser.changes_with_time();
    return filter;
}

std::string filter_value(std::string_view value)
{
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain))
        return std::string(value);
    std::string quoted = "\"";
    for (const auto c : value) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string filter_and(std::string_view filter, std::string_view term)
{
    const auto tokens = read_filter_tokens(filter);
    if (!tokens || tokens->empty())
        return std::string(term);
    const bool choice = std::any_of(tokens->begin(), tokens->end(),
                                    [](const FilterToken& token) { return token.kind == Kind::word_or; });
    const auto first = tokens->front().from;
    const auto before = filter.substr(first, tokens->back().to - first);
    if (!choice)
        return std::string(before) + ' ' + std::string(term);
    // A word with a parenthesis in it would take the one that is to close ours.
    const auto* const close = tokens->back().text().find('(') == std::string::npos ? ")" : " )";
    return "(" + std::string(before) + close + ' ' + std::string(term);
}

} // namespace tokenscope::telemetry
