// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_source.h"

#include "config/defaults.h"
#include "config/loader.h"
#include "config/observability_values.h"
#include "config/values.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::app {

namespace fs = std::filesystem;

ConfigSource::ConfigSource(const CliOptions& options, config::Env env, std::shared_ptr<config::Keychain> keychain)
    : m_env(std::move(env)), m_keychain(std::move(keychain)), m_file(options.config_file), m_listen(options.listen),
      m_log_level(options.log_level), m_log_file(options.log_file), m_file_needed(options.config_file.has_value())
{
    if (!m_file)
        m_file = default_config_file(m_env);
}

Result<ConfigSource::Loaded> ConfigSource::load()
{
    Loaded out;
    std::error_code ignored;
    if (m_file_needed || (m_file && fs::exists(*m_file, ignored)))
        out.file = m_file;
    const config::Lookup lookup(m_env, m_keychain.get());
    auto config = out.file ? config::load_config_file(*out.file, lookup, &out.warnings) : config::default_config(m_env);
    if (!config)
        return tl::make_unexpected(std::move(config.error()));
    if (auto completed = complete(*config); !completed)
        return failure(std::move(completed.error()));
    m_file_needed = out.file.has_value();
    out.config = std::move(*config);
    return out;
}

Result<ConfigSource::Loaded> ConfigSource::load_text(std::string_view text) const
{
    Loaded out{.config = {}, .file = m_file, .warnings = {}};
    const config::Lookup lookup(m_env, m_keychain.get());
    const auto name = m_file ? m_file->string() : std::string("config.yaml");
    auto config = config::load_config(text, name, lookup, &out.warnings);
    if (!config)
        return tl::make_unexpected(std::move(config.error()));
    if (auto completed = complete(*config); !completed)
        return failure(std::move(completed.error()));
    out.config = std::move(*config);
    return out;
}

Result<void> ConfigSource::complete(config::Config& config) const
{
    if (config.discover_providers) {
        // Listed first: a bare model name means the real model before the simulated one. One that does not answer lists
        // nothing, and is asked again every few seconds.
        auto ollama = config::ollama_provider(config::ollama_base_url(m_env("OLLAMA_HOST")));
        config.providers.insert(config.providers.begin(), std::move(ollama));
    }
    return apply_options(config);
}

Result<void> ConfigSource::apply_options(config::Config& config) const
{
    if (m_log_level)
        config.log.level = *m_log_level;
    if (m_log_file)
        config.log.file = fs::absolute(*m_log_file).string();
    if (!m_listen)
        return {};
    config.listen = *m_listen;
    auto checked = config::check_listen(config.listen, config.auth);
    if (!checked)
        return failure(ErrorCode::config, fmt::format("--listen: '{}' {}", config.listen, checked.error().message));
    const auto& metrics = config.observability.metrics;
    if (const auto apart = config::check_metrics_address(metrics, config.listen); !apart)
        return failure(ErrorCode::config, fmt::format("--listen: '{}': observability.metrics.address {}", config.listen,
                                                      apart.error().message));
    return {};
}

std::vector<std::string> ConfigSource::overridden() const
{
    std::vector<std::string> keys;
    if (m_listen)
        keys.emplace_back("listen");
    if (m_log_level)
        keys.emplace_back("log.level");
    if (m_log_file)
        keys.emplace_back("log.file");
    return keys;
}

bool ConfigSource::is_rereadable() const
{
    std::error_code ignored;
    const auto status = m_file ? fs::status(*m_file, ignored) : fs::file_status();
    return !fs::exists(status) || fs::is_regular_file(status);
}

} // namespace tokenscope::app
