// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tokenscope::scrape {

namespace detail {

enum Kind : std::uint8_t { letter = 1, colon = 2, digit = 4, blank = 8 };

constexpr std::array<std::uint8_t, 256> make_kinds()
{
    std::array<std::uint8_t, 256> kinds{};
    for (unsigned c = 'a'; c <= 'z'; ++c)
        kinds[c] = kinds[c - 'a' + 'A'] = letter;
    kinds['_'] = letter;
    kinds[':'] = colon;
    for (unsigned c = '0'; c <= '9'; ++c)
        kinds[c] = digit;
    kinds[' '] = kinds['\t'] = blank;
    return kinds;
}

inline constexpr auto kinds = make_kinds();

} // namespace detail

/// A place in a page that is read from its start to its end, and the first fault that was found. All names that it returns
/// are views of the page.
class Scanner {
public:
    struct Fault {
        std::size_t at = 0;
        std::string words;
    };

    explicit Scanner(std::string_view text) : m_text(text) {}

    std::size_t at() const { return m_at; }
    bool done() const { return m_at == m_text.size(); }
    /// A line feed at the end: the last line may lack it.
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\n'; }
    std::string_view from(std::size_t at) const { return m_text.substr(at); }
    std::string_view rest() const { return m_text.substr(m_at); }
    void skip(std::size_t bytes = 1) { m_at += bytes; }
    /// Over a line feed, if there is one.
    void end_line() { m_at += m_at < m_text.size() ? 1 : 0; }

    bool accept(char wanted)
    {
        if (m_at == m_text.size() || m_text[m_at] != wanted)
            return false;
        ++m_at;
        return true;
    }
    bool accept(std::string_view wanted)
    {
        if (!rest().starts_with(wanted))
            return false;
        m_at += wanted.size();
        return true;
    }
    bool at_blank() const { return !done() && (kind_here() & detail::blank); }
    void skip_blanks()
    {
        while (at_blank())
            ++m_at;
    }
    /// Empty where there is no name.
    std::string_view take_metric_name() { return take_name(detail::letter | detail::colon); }
    std::string_view take_label_name() { return take_name(detail::letter); }
    /// Up to the first of `ends`, or to the end.
    std::string_view take_until(std::string_view ends)
    {
        const auto from = m_at;
        while (m_at < m_text.size() && ends.find(m_text[m_at]) == std::string_view::npos)
            ++m_at;
        return m_text.substr(from, m_at - from);
    }
    /// Up to the line feed.
    std::string_view take_line()
    {
        const auto from = m_at;
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
        return m_text.substr(from, m_at - from);
    }

    /// Always false, for the caller to return.
    bool fail(std::string words) { return fail(m_at, std::move(words)); }
    bool fail(std::size_t at, std::string words)
    {
        m_fault = Fault{at, std::move(words)};
        return false;
    }
    const std::optional<Fault>& fault() const { return m_fault; }

    /// Something odd that is no fault. Only the first is kept: a page that has one has thousands.
    void remark(std::size_t at, std::string words)
    {
        if (!m_remark)
            m_remark = Fault{at, std::move(words)};
    }
    const std::optional<Fault>& remark() const { return m_remark; }

private:
    std::uint8_t kind_here() const { return detail::kinds[static_cast<unsigned char>(m_text[m_at])]; }
    std::string_view take_name(unsigned letters)
    {
        const auto from = m_at;
        if (done() || !(kind_here() & letters))
            return {};
        while (!done() && (kind_here() & (letters | detail::digit)))
            ++m_at;
        return m_text.substr(from, m_at - from);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::optional<Fault> m_fault;
    std::optional<Fault> m_remark;
};

} // namespace tokenscope::scrape
