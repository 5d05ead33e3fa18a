// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "composition.h"
#include "startup.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <string>
#include <utility>
#include <vector>

using namespace tokenscope;

/// The headless gateway: serves until SIGINT or SIGTERM, then lets requests in flight finish.
int main(int argc, char** argv)
{
    const std::vector<std::string> args(argv + 1, argv + argc);
    auto startup = app::start_up(args, app::Program::gateway);
    if (const auto* exit_code = std::get_if<int>(&startup))
        return *exit_code;
    auto& plan = std::get<app::Startup>(startup);

    // Blocked before any thread is made, so that only the sigwait below sees them. A peer that closes is no reason to die.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    app::Composition composition({.config = std::move(plan.config),
                                  .log = std::move(plan.log),
                                  .qt_version = {},
                                  .demo_traffic = plan.options.demo_traffic});
    if (const auto started = composition.start(); !started) {
        fmt::print(stderr, "{}\n", started.error().message);
        return 1;
    }
    fmt::print("listening on {}\n", composition.gateway_url());
    std::fflush(stdout);

    int received = 0;
    sigwait(&signals, &received);
    composition.stop();
    return 0;
}
