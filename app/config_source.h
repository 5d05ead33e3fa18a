// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli.h"
#include "config/config.h"
#include "config/environment.h"
#include "config/keychain.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::app {

/// Where the configuration comes from, at start-up and again whenever it may have changed: --config, else the usual file if
/// there is one, else what is built in; then what the command line overrides, and the discovery of Ollama.
class ConfigSource {
public:
    struct Loaded {
        config::Config config;
        std::optional<std::filesystem::path> file; ///< empty: built in
        std::vector<std::string> warnings;         ///< one line each
    };

    /// `keychain` may be null.
    ConfigSource(const CliOptions& options, config::Env env, std::shared_ptr<config::Keychain> keychain);

    /// Once it came from a file, that file's absence is an error: nobody is to lose their client keys by it.
    Result<Loaded> load();

    /// What load() would give if `text` were the file's content. Changes nothing.
    Result<Loaded> load_text(std::string_view text) const;

    /// The file that is read, or would be if it were there. Empty: there is no place for one.
    const std::optional<std::filesystem::path>& file() const { return m_file; }
    /// Whether the file can be read again: not a pipe, such as a shell makes for --config <(...).
    bool is_rereadable() const;
    /// The keys that the command line decides, whatever the file says.
    std::vector<std::string> overridden() const;

private:
    /// What does not come from the file: the discovered provider, and the command line's part.
    Result<void> complete(config::Config& config) const;
    /// The command line's part.
    Result<void> apply_options(config::Config& config) const;

    config::Env m_env;
    std::shared_ptr<config::Keychain> m_keychain;
    std::optional<std::filesystem::path> m_file;
    std::optional<std::string> m_listen;
    std::optional<config::LogLevel> m_log_level;
    std::optional<std::filesystem::path> m_log_file;
    bool m_file_needed; ///< it was asked for, or has been read before
};

} // namespace tokenscope::app
