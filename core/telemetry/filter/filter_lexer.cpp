// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/filter_lexer.h"

#include <algorithm>

namespace tokenscope::telemetry {

namespace {

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    FilterResult<std::vector<FilterToken>> read()
    {
        while (m_at < m_text.size()) {
            const auto c = m_text[m_at];
            if (is_blank(c))
                ++m_at;
            else if (c == '(')
                add(FilterToken::Kind::open, 1);
            else if (c == ')')
                add(FilterToken::Kind::close, 1);
            else if (c == '-')
                add(FilterToken::Kind::minus, 1);
            else if (auto word = read_word(); word)
                m_tokens.push_back(std::move(*word));
            else
                return tl::make_unexpected(std::move(word.error()));
        }
        return std::move(m_tokens);
    }

private:
    void add(FilterToken::Kind kind, std::size_t length)
    {
        FilterToken token;
        token.kind = kind;
        token.from = token.value_from = m_at;
        m_at += length;
        token.to = m_at;
        m_tokens.push_back(std::move(token));
    }

    FilterResult<FilterToken> read_word()
    {
        FilterToken word;
        word.from = word.value_from = m_at;
        if (const auto colon = m_text.find(':', m_at);
            colon != std::string_view::npos && is_field_name(m_text.substr(m_at, colon - m_at))) {
            word.field = m_text.substr(m_at, colon - m_at);
            m_at = word.value_from = colon + 1;
        }
        std::size_t depth = 0;
        while (m_at < m_text.size() && !is_blank(m_text[m_at])) {
            const auto c = m_text[m_at];
            if (c == '"') {
                if (auto quoted = read_quoted(); quoted)
                    word.value.push_back(std::move(*quoted));
                else
                    return tl::make_unexpected(std::move(quoted.error()));
                continue;
            }
            if (c == ')' && depth == 0)
                break;
            depth = c == '(' ? depth + 1 : c == ')' ? depth - 1 : depth;
            if (word.value.empty() || word.value.back().quoted)
                word.value.push_back({});
            word.value.back().text += c;
            ++m_at;
        }
        word.to = m_at;
        if (!word.has_field() && word.value.size() == 1 && !word.quoted()) {
            const auto& text = word.value.front().text;
            word.kind = text == "AND"   ? FilterToken::Kind::word_and
                        : text == "OR"  ? FilterToken::Kind::word_or
                        : text == "NOT" ? FilterToken::Kind::word_not
                                        : FilterToken::Kind::word;
        }
        return word;
    }

    FilterResult<FilterPart> read_quoted()
    {
        const auto from = m_at++;
        FilterPart part{.text = {}, .quoted = true};
        while (m_at < m_text.size() && m_text[m_at] != '"') {
            const auto next = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
            if (m_text[m_at] == '\\' && (next == '"' || next == '\\'))
                ++m_at;
            part.text += m_text[m_at++];
        }
        if (m_at >= m_text.size())
            return filter_failure(from, m_text.size(), "This quote is not closed: add a \" at its end.");
        ++m_at;
        return part;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<FilterToken> m_tokens;
};

} // namespace

std::string FilterToken::text() const
{
    std::string whole;
    for (const auto& part : value)
        whole += part.text;
    return whole;
}

bool FilterToken::quoted() const
{
    return std::any_of(value.begin(), value.end(), [](const FilterPart& part) { return part.quoted; });
}

FilterResult<std::vector<FilterToken>> read_filter_tokens(std::string_view text)
{
    return Lexer(text).read();
}

bool is_field_name(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_letter);
}

} // namespace tokenscope::telemetry
