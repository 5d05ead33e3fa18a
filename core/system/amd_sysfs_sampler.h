// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "system/samplers.h"

#include <filesystem>

namespace tokenscope::system {

/// AMD GPUs through what the amdgpu kernel driver shows of each card: gpu_busy_percent (percent), mem_info_vram_used and
/// _total (bytes), and of its hwmon power1_average (microwatts) and temp1_input (thousandths of a degree).
class AmdSysfsSampler final : public GpuSampler {
public:
    explicit AmdSysfsSampler(std::filesystem::path drm = "/sys/class/drm");
    std::vector<GpuSample> sample() override;
    std::string origin() const override { return "amdgpu sysfs"; }

private:
    std::filesystem::path m_drm;
};

} // namespace tokenscope::system
