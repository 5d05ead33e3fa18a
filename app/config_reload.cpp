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
        *file, [this] { reload(Unchanged::tell); }, options);
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

void ConfigReload::reload(Unchanged unchanged)
{
    const std::scoped_lock lock(m_mutex);
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
    for (const auto& warning : loaded->warnings)
        m_log.log(Level::warn, "configuration", {{"warning", warning}});
    const auto keys = fmt::format("{}", fmt::join(changes, ", "));
    if (const auto applied = m_apply(loaded->config); !applied) {
        m_log.log(Level::error, "configuration not applied",
                  {{"changes", keys}, {"error_message", applied.error().message}, {"detail", applied.error().detail}});
        return;
    }
    m_current = std::move(loaded->config);
    apply_log(m_current.log, m_log);
    m_log.log(Level::info, "configuration applied", {{"changes", keys}});
}

} // namespace tokenscope::app
