// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

class DocumentTree;

/// The text of a config.yaml that is edited key by key: everything else stays as it is written, comments, order and layout
/// included. Paths are those of the schema, with an index for the elements of a list: "listen", "limits.body_bytes",
/// "providers[0].demo.seed", "aliases.fast" (a map's key that has a dot or bracket in it is written in quotes: aliases."gpt-4.1").
///
/// It knows YAML but not what the keys mean; validate the text with load_config. An edit that fails changes nothing, and one
/// succeeds only if the text, parsed anew, has that change and no other: errors (ErrorCode::config, "path: problem") say what
/// is to be done in the text instead, as with nodes that aliases share. Copies are cheap.
class Document {
public:
    /// An empty text is an empty document. Errors: ErrorCode::config, "line:column: problem", for what is no YAML or no mapping.
    static Result<Document> parse(std::string text);

    const std::string& text() const { return m_text; }

    bool has(std::string_view path) const;
    /// The scalar as it is written, unquoted: "${OPENAI_API_KEY}" is not replaced. Empty where there is none.
    std::optional<std::string> scalar(std::string_view path) const;
    /// Number of elements of a list; 0 where there is none.
    std::size_t size(std::string_view path) const;
    /// The keys of a mapping in their order, of the whole document for ""; empty where there is none.
    std::vector<std::string> keys(std::string_view path) const;

    /// Writes a scalar, in the quotes it has, or where YAML needs them; makes the mappings on the way, and the element behind a
    /// list's last. What is new comes last in its mapping.
    Result<void> set(std::string_view path, std::string_view value);
    /// Removes a key or an element, with the comments that belong to it: in its lines, right above at its own indentation, and
    /// below indented further. Nothing there is no error. What is empty by it is left as "{}" or "[]".
    Result<void> remove(std::string_view path);

private:
    Document(std::string text, DocumentTree tree);

    std::optional<std::size_t> find(std::string_view path) const;
    Result<void> adopt(std::string_view path, std::string text, const DocumentTree& expected);

    std::string m_text;
    std::shared_ptr<const DocumentTree> m_tree;
};

} // namespace tokenscope::config
