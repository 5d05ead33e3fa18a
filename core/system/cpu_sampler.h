// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "system/samplers.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace tokenscope::system {

/// Time of all cores since boot, in clock ticks.
struct CpuTimes {
    std::uint64_t busy = 0;
    std::uint64_t idle = 0; ///< including waiting for I/O
};

/// The "cpu" line of /proc/stat (proc(5)). Guest time is not added: the kernel counts it within user time already. Time
/// stolen by other virtual machines counts as busy. Absent where the line is missing or malformed.
std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat);

/// Busy share between two reads, 0 to 100; absent where time stood still or a counter went backwards.
std::optional<double> busy_percent(const CpuTimes& before, const CpuTimes& after);

class ProcStatCpuSampler final : public CpuSampler {
public:
    explicit ProcStatCpuSampler(std::filesystem::path proc_stat = "/proc/stat");
    std::optional<double> percent() override;

private:
    std::filesystem::path m_path;
    std::optional<CpuTimes> m_before;
};

} // namespace tokenscope::system
