// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli.h"
#include "config/config.h"
#include "config_source.h"
#include "telemetry/logging/log.h"

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

/// Reads the command line and the configuration, from its file or the built-in defaults. --help, --version,
/// --check-config, --print-config, --hash-key and --store-key are done here; they and errors give the exit code to leave with (0, or 2).
std::variant<Startup, int> start_up(std::span<const std::string> args, Program program);

} // namespace tokenscope::app
