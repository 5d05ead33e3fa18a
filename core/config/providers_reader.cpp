// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/providers_reader.h"

#include "config/defaults.h"
#include "config/nearest.h"

#include <fmt/format.h>

namespace tokenscope::config {

void ProvidersReader::read(const YAML::Node& node, const YAML::Mark& mark, const std::string& path,
                           std::vector<Provider>& out)
{
    const auto before = m_reader.problems().size();
    if (m_reader.is_container(node, path, YAML::NodeType::Sequence)) {
        for (const auto& element : node) {
            const auto element_path = fmt::format("{}[{}]", path, out.size());
            // A failed one is kept too, so that the positions in later messages are those of the file.
            read_provider(element, node.Mark(), element_path, out.emplace_back());
        }
    }
    if (out.empty() && m_reader.problems().size() == before)
        m_reader.report(mark, path, "names no provider; add one or remove the key to use the built-in ones");
}

void ProvidersReader::read_provider(const YAML::Node& node, const YAML::Mark& list, const std::string& path,
                                    Provider& provider)
{
    if (node.IsNull()) {
        m_reader.report(list, path, "must be a mapping of keys to values"); // nothing has no place of its own
        return;
    }
    const auto demo = [&](const YAML::Node& value, const YAML::Mark&, const std::string& child_path) {
        m_reader.read_map(value, child_path, provider.demo, {});
    };
    const auto before = m_reader.problems().size();
    const auto seen = m_reader.read_map(node, path, provider, {{"demo", demo}});
    if (node.IsMap())
        check(provider, seen, node.Mark(), path);
    if (!provider.name.empty() && !m_names.insert(provider.name).second)
        m_reader.report(seen.at("name").mark, path + ".name",
                        fmt::format("another provider is called '{}' already", provider.name));
    if (provider.base_url.empty() && m_reader.problems().size() == before)
        provider.base_url = default_base_url(provider.kind);
}

void ProvidersReader::check(const Provider& provider, const YamlReader::Seen& seen, const YAML::Mark& mark,
                            const std::string& path)
{
    if (!seen.contains("name"))
        m_reader.report(mark, path, "the key 'name' is missing");
    if (!seen.contains("kind")) {
        m_reader.report(mark, path, "the key 'kind' is missing" + suggestion("", choices<ProviderKind>().names));
        return;
    }
    if (!seen.at("kind").valid)
        return; // what else is right depends on it
    if (provider.kind == ProviderKind::openai && !seen.contains("base_url"))
        m_reader.report(mark, path, "the key 'base_url' is missing, kind openai needs one");
    const auto check_effect = [&](std::string_view name, Kinds kinds) {
        if (const auto found = seen.find(std::string(name)); found != seen.end() && !(kinds & kind_bit(provider.kind)))
            m_reader.report(found->second.mark, fmt::format("{}.{}", path, name),
                            fmt::format("has no effect for kind {}", name_of(provider.kind)));
    };
    for (const auto& key : keys<Provider>())
        check_effect(key.spec.name, key.spec.kinds);
    check_effect("demo", kind_bit(ProviderKind::demo));
}

} // namespace tokenscope::config
