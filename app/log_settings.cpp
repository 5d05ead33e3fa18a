// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_settings.h"

namespace tokenscope::app {

namespace {

telemetry::Level level_of(config::LogLevel level)
{
    switch (level) {
    case config::LogLevel::trace: // nothing is finer than debug
    case config::LogLevel::debug: return telemetry::Level::debug;
    case config::LogLevel::info: return telemetry::Level::info;
    case config::LogLevel::warning: return telemetry::Level::warn;
    case config::LogLevel::error: return telemetry::Level::error;
    case config::LogLevel::off: break;
    }
    return telemetry::Level::off;
}

} // namespace

telemetry::LogOptions log_options(const config::Log& settings)
{
    telemetry::LogOptions options;
    options.level = level_of(settings.level);
    options.file = settings.file;
    return options;
}

void apply_log(const config::Log& settings, telemetry::Logger& log)
{
    log.set_file(settings.file);
    log.set_level(level_of(settings.level));
}

} // namespace tokenscope::app
