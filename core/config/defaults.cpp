// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/defaults.h"

#include "base/url.h"
#include "config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tokenscope::config {
namespace {

constexpr std::string_view anthropic_url = "https://api.anthropic.com";
constexpr std::string_view default_ollama_url = "http://127.0.0.1:11434";

/// A bug of ours if the table lacks the key.
const KeySpec& provider_key(std::string_view name)
{
    const auto all = keys<Provider>();
    return std::find_if(all.begin(), all.end(), [&](const auto& key) { return key.spec.name == name; })->spec;
}

Result<std::string> checked(const char* variable, std::string_view key, const std::string& text)
{
    auto value = parse_value(provider_key(key), text);
    if (!value)
        return failure(ErrorCode::config, fmt::format("environment variable {} {}", variable, value.error().message));
    return std::get<std::string>(std::move(*value));
}

std::optional<std::string> non_empty(const Env& env, const char* variable)
{
    auto value = env(variable);
    return value && !value->empty() ? value : std::nullopt;
}

std::string_view trimmed(std::string_view text, std::string_view characters)
{
    const auto first = text.find_first_not_of(characters);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(characters) - first + 1);
}

struct Parts {
    std::string host;
    std::string port; ///< as written; empty: none
};

/// Splits "host:port", "[v6]:port", "[v6]", "v6" and "host".
Parts split_host_port(std::string_view text)
{
    const auto colon = text.rfind(':');
    const bool bracketed = text.starts_with('[');
    const bool bare_v6 = !bracketed && colon != text.find(':');
    if (bare_v6 || colon == std::string_view::npos || (bracketed && text.ends_with(']')))
        return {std::string(trimmed(text, "[]")), {}};
    return {std::string(trimmed(text.substr(0, colon), "[]")), std::string(text.substr(colon + 1))};
}

bool is_port(const std::string& text)
{
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && !text.empty() && text.size() <= 5 && std::stoi(text) >= 1 && std::stoi(text) <= 65535;
}

/// A service whose own variables, as its client libraries read them, make it a provider.
struct Vendor {
    const char* name;
    ProviderKind kind;
    const char* key_variable;
    const char* url_variable;
    std::string_view url;
};
constexpr std::array vendors{
    Vendor{"openai", ProviderKind::openai, "OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com/v1"},
    Vendor{"anthropic", ProviderKind::anthropic, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", anthropic_url},
};

/// Nothing where its key is not set.
Result<std::optional<Provider>> vendor_provider(const Vendor& vendor, const Env& env)
{
    const auto key = non_empty(env, vendor.key_variable);
    if (!key)
        return std::nullopt;
    auto secret = checked(vendor.key_variable, "api_key", *key);
    if (!secret)
        return tl::make_unexpected(std::move(secret.error()));
    auto url =
        checked(vendor.url_variable, "base_url", non_empty(env, vendor.url_variable).value_or(std::string(vendor.url)));
    if (!url)
        return tl::make_unexpected(std::move(url.error()));
    return Provider{
        .name = vendor.name, .kind = vendor.kind, .base_url = std::move(*url), .api_key = std::move(*secret)};
}

} // namespace

Result<Config> default_config(const Env& env)
{
    Config config;
    config.discover_providers = true;
    // What one model's workers can do at once and a batch that waits for them: the rest waits in the admission queue.
    auto demo = Provider{.name = "demo", .kind = ProviderKind::demo};
    demo.max_in_flight = (demo.demo.workers + 1) * demo.demo.batch_size;
    config.providers.push_back(std::move(demo));
    for (const auto& vendor : vendors) {
        auto provider = vendor_provider(vendor, env);
        if (!provider)
            return tl::make_unexpected(std::move(provider.error()));
        if (*provider)
            config.providers.push_back(std::move(**provider));
    }
    return config;
}

std::string default_base_url(ProviderKind kind)
{
    switch (kind) {
    case ProviderKind::ollama: return ollama_base_url(std::nullopt);
    case ProviderKind::anthropic: return std::string(anthropic_url);
    case ProviderKind::openai:
    case ProviderKind::demo: break;
    }
    return {};
}

Provider ollama_provider(std::string base_url)
{
    return Provider{
        .name = std::string(discovered_provider), .kind = ProviderKind::ollama, .base_url = std::move(base_url)};
}

std::string ollama_base_url(const std::optional<std::string>& ollama_host)
{
    if (!ollama_host)
        return std::string(default_ollama_url);
    auto text = trimmed(trimmed(*ollama_host, " \t\r\n"), "\"'");
    std::string scheme = "http";
    std::string default_port = "11434";
    if (const auto separator = text.find("://"); separator != std::string_view::npos) {
        scheme = text.substr(0, separator);
        default_port = scheme == "https" ? "443" : "80";
        text.remove_prefix(separator + 3);
    }
    const auto slash = text.find('/');
    const auto path = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
    const auto authority = text.substr(0, slash);
    if (authority.find('@') != std::string_view::npos)
        return std::string(default_ollama_url);
    auto [host, port] = split_host_port(authority);
    if (host.empty() || host == "0.0.0.0" || host == "::")
        host = "127.0.0.1";
    if (host.find(':') != std::string::npos)
        host = '[' + host + ']';
    const auto url = parse_url(fmt::format("{}://{}:{}{}", scheme, host, is_port(port) ? port : default_port, path));
    return url ? url->to_string() : std::string(default_ollama_url);
}

} // namespace tokenscope::config
