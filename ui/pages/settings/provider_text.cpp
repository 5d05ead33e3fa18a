// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/provider_text.h"

#include "config/choices.h"
#include "config/defaults.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenscope::ui {

namespace {

using config::ProviderKind;

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::SettingsPage", text);
}

std::string freeName(const std::string& wanted, const YamlTree& providers)
{
    auto name = wanted;
    for (int number = 2; placeOf(providers, name) < providers.items.size(); ++number)
        name = wanted + '-' + std::to_string(number);
    return name;
}

YamlTree fields(std::initializer_list<std::pair<const char*, std::string>> values)
{
    YamlTree tree;
    tree.kind = YamlTree::Kind::map;
    for (const auto& [name, value] : values) {
        if (!value.empty())
            tree.fields.emplace_back(name, scalarTree(value));
    }
    return tree;
}

} // namespace

std::vector<ProviderTemplate> providerTemplates()
{
    return {
        {tr("Ollama"), "ollama", ProviderKind::ollama, config::default_base_url(ProviderKind::ollama), {}},
        {tr("OpenAI"), "openai", ProviderKind::openai, "https://api.openai.com/v1", "${OPENAI_API_KEY}"},
        {tr("OpenAI-compatible server"), "local", ProviderKind::openai, "http://127.0.0.1:8000/v1", {}},
        {tr("Anthropic"), "anthropic", ProviderKind::anthropic, {}, "${ANTHROPIC_API_KEY}"},
        {tr("Demo engine"), "demo", ProviderKind::demo, {}, {}},
    };
}

YamlTree newProvider(const ProviderTemplate& from, const YamlTree& providers)
{
    return fields({{"name", freeName(from.name, providers)},
                   {"kind", std::string(config::name_of(from.kind))},
                   {"base_url", from.base_url},
                   {"api_key", from.api_key}});
}

YamlTree copiedProvider(const YamlTree& provider, const YamlTree& providers)
{
    auto copy = provider;
    const auto name = freeName(provider.textOf("name") + "-copy", providers);
    for (auto& [key, value] : copy.fields) {
        if (key == "name")
            value = scalarTree(name);
    }
    return copy;
}

YamlTree writtenProvider(const config::Provider& provider)
{
    const auto* key = provider.api_key.empty()                   ? ""
                      : provider.kind == ProviderKind::openai    ? "${OPENAI_API_KEY}"
                      : provider.kind == ProviderKind::anthropic ? "${ANTHROPIC_API_KEY}"
                                                                 : "";
    return fields({{"name", provider.name},
                   {"kind", std::string(config::name_of(provider.kind))},
                   {"base_url", provider.kind == ProviderKind::demo ? std::string() : provider.base_url},
                   {"api_key", key}});
}

std::optional<ProviderKind> kindOf(const YamlTree& provider)
{
    const auto names = config::choices<ProviderKind>().names;
    const auto found = std::find(names.begin(), names.end(), provider.textOf("kind"));
    if (found == names.end())
        return std::nullopt;
    return static_cast<ProviderKind>(found - names.begin());
}

} // namespace tokenscope::ui
