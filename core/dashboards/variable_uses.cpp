// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/variable_uses.h"

#include <algorithm>
#include <optional>

namespace tokenscope::dashboards {

namespace {

bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c)
{
    return begins_name(c) || (c >= '0' && c <= '9');
}

std::optional<VariableUse> use_at(std::string_view text, std::size_t at)
{
    if (text[at] != '$' || at + 1 == text.size() || !begins_name(text[at + 1]))
        return std::nullopt;
    const auto* const end = std::find_if_not(text.data() + at + 1, text.data() + text.size(), continues_name);
    const auto length = static_cast<std::size_t>(end - text.data()) - at - 1;
    return VariableUse{at, text.substr(at + 1, length)};
}

/// What stands before a quote decides what is inside it.
Position position_before(std::string_view before)
{
    const auto last = before.find_last_not_of(" \t\r\n");
    const auto text = before.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (text.ends_with("=~"))
        return Position::matches;
    return text.ends_with("!~") ? Position::matches_not : Position::elsewhere;
}

class ExpressionScan {
public:
    explicit ExpressionScan(std::string_view text) : m_text(text) {}

    std::vector<ExpressionUse> run()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '#')
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else if (c == '"' || c == '\'' || c == '`')
                quoted(c);
            else
                step(Position::elsewhere, 0);
        }
        return std::move(m_uses);
    }

private:
    void step(Position position, char quote)
    {
        if (const auto use = use_at(m_text, m_at)) {
            m_uses.push_back({*use, position, quote});
            m_at += use->name.size();
        }
        ++m_at;
    }

    void quoted(char quote)
    {
        const auto position = position_before(m_text.substr(0, m_at));
        ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != quote) {
            if (m_text[m_at] != '\\')
                step(position, quote);
            else if (quote != '`' && m_text.substr(m_at).starts_with("\\\\"))
                m_at += 3; // a backslash of the regular expression, and what it escapes
            else
                m_at += 2;
        }
        ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<ExpressionUse> m_uses;
};

} // namespace

std::vector<VariableUse> variable_uses(std::string_view value, ValueKind kind)
{
    std::vector<VariableUse> uses;
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (kind == ValueKind::regex && value[at] == '\\') {
            ++at;
        } else if (const auto use = use_at(value, at)) {
            uses.push_back(*use);
            at += use->name.size();
        }
    }
    return uses;
}

std::vector<ExpressionUse> expression_uses(std::string_view expression)
{
    return ExpressionScan(expression).run();
}

} // namespace tokenscope::dashboards
