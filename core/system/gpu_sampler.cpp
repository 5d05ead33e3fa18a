// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/amd_sysfs_sampler.h"
#include "system/nvml_sampler.h"
#include "system/redetecting_gpu_sampler.h"

namespace tokenscope::system {

namespace {

std::unique_ptr<GpuSampler> make_amd_sampler()
{
    auto amd = std::make_unique<AmdSysfsSampler>();
    return amd->sample().empty() ? nullptr : std::move(amd);
}

} // namespace

std::unique_ptr<GpuSampler> make_gpu_sampler()
{
    return std::make_unique<RedetectingGpuSampler>(
        std::vector<RedetectingGpuSampler::Make>{[] { return make_nvml_sampler(); }, make_amd_sampler},
        std::make_shared<SystemClock>());
}

} // namespace tokenscope::system
