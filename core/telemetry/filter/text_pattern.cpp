// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/text_pattern.h"

#include <algorithm>

namespace tokenscope::telemetry {

namespace {

bool same(char text, char lower)
{
    return lower_ascii(text) == lower;
}

bool starts_with(std::string_view text, std::string_view lower)
{
    return text.size() >= lower.size()
           && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return same(b, a); });
}

std::size_t find(std::string_view text, std::string_view lower)
{
    const auto found = std::search(text.begin(), text.end(), lower.begin(), lower.end(), same);
    return found == text.end() && !lower.empty() ? std::string_view::npos
                                                 : static_cast<std::size_t>(found - text.begin());
}

} // namespace

char lower_ascii(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

TextPattern::TextPattern(const std::vector<FilterPart>& parts, Extent extent) : m_pieces(1), m_extent(extent)
{
    for (const auto& part : parts) {
        for (const auto c : part.text) {
            if (c == '*' && !part.quoted)
                m_pieces.emplace_back();
            else
                m_pieces.back() += lower_ascii(c);
        }
    }
}

bool TextPattern::matches(std::string_view text) const
{
    auto pieces = std::vector<std::string_view>(m_pieces.begin(), m_pieces.end());
    if (m_extent == Extent::whole) {
        if (pieces.size() == 1)
            return text.size() == pieces[0].size() && starts_with(text, pieces[0]);
        const auto last = pieces.back();
        if (!starts_with(text, pieces.front()) || text.size() < pieces.front().size() + last.size()
            || !starts_with(text.substr(text.size() - last.size()), last))
            return false;
        text = text.substr(pieces.front().size(), text.size() - pieces.front().size() - last.size());
        pieces.erase(pieces.begin());
        pieces.pop_back();
    }
    for (const auto piece : pieces) {
        const auto at = find(text, piece);
        if (at == std::string_view::npos)
            return false;
        text.remove_prefix(at + piece.size());
    }
    return true;
}

} // namespace tokenscope::telemetry
