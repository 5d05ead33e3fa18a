// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "startup.h"

#include "config/secret_service.h"
#include "config/writer.h"
#include "key_commands.h"
#include "log_settings.h"
#include "telemetry/prices/price_file.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <unistd.h>
#include <utility>

namespace tokenscope::app {

namespace {

constexpr int usage_error = 2;

int refuse(const Error& error)
{
    fmt::print(stderr, "{}\n", error.message);
    return usage_error;
}

int run_key_command(const CliOptions& options, config::Keychain& keychain)
{
    if (options.store_key) {
        const auto stored = store_key(STDIN_FILENO, *options.store_key, keychain);
        if (!stored)
            return refuse(stored.error());
        fmt::print("stored; use it as \"${{keychain:{}}}\"\n", *options.store_key);
        return 0;
    }
    const auto hash = hash_key(STDIN_FILENO);
    if (!hash)
        return refuse(hash.error());
    fmt::print("{}\n", *hash);
    return 0;
}

/// The prices are only checked: the gateway reads them itself.
tl::expected<ConfigSource::Loaded, ConfigProblem> load(ConfigSource& source, bool check_prices)
{
    auto loaded = source.load();
    if (!loaded)
        return tl::make_unexpected(ConfigProblem{std::move(loaded.error().message), source.file()});
    if (check_prices) {
        const auto table = telemetry::price_source(loaded->config.observability.prices, config::process_environment());
        if (auto prices = telemetry::load_prices(table); !prices) {
            std::error_code ignored; // one that is not there is the wrong one
            const auto file = std::filesystem::exists(table.file, ignored) ? std::optional(table.file) : source.file();
            return tl::make_unexpected(ConfigProblem{std::move(prices.error().message), file});
        }
    }
    return std::move(*loaded);
}

} // namespace

std::variant<Startup, int> start_up(std::span<const std::string> args, Program program, const ReadAgain& read_again,
                                    const MayStart& may_start)
{
    auto options = parse_cli(args, program);
    if (!options)
        return refuse(options.error());
    if (options->help || options->version) {
        const auto text = options->help ? help_text(program) : version_text(program);
        std::fputs(text.c_str(), stdout);
        return 0;
    }

    auto keychain = std::make_shared<config::SecretServiceKeychain>();
    if (options->hash_key || options->store_key)
        return run_key_command(*options, *keychain);

    const bool starts = !options->check_config && !options->print_config;
    if (starts && may_start && !may_start(*options))
        return 0;
    ConfigSource source(*options, config::process_environment(), std::move(keychain));
    auto loaded = load(source, !options->print_config);
    while (!loaded) {
        fmt::print(stderr, "{}\n", loaded.error().message);
        if (!starts || !read_again || !read_again(*options, loaded.error()))
            return usage_error;
        loaded = load(source, true);
    }
    if (options->check_config) {
        for (const auto& warning : loaded->warnings)
            fmt::print(stderr, "warning: {}\n", warning);
        fmt::print("{} is valid.\n", loaded->file ? loaded->file->string() : "The built-in configuration");
        return 0;
    }
    if (options->print_config) {
        std::fputs(config::print_config(loaded->config).c_str(), stdout);
        return 0;
    }
    auto log = log_options(loaded->config.log);
    return Startup{.options = std::move(*options),
                   .config = std::move(loaded->config),
                   .source = std::move(source),
                   .warnings = std::move(loaded->warnings),
                   .log = std::move(log)};
}

} // namespace tokenscope::app
