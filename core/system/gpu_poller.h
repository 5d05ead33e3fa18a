// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "system/samplers.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tokenscope::system {

/// Samples the GPUs on a thread of its own, because a driver may hang: for seconds while it starts, for ever where a GPU has
/// fallen off the bus. Whoever asks gets the latest sample at once, and none where it is too old. Thread-safe.
class GpuPoller {
public:
    struct Options {
        std::chrono::milliseconds interval{1'000};
        std::chrono::milliseconds max_age{5'000}; ///< beyond, a sample tells nothing about now
        std::chrono::milliseconds patience{
            500}; ///< at the end, with a driver that hangs; then its thread is left behind
    };
    using MakeSampler = std::function<std::unique_ptr<GpuSampler>()>;

    /// `make` and all the sampler's calls run on the poller's thread, even after the poller's end where the driver hangs: they
    /// must depend on nothing that ends before the process. `clock` need only outlive the poller.
    GpuPoller(MakeSampler make, const Clock& clock, Options options);
    ~GpuPoller();
    GpuPoller(const GpuPoller&) = delete;
    GpuPoller& operator=(const GpuPoller&) = delete;

    std::vector<GpuSample> latest() const;
    /// As GpuSampler::origin; "the GPU driver does not answer" where there is no recent sample; empty before the first.
    std::string origin() const;

private:
    struct State;
    std::shared_ptr<State> m_state; ///< shared with the thread, which may be left behind
};

} // namespace tokenscope::system
