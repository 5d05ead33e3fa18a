// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "config/environment.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tokenscope::app {

enum class Program { console, gateway };
enum class Theme { system, light, dark, both };
using LogLevel = config::LogLevel;

/// In device-independent pixels.
struct WindowSize {
    int width = 0;
    int height = 0;

    bool operator==(const WindowSize&) const = default;
};

/// What the command line asked for; an empty optional: nothing.
struct CliOptions {
    bool help = false;
    bool version = false;
    bool check_config = false;
    bool print_config = false;
    bool hash_key = false;             ///< print the hash of a key that standard input gives
    bool demo_traffic = false;         ///< keep asking the demo provider, so that there is something to see
    std::optional<std::string> listen; ///< canonical host:port
    std::optional<std::filesystem::path> config_file;
    std::optional<std::string> store_key; ///< name of the keychain's entry for a secret that standard input gives
    std::optional<std::filesystem::path> log_file;
    std::optional<LogLevel> log_level;
    // The console's own.
    bool minimised = false;                           ///< start in the background
    std::optional<std::filesystem::path> screenshots; ///< folder to draw every page into
    std::optional<Theme> theme;                       ///< `both` only with screenshots
    std::vector<WindowSize> sizes;                    ///< several only with screenshots
    std::optional<std::chrono::milliseconds> after;   ///< time before the screenshots are taken
    std::vector<std::string> qt_arguments;            ///< as given, for QApplication
};

/// `args` come without the program's own name. Errors have ErrorCode::config and are sentences for the terminal.
Result<CliOptions> parse_cli(std::span<const std::string> args, Program program);

/// The text of --help, with a line feed at its end.
std::string help_text(Program program);
/// The text of --version, e.g. "tokenscope-gateway 0.1.0\n".
std::string version_text(Program program);

/// $XDG_CONFIG_HOME/tokenscope/config.yaml, else ~/.config/tokenscope/config.yaml, whether there is one or not. Empty: there
/// is no home either.
std::optional<std::filesystem::path> default_config_file(const config::Env& env);

} // namespace tokenscope::app
