// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document_reader.h"

#include "config/defaults.h"
#include "config/values.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::config {

DocumentReader::DocumentReader(const Lookup& lookup)
    : m_lookup(lookup), m_reader(lookup), m_providers(m_reader), m_models(m_reader), m_auth(m_reader),
      m_observability(m_reader)
{
}

void DocumentReader::read(const YAML::Node& root)
{
    using Node = YAML::Node;
    using Mark = YAML::Mark;
    using Path = std::string;
    m_root.reset(root);
    m_seen = m_reader.read_map(
        root, "", m_config,
        {{"providers", [this](const Node& node, const Mark& mark,
                              const Path& path) { m_providers.read(node, mark, path, m_config.providers); }},
         {"aliases", [this](const Node& node, const Mark&, const Path& path) { m_models.read_aliases(node, path); }},
         {"fallbacks",
          [this](const Node& node, const Mark&, const Path& path) { m_models.read_fallbacks(node, path); }},
         {"auth", [this](const Node& node, const Mark&, const Path& path) { m_auth.read(node, path, m_config.auth); }},
         {"rate_limit", [this](const Node& node, const Mark&, const Path& path) { read_rate_limit(node, path); }},
         {"conversations", [this](const Node& node, const Mark&, const Path& path) { read_conversations(node, path); }},
         {"limits", [this](const Node& node, const Mark&,
                           const Path& path) { m_reader.read_map(node, path, m_config.limits, {}); }},
         {"log",
          [this](const Node& node, const Mark&, const Path& path) { m_reader.read_map(node, path, m_config.log, {}); }},
         {"observability", [this](const Node& node, const Mark&, const Path& path) {
              m_observability.read(node, path, m_config.observability);
          }}});
}

void DocumentReader::read_rate_limit(const YAML::Node& node, const std::string& path)
{
    const auto seen = m_reader.read_map(node, path, m_config.rate_limit, {});
    const auto rate = seen.find("requests_per_second");
    const bool rate_valid = rate == seen.end() || rate->second.valid;
    if (rate_valid && m_config.rate_limit.requests_per_second == 0 && m_config.rate_limit.burst > 0)
        m_reader.warn(seen.at("burst").mark, path + ".burst", "has no effect while requests_per_second is 0");
}

void DocumentReader::read_conversations(const YAML::Node& node, const std::string& path)
{
    const auto seen = m_reader.read_map(node, path, m_config.conversations, {});
    if (m_config.conversations.backend == ConversationBackend::memory && !m_config.conversations.path.empty())
        m_reader.warn(seen.at("path").mark, path + ".path", "has no effect for backend memory");
}

void DocumentReader::use_default_providers()
{
    auto defaults = default_config(m_lookup.env);
    if (!defaults) {
        problems().push_back({.text = std::move(defaults.error().message)});
        return;
    }
    m_config.providers = std::move(defaults->providers);
    m_config.discover_providers = defaults->discover_providers;
}

void DocumentReader::check_listen_address()
{
    const auto found = m_seen.find("listen");
    if (found == m_seen.end() || !found->second.valid || m_auth.names_keys())
        return;
    if (const auto checked = check_listen(m_config.listen, m_config.auth); !checked)
        m_reader.report(found->second.value, "listen",
                        fmt::format("'{}' {}", shown(m_root["listen"].Scalar()), checked.error().message));
}

void DocumentReader::finish()
{
    if (!m_seen.contains("providers"))
        use_default_providers();
    check_listen_address();
    m_observability.finish(m_config);
    std::vector<std::string_view> names;
    for (const auto& provider : m_config.providers)
        names.push_back(provider.name);
    if (m_config.discover_providers)
        names.push_back(discovered_provider);
    m_models.finish(m_config, names);
}

} // namespace tokenscope::config
