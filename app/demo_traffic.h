// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace tokenscope::app {

/// Sends real requests to the gateway's own address, at random moments and in bursts, so that there is something to look at
/// with no client at hand. All of them go to the demo engine. Runs on a thread of its own.
class DemoTraffic {
public:
    struct Options {
        double requests_per_second = 2.0; ///< on average, outside bursts
        std::uint64_t seed = 1;
        std::function<std::string()> authorization; ///< its value now; an empty one is not sent. Any thread
    };

    /// `base_url` as the gateway gives it.
    DemoTraffic(const std::string& base_url, Options options);
    ~DemoTraffic(); ///< cuts what is in flight

private:
    class Runner;
    std::unique_ptr<Runner> m_runner;
};

} // namespace tokenscope::app
