// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::system {

/// One GPU at one moment. What the driver does not tell is absent.
struct GpuSample {
    std::string index;                         ///< "0", "1", ...; of an instance (MIG) "0:1": it stands for a part of 0
    std::string name;                          ///< as the driver calls it
    std::optional<double> utilization_percent; ///< 0 to 100
    std::optional<double> memory_used_bytes;
    std::optional<double> memory_total_bytes;
    std::optional<double> power_watts;
    std::optional<double> temperature_celsius;
};

/// All GPUs of this machine. Not thread-safe: one sampler, one thread.
class GpuSampler {
public:
    virtual ~GpuSampler() = default;
    /// Empty where there is no GPU (or no driver), which is not an error.
    virtual std::vector<GpuSample> sample() = 0;
    /// Where the values come from: "NVML", "amdgpu sysfs", or why there are none.
    virtual std::string origin() const = 0;
};

/// NVML loaded at run time, else AMD's sysfs, else nothing, and says so. Looks again once a minute where there is none. Its
/// first sample takes seconds where a driver has to start, and any may hang with it: see GpuPoller.
std::unique_ptr<GpuSampler> make_gpu_sampler();

/// This machine's CPU: in a container too the whole machine's, whatever share of it the container may use.
class CpuSampler {
public:
    virtual ~CpuSampler() = default;
    /// Busy share of all cores since the last call, 0 to 100; absent on the first call and where it cannot be read.
    virtual std::optional<double> percent() = 0;
};

std::unique_ptr<CpuSampler> make_cpu_sampler();

/// This process.
struct ProcessSample {
    std::optional<double> cpu_seconds;
    std::optional<double> resident_bytes;
    std::optional<double> open_fds;
    std::optional<double> max_fds;
    std::optional<double> start_time_seconds; ///< since 1970
};
ProcessSample sample_process();

} // namespace tokenscope::system
