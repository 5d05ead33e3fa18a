// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document.h"

#include "config/document_edit.h"
#include "config/document_layout.h"
#include "config/document_path.h"
#include "config/document_tree.h"
#include "config/problem.h"
#include "config/yaml_text.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::config {
namespace {

using Kind = TreeNode::Kind;

constexpr std::string_view too_unusual = "is written in a way that cannot be changed key by key; change it in the text";

Error about(std::string_view path, Error error)
{
    error.message = fmt::format("{}: {}", shown(path), error.message);
    return error;
}

} // namespace

Document::Document(std::string text, DocumentTree tree)
    : m_text(std::move(text)), m_tree(std::make_shared<const DocumentTree>(std::move(tree)))
{
}

Result<Document> Document::parse(std::string text)
{
    auto tree = DocumentTree::parse(text);
    if (!tree)
        return failure(std::move(tree.error()));
    return Document(std::move(text), std::move(*tree));
}

std::optional<std::size_t> Document::find(std::string_view path) const
{
    const auto steps = parse_path(path);
    return steps ? m_tree->find(*steps) : std::nullopt;
}

bool Document::has(std::string_view path) const
{
    return find(path).has_value();
}

std::optional<std::string> Document::scalar(std::string_view path) const
{
    const auto found = find(path);
    if (!found || (*m_tree)[*found].kind != Kind::scalar)
        return std::nullopt;
    return (*m_tree)[*found].text;
}

std::size_t Document::size(std::string_view path) const
{
    const auto found = find(path);
    return found && (*m_tree)[*found].kind == Kind::list ? (*m_tree)[*found].children.size() : 0;
}

std::vector<std::string> Document::keys(std::string_view path) const
{
    std::vector<std::string> out;
    const auto found = path.empty() ? std::optional<std::size_t>(0) : find(path);
    if (!found || (*m_tree)[*found].kind != Kind::mapping)
        return out;
    const auto& children = (*m_tree)[*found].children;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        if ((*m_tree)[children[i]].kind == Kind::scalar)
            out.push_back((*m_tree)[children[i]].text);
    }
    return out;
}

Result<void> Document::set(std::string_view path, std::string_view value)
{
    const auto steps = parse_path(path);
    if (!steps)
        return failure(steps.error());
    for (const auto part : {path, value}) {
        if (auto problem = text_problem(part))
            return failure(about(path, {.code = ErrorCode::config, .message = std::move(problem->text)}));
    }
    const auto layout = DocumentLayout::of(m_text, *m_tree);
    if (!layout)
        return failure(about(path, {.code = ErrorCode::config, .message = std::string(too_unusual)}));
    auto text = DocumentEditor(m_text, *m_tree, *layout).set(*steps, value);
    if (!text)
        return failure(about(path, std::move(text.error())));
    auto expected = *m_tree;
    expected.expect_set(*steps, value);
    return adopt(path, std::move(*text), expected);
}

Result<void> Document::remove(std::string_view path)
{
    const auto steps = parse_path(path);
    if (!steps)
        return failure(steps.error());
    if (!m_tree->find(*steps))
        return {};
    const auto layout = DocumentLayout::of(m_text, *m_tree);
    if (!layout)
        return failure(about(path, {.code = ErrorCode::config, .message = std::string(too_unusual)}));
    auto text = DocumentEditor(m_text, *m_tree, *layout).remove(*steps);
    if (!text)
        return failure(about(path, std::move(text.error())));
    auto expected = *m_tree;
    expected.expect_removed(*steps);
    return adopt(path, std::move(*text), expected);
}

/// Only if nothing else has changed with it.
Result<void> Document::adopt(std::string_view path, std::string text, const DocumentTree& expected)
{
    auto tree = DocumentTree::parse(text);
    if (!tree || !same(expected, *tree))
        return failure(about(path, {.code = ErrorCode::config, .message = std::string(too_unusual)}));
    m_text = std::move(text);
    m_tree = std::make_shared<const DocumentTree>(std::move(*tree));
    return {};
}

} // namespace tokenscope::config
