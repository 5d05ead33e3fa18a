// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_reload.h"

#include "config/changes.h"
#include "log_settings.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::app {

using telemetry::Level;

ConfigReload::ConfigReload(ConfigSource source, config::Config current, Apply apply, telemetry::Logger& log)
    : m_source(std::move(source)), m_current(std::move(current)), m_apply(std::move(apply)), m_log(log)
{
}

void ConfigReload::watch(config::FileWatch::Options options)
{
    const auto& file = m_source.file();
    if (!file || !m_source.is_rereadable())
        return;
    auto started = config::FileWatch::start(
        *file, [this] { follow(); }, options);
    if (!started) {
        m_log.log(Level::warn, started.error().message, {{"detail", started.error().detail}});
        return;
    }
    m_watch = std::move(*started);
    reload(Unchanged::ignore);
}

void ConfigReload::reload()
{
    reload(Unchanged::tell);
}

void ConfigReload::follow()
{
    const std::scoped_lock lock(m_mutex);
    look(std::exchange(m_own_change, false) ? Unchanged::ignore : Unchanged::tell);
}

void ConfigReload::reload(Unchanged unchanged)
{
    const std::scoped_lock lock(m_mutex);
    look(unchanged);
}

void ConfigReload::look(Unchanged unchanged)
{
    if (!m_source.is_rereadable()) {
        m_log.log(Level::error, "configuration not reloaded",
                  {{"error_message", "its file is no regular file, which could be read only once"}});
        return;
    }
    auto loaded = m_source.load();
    if (!loaded) {
        m_log.log(Level::error, "configuration not reloaded", {{"error_message", loaded.error().message}});
        return;
    }
    const auto changes = config::describe_changes(m_current, loaded->config);
    if (changes.empty()) {
        if (unchanged == Unchanged::tell)
            m_log.log(Level::info, "configuration unchanged");
        return;
    }
    const auto keys = fmt::format("{}", fmt::join(changes, ", "));
    if (apply(*loaded, keys))
        adopt(std::move(loaded->config), keys);
}

Result<void> ConfigReload::apply(const ConfigSource::Loaded& next, const std::string& changes)
{
    for (const auto& warning : next.warnings)
        m_log.log(Level::warn, "configuration", {{"warning", warning}});
    auto applied = m_apply(next.config);
    if (!applied)
        m_log.log(
            Level::error, "configuration not applied",
            {{"changes", changes}, {"error_message", applied.error().message}, {"detail", applied.error().detail}});
    return applied;
}

void ConfigReload::adopt(config::Config next, const std::string& changes)
{
    {
        const std::scoped_lock lock(m_current_mutex);
        m_current = std::move(next);
    }
    apply_log(m_current.log, m_log);
    m_log.log(Level::info, "configuration applied", {{"changes", changes}});
}

Result<void> ConfigReload::replace(ConfigSource::Loaded next, const std::function<Result<void>()>& commit)
{
    const std::scoped_lock lock(m_mutex);
    const auto changes = config::describe_changes(m_current, next.config);
    const auto keys = fmt::format("{}", fmt::join(changes, ", "));
    if (!changes.empty()) {
        if (auto applied = apply(next, keys); !applied)
            return applied;
    }
    if (auto committed = commit(); !committed) {
        if (!changes.empty())
            apply({.config = m_current, .file = {}, .warnings = {}}, keys);
        return committed;
    }
    m_own_change = true;
    if (!changes.empty())
        adopt(std::move(next.config), keys);
    return {};
}

config::Config ConfigReload::current() const
{
    const std::scoped_lock lock(m_current_mutex);
    return m_current;
}

} // namespace tokenscope::app
