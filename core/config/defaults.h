// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "config/environment.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::config {

/// What runs without any file: the demo engine, OpenAI where OPENAI_API_KEY is set (at OPENAI_BASE_URL, if given), and
/// Anthropic where ANTHROPIC_API_KEY is set (at ANTHROPIC_BASE_URL, if given). Nothing is asked of the network. An unusable
/// variable is an error rather than a provider that sends the key elsewhere.
Result<Config> default_config(const Env& env);

/// Where a provider of the kind is if nothing says otherwise; empty for kinds that have no usual place.
std::string default_base_url(ProviderKind kind);

/// The name of ollama_provider.
inline constexpr std::string_view discovered_provider = "ollama";

/// The provider for an Ollama found at `base_url`; belongs before the others of default_config.
Provider ollama_provider(std::string base_url);

/// Where a client reaches the Ollama that OLLAMA_HOST describes, by Ollama's own rules: a bare host has port 11434, but
/// "http://host" 80 and "https://host" 443; an unspecified address (0.0.0.0, ::, none) is 127.0.0.1; a port that is no
/// port counts as absent. What cannot be a URL at all gives the default, http://127.0.0.1:11434.
std::string ollama_base_url(const std::optional<std::string>& ollama_host);

} // namespace tokenscope::config
