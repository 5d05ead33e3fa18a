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

/// Where the key of a built-in one comes from; empty where it has none.
std::string keyOf(const config::Provider& provider)
{
    if (provider.api_key.empty())
        return {};
    return provider.kind == ProviderKind::openai      ? "${OPENAI_API_KEY}"
           : provider.kind == ProviderKind::anthropic ? "${ANTHROPIC_API_KEY}"
                                                      : "";
}

QString originOf(ProviderKind kind)
{
    const auto environment = [](const char* key, const char* url) {
        return tr("The environment: %1, and %2 where that is set").arg(QLatin1StringView(key), QLatin1StringView(url));
    };
    switch (kind) {
    case ProviderKind::openai: return environment("OPENAI_API_KEY", "OPENAI_BASE_URL");
    case ProviderKind::anthropic: return environment("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL");
    case ProviderKind::ollama:
        return tr("OLLAMA_HOST, else this machine’s usual port; asked again while it does not answer");
    case ProviderKind::demo: return tr("Tokenscope itself: answers are made up, queues and timings are real");
    }
    return {};
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
    return fields({{"name", provider.name},
                   {"kind", std::string(config::name_of(provider.kind))},
                   {"base_url", provider.kind == ProviderKind::demo ? std::string() : provider.base_url},
                   {"api_key", keyOf(provider)}});
}

QString shownAddress(ProviderKind kind, const std::string& url)
{
    if (kind == ProviderKind::demo && url.empty())
        return tr("in this process");
    return QString::fromStdString(url.empty() ? config::default_base_url(kind) : url);
}

std::vector<std::pair<QString, QString>> builtInFacts(const config::Provider& provider)
{
    const auto key = keyOf(provider);
    const auto kind = config::name_of(provider.kind);
    return {{tr("Kind"), QString::fromUtf8(kind.data(), static_cast<qsizetype>(kind.size()))},
            {tr("Address"), shownAddress(provider.kind, provider.base_url)},
            {tr("Key"), key.empty() ? tr("none needed") : QString::fromStdString(key)},
            {tr("Comes from"), originOf(provider.kind)},
            {tr("To change it"), tr("Write these to config.yaml, then edit it here.")}};
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
