// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/document_tree.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// Where a node is written: positions in the text.
struct Place {
    std::size_t entry =
        0; ///< where its line of the mapping or list begins: the key or the "-"; of a key itself: as start
    std::size_t behind = 0;  ///< behind the ":" or "-" that introduces it; behind the key where there is none
    std::size_t start = 0;   ///< its anchor and tag
    std::size_t content = 0; ///< without these; a null that is not written has nothing
    std::size_t end = 0;     ///< behind its last character, a closing bracket included
    bool introduced = true;  ///< there is a ":" or "-"
    bool bracketed = false;  ///< a collection with brackets of its own: "[a: 1]" has a mapping without
    bool complex = false;    ///< of a mapping's value: its key begins with "?"
};

/// Finds what the parser does not tell: where nodes end. Walks the text along the parser's tree; empty where the two do not
/// agree, which a notation that nobody uses for a configuration can bring about.
class DocumentLayout {
public:
    static std::optional<DocumentLayout> of(std::string_view text, const DocumentTree& tree);

    const Place& operator[](std::size_t node) const { return m_places[node]; }
    /// Behind the line "---", or the text's first character where there is none.
    std::size_t content_start() const { return m_content_start; }

    /// Behind white space and comments.
    static std::size_t skip_trivia(std::string_view text, std::size_t at);

private:
    DocumentLayout(std::string_view text, const DocumentTree& tree) : m_text(text), m_tree(&tree), m_places(tree.size())
    {
    }

    char at(std::size_t position) const { return position < m_text.size() ? m_text[position] : '\0'; }
    void skip_directives();
    /// Behind the last of them; the cursor is at what they are of.
    std::size_t skip_properties();
    /// `indent`: the column of the innermost block collection around it; -1: there is none.
    bool walk(std::size_t node, int indent);
    bool walk_written(std::size_t node, int indent);
    /// The length of a word for null; 0: there is none.
    std::size_t null_word(std::size_t position) const;
    bool is_written_null(std::size_t node, int indent) const;
    bool walk_block_mapping(std::size_t node);
    bool walk_flow_mapping(std::size_t node);
    bool walk_block_list(std::size_t node);
    bool walk_flow_list(std::size_t node);
    /// A key, its ":" and its value.
    bool walk_entry(std::size_t key, std::size_t value, int indent);
    bool close(char bracket);
    bool skip_scalar(const TreeNode& node, int indent);
    bool skip_quoted(char quote);
    bool skip_block_scalar(int indent);
    bool skip_plain(std::string_view meaning);
    int column(std::size_t position) const;

    std::string_view m_text;
    const DocumentTree* m_tree;
    std::vector<Place> m_places;
    std::size_t m_cursor = 0;
    std::size_t m_content_start = 0;
};

/// Where the line of a position begins, and where it ends: before its line break, or at the text's end.
std::size_t line_start(std::string_view text, std::size_t position);
std::size_t line_end(std::string_view text, std::size_t position);

} // namespace tokenscope::config
