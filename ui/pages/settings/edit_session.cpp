// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/edit_session.h"

#include <algorithm>
#include <charconv>

namespace tokenscope::ui {

namespace {

using config::Document;

struct Lines {
    std::size_t from = 0;
    std::size_t to = 0;
};

/// The lines that go with an element, found by taking it away; nothing where it shares a line with something else.
std::optional<Lines> linesOf(const Document& document, const std::string& path)
{
    auto without = document;
    if (!without.remove(path))
        return std::nullopt;
    const auto& before = document.text();
    const auto& after = without.text();
    if (after.size() >= before.size())
        return std::nullopt;
    const auto length = before.size() - after.size();
    auto from =
        static_cast<std::size_t>(std::mismatch(after.begin(), after.end(), before.begin()).second - before.begin());
    from = from == 0 ? 0 : before.rfind('\n', from - 1) + 1;
    if (from + length > before.size() || before.substr(0, from) + before.substr(from + length) != after)
        return std::nullopt;
    if (before[from + length - 1] != '\n')
        return std::nullopt;
    return Lines{from, from + length};
}

} // namespace

EditSession::EditSession(QObject* parent) : QObject(parent)
{
    load({});
}

void EditSession::load(std::string text)
{
    m_original = text;
    m_text = std::move(text);
    m_tree = {};
    m_byKeys = true;
    take(m_text);
    m_originalTree = m_tree;
    Q_EMIT changed();
}

void EditSession::edit(std::string text)
{
    if (text == m_text)
        return;
    m_byKeys = text == m_original;
    take(std::move(text));
    Q_EMIT changed();
}

void EditSession::take(std::string text)
{
    m_run.reset();
    m_text = std::move(text);
    auto document = Document::parse(m_text);
    m_problem = document ? std::string() : document.error().message;
    if (document) {
        m_document = std::move(*document);
        m_tree = readTree(*m_document);
    } else {
        m_document.reset();
    }
}

Result<void> EditSession::rebase(std::string text)
{
    if (text == m_original)
        return {};
    auto theirs = Document::parse(text);
    if (!theirs)
        return failure(theirs.error());
    if (!m_document)
        return failure(ErrorCode::config, m_problem);
    // Made by keys, what was written between them would be gone without a word.
    if (dirty() && text != m_text && m_tree == m_originalTree)
        return failure(ErrorCode::config,
                       tr("Comments and spacing alone cannot be carried over to another text.").toStdString());
    if (auto applied = applyDifferences(*theirs, m_originalTree, m_tree); !applied)
        return applied;
    auto mine = theirs->text();
    m_original = text;
    take(std::move(text));
    m_originalTree = m_tree;
    take(std::move(mine));
    m_byKeys = true;
    Q_EMIT changed();
    return {};
}

std::vector<std::string> EditSession::changes() const
{
    if (!dirty())
        return {};
    auto found = m_document ? differences(m_originalTree, m_tree) : std::vector<std::string>();
    if (found.empty())
        found.emplace_back(tr("the text").toStdString());
    return found;
}

std::optional<std::string> EditSession::originalPath(std::string_view path) const
{
    constexpr std::string_view list = "providers[";
    if (!path.starts_with(list))
        return std::string(path);
    std::size_t index = 0;
    const auto end = std::from_chars(path.data() + list.size(), path.data() + path.size(), index).ptr;
    const auto* before = m_originalTree.field("providers");
    const auto* now = m_tree.field("providers");
    if (!before || !now || index >= now->items.size())
        return std::nullopt;
    auto place = placeOf(*before, now->items[index].textOf("name"));
    // One that has another name now is where it was.
    if (place == before->items.size() && index < place
        && placeOf(*now, before->items[index].textOf("name")) == now->items.size())
        place = index;
    if (place == before->items.size())
        return std::nullopt;
    return itemPath("providers", place) + std::string(path.substr(static_cast<std::size_t>(end - path.data()) + 1));
}

bool EditSession::isChanged(std::string_view path) const
{
    const auto before = originalPath(path);
    if (!before)
        return false;
    const auto* old = treeAt(m_originalTree, *before);
    const auto* now = treeAt(m_tree, path);
    const YamlTree none;
    return !((old ? *old : none) == (now ? *now : none));
}

std::optional<std::string> EditSession::value(std::string_view path) const
{
    const auto* found = treeAt(m_tree, path);
    return found && found->kind == YamlTree::Kind::scalar ? std::optional(found->text) : std::nullopt;
}

template <typename Change>
Result<void> EditSession::change(const Document& from, Change apply)
{
    auto document = from;
    if (auto done = apply(document); !done)
        return done;
    if (document.text() == m_text)
        return {};
    auto tree = readTree(document);
    // All is as it was, so it is written as it was, too.
    if (m_byKeys && tree == m_originalTree) {
        take(m_original);
    } else {
        m_text = document.text();
        m_document = std::move(document);
        m_tree = std::move(tree);
    }
    Q_EMIT changed();
    return {};
}

Result<void> EditSession::put(const std::string& path, const YamlTree& tree)
{
    if (!m_document)
        return failure(ErrorCode::config, m_problem);
    if (!m_run || m_run->path != path)
        m_run = Run{path, *m_document};
    return change(m_run->before, [&](Document& document) { return writeTree(document, path, tree); });
}

Result<void> EditSession::set(const std::string& path, const std::string& value)
{
    return put(path, scalarTree(value));
}

Result<void> EditSession::remove(const std::string& path)
{
    if (!m_document)
        return failure(ErrorCode::config, m_problem);
    m_run.reset(); // what has moved into its place is another one
    return change(*m_document, [&](Document& document) { return document.remove(path); });
}

Result<void> EditSession::revert(const std::string& path)
{
    const auto before = originalPath(path);
    const auto* old = before ? treeAt(m_originalTree, *before) : nullptr;
    return put(path, old ? *old : YamlTree());
}

Result<void> EditSession::swapWithNext(const std::string& list, std::size_t index)
{
    if (!m_document)
        return failure(ErrorCode::config, m_problem);
    const auto* present = treeAt(m_tree, list);
    if (!present || index + 1 >= present->items.size())
        return {};
    auto wanted = *present;
    std::swap(wanted.items[index], wanted.items[index + 1]);
    m_run.reset();
    return change(*m_document, [&](Document& document) -> Result<void> {
        const auto first = linesOf(document, itemPath(list, index));
        const auto second = linesOf(document, itemPath(list, index + 1));
        if (first && second && first->to <= second->from) {
            const auto& text = document.text();
            const auto piece = [&](std::size_t from, std::size_t to) { return text.substr(from, to - from); };
            auto swapped =
                Document::parse(piece(0, first->from) + piece(second->from, second->to) + piece(first->to, second->from)
                                + piece(first->from, first->to) + text.substr(second->to));
            if (swapped && readTree(*swapped, list) == wanted) {
                document = std::move(*swapped);
                return {};
            }
        }
        return writeTree(document, list, wanted);
    });
}

} // namespace tokenscope::ui
