// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document_edit.h"

#include "config/problem.h"
#include "config/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::config {
namespace {

using Kind = TreeNode::Kind;

std::string key_text(const PathStep& step)
{
    // A colon in a plain key is legal and easily misread.
    const bool misread = step.key.find(':') != std::string::npos;
    return yaml_scalar(step.key, misread ? ScalarStyle::double_quoted : ScalarStyle::plain);
}

std::string plain_or_quoted(std::string_view value)
{
    return yaml_scalar(value, ScalarStyle::plain);
}

tl::unexpected<Error> refused(std::string why)
{
    return failure(ErrorCode::config, std::move(why));
}

bool is_blank(std::string_view line)
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

DocumentEditor::DocumentEditor(std::string_view text, const DocumentTree& tree, const DocumentLayout& layout)
    : m_text(text), m_tree(tree), m_layout(layout),
      m_break(text.find("\r\n") + 1 == text.find('\n') && text.find('\n') != std::string_view::npos ? "\r\n" : "\n"),
      m_out(text)
{
}

std::size_t DocumentEditor::column(std::size_t position) const
{
    return position - line_start(m_text, position);
}

bool DocumentEditor::begins_line(std::size_t position) const
{
    const auto start = line_start(m_text, position);
    return is_blank(m_text.substr(start, position - start));
}

bool DocumentEditor::begins_block(std::size_t node) const
{
    return m_tree[node].is_collection() && !m_tree[node].flow && !m_tree[node].children.empty();
}

Result<DocumentEditor::Reached> DocumentEditor::reach(PathSteps path) const
{
    Reached reached;
    while (reached.steps < path.size()) {
        if (m_tree.count(reached.node, path[reached.steps]) > 1)
            return refused(fmt::format("'{}' is there more than once; remove the others in the text",
                                       shown(path[reached.steps].key)));
        const auto next = m_tree.child(reached.node, path[reached.steps]);
        if (!next)
            break;
        if (m_layout[*next].complex)
            return refused("its key is written with a '?'; change it in the text");
        reached = {*next, reached.node, reached.steps + 1};
        if (m_tree[reached.node].shared)
            return refused("other places of the file refer to it (by an alias, \"*\"); change it in the text");
    }
    if (m_tree[reached.node].kind == Kind::alias && reached.steps < path.size())
        return refused("it is a reference to another place of the file (an alias, \"*\"); change it in the text");
    return reached;
}

Result<std::string> DocumentEditor::set(PathSteps path, std::string_view value)
{
    const auto reached = reach(path);
    if (!reached)
        return failure(reached.error());
    const auto done =
        reached->steps == path.size() ? replace(*reached, value) : add(*reached, path.subspan(reached->steps), value);
    if (!done)
        return failure(done.error());
    return std::move(m_out);
}

Result<void> DocumentEditor::replace(const Reached& reached, std::string_view value)
{
    const auto& node = m_tree[reached.node];
    const auto& place = m_layout[reached.node];
    if (node.is_collection())
        return refused(node.kind == Kind::list ? "holds a list, not a single value"
                                               : "holds further keys, not a single value");
    if (m_text.substr(place.start, place.content - place.start).find('!') != std::string_view::npos)
        return refused("has a YAML tag; change it in the text");
    if (node.kind == Kind::scalar && node.text == value)
        return {};
    auto style = ScalarStyle::plain;
    if (place.end > place.content && m_text[place.content] == '\'')
        style = ScalarStyle::single_quoted;
    else if (place.end > place.content && m_text[place.content] == '"')
        style = ScalarStyle::double_quoted;
    const auto text = yaml_scalar(value, style);
    if (place.end > place.content) {
        put(place.content, place.end - place.content, text);
        return {};
    }
    const bool is_element = m_tree[reached.parent].kind == Kind::list;
    const bool bare = !place.introduced && !is_element;
    put(place.end, 0, (bare ? ": " : " ") + text);
    return {};
}

Result<void> DocumentEditor::add(const Reached& reached, PathSteps rest, std::string_view value)
{
    const auto& node = m_tree[reached.node];
    const auto& place = m_layout[reached.node];
    const bool wants_list = rest.front().is_index;
    if (node.kind == Kind::scalar)
        return refused(wants_list ? "holds a single value, not a list" : "holds a single value, not further keys");
    if (node.kind != Kind::null && (node.kind == Kind::list) != wants_list)
        return refused(wants_list ? "holds keys, not a list" : "holds a list, not keys");
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i].is_index && rest[i].index != (i == 0 ? node.children.size() : 0))
            return refused(fmt::format("there is no element {} to put this one behind", rest[i].index - 1));
    }
    if (node.is_collection() && node.flow && !place.bracketed)
        return refused("is a pair without braces in a list; change it in the text");
    const bool is_empty = node.children.empty();
    if (reached.steps == 0 && is_empty && !node.flow)
        add_at_root(rest, value);
    else if (node.in_flow || (node.flow && (!is_empty || reached.steps == 0)))
        add_to_flow(reached.node, rest, value);
    else if (is_empty)
        add_below(reached, rest, value);
    else
        add_to_block(reached, rest, value);
    return {};
}

std::size_t DocumentEditor::step(Kind kind) const
{
    for (std::size_t node = 0; node < m_tree.size(); ++node) {
        for (std::size_t i = 1; m_tree[node].kind == Kind::mapping && i < m_tree[node].children.size(); i += 2) {
            const auto child = m_tree[node].children[i];
            if (m_tree[child].kind != kind || !begins_block(child) || m_tree[node].flow)
                continue;
            const auto inner = column(m_layout[m_tree[child].children.back()].entry);
            const auto outer = column(m_layout[child].entry);
            if (inner >= outer)
                return inner - outer;
        }
    }
    return 2;
}

