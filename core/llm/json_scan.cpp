// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/json_scan.h"

#include "llm/json_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace tokenscope::llm {

namespace {

constexpr std::string_view simple_escapes = "\"\\/bfnrt";

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::size_t skip_space(std::string_view text, std::size_t at)
{
    while (at < text.size() && is_space(text[at]))
        ++at;
    return at;
}

/// The first byte at or after `at` that is a quote, a backslash or a control character. Eight bytes a step: prompts and
/// base64 images are long strings.
std::size_t plain_end(std::string_view text, std::size_t at)
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    while (at + sizeof(std::uint64_t) <= text.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t quote = word ^ (ones * '"');
        const std::uint64_t slash = word ^ (ones * '\\');
        const std::uint64_t hit =
            ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
        if ((hit & highs) != 0)
            break;
        at += sizeof word;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x20 && text[at] != '"' && text[at] != '\\')
        ++at;
    return at;
}

class Checker {
public:
    Checker(std::string_view text, unsigned max_depth) : m_text(text), m_max_depth(max_depth) {}

    std::optional<JsonFault> run()
    {
        space();
        if (m_at == m_text.size())
            return JsonFault{m_at, "it is empty"};
        if (!value(0))
            return m_fault;
        space();
        if (m_at != m_text.size())
            return JsonFault{m_at, "there is something after the end of the value"};
        return std::nullopt;
    }

private:
    bool fail(std::string what) { return fail_at(m_at, std::move(what)); }
    bool fail_at(std::size_t at, std::string what)
    {
        m_fault = JsonFault{at, std::move(what)};
        return false;
    }
    void space() { m_at = skip_space(m_text, m_at); }
    bool at(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }
    bool at_digit() const { return m_at < m_text.size() && is_digit(m_text[m_at]); }
    bool take(char c)
    {
        if (!at(c))
            return false;
        ++m_at;
        return true;
    }

    bool value(unsigned depth)
    {
        if (m_at == m_text.size())
            return fail("a value was expected, but the text ends");
        switch (m_text[m_at]) {
        case '{': return object(depth + 1);
        case '[': return array(depth + 1);
        case '"': return string();
        case 't': return literal("true");
        case 'f': return literal("false");
        case 'n': return literal("null");
        default: return number();
        }
    }

    bool enter(unsigned depth)
    {
        if (depth > m_max_depth)
            return fail(fmt::format("it nests deeper than {} levels", m_max_depth));
        ++m_at;
        space();
        return true;
    }

    bool object(unsigned depth)
    {
        if (!enter(depth))
            return false;
        if (take('}'))
            return true;
        for (;;) {
            if (!at('"'))
                return fail("a key in double quotes was expected");
            if (!string())
                return false;
            space();
            if (!take(':'))
                return fail("a ':' was expected");
            space();
            if (!value(depth))
                return false;
            space();
            if (take('}'))
                return true;
            if (!take(','))
                return fail("a ',' or '}' was expected");
            space();
        }
    }

    bool array(unsigned depth)
    {
        if (!enter(depth))
            return false;
        if (take(']'))
            return true;
        for (;;) {
            if (!value(depth))
                return false;
            space();
            if (take(']'))
                return true;
            if (!take(','))
                return fail("a ',' or ']' was expected");
            space();
        }
    }

    bool string()
    {
        const std::size_t begin = m_at++;
        for (;;) {
            m_at = plain_end(m_text, m_at);
            if (m_at == m_text.size())
                return fail_at(begin, "a string is not closed");
            if (take('"'))
                return true;
            if (m_text[m_at] != '\\')
                return fail("a control character in a string must be escaped");
            if (!escape())
                return false;
        }
    }

    bool escape()
    {
        const std::size_t begin = m_at++;
        if (m_at == m_text.size())
            return fail_at(begin, "a string is not closed");
        const char kind = m_text[m_at++];
        if (kind != 'u')
            return simple_escapes.find(kind) != std::string_view::npos || fail_at(begin, "an unknown escape");
        const std::optional<unsigned> unit = json_hex4(m_text, m_at);
        if (!unit)
            return fail_at(begin, "\\u needs four hexadecimal digits");
        m_at += 4;
        if (*unit < 0xD800 || *unit > 0xDFFF)
            return true;
        const std::optional<unsigned> low =
            m_text.substr(m_at).starts_with("\\u") ? json_hex4(m_text, m_at + 2) : std::nullopt;
        if (*unit >= 0xDC00 || !low || *low < 0xDC00 || *low > 0xDFFF)
            return fail_at(begin, "a surrogate escape has no partner");
        m_at += 6;
        return true;
    }

