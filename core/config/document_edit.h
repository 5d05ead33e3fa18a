// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/document_layout.h"
#include "config/document_tree.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// Writes one change into a text. What comes out has still to be looked at: that it means what was wanted, and nothing else
/// has changed. Errors: ErrorCode::config, continuing no sentence.
class DocumentEditor {
public:
    DocumentEditor(std::string_view text, const DocumentTree& tree, const DocumentLayout& layout);

    Result<std::string> set(PathSteps path, std::string_view value);
    /// The last step is there.
    Result<std::string> remove(PathSteps path);

private:
    using Lines = std::vector<std::string>;

    /// Follows a path as far as it is there; the node, and how many steps led to it.
    struct Reached {
        std::size_t node = 0;
        std::size_t parent = 0;
        std::size_t steps = 0;
    };
    Result<Reached> reach(PathSteps path) const;

    Result<void> replace(const Reached& reached, std::string_view value);
    Result<void> add(const Reached& reached, PathSteps rest, std::string_view value);
    void add_to_block(const Reached& reached, PathSteps rest, std::string_view value);
    void add_below(const Reached& reached, PathSteps rest, std::string_view value);
    void add_at_root(PathSteps rest, std::string_view value);
    void add_to_flow(std::size_t node, PathSteps rest, std::string_view value);
    /// Adds what is missing to the last line, and the lines below it.
    void write_block(Lines& lines, PathSteps rest, std::string_view value, std::size_t column) const;
    static std::string flow_text(PathSteps rest, std::string_view value);

    void remove_block_entry(const Reached& reached);
    void remove_flow_entry(const Reached& reached);
    void remove_lines(std::size_t first, std::size_t last);
    /// Of comments that stand right above an entry, the line of the first.
    std::size_t comments_above(std::size_t entry, std::size_t floor) const;
    /// Of lines with nothing but comments right below a position, the end of the last that is indented by `least` or more.
    std::size_t comments_below(std::size_t position, std::size_t least) const;

    std::size_t column(std::size_t position) const;
    bool begins_line(std::size_t position) const;
    bool begins_block(std::size_t node) const;
    /// How far elements of a list, or keys of a mapping, stand to the right of the key that they belong to.
    std::size_t step(TreeNode::Kind kind) const;
    void insert_lines(std::size_t behind, const Lines& lines);
    void put(std::size_t position, std::size_t length, std::string_view what) { m_out.replace(position, length, what); }

    const std::string_view m_text;
    const DocumentTree& m_tree;
    const DocumentLayout& m_layout;
    const std::string_view m_break;
    std::string m_out;
};

} // namespace tokenscope::config
