// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/document.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::ui {

/// What a document says, without how it is written.
struct YamlTree {
    enum class Kind { none, scalar, list, map };
    Kind kind = Kind::none;
    std::string text;                                     ///< of a scalar
    std::vector<YamlTree> items;                          ///< of a list
    std::vector<std::pair<std::string, YamlTree>> fields; ///< of a map, in the order of the file

    const YamlTree* field(std::string_view name) const;
    /// Of a scalar field; empty where there is none.
    std::string textOf(std::string_view name) const;
    /// The order of a map's keys means nothing.
    bool operator==(const YamlTree& other) const;
};

YamlTree scalarTree(std::string text);
YamlTree listTree(const std::vector<std::string>& texts);

/// A key below another path, quoted where its characters would be taken for the path's own.
std::string childPath(const std::string& parent, std::string_view key);
std::string itemPath(const std::string& parent, std::size_t index);

YamlTree readTree(const config::Document& document, const std::string& path = {});
/// Null where nothing is.
const YamlTree* treeAt(const YamlTree& root, std::string_view path);

/// Puts a tree in the place of what is there; an empty one removes it. What stays the same is not touched.
Result<void> writeTree(config::Document& document, const std::string& path, const YamlTree& tree);

/// Whether every element of a list has a name of its own: then it is known by it rather than by its place.
bool isNamedList(const YamlTree& tree);
/// The place of the element with that name; the list's size if there is none.
std::size_t placeOf(const YamlTree& list, std::string_view name);

/// What differs, one line each: "limits.body_bytes", "providers.ollama (added)", "providers (order)".
std::vector<std::string> differences(const YamlTree& before, const YamlTree& after);

/// Makes the change from `before` to `after` in another document, which may have changes of its own elsewhere.
Result<void> applyDifferences(config::Document& document, const YamlTree& before, const YamlTree& after);

} // namespace tokenscope::ui
