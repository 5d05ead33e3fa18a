// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/document_path.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// A node of a document as its parser saw it.
struct TreeNode {
    enum class Kind { null, scalar, list, mapping, alias };

    Kind kind = Kind::null;
    std::size_t position =
        0;                  ///< in the text, where it begins; of a null that is not written, where the next thing does
    bool flow = false;      ///< a collection in brackets
    bool in_flow = false;   ///< inside of one
    bool shared = false;    ///< an alias stands for it
    bool any_style = false; ///< of what is expected: quoted or not
    std::string text;       ///< of a scalar: what it means
    std::string tag;
    std::size_t anchor = 0;            ///< 0: none
    std::size_t target = 0;            ///< of an alias: the node that it stands for
    std::vector<std::size_t> children; ///< of a mapping: a key and its value in turn

    bool is_collection() const { return kind == Kind::list || kind == Kind::mapping; }
};

/// The nodes of a YAML document that is empty or a mapping. The first is the root.
class DocumentTree {
public:
    /// Error: ErrorCode::config, "line:column: problem".
    static Result<DocumentTree> parse(std::string_view text);

    const TreeNode& operator[](std::size_t node) const { return m_nodes[node]; }
    std::size_t size() const { return m_nodes.size(); }

    /// The value or element that a step leads to; the first, where a key is there twice. Aliases are not followed.
    std::optional<std::size_t> child(std::size_t node, const PathStep& step) const;
    /// Aliases are followed.
    std::optional<std::size_t> find(PathSteps path) const;
    /// How often a mapping has the key.
    std::size_t count(std::size_t node, const PathStep& step) const;
    /// Whether an alias stands for it or for anything in it.
    bool has_shared(std::size_t node) const;

    /// What the tree must be after an edit; positions are left as they are.
    void expect_set(PathSteps path, std::string_view value);
    void expect_removed(PathSteps path);
    /// Whether both mean the same, node by node.
    friend bool same(const DocumentTree& expected, const DocumentTree& actual);

private:
    friend class TreeBuilder;

    std::size_t add(TreeNode node);
    bool same_node(std::size_t mine, const DocumentTree& other, std::size_t theirs,
                   std::vector<std::size_t>& partners) const;

    std::vector<TreeNode> m_nodes;
};

} // namespace tokenscope::config
