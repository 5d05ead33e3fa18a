// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli.h"
#include "config/config.h"
#include "config_source.h"
#include "telemetry/logging/log.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace tokenscope::app {

/// What a program needs to know before it makes anything.
struct Startup {
    CliOptions options;
    config::Config config;
    ConfigSource source;               ///< that it came from
    std::vector<std::string> warnings; ///< about it, for the log
    telemetry::LogOptions log;
};

/// Why a program cannot start, as standard error has it, and the file to mend. No file: there is no place for one.
struct ConfigProblem {
    std::string message;
    std::optional<std::filesystem::path> file;
};

/// Asked when the program that the options describe cannot start: whether the configuration is to be read again.
using ReadAgain = std::function<bool(const CliOptions&, const ConfigProblem&)>;

/// Asked once the program is to start, whatever its configuration says: whether it may.
using MayStart = std::function<bool(const CliOptions&)>;

/// Reads the command line and the configuration, from its file or the built-in defaults. --help, --version,
/// --check-config, --print-config, --hash-key and --store-key are done here; they and errors give the exit code to leave with (0, or 2),
/// and so does `may_start` that says no (0). Without `read_again` the first error is the last.
std::variant<Startup, int> start_up(std::span<const std::string> args, Program program,
                                    const ReadAgain& read_again = {}, const MayStart& may_start = {});

} // namespace tokenscope::app
