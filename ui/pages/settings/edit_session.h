// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/document.h"
#include "pages/settings/yaml_tree.h"

#include <QObject>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::ui {

/// The text of config.yaml while it is edited, by keys or as a whole, against what is on disk.
class EditSession : public QObject {
    Q_OBJECT

public:
    explicit EditSession(QObject* parent = nullptr);

    /// What is on disk; edits made so far are forgotten.
    void load(std::string text);
    /// Edits of the text as a whole. It need not be YAML at the moment.
    void edit(std::string text);
    /// Another text is on disk by now: the edits made so far are made in that one. Fails where either cannot be read, and where
    /// no key is edited but only what stands between them.
    Result<void> rebase(std::string text);

    const std::string& text() const { return m_text; }
    const std::string& original() const { return m_original; }
    /// Whether it can be edited by keys.
    bool readable() const { return m_document.has_value(); }
    const std::string& problem() const { return m_problem; } ///< "line:column: why not"
    const YamlTree& tree() const { return m_tree; }
    const YamlTree& originalTree() const { return m_originalTree; }

    bool dirty() const { return m_text != m_original; }
    /// As differences() has them; of texts that say the same or cannot be compared, "the text".
    std::vector<std::string> changes() const;
    bool isSet(std::string_view path) const { return treeAt(m_tree, path) != nullptr; }
    bool isChanged(std::string_view path) const;
    std::optional<std::string> value(std::string_view path) const;

    Result<void> set(const std::string& path, const std::string& value);
    Result<void> put(const std::string& path, const YamlTree& tree);
    Result<void> remove(const std::string& path);
    /// What is on disk for this key, alone.
    Result<void> revert(const std::string& path);
    /// Swaps two neighbours of a list, with their comments where they are in blocks of lines.
    Result<void> swapWithNext(const std::string& list, std::size_t index);

Q_SIGNALS:
    void changed();

private:
    template <typename Change>
    Result<void> change(const config::Document& from, Change apply);
    void take(std::string text);
    /// Where on disk is what is at `path` now; empty optional: nowhere. Providers are known by their names.
    std::optional<std::string> originalPath(std::string_view path) const;

    /// Where put() for one key, a character each, began. Each is made in that text: what is there halfway ("127.0.0.1:", or
    /// nothing) must leave no quotes behind, nor cost the key its place and its comment.
    struct Run {
        std::string path;
        config::Document before;
    };

    std::string m_original;
    std::string m_text;
    bool m_byKeys = true; ///< nothing was edited as a whole
    std::optional<Run> m_run;
    std::string m_problem;
    std::optional<config::Document> m_document;
    YamlTree m_tree;
    YamlTree m_originalTree;
};

} // namespace tokenscope::ui
