// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/auth_reader.h"
#include "config/config.h"
#include "config/models_reader.h"
#include "config/observability_reader.h"
#include "config/providers_reader.h"
#include "config/yaml_reader.h"

namespace tokenscope::config {

/// Reads the whole document, and checks what concerns more than one of its sections.
class DocumentReader {
public:
    explicit DocumentReader(const Lookup& lookup);

    void read(const YAML::Node& root);
    /// To be called once after read, also where there was nothing to read.
    void finish();

    Config& config() { return m_config; }
    std::vector<Problem>& problems() { return m_reader.problems(); }
    std::vector<Problem>& warnings() { return m_reader.warnings(); }

private:
    void read_rate_limit(const YAML::Node& node, const std::string& path);
    void read_conversations(const YAML::Node& node, const std::string& path);
    void use_default_providers();
    void check_listen_address();

    const Lookup& m_lookup;
    YamlReader m_reader;
    ProvidersReader m_providers;
    ModelsReader m_models;
    AuthReader m_auth;
    ObservabilityReader m_observability;
    Config m_config;
    YAML::Node m_root;
    YamlReader::Seen m_seen; ///< the keys at the root
};

} // namespace tokenscope::config
