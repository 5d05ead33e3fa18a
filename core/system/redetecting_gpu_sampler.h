// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "system/samplers.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::system {

/// The first of several samplers that finds a GPU. Looks again where none did (a driver that is loaded later, a GPU that is
/// plugged in) and where the one in use has found nothing for a while (a driver that was unloaded, a GPU that was lost):
/// seldom, because starting a driver is slow.
class RedetectingGpuSampler final : public GpuSampler {
public:
    /// Makes a sampler; null where there is nothing for it.
    using Make = std::function<std::unique_ptr<GpuSampler>()>;

    RedetectingGpuSampler(std::vector<Make> makers, std::shared_ptr<const Clock> clock,
                          std::chrono::seconds interval = std::chrono::seconds(60));

    std::vector<GpuSample> sample() override;
    std::string origin() const override;

private:
    void look();

    const std::vector<Make> m_makers; ///< in order of preference
    const std::shared_ptr<const Clock> m_clock;
    const std::chrono::seconds m_interval;
    std::unique_ptr<GpuSampler> m_sampler; ///< null: none
    std::optional<Instant> m_looked_at;
    std::optional<Instant> m_empty_since; ///< the sampler in use
};

} // namespace tokenscope::system
