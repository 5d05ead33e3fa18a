// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/amd_sysfs_sampler.h"
#include "system/nvml_sampler.h"
#include "system/samplers.h"

namespace tokenscope::system {

namespace {

class NoGpuSampler final : public GpuSampler {
public:
    std::vector<GpuSample> sample() override { return {}; }
    std::string origin() const override { return "no GPU found on this machine"; }
};

} // namespace

std::unique_ptr<GpuSampler> make_gpu_sampler()
{
    if (auto nvml = make_nvml_sampler())
        return nvml;
    if (auto amd = std::make_unique<AmdSysfsSampler>(); !amd->sample().empty())
        return amd;
    return std::make_unique<NoGpuSampler>();
}

} // namespace tokenscope::system
