// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "startup.h"

#include "config/defaults.h"
#include "config/loader.h"
#include "config/writer.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace tokenscope::app {

namespace {

constexpr int usage_error = 2;

telemetry::LogOptions log_options(const CliOptions& options)
{
    telemetry::LogOptions log;
    const auto level = options.log_level.value_or(LogLevel::info);
    switch (level) {
    case LogLevel::trace:
    case LogLevel::debug: log.level = telemetry::Level::debug; break;
    case LogLevel::info: log.level = telemetry::Level::info; break;
    case LogLevel::warning: log.level = telemetry::Level::warn; break;
    case LogLevel::error:
    case LogLevel::off: log.level = telemetry::Level::error; break;
    }
    log.to_stderr = level != LogLevel::off;
    if (options.log_file)
        log.file = options.log_file->string();
    return log;
}

int refuse(const Error& error)
{
    fmt::print(stderr, "{}\n", error.message);
    return usage_error;
}

} // namespace

std::variant<Startup, int> start_up(std::span<const std::string> args, Program program)
{
    auto options = parse_cli(args, program);
    if (!options)
        return refuse(options.error());
    if (options->help || options->version) {
        const auto text = options->help ? help_text(program) : version_text(program);
        std::fputs(text.c_str(), stdout);
        return 0;
    }

    const auto env = config::process_environment();
    const auto file = options->config_file ? options->config_file : default_config_file(env);
    auto config = file ? config::load_config_file(*file, env) : config::default_config(env);
    if (!config)
        return refuse(config.error());
    if (config->discover_providers) {
        // Listed first: a bare model name means the real model before the simulated one. One that does not answer lists
        // nothing, and is asked again every few seconds.
        auto ollama = config::ollama_provider(config::ollama_base_url(env("OLLAMA_HOST")));
        config->providers.insert(config->providers.begin(), std::move(ollama));
    }
    if (options->listen)
        config->listen = *options->listen;
    if (options->check_config) {
        fmt::print("{} is valid.\n", file ? file->string() : "The built-in configuration");
        return 0;
    }
    if (options->print_config) {
        std::fputs(config::print_config(*config).c_str(), stdout);
        return 0;
    }
    auto log = log_options(*options);
    return Startup{.options = std::move(*options), .config = std::move(*config), .log = std::move(log)};
}

} // namespace tokenscope::app
