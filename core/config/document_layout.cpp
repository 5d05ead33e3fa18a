// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document_layout.h"

#include <algorithm>
#include <array>

namespace tokenscope::config {
namespace {

using Kind = TreeNode::Kind;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view flow_indicators = ",[]{}";

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// "---" or "..." and nothing, or white space, behind.
bool is_marker(std::string_view text, std::size_t at, std::string_view marker)
{
    return text.substr(at, 3) == marker && (at + 3 >= text.size() || is_space(text[at + 3]));
}

} // namespace

std::size_t line_start(std::string_view text, std::size_t position)
{
    const auto before = position == 0 ? std::string_view::npos : text.rfind('\n', position - 1);
    if (before != std::string_view::npos)
        return before + 1;
    return text.starts_with(byte_order_mark) ? std::min(position, byte_order_mark.size()) : 0;
}

std::size_t line_end(std::string_view text, std::size_t position)
{
    const auto end = std::min(text.find('\n', position), text.size());
    return end > position && text[end - 1] == '\r' && end < text.size() ? end - 1 : end;
}

std::size_t DocumentLayout::skip_trivia(std::string_view text, std::size_t at)
{
    while (at < text.size() && (is_space(text[at]) || text[at] == '#')) {
        if (text[at] == '#')
            at = std::min(text.find('\n', at), text.size());
        else
            ++at;
    }
    return at;
}

std::optional<DocumentLayout> DocumentLayout::of(std::string_view text, const DocumentTree& tree)
{
    DocumentLayout layout(text, tree);
    layout.skip_directives();
    if (!layout.walk(0, -1))
        return std::nullopt;
    const auto rest = skip_trivia(text, layout.m_cursor);
    if (rest < text.size() && !is_marker(text, rest, "..."))
        return std::nullopt;
    return layout;
}

void DocumentLayout::skip_directives()
{
    m_cursor = m_text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    auto next = skip_trivia(m_text, m_cursor);
    while (at(next) == '%')
        next = skip_trivia(m_text, line_end(m_text, next));
    if (is_marker(m_text, next, "---"))
        m_cursor = next + 3;
    m_content_start = m_cursor;
}

std::size_t DocumentLayout::skip_properties()
{
    auto end = m_cursor;
    while (at(m_cursor) == '&' || at(m_cursor) == '!') {
        while (m_cursor < m_text.size() && !is_space(m_text[m_cursor])
               && flow_indicators.find(m_text[m_cursor]) == std::string_view::npos)
            ++m_cursor;
        end = m_cursor;
        m_cursor = skip_trivia(m_text, m_cursor);
    }
    return end;
}

int DocumentLayout::column(std::size_t position) const
{
    return static_cast<int>(position - line_start(m_text, position));
}

std::size_t DocumentLayout::null_word(std::size_t position) const
{
    constexpr std::array<std::string_view, 4> words{"~", "null", "Null", "NULL"};
    for (const auto word : words) {
        const char next = at(position + word.size());
        const bool ends =
            next == '\0' || next == ':' || is_space(next) || flow_indicators.find(next) != std::string_view::npos;
        if (ends && m_text.substr(position, word.size()) == word)
            return word.size();
    }
    return 0;
}

bool DocumentLayout::is_written_null(std::size_t node, int indent) const
{
    const auto found = skip_trivia(m_text, m_cursor);
    if ((*m_tree)[node].position != found || found >= m_text.size())
        return false;
    // On a line of its own it may be the next key instead.
    const bool same_line = m_text.substr(m_cursor, found - m_cursor).find('\n') == std::string_view::npos;
    const bool mine = same_line || (*m_tree)[node].in_flow || column(found) > indent;
    return mine && (at(found) == '&' || at(found) == '!' || null_word(found) > 0);
}

bool DocumentLayout::walk(std::size_t node, int indent)
{
    auto& place = m_places[node];
    const bool is_null = (*m_tree)[node].kind == Kind::null;
    if (is_null && !is_written_null(node, indent)) {
        place.start = place.content = place.end = m_cursor;
        return true;
    }
    m_cursor = skip_trivia(m_text, m_cursor);
    if (m_cursor != (*m_tree)[node].position)
        return false;
    place.start = m_cursor;
    const auto properties_end = skip_properties();
    place.content = m_cursor;
    if (is_null && null_word(m_cursor) == 0) {
        // An anchor, and nothing that it stands for.
        m_cursor = place.content = place.end = properties_end;
        return true;
    }
    return walk_written(node, indent);
}

bool DocumentLayout::walk_written(std::size_t node, int indent)
{
    const auto& seen = (*m_tree)[node];
    auto& place = m_places[node];
    bool good = true;
    switch (seen.kind) {
    case Kind::null: m_cursor += null_word(m_cursor); break;
    case Kind::alias:
        while (m_cursor < m_text.size() && !is_space(m_text[m_cursor])
               && flow_indicators.find(m_text[m_cursor]) == std::string_view::npos)
            ++m_cursor;
        break;
    case Kind::scalar: good = skip_scalar(seen, indent); break;
    case Kind::list: good = seen.flow ? walk_flow_list(node) : walk_block_list(node); break;
    case Kind::mapping: good = seen.flow ? walk_flow_mapping(node) : walk_block_mapping(node); break;
    }
    place.end = m_cursor;
    return good;
}

bool DocumentLayout::walk_entry(std::size_t key, std::size_t value, int indent)
{
    auto& place = m_places[value];
    m_cursor = skip_trivia(m_text, m_cursor);
    place.entry = m_places[key].entry = m_cursor;
    place.complex = at(m_cursor) == '?' && (is_space(at(m_cursor + 1)) || m_cursor + 1 >= m_text.size());
    if (place.complex)
        ++m_cursor;
    if (!walk(key, indent))
        return false;
    const auto colon = skip_trivia(m_text, m_cursor);
    place.introduced = at(colon) == ':';
    if (place.introduced)
        m_cursor = colon + 1;
    place.behind = m_cursor;
    return walk(value, indent);
}

bool DocumentLayout::walk_block_mapping(std::size_t node)
{
    const auto& children = (*m_tree)[node].children;
    const int indent = column(m_cursor);
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        if (!walk_entry(children[i], children[i + 1], indent))
            return false;
    }
    return !children.empty();
}

