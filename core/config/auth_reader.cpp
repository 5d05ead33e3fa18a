// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/auth_reader.h"

#include "config/auth_values.h"

#include <fmt/format.h>

namespace tokenscope::config {
namespace {

/// A bug of ours if the table lacks it.
const Key<ClientKey>& secret_key()
{
    const auto all = keys<ClientKey>();
    return *std::find_if(all.begin(), all.end(), [](const auto& key) { return is_secret(key.spec.type); });
}

} // namespace

void AuthReader::read(const YAML::Node& node, const std::string& path, Auth& out)
{
    Group group;
    m_reader.read_map(
        node, path, group,
        {{"keys", [&](const auto& value, const auto&, const auto& child) { read_keys(value, child, out); }},
         {"allowed_hosts", [&](const auto& value, const auto&,
                               const auto& child) { read_names(ValueType::host, value, child, out.allowed_hosts); }},
         {"allowed_origins", [&](const auto& value, const auto&, const auto& child) {
              read_names(ValueType::origin, value, child, out.allowed_origins);
          }}});
}

void AuthReader::read_keys(const YAML::Node& node, const std::string& path, Auth& out)
{
    if (!m_reader.is_container(node, path, YAML::NodeType::Sequence)) {
        m_names_keys = !node.IsNull();
        return;
    }
    for (const auto& element : node) {
        m_names_keys = true;
        const auto element_path = fmt::format("{}[{}]", path, out.keys.size());
        ClientKey key{.name = fmt::format("key-{}", out.keys.size() + 1), .hash = {}};
        read_key(element, node.Mark(), element_path, key);
        const auto mark = element.IsNull() ? node.Mark() : element.Mark();
        for (const auto& other : out.keys) {
            if (other.name == key.name)
                m_reader.report(mark, element_path, fmt::format("another key is called '{}' already", key.name));
            if (!key.hash.empty() && other.hash == key.hash)
                m_reader.report(mark, element_path, fmt::format("is the same key as '{}'", other.name));
        }
        out.keys.push_back(std::move(key));
    }
}

void AuthReader::read_key(const YAML::Node& node, const YAML::Mark& list, const std::string& path, ClientKey& out)
{
    const auto& key = secret_key();
    if (!node.IsMap()) {
        if (const auto value = m_reader.read_value(key.spec, node, list, path)) {
            key.set(out, *value);
            warn_if_clear(node, path);
        }
        return;
    }
    const auto seen = m_reader.read_map(node, path, out, {});
    const auto found = seen.find(std::string(key.spec.name));
    if (found == seen.end())
        m_reader.report(node.Mark(), path, fmt::format("the key '{}' is missing", key.spec.name));
    else if (found->second.valid)
        warn_if_clear(node[std::string(key.spec.name)], joined(path, key.spec.name));
}

void AuthReader::warn_if_clear(const YAML::Node& node, const std::string& path)
{
    if (!is_key_hash(node.Scalar()) && node.Scalar().find("${") == std::string::npos)
        m_reader.warn(node.Mark(), path,
                      "is written in the clear; put what tokenscope-gateway --hash-key makes of it there, or a "
                      "${VARIABLE}");
}

void AuthReader::read_names(ValueType type, const YAML::Node& node, const std::string& path,
                            std::vector<std::string>& out)
{
    m_reader.read_list({.type = type}, node, path,
                       [&](const Value& value, const YAML::Node& element, const std::string& element_path) {
                           const auto& name = std::get<std::string>(value);
                           if (std::find(out.begin(), out.end(), name) != out.end())
                               m_reader.report(element.Mark(), element_path, "is in this list already");
                           out.push_back(name);
                       });
}

} // namespace tokenscope::config
