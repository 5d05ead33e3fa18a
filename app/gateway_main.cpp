// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "composition.h"
#include "config_reload.h"
#include "startup.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <pthread.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace tokenscope;

namespace {

/// Whether there is a terminal that the program was started from and could be stopped from.
bool has_terminal()
{
    const int terminal = ::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0)
        return false;
    ::close(terminal);
    return true;
}

/// Until SIGINT or SIGTERM. SIGHUP asks for the configuration to be read again, unless it says that the terminal was closed.
void serve(const sigset_t& signals, app::ConfigReload& reload)
{
    const bool in_terminal = has_terminal();
    for (int received = 0; sigwait(&signals, &received) == 0;) {
        if (received != SIGHUP || (in_terminal && !has_terminal()))
            return;
        reload.reload();
    }
}

} // namespace

/// The headless gateway: serves until SIGINT or SIGTERM, then lets requests in flight finish.
int main(int argc, char** argv)
{
    const std::vector<std::string> args(argv + 1, argv + argc);
    auto startup = app::start_up(args, app::Program::gateway);
    if (const auto* exit_code = std::get_if<int>(&startup))
        return *exit_code;
    auto& plan = std::get<app::Startup>(startup);

    // Blocked before any thread is made, so that only serve() sees them. A peer that closes is no reason to die.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    app::Composition composition({.config = plan.config,
                                  .log = std::move(plan.log),
                                  .qt_version = {},
                                  .demo_traffic = plan.options.demo_traffic});
    if (const auto started = composition.start(); !started) {
        fmt::print(stderr, "{}\n", started.error().message);
        return 1;
    }
    for (const auto& warning : plan.warnings)
        composition.log().log(telemetry::Level::warn, "configuration", {{"warning", warning}});
    // Standard output belongs to the spans where they go there.
    const bool spans_there = plan.config.observability.tracing.exporter.type == config::ExporterType::stdout_lines;
    fmt::print(spans_there ? stderr : stdout, "listening on {}\n", composition.gateway_url());
    std::fflush(stdout);

    {
        app::ConfigReload reload(
            std::move(plan.source), std::move(plan.config),
            [&composition](config::Config config) { return composition.apply(std::move(config)); }, composition.log());
        reload.watch();
        serve(signals, reload);
    } // a gateway that ends takes no new configuration
    composition.stop();
    return 0;
}
