// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/yaml_tree.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace tokenscope::ui {

using Kind = YamlTree::Kind;

const YamlTree* YamlTree::field(std::string_view name) const
{
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& entry) { return entry.first == name; });
    return found == fields.end() ? nullptr : &found->second;
}

std::string YamlTree::textOf(std::string_view name) const
{
    const auto* found = field(name);
    return found && found->kind == Kind::scalar ? found->text : std::string();
}

bool YamlTree::operator==(const YamlTree& other) const
{
    if (kind != other.kind || text != other.text || items != other.items || fields.size() != other.fields.size())
        return false;
    return std::all_of(fields.begin(), fields.end(), [&](const auto& entry) {
        const auto* same = other.field(entry.first);
        return same && *same == entry.second;
    });
}

YamlTree scalarTree(std::string text)
{
    YamlTree tree;
    tree.kind = Kind::scalar;
    tree.text = std::move(text);
    return tree;
}

YamlTree listTree(const std::vector<std::string>& texts)
{
    YamlTree tree;
    tree.kind = texts.empty() ? Kind::none : Kind::list;
    for (const auto& text : texts)
        tree.items.push_back(scalarTree(text));
    return tree;
}

std::string childPath(const std::string& parent, std::string_view key)
{
    std::string name(key);
    if (key.empty() || key.find_first_of(".[]\"\\") != std::string_view::npos) {
        name = '"';
        for (const char c : key) {
            if (c == '"' || c == '\\')
                name += '\\';
            name += c;
        }
        name += '"';
    }
    return parent.empty() ? name : parent + '.' + name;
}

std::string itemPath(const std::string& parent, std::size_t index)
{
    return parent + '[' + std::to_string(index) + ']';
}

YamlTree readTree(const config::Document& document, const std::string& path)
{
    YamlTree tree;
    if (const auto text = document.scalar(path))
        return scalarTree(*text);
    for (const auto& key : document.keys(path)) {
        tree.kind = Kind::map;
        tree.fields.emplace_back(key, readTree(document, childPath(path, key)));
    }
    if (tree.kind == Kind::map)
        return tree;
    const auto size = document.size(path);
    for (std::size_t i = 0; i < size; ++i) {
        tree.kind = Kind::list;
        tree.items.push_back(readTree(document, itemPath(path, i)));
    }
    return tree;
}

const YamlTree* treeAt(const YamlTree& root, std::string_view path)
{
    const auto* tree = &root;
    while (tree && !path.empty()) {
        if (path.front() == '.') {
            path.remove_prefix(1);
        } else if (path.front() == '[') {
            const auto end = std::min(path.find(']'), path.size());
            std::size_t index = 0;
            std::from_chars(path.data() + 1, path.data() + end, index);
            tree = index < tree->items.size() ? &tree->items[index] : nullptr;
            path.remove_prefix(std::min(end + 1, path.size()));
        } else {
            std::string name;
            const bool quoted = path.front() == '"';
            std::size_t at = quoted ? 1 : 0;
            for (; at < path.size(); ++at) {
                if (quoted ? path[at] == '"' : path[at] == '.' || path[at] == '[')
                    break;
                if (quoted && path[at] == '\\' && at + 1 < path.size())
                    ++at;
                name += path[at];
            }
            path.remove_prefix(std::min(at + (quoted ? 1 : 0), path.size()));
            tree = tree->field(name);
        }
    }
    return tree;
}

namespace {

Result<void> writeFields(config::Document& document, const std::string& path, const YamlTree& present,
                         const YamlTree& tree)
{
    for (const auto& [name, value] : present.fields) {
        if (tree.field(name))
            continue;
        if (auto removed = document.remove(childPath(path, name)); !removed)
            return removed;
    }
    for (const auto& [name, value] : tree.fields) {
        if (auto written = writeTree(document, childPath(path, name), value); !written)
            return written;
    }
    return {};
}

Result<void> writeItems(config::Document& document, const std::string& path, std::vector<YamlTree> present,
                        const std::vector<YamlTree>& items)
{
    // The place where an element is missing, so that the others keep their comments.
    while (present.size() > items.size()) {
        const auto first = std::mismatch(items.begin(), items.end(), present.begin()).second;
        if (auto removed = document.remove(itemPath(path, static_cast<std::size_t>(first - present.begin()))); !removed)
            return removed;
        present.erase(first);
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (auto written = writeTree(document, itemPath(path, i), items[i]); !written)
            return written;
    }
    return {};
}

} // namespace

Result<void> writeTree(config::Document& document, const std::string& path, const YamlTree& tree)
{
    const auto present = readTree(document, path);
    if (present == tree)
        return {};
    const bool same = present.kind == tree.kind;
    if (!same) {
        if (auto removed = document.remove(path); !removed)
            return removed;
    }
    const YamlTree none;
    const auto& old = same ? present : none;
    switch (tree.kind) {
    case Kind::none: return {};
    case Kind::scalar: return document.set(path, tree.text);
    case Kind::map: return writeFields(document, path, old, tree);
    case Kind::list: break;
    }
    return writeItems(document, path, old.items, tree.items);
}

