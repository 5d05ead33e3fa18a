// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document_tree.h"

#include "config/yaml_text.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace tokenscope::config {

namespace {

using Kind = TreeNode::Kind;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

tl::unexpected<Error> broken(const Problem& problem)
{
    return failure(ErrorCode::config, problem.line > 0
                                          ? fmt::format("{}:{}: {}", problem.line, problem.column, problem.text)
                                          : problem.text);
}

std::string_view without_mark(std::string_view text)
{
    return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

} // namespace

/// Makes a tree of the parser's events.
class TreeBuilder : public YAML::EventHandler {
public:
    explicit TreeBuilder(std::size_t offset) : m_offset(offset) {}

    DocumentTree take() { return std::move(m_tree); }
    const YAML::Mark& root() const { return m_root; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, {.anchor = anchor}); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto target = m_anchors[anchor];
        m_tree.m_nodes[target].shared = true;
        add(mark, {.kind = Kind::alias, .target = target});
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        add(mark, {.kind = Kind::scalar, .text = value, .tag = tag, .anchor = anchor});
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override
    {
        open(mark, {.kind = Kind::list, .flow = style == YAML::EmitterStyle::Flow, .tag = tag, .anchor = anchor});
    }
    void OnSequenceEnd() override { m_open.pop_back(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override
    {
        open(mark, {.kind = Kind::mapping, .flow = style == YAML::EmitterStyle::Flow, .tag = tag, .anchor = anchor});
    }
    void OnMapEnd() override { m_open.pop_back(); }

private:
    std::size_t add(const YAML::Mark& mark, TreeNode node)
    {
        if (m_tree.m_nodes.empty())
            m_root = mark;
        node.position = m_offset + static_cast<std::size_t>(std::max(mark.pos, 0));
        node.in_flow = !m_open.empty() && (m_tree[m_open.back()].flow || m_tree[m_open.back()].in_flow);
        const auto anchor = node.anchor;
        const auto added = m_tree.add(std::move(node));
        if (anchor != 0)
            m_anchors[anchor] = added;
        if (!m_open.empty())
            m_tree.m_nodes[m_open.back()].children.push_back(added);
        return added;
    }
    void open(const YAML::Mark& mark, TreeNode node) { m_open.push_back(add(mark, std::move(node))); }

    const std::size_t m_offset;
    YAML::Mark m_root;
    DocumentTree m_tree;
    std::vector<std::size_t> m_open;
    std::map<std::size_t, std::size_t> m_anchors;
};

Result<DocumentTree> DocumentTree::parse(std::string_view text)
{
    if (const auto problem = text_problem(text))
        return broken(*problem);
    const auto content = without_mark(text);
    try {
        if (const auto second = second_document(without_final_space(content)))
            return broken({second->line + 1, second->column + 1, "a second document starts here; only one is allowed"});
        std::istringstream input{std::string(content)};
        YAML::Parser parser(input);
        TreeBuilder builder(text.size() - content.size());
        const bool any = parser.HandleNextDocument(builder);
        auto tree = builder.take();
        const auto root = builder.root();
        if (!any || tree.size() == 0)
            tree.add({});
        else if (tree[0].kind != Kind::mapping && tree[0].kind != Kind::null)
            return broken({root.line + 1, root.column + 1, "must be a mapping of keys to values"});
        return tree;
    } catch (const YAML::Exception& error) {
        return broken(syntax_problem(text, error));
    }
}

std::size_t DocumentTree::add(TreeNode node)
{
    m_nodes.push_back(std::move(node));
    return m_nodes.size() - 1;
}

std::optional<std::size_t> DocumentTree::child(std::size_t node, const PathStep& step) const
{
    const auto& children = m_nodes[node].children;
    if (m_nodes[node].kind == Kind::list && step.is_index)
        return step.index < children.size() ? std::optional(children[step.index]) : std::nullopt;
    if (m_nodes[node].kind != Kind::mapping || step.is_index)
        return std::nullopt;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        const auto& key = m_nodes[children[i]];
        if (key.kind == Kind::scalar && key.text == step.key)
            return children[i + 1];
    }
    return std::nullopt;
}

std::optional<std::size_t> DocumentTree::find(PathSteps path) const
{
    const auto resolved = [this](std::size_t node) {
        return m_nodes[node].kind == Kind::alias ? m_nodes[node].target : node;
    };
    std::optional<std::size_t> at = 0;
    for (const auto& step : path) {
        at = child(*at, step);
        if (!at)
            return std::nullopt;
        at = resolved(*at);
    }
    return at;
}

std::size_t DocumentTree::count(std::size_t node, const PathStep& step) const
{
    const auto& children = m_nodes[node].children;
    std::size_t found = 0;
    for (std::size_t i = 0; i + 1 < children.size() && m_nodes[node].kind == Kind::mapping; i += 2)
        found += m_nodes[children[i]].kind == Kind::scalar && m_nodes[children[i]].text == step.key ? 1 : 0;
    return found;
}

bool DocumentTree::has_shared(std::size_t node) const
{
    const auto& children = m_nodes[node].children;
    return m_nodes[node].shared
           || std::any_of(children.begin(), children.end(), [this](std::size_t each) { return has_shared(each); });
}

void DocumentTree::expect_set(PathSteps path, std::string_view value)
{
    std::size_t at = 0;
    for (const auto& step : path) {
        auto next = child(at, step);
        if (!next) {
            m_nodes[at].kind = step.is_index ? Kind::list : Kind::mapping;
            if (!step.is_index) {
                const auto key = add({.kind = Kind::scalar, .any_style = true, .text = step.key});
                m_nodes[at].children.push_back(key);
            }
            next = add({});
            m_nodes[at].children.push_back(*next);
        }
        at = *next;
    }
    auto& node = m_nodes[at];
    node.kind = Kind::scalar;
    node.any_style = true;
    node.text = value;
}

void DocumentTree::expect_removed(PathSteps path)
{
    const auto parent = find(path.first(path.size() - 1));
    const auto gone = parent ? child(*parent, path.back()) : std::nullopt;
    if (!gone)
        return;
    auto& children = m_nodes[*parent].children;
    const auto at = std::find(children.begin(), children.end(), *gone);
    const bool keyed = m_nodes[*parent].kind == Kind::mapping;
    children.erase(keyed ? at - 1 : at, at + 1);
    if (*parent == 0 && children.empty() && !m_nodes[0].flow)
        m_nodes[0].kind = Kind::null;
}

bool DocumentTree::same_node(std::size_t mine, const DocumentTree& other, std::size_t theirs,
                             std::vector<std::size_t>& partners) const
{
    const auto& a = m_nodes[mine];
    const auto& b = other[theirs];
    if (a.kind != b.kind || a.children.size() != b.children.size())
        return false;
    partners[mine] = theirs;
    if (a.kind == Kind::alias) // what it stands for came before it
        return partners[a.target] == b.target;
    if (a.kind == Kind::scalar && (a.text != b.text || (!a.any_style && a.tag != b.tag)))
        return false;
    if (a.is_collection() && !a.tag.empty() && a.tag != b.tag)
        return false;
    for (std::size_t i = 0; i < a.children.size(); ++i) {
        if (!same_node(a.children[i], other, b.children[i], partners))
            return false;
    }
    return true;
}

bool same(const DocumentTree& expected, const DocumentTree& actual)
{
    std::vector<std::size_t> partners(expected.size(), actual.size());
    return expected.same_node(0, actual, 0, partners);
}

} // namespace tokenscope::config
