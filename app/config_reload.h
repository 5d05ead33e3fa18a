// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/file_watch.h"
#include "config_source.h"
#include "telemetry/logging/log.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace tokenscope::app {

/// Puts a changed configuration into effect while the gateway runs: the whole of it, or, if anything is wrong with it, none
/// of it, and the one before stays. Says in the log which it was.
class ConfigReload {
public:
    /// Called on whatever thread noticed the change, one call at a time. An error: nothing has been taken over.
    using Apply = std::function<Result<void>(config::Config)>;

    /// `current` is what `source` gave at start-up and is in effect.
    ConfigReload(ConfigSource source, config::Config current, Apply apply, telemetry::Logger& log);

    /// From now on changes of the file are noticed, those since start-up too. Where there is no file yet, its appearance is.
    void watch(config::FileWatch::Options options = {});
    /// Looks whether something has changed; SIGHUP asks for this.
    void reload();

    /// Takes over what the file is going to say: applies it, then has `commit` write it, and goes back where that fails.
    /// Nothing has changed after an error. The watch that sees the file change finds nothing left to do.
    Result<void> replace(ConfigSource::Loaded next, const std::function<Result<void>()>& commit);
    /// As loaded last and taken over. Never waits for a file or a keychain. Any thread.
    config::Config current() const;

private:
    enum class Unchanged { tell, ignore };
    void reload(Unchanged unchanged);
    void follow();                  ///< the watch has seen a change
    void look(Unchanged unchanged); ///< with m_mutex held, as what follows
    Result<void> apply(const ConfigSource::Loaded& next, const std::string& changes);
    void adopt(config::Config next, const std::string& changes);

    std::mutex m_mutex; ///< a signal and the watch may come together
    ConfigSource m_source;
    mutable std::mutex m_current_mutex; ///< held for no longer than a copy takes
    config::Config m_current;
    bool m_own_change = false; ///< the watch will tell of what replace() did
    const Apply m_apply;
    telemetry::Logger& m_log;
    std::unique_ptr<config::FileWatch> m_watch; ///< last: its thread uses the rest
};

} // namespace tokenscope::app
