// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "config/yaml_reader.h"

#include <string>

namespace tokenscope::config {

/// Reads "auth". Keys are hashed as they are read.
class AuthReader {
public:
    explicit AuthReader(YamlReader& reader) : m_reader(reader) {}

    void read(const YAML::Node& node, const std::string& path, Auth& out);
    /// Whether there is any key, valid or not.
    bool names_keys() const { return m_names_keys; }

private:
    void read_keys(const YAML::Node& node, const std::string& path, Auth& out);
    void read_key(const YAML::Node& node, const YAML::Mark& list, const std::string& path, ClientKey& out);
    void warn_if_clear(const YAML::Node& node, const std::string& path);
    void read_names(ValueType type, const YAML::Node& node, const std::string& path, std::vector<std::string>& out);

    YamlReader& m_reader;
    bool m_names_keys = false;
};

} // namespace tokenscope::config
