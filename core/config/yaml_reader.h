// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/environment.h"
#include "config/problem.h"
#include "config/schema.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// Takes nodes of a document by the table of keys, and collects everything that is wrong on the way. What the sections of
/// the file have in common.
class YamlReader {
public:
    explicit YamlReader(const Lookup& lookup) : m_lookup(lookup) {}

    struct Entry {
        YAML::Mark mark;   ///< of the key
        YAML::Mark value;  ///< of what it holds
        bool valid = true; ///< of a scalar: its value was taken
    };
    using Seen = std::map<std::string, Entry>;
    /// For a key that holds others: its value, where the key stands, and its path.
    using Child = std::function<void(const YAML::Node&, const YAML::Mark&, const std::string&)>;
    using Children = std::map<std::string_view, Child>;
    /// An element of a list: its value, where it stands, and its path.
    using Element = std::function<void(Value, const YAML::Node&, const std::string&)>;

    void report(const YAML::Mark& mark, std::string_view path, std::string_view what);
    /// What is allowed and probably not meant.
    void warn(const YAML::Mark& mark, std::string_view path, std::string_view what);

    /// The key of a mapping, unless it is no text or there already.
    std::optional<std::string> map_key(const YAML::Node& key, const YAML::Node& value, const std::string& path,
                                       Seen& seen);
    /// Quietly false for nothing at all: everything below the key may be commented out.
    bool is_container(const YAML::Node& node, const std::string& path, YAML::NodeType::value type);
    /// `mark` is where to point at if the node is missing.
    std::optional<Value> read_value(const KeySpec& spec, const YAML::Node& node, const YAML::Mark& mark,
                                    const std::string& path);
    /// Gives every valid value of a list to `take`.
    void read_list(const KeySpec& spec, const YAML::Node& node, const std::string& path, const Element& take);
    template <typename Owner>
    Seen read_map(const YAML::Node& node, const std::string& path, Owner& out, const Children& children);

    std::vector<Problem>& problems() { return m_problems; }
    std::vector<Problem>& warnings() { return m_warnings; }

private:
    void report_unknown(const YAML::Mark& mark, const std::string& path, const std::string& name,
                        std::span<const std::string_view> valid);

    const Lookup& m_lookup;
    std::vector<Problem> m_problems;
    std::vector<Problem> m_warnings;
};

/// "parent.name"; `parent` may be empty.
std::string joined(const std::string& parent, std::string_view name);

template <typename Owner>
YamlReader::Seen YamlReader::read_map(const YAML::Node& node, const std::string& path, Owner& out,
                                      const Children& children)
{
    Seen seen;
    if (!is_container(node, path, YAML::NodeType::Map))
        return seen;
    std::vector<std::string_view> valid;
    for (const auto& key : keys<Owner>())
        valid.push_back(key.spec.name);
    for (const auto& child : children)
        valid.push_back(child.first);

    for (const auto& entry : node) {
        const auto name = map_key(entry.first, entry.second, path, seen);
        if (!name)
            continue;
        const auto key = std::find_if(keys<Owner>().begin(), keys<Owner>().end(),
                                      [&](const auto& candidate) { return candidate.spec.name == *name; });
        const auto child = children.find(*name);
        if (key != keys<Owner>().end()) {
            if (const auto value = read_value(key->spec, entry.second, entry.first.Mark(), joined(path, *name)))
                key->set(out, *value);
            else
                seen.at(*name).valid = false;
        } else if (child != children.end()) {
            child->second(entry.second, entry.first.Mark(), joined(path, *name));
        } else {
            report_unknown(entry.first.Mark(), path, *name, valid);
        }
    }
    return seen;
}

} // namespace tokenscope::config