    bool literal(std::string_view word)
    {
        if (!m_text.substr(m_at).starts_with(word))
            return fail("a value was expected");
        m_at += word.size();
        return true;
    }

    bool digits(std::string_view what)
    {
        if (!at_digit())
            return fail(std::string(what));
        while (at_digit())
            ++m_at;
        return true;
    }

    bool number()
    {
        const bool negative = take('-');
        if (take('0')) {
            if (at_digit())
                return fail("a number must not begin with 0");
        } else if (!digits(negative ? "a digit was expected" : "a value was expected")) {
            return false;
        }
        if (take('.') && !digits("a digit was expected after the decimal point"))
            return false;
        if (at('e') || at('E')) {
            ++m_at;
            if (!take('+'))
                take('-');
            return digits("a digit was expected in the exponent");
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    unsigned m_max_depth;
    JsonFault m_fault;
};

/// The end of the string that begins at `at`, in valid JSON.
std::size_t string_end(std::string_view text, std::size_t at)
{
    at = plain_end(text, at + 1);
    while (at < text.size() && text[at] != '"')
        at = plain_end(text, at + 2);
    return at + 1;
}

/// The end of the value that begins at `at`, in valid JSON.
std::size_t value_end(std::string_view text, std::size_t at)
{
    unsigned open = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = string_end(text, at);
        } else if (c == '{' || c == '[') {
            ++open;
            ++at;
            continue;
        } else if (c == '}' || c == ']') {
            --open;
            ++at;
        } else if (open > 0) {
            ++at;
            continue;
        } else {
            const std::size_t end = text.find_first_of(" \t\r\n,]}", at);
            return end == std::string_view::npos ? text.size() : end;
        }
        if (open == 0)
            return at;
    }
    return at;
}

/// Steps over the opening bracket or the comma before the next item; false at the end.
bool to_next_item(std::string_view text, std::size_t& at)
{
    at = skip_space(text, at == 0 ? 1 : at);
    if (at < text.size() && text[at] == ',')
        at = skip_space(text, at + 1);
    return at < text.size() && text[at] != '}' && text[at] != ']';
}

std::string_view take_value(std::string_view text, std::size_t& at)
{
    const std::size_t end = value_end(text, at);
    const std::string_view value = text.substr(at, end - at);
    at = end;
    return value;
}

} // namespace

std::optional<JsonFault> check_json(std::string_view text, unsigned max_depth)
{
    if (const auto at = invalid_utf8_at(text))
        return JsonFault{*at, "the text is not valid UTF-8"};
    if (text.starts_with("\xEF\xBB\xBF"))
        return JsonFault{0, "it begins with a byte order mark"};
    return Checker(text, max_depth).run();
}

bool JsonMembers::next(std::string_view& key, std::string_view& value)
{
    if (!is_json_object(m_text) || !to_next_item(m_text, m_at))
        return false;
    key = take_value(m_text, m_at);
    m_at = skip_space(m_text, skip_space(m_text, m_at) + 1);
    value = take_value(m_text, m_at);
    return true;
}

bool JsonElements::next(std::string_view& value)
{
    if (!is_json_array(m_text) || !to_next_item(m_text, m_at))
        return false;
    value = take_value(m_text, m_at);
    return true;
}

bool json_string_is(std::string_view raw, std::string_view plain)
{
    constexpr std::size_t longest_escape = 6;
    if (!is_json_string(raw) || raw.size() < plain.size() + 2)
        return false;
    const std::string_view inside = raw.substr(1, raw.size() - 2);
    if (inside == plain)
        return true;
    return inside.size() <= plain.size() * longest_escape && inside.find('\\') != std::string_view::npos
           && unescape_json(raw) == plain;
}

std::optional<std::string_view> find_json_member(std::string_view object, std::string_view key)
{
    std::optional<std::string_view> found;
    std::string_view name;
    std::string_view value;
    for (JsonMembers members(object); members.next(name, value);) {
        if (json_string_is(name, key))
            found = value;
    }
    return found;
}

std::optional<std::string_view> find_json_value(std::string_view object, std::string_view key)
{
    const auto found = find_json_member(object, key);
    return found && *found != "null" ? found : std::nullopt;
}

} // namespace tokenscope::llm
