// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/cpu_sampler.h"

#include "system/text_file.h"

#include <array>
#include <charconv>

namespace tokenscope::system {

std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat)
{
    // It is the first line on every kernel.
    auto line = proc_stat.substr(0, proc_stat.find('\n'));
    if (!line.starts_with("cpu "))
        return std::nullopt;
    line.remove_prefix(4);

    // user nice system idle [iowait irq softirq steal]: the brackets came with later kernels.
    std::array<std::uint64_t, 8> ticks{};
    std::size_t count = 0;
    while (count < ticks.size()) {
        line = trimmed(line);
        if (line.empty())
            break;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), ticks[count]);
        if (error != std::errc() || (end != line.data() + line.size() && *end != ' '))
            return std::nullopt;
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
        ++count;
    }
    if (count < 4)
        return std::nullopt;
    const auto& [user, nice, kernel, idle, iowait, irq, softirq, steal] = ticks;
    return CpuTimes{.busy = user + nice + kernel + irq + softirq + steal, .idle = idle + iowait};
}

std::optional<double> busy_percent(const CpuTimes& before, const CpuTimes& after)
{
    if (after.busy < before.busy || after.idle < before.idle)
        return std::nullopt;
    const auto busy = static_cast<double>(after.busy - before.busy);
    const auto idle = static_cast<double>(after.idle - before.idle);
    if (busy + idle <= 0)
        return std::nullopt;
    return 100 * busy / (busy + idle);
}

ProcStatCpuSampler::ProcStatCpuSampler(std::filesystem::path proc_stat) : m_path(std::move(proc_stat)) {}

std::optional<double> ProcStatCpuSampler::percent()
{
    const auto text = read_text(m_path);
    const auto now = text ? parse_cpu_times(*text) : std::nullopt;
    const auto result = m_before && now ? busy_percent(*m_before, *now) : std::nullopt;
    m_before = now;
    return result;
}

std::unique_ptr<CpuSampler> make_cpu_sampler()
{
    return std::make_unique<ProcStatCpuSampler>();
}

} // namespace tokenscope::system