void DocumentEditor::write_block(Lines& lines, PathSteps rest, std::string_view value, std::size_t at_column) const
{
    if (rest.empty()) {
        lines.back() += plain_or_quoted(value);
        return;
    }
    const auto below = rest.subspan(1);
    if (rest.front().is_index) {
        lines.back() += "- ";
        write_block(lines, below, value, at_column + 2);
        return;
    }
    lines.back() += key_text(rest.front()) + ":";
    if (below.empty()) {
        lines.back() += ' ';
    } else {
        at_column += step(below.front().is_index ? Kind::list : Kind::mapping);
        lines.emplace_back(at_column, ' ');
    }
    write_block(lines, below, value, at_column);
}

std::string DocumentEditor::flow_text(PathSteps rest, std::string_view value)
{
    if (rest.empty())
        return plain_or_quoted(value);
    const auto below = rest.subspan(1);
    auto inner = flow_text(below, value);
    if (!below.empty())
        inner = below.front().is_index ? '[' + inner + ']' : '{' + inner + '}';
    return rest.front().is_index ? inner : fmt::format("{}: {}", key_text(rest.front()), inner);
}

void DocumentEditor::insert_lines(std::size_t behind, const Lines& lines)
{
    const auto text = fmt::format("{}", fmt::join(lines, m_break));
    put(behind, 0, std::string(m_break) + text);
}

void DocumentEditor::add_to_block(const Reached& reached, PathSteps rest, std::string_view value)
{
    const auto& children = m_tree[reached.node].children;
    const auto at_column = column(m_layout[m_tree[reached.node].kind == Kind::list ? children[0] : children[1]].entry);
    // Comments behind the last entry are taken for its own, or for entries that are commented out; but not where they may as
    // well belong to what follows the list.
    const bool aligned = m_tree[reached.node].kind == Kind::list && reached.steps > 0
                         && m_tree[reached.parent].kind == Kind::mapping
                         && column(m_layout[reached.node].entry) == at_column;
    const auto behind = comments_below(m_layout[children.back()].end, at_column + (aligned ? 1 : 0));
    Lines lines;
    if (reached.steps == 0 && rest.size() > 1)
        lines.emplace_back();
    lines.emplace_back(at_column, ' ');
    write_block(lines, rest, value, at_column);
    insert_lines(behind, lines);
}

void DocumentEditor::add_below(const Reached& reached, PathSteps rest, std::string_view value)
{
    const auto& place = m_layout[reached.node];
    const bool is_element = m_tree[reached.parent].kind == Kind::list;
    auto at_column = column(place.entry);
    Lines lines;
    if (is_element) {
        lines.emplace_back(" ");
        write_block(lines, rest, value, at_column + 2);
        const auto text = fmt::format("{}", fmt::join(lines, m_break));
        put(place.behind, place.end - place.behind, text);
        return;
    }
    at_column += step(rest.front().is_index ? Kind::list : Kind::mapping);
    lines.emplace_back(at_column, ' ');
    write_block(lines, rest, value, at_column);
    insert_lines(comments_below(place.end, column(place.entry) + 1), lines);
    if (place.end > place.content) { // the empty brackets, or the null, that stood for it
        auto from = place.content;
        while (from > place.behind && m_text[from - 1] == ' ')
            --from;
        put(from, place.end - from, "");
    }
}

void DocumentEditor::add_at_root(PathSteps rest, std::string_view value)
{
    Lines lines(1);
    write_block(lines, rest, value, 0);
    const auto text = fmt::format("{}", fmt::join(lines, m_break));
    auto behind = m_text.size();
    for (auto line = line_start(m_text, m_layout.content_start()); line < m_text.size();
         line = std::min(m_text.find('\n', line), m_text.size() - 1) + 1) {
        if (m_text.substr(line, 3) == "...")
            behind = std::min(behind, line);
    }
    const bool at_line_start = behind == 0 || m_text[behind - 1] == '\n' || line_start(m_text, behind) == behind;
    put(behind, 0, (at_line_start ? "" : std::string(m_break)) + text + std::string(m_break));
}

void DocumentEditor::add_to_flow(std::size_t node, PathSteps rest, std::string_view value)
{
    const auto& place = m_layout[node];
    const auto& children = m_tree[node].children;
    auto entry = flow_text(rest, value);
    if (!m_tree[node].is_collection()) {
        entry = rest.front().is_index ? '[' + entry + ']' : '{' + entry + '}';
        const std::string_view colon = place.introduced ? " " : ": ";
        if (place.end > place.content)
            put(place.content, place.end - place.content, entry);
        else
            put(place.end, 0, std::string(colon) + entry);
        return;
    }
    if (children.empty()) {
        put(place.content + 1, 0, entry);
        return;
    }
    const auto last = children.back();
    const auto end = m_layout[last].end;
    const auto next = DocumentLayout::skip_trivia(m_text, end);
    const bool has_comma = m_text[next] == ',';
    const auto line = line_end(m_text, has_comma ? next + 1 : end);
    const bool on_lines = begins_line(m_layout[last].entry) && place.end > line;
    if (!on_lines) {
        put(end, 0, ", " + entry);
        return;
    }
    insert_lines(line, {std::string(column(m_layout[last].entry), ' ') + entry + (has_comma ? "," : "")});
    if (!has_comma)
        put(end, 0, ",");
}

} // namespace tokenscope::config
