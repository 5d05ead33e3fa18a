// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "pages/settings/yaml_tree.h"

#include <QString>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::ui {

/// What a new provider begins as.
struct ProviderTemplate {
    QString title; ///< "OpenAI"
    std::string name;
    config::ProviderKind kind = config::ProviderKind::openai;
    std::string base_url;
    std::string api_key; ///< a reference
};
std::vector<ProviderTemplate> providerTemplates();

/// As the file has it, under a name that `providers` has not.
YamlTree newProvider(const ProviderTemplate& from, const YamlTree& providers);
YamlTree copiedProvider(const YamlTree& provider, const YamlTree& providers);

/// A built-in one, as the file would have it: its key comes from the variable that it came from.
YamlTree writtenProvider(const config::Provider& provider);

/// Where one of that kind is that has this address: none is the usual one.
QString shownAddress(config::ProviderKind kind, const std::string& url);

/// All there is to know of a built-in one, each with its name, besides its own.
std::vector<std::pair<QString, QString>> builtInFacts(const config::Provider& provider);

/// Of an element of "providers"; nothing where it has none, or one that there is not.
std::optional<config::ProviderKind> kindOf(const YamlTree& provider);

} // namespace tokenscope::ui
