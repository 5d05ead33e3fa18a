// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "system/samplers.h"

#include <memory>

namespace tokenscope::system {

/// NVIDIA GPUs through NVML, loaded from `library` at run time. Null where it cannot be loaded or started, or lists no GPU.
std::unique_ptr<GpuSampler> make_nvml_sampler(const char* library = "libnvidia-ml.so.1");

} // namespace tokenscope::system