bool isNamedList(const YamlTree& tree)
{
    std::set<std::string> names;
    return tree.kind == Kind::list && std::all_of(tree.items.begin(), tree.items.end(), [&](const YamlTree& item) {
               const auto name = item.textOf("name");
               return !name.empty() && names.insert(name).second;
           });
}

std::size_t placeOf(const YamlTree& list, std::string_view name)
{
    const auto found = std::find_if(list.items.begin(), list.items.end(),
                                    [&](const YamlTree& item) { return item.textOf("name") == name; });
    return static_cast<std::size_t>(found - list.items.begin());
}

namespace {

/// Calls back with what differs: a path whose lists are by place in `before`, its label, and both sides.
class Comparison {
public:
    std::vector<std::string> labels;

    void compare(const YamlTree& before, const YamlTree& after, const std::string& label)
    {
        if (before == after)
            return;
        if (isNamedList(before) && isNamedList(after))
            return compareNamed(before, after, label);
        const bool maps = (before.kind == Kind::map || before.kind == Kind::none)
                          && (after.kind == Kind::map || after.kind == Kind::none);
        if (!maps) {
            const auto* how = before.kind == Kind::none ? " (added)" : after.kind == Kind::none ? " (removed)" : "";
            const bool one = before.kind == Kind::scalar || after.kind == Kind::scalar;
            labels.push_back(one ? label : label + how);
            return;
        }
        const YamlTree none;
        for (const auto& [name, value] : before.fields)
            compare(value, after.field(name) ? *after.field(name) : none, childPath(label, name));
        for (const auto& [name, value] : after.fields) {
            if (!before.field(name))
                compare(none, value, childPath(label, name));
        }
    }

private:
    void compareNamed(const YamlTree& before, const YamlTree& after, const std::string& label)
    {
        std::vector<std::string> left;
        std::vector<std::string> right;
        for (const auto& item : before.items) {
            const auto name = item.textOf("name");
            const auto place = placeOf(after, name);
            if (place == after.items.size()) {
                labels.push_back(childPath(label, name) + " (removed)");
                continue;
            }
            left.push_back(name);
            compare(item, after.items[place], childPath(label, name));
        }
        for (const auto& item : after.items) {
            const auto name = item.textOf("name");
            if (placeOf(before, name) == before.items.size())
                labels.push_back(childPath(label, name) + " (added)");
            else
                right.push_back(name);
        }
        if (left != right)
            labels.push_back(label + " (order)");
    }
};

Result<void> apply(config::Document& document, const std::string& path, const YamlTree& before, const YamlTree& after);

Result<void> applyNamed(config::Document& document, const std::string& path, const YamlTree& before,
                        const YamlTree& after)
{
    for (const auto& item : before.items) {
        const auto name = item.textOf("name");
        if (placeOf(after, name) != after.items.size())
            continue;
        const auto list = readTree(document, path);
        if (const auto place = placeOf(list, name); place < list.items.size()) {
            if (auto removed = document.remove(itemPath(path, place)); !removed)
                return removed;
        }
    }
    for (const auto& item : after.items) {
        const auto name = item.textOf("name");
        const auto list = readTree(document, path);
        const auto old = placeOf(before, name);
        const auto place = placeOf(list, name);
        const bool edited = old < before.items.size() && place < list.items.size();
        if (old < before.items.size() && before.items[old] == item)
            continue; // as it was: the other side has its way with it, even where that is gone
        auto done = edited ? apply(document, itemPath(path, place), before.items[old], item)
                           : writeTree(document, itemPath(path, place), item);
        if (!done)
            return done;
    }
    return {};
}

Result<void> apply(config::Document& document, const std::string& path, const YamlTree& before, const YamlTree& after)
{
    if (before == after)
        return {};
    if (isNamedList(before) && isNamedList(after))
        return applyNamed(document, path, before, after);
    if (before.kind != Kind::map || after.kind != Kind::map)
        return writeTree(document, path, after);
    for (const auto& [name, value] : before.fields) {
        const auto* mine = after.field(name);
        const auto child = childPath(path, name);
        if (auto done = mine ? apply(document, child, value, *mine) : document.remove(child); !done)
            return done;
    }
    for (const auto& [name, value] : after.fields) {
        if (before.field(name))
            continue;
        const auto child = childPath(path, name);
        // What the other side has added under the same key stays where it is not in the way.
        YamlTree empty;
        empty.kind = value.kind == Kind::map ? Kind::map : Kind::none;
        if (auto done = apply(document, child, empty, value); !done)
            return done;
    }
    return {};
}

} // namespace

std::vector<std::string> differences(const YamlTree& before, const YamlTree& after)
{
    Comparison comparison;
    comparison.compare(before, after, {});
    return std::move(comparison.labels);
}

Result<void> applyDifferences(config::Document& document, const YamlTree& before, const YamlTree& after)
{
    YamlTree left = before;
    YamlTree right = after;
    for (auto* tree : {&left, &right}) {
        if (tree->kind == Kind::none)
            tree->kind = Kind::map;
    }
    return apply(document, {}, left, right);
}

} // namespace tokenscope::ui