bool DocumentLayout::walk_flow_mapping(std::size_t node)
{
    const auto& children = (*m_tree)[node].children;
    m_places[node].bracketed = at(m_cursor) == '{';
    if (m_places[node].bracketed)
        ++m_cursor;
    else if (children.size() != 2)
        return false;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        if (!walk_entry(children[i], children[i + 1], -1))
            return false;
        const auto comma = skip_trivia(m_text, m_cursor);
        if (i + 2 < children.size() && at(comma) != ',')
            return false;
        if (i + 2 < children.size())
            m_cursor = comma + 1;
    }
    return !m_places[node].bracketed || close('}');
}

bool DocumentLayout::walk_block_list(std::size_t node)
{
    const int indent = column(m_cursor);
    for (const auto child : (*m_tree)[node].children) {
        m_cursor = skip_trivia(m_text, m_cursor);
        if (at(m_cursor) != '-')
            return false;
        m_places[child].entry = m_cursor;
        m_places[child].behind = ++m_cursor;
        if (!walk(child, indent))
            return false;
    }
    return true;
}

bool DocumentLayout::walk_flow_list(std::size_t node)
{
    const auto& children = (*m_tree)[node].children;
    m_places[node].bracketed = true;
    if (at(m_cursor) != '[')
        return false;
    ++m_cursor;
    for (std::size_t i = 0; i < children.size(); ++i) {
        m_cursor = skip_trivia(m_text, m_cursor);
        m_places[children[i]].entry = m_places[children[i]].behind = m_cursor;
        if (!walk(children[i], -1))
            return false;
        const auto comma = skip_trivia(m_text, m_cursor);
        if (i + 1 < children.size() && at(comma) != ',')
            return false;
        if (i + 1 < children.size())
            m_cursor = comma + 1;
    }
    return close(']');
}

bool DocumentLayout::close(char bracket)
{
    m_cursor = skip_trivia(m_text, m_cursor);
    if (at(m_cursor) == ',')
        m_cursor = skip_trivia(m_text, m_cursor + 1);
    if (at(m_cursor) != bracket)
        return false;
    ++m_cursor;
    return true;
}

bool DocumentLayout::skip_scalar(const TreeNode& node, int indent)
{
    const char first = at(m_cursor);
    if (first == '"' || first == '\'')
        return skip_quoted(first);
    if (first == '|' || first == '>')
        return skip_block_scalar(indent);
    return skip_plain(node.text);
}

bool DocumentLayout::skip_quoted(char quote)
{
    for (++m_cursor; m_cursor < m_text.size(); ++m_cursor) {
        if (quote == '"' && m_text[m_cursor] == '\\') {
            ++m_cursor;
        } else if (m_text[m_cursor] == quote) {
            const bool doubled = quote == '\'' && at(m_cursor + 1) == '\'';
            ++m_cursor;
            if (!doubled)
                return true;
        }
    }
    return false;
}

bool DocumentLayout::skip_block_scalar(int indent)
{
    const auto header = m_text.substr(m_cursor, line_end(m_text, m_cursor) - m_cursor);
    const auto indicators = header.substr(0, std::min(header.find_first_of(" \t#"), header.size()));
    const auto digit = indicators.find_first_of("123456789");
    int least = digit == std::string_view::npos ? -1 : std::max(indent, 0) + (indicators[digit] - '0');
    const bool keeps = indicators.find('+') != std::string_view::npos;
    auto end = m_cursor = line_end(m_text, m_cursor);
    while (m_cursor < m_text.size()) {
        const auto line = m_text.find('\n', m_cursor) + 1;
        if (line == 0 || line >= m_text.size())
            break;
        const auto stop = line_end(m_text, line);
        const auto text = std::min(m_text.find_first_not_of(' ', line), stop);
        m_cursor = stop;
        if (text >= stop) {
            end = keeps ? stop : end;
            continue;
        }
        const int here = static_cast<int>(text - line);
        if (least < 0)
            least = std::max(here, indent + 1);
        if (here < least || is_marker(m_text, line, "---") || is_marker(m_text, line, "..."))
            break;
        end = stop;
    }
    m_cursor = end;
    return true;
}

/// The parser folds the lines of a plain scalar; its end is where what it means has been read.
bool DocumentLayout::skip_plain(std::string_view meaning)
{
    while (!meaning.empty()) {
        if (at(m_cursor) == meaning.front() && meaning.front() != '\n') {
            meaning.remove_prefix(1);
            ++m_cursor;
            // White space in the text may be the end of a line, which stands for less.
            if (m_text[m_cursor - 1] != ' ' || meaning.empty() || at(m_cursor) == meaning.front())
                continue;
            if (!is_space(at(m_cursor)))
                return false;
        } else if (meaning.front() == ' ' || meaning.front() == '\n') {
            if (!is_space(at(m_cursor)))
                return false;
            while (meaning.front() == ' ' || meaning.front() == '\n') {
                meaning.remove_prefix(1);
                if (meaning.empty())
                    return false;
            }
        } else {
            return false;
        }
        while (is_space(at(m_cursor)))
            ++m_cursor;
    }
    return true;
}

} // namespace tokenscope::config
