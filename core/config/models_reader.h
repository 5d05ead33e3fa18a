// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "config/yaml_reader.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// Reads "aliases" and "fallbacks": names of models, which only finish() can relate to each other and to the providers.
class ModelsReader {
public:
    explicit ModelsReader(YamlReader& reader) : m_reader(reader) {}

    void read_aliases(const YAML::Node& node, const std::string& path);
    void read_fallbacks(const YAML::Node& node, const std::string& path);
    /// To be called after the whole document. `providers` are the names of all that there are.
    void finish(Config& config, std::span<const std::string_view> providers);

private:
    /// A model as the file names it.
    struct Name {
        std::string text;
        std::string path;
        std::string written; ///< before variables were replaced, for messages
        YAML::Mark mark;
    };
    struct Fallback {
        Name model;
        std::vector<Name> targets;
    };

    bool check_text(const Name& name);
    void check_provider(const Name& name, std::span<const std::string_view> providers);
    void add_fallback(const Fallback& fallback, Config& config);
    /// What the name means once aliases are replaced.
    const std::string& resolved(const std::string& name) const;

    YamlReader& m_reader;
    std::map<std::string, Name> m_aliases; ///< alias -> what it stands for
    std::vector<Fallback> m_fallbacks;
    std::map<std::string, std::string> m_fallback_names; ///< model -> as the file names it
};

} // namespace tokenscope::config
