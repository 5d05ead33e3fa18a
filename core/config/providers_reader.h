// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "config/yaml_reader.h"

#include <set>
#include <string>
#include <vector>

namespace tokenscope::config {

/// Reads "providers".
class ProvidersReader {
public:
    explicit ProvidersReader(YamlReader& reader) : m_reader(reader) {}

    void read(const YAML::Node& node, const YAML::Mark& mark, const std::string& path, std::vector<Provider>& out);

private:
    void read_provider(const YAML::Node& node, const YAML::Mark& list, const std::string& path, Provider& out);
    void check(const Provider& provider, const YamlReader::Seen& seen, const YAML::Mark& mark, const std::string& path);

    YamlReader& m_reader;
    std::set<std::string> m_names;
};

} // namespace tokenscope::config
