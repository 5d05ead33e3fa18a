// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document_edit.h"

#include <algorithm>
#include <utility>

namespace tokenscope::config {
namespace {

using Kind = TreeNode::Kind;

/// Of a line with nothing but a comment, where that begins.
std::optional<std::size_t> comment_column(std::string_view text, std::size_t line)
{
    const auto at = text.find_first_not_of(" \t", line);
    return at != std::string_view::npos && text[at] == '#' ? std::optional(at - line) : std::nullopt;
}

bool is_blank_line(std::string_view text, std::size_t line)
{
    return line < text.size()
           && text.substr(line, line_end(text, line) - line).find_first_not_of(" \t") == std::string_view::npos;
}

/// Where the next line begins; the text's end where there is none.
std::size_t next_line(std::string_view text, std::size_t position)
{
    return std::min(text.find('\n', position), text.size() - 1) + 1;
}

} // namespace

std::size_t DocumentEditor::comments_above(std::size_t entry, std::size_t floor) const
{
    auto first = line_start(m_text, entry);
    const auto wanted = column(entry);
    while (first > 0) {
        const auto above = line_start(m_text, first - 1);
        if (above < floor || above == first || comment_column(m_text, above) != wanted)
            break;
        first = above;
    }
    return first;
}

std::size_t DocumentEditor::comments_below(std::size_t position, std::size_t least) const
{
    auto end = line_end(m_text, position);
    for (auto line = next_line(m_text, end); end < m_text.size() && line < m_text.size();) {
        const auto found = comment_column(m_text, line);
        if (!found || *found < least)
            break;
        end = line_end(m_text, line);
        line = next_line(m_text, end);
    }
    return end;
}

Result<std::string> DocumentEditor::remove(PathSteps path)
{
    const auto reached = reach(path);
    if (!reached)
        return failure(reached.error());
    if (m_tree.has_shared(reached->node))
        return failure(ErrorCode::config,
                       "other places of the file refer to it (by an alias, \"*\"); change it in the text");
    if (m_tree[reached->parent].flow)
        remove_flow_entry(*reached);
    else
        remove_block_entry(*reached);
    return std::move(m_out);
}

/// From the beginning of the line of `first` to the end of that of `last`, and one of two empty lines that would meet.
void DocumentEditor::remove_lines(std::size_t first, std::size_t last)
{
    auto end = next_line(m_text, line_end(m_text, last));
    const bool blank_above = first == 0 || is_blank_line(m_text, line_start(m_text, first - 1));
    if (blank_above && is_blank_line(m_text, end))
        end = next_line(m_text, end);
    put(first, end - first, "");
}

void DocumentEditor::remove_block_entry(const Reached& reached)
{
    const auto& parent = m_tree[reached.parent];
    const auto& place = m_layout[reached.node];
    const auto& siblings = parent.children;
    const std::size_t width = parent.kind == Kind::mapping ? 2 : 1;
    const bool is_first = siblings[width - 1] == reached.node;
    const bool is_only = siblings.size() == width;
    const std::string_view empty = parent.kind == Kind::mapping ? "{}" : "[]";
    if (!begins_line(place.entry)) { // in the line of a list's "-"
        const auto next = is_only ? 0 : m_layout[siblings[2 * width - 1]].entry;
        const auto below = line_end(m_text, place.end); // a comment in its own line goes with it
        const auto gap = is_only ? std::string_view() : m_text.substr(below, next - below);
        if (is_only)
            put(place.entry, place.end - place.entry, empty);
        else if (gap.find('#') == std::string_view::npos)
            put(place.entry, next - place.entry, "");
        else // what is noted about the next one stays
            put(place.entry, below - place.entry, "");
        return;
    }
    std::size_t floor = m_layout.content_start();
    if (!is_first)
        floor =
            m_layout[*(std::find(siblings.begin(), siblings.end(), reached.node) - static_cast<std::ptrdiff_t>(width))]
                .end;
    else if (reached.steps > 1)
        floor = m_layout[reached.parent].behind;
    const auto last = comments_below(place.end, column(place.entry) + 1);
    remove_lines(comments_above(place.entry, floor), last);
    if (is_only && reached.steps > 1) {
        const auto& owner = m_layout[reached.parent];
        auto behind = owner.content;
        while (behind > owner.behind && m_text.substr(behind - 1, 1).find_first_of(" \t\r\n") == 0)
            --behind;
        const auto properties = DocumentLayout::skip_trivia(m_text, owner.behind) < owner.content;
        put(properties ? behind : owner.behind, 0, ' ' + std::string(empty));
    }
}

void DocumentEditor::remove_flow_entry(const Reached& reached)
{
    const auto& parent = m_tree[reached.parent];
    const auto& place = m_layout[reached.node];
    const auto& siblings = parent.children;
    const auto width = static_cast<std::ptrdiff_t>(parent.kind == Kind::mapping ? 2 : 1);
    const auto at = std::find(siblings.begin(), siblings.end(), reached.node);
    const bool is_last = at + 1 == siblings.end();
    const bool is_first = at - siblings.begin() == width - 1;
    const auto behind = DocumentLayout::skip_trivia(m_text, place.end);
    const auto end = m_text[behind] == ',' ? behind + 1 : place.end;
    // Alone on its lines: they go, with their comments.
    const auto rest = m_text.substr(end, line_end(m_text, end) - end);
    const auto visible = rest.find_first_not_of(" \t");
    const bool ends_line = visible == std::string_view::npos || rest[visible] == '#';
    const auto floor = is_first ? m_layout[reached.parent].content : m_layout[*(at - width)].end;
    if (begins_line(place.entry) && ends_line && line_start(m_text, place.entry) > floor) {
        remove_lines(comments_above(place.entry, floor), end);
        return;
    }
    if (!is_last) {
        const auto next = m_layout[*(at + width)].entry;
        const bool noted = m_text.substr(end, next - end).find('#') != std::string_view::npos;
        put(place.entry, (noted ? end : next) - place.entry, "");
        return;
    }
    const auto from = is_first ? place.entry : m_layout[*(at - width)].end;
    put(from, (is_first ? end : place.end) - from, "");
}

} // namespace tokenscope::config
