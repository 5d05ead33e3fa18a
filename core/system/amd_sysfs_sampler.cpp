// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/amd_sysfs_sampler.h"

#include "system/text_file.h"

#include <charconv>
#include <map>
#include <string_view>

namespace tokenscope::system {

namespace fs = std::filesystem;

namespace {

/// 3 of "card3"; absent for its connectors ("card3-DP-1") and for render nodes.
std::optional<unsigned> card_number(std::string_view name)
{
    constexpr std::string_view prefix = "card";
    if (!name.starts_with(prefix))
        return std::nullopt;
    name.remove_prefix(prefix.size());
    unsigned number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size())
        return std::nullopt;
    return number;
}

/// Numbered cards below `drm` that show amdgpu's files, lowest first.
std::map<unsigned, fs::path> amd_cards(const fs::path& drm)
{
    std::map<unsigned, fs::path> cards;
    std::error_code error;
    for (fs::directory_iterator entry(drm, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const auto number = card_number(entry->path().filename().native());
        const auto device = entry->path() / "device";
        std::error_code ignored;
        if (number
            && (fs::exists(device / "gpu_busy_percent", ignored)
                || fs::exists(device / "mem_info_vram_total", ignored)))
            cards.emplace(*number, device);
    }
    return cards;
}

std::optional<double> at_least_zero(std::optional<double> value, double unit = 1)
{
    return value && *value >= 0 ? std::optional(*value / unit) : std::nullopt;
}

std::string name_of(const fs::path& device)
{
    if (const auto name = read_text(device / "product_name"); name && !trimmed(*name).empty())
        return std::string(trimmed(*name));
    if (const auto id = read_text(device / "device"); id && !trimmed(*id).empty())
        return "AMD GPU " + std::string(trimmed(*id));
    return "AMD GPU";
}

void read_hwmon(const fs::path& device, GpuSample& sample)
{
    std::error_code error;
    for (fs::directory_iterator entry(device / "hwmon", error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (!sample.power_watts)
            sample.power_watts = at_least_zero(read_number(entry->path() / "power1_average"), 1e6);
        if (!sample.temperature_celsius) {
            if (const auto thousandths = read_number(entry->path() / "temp1_input"))
                sample.temperature_celsius = *thousandths / 1000;
        }
    }
}

} // namespace

AmdSysfsSampler::AmdSysfsSampler(fs::path drm) : m_drm(std::move(drm)) {}

std::vector<GpuSample> AmdSysfsSampler::sample()
{
    std::vector<GpuSample> samples;
    for (const auto& [number, device] : amd_cards(m_drm)) {
        GpuSample sample{.index = std::to_string(number), .name = name_of(device)};
        const auto busy = read_number(device / "gpu_busy_percent");
        if (busy && *busy >= 0 && *busy <= 100)
            sample.utilization_percent = busy;
        sample.memory_used_bytes = at_least_zero(read_number(device / "mem_info_vram_used"));
        sample.memory_total_bytes = at_least_zero(read_number(device / "mem_info_vram_total"));
        read_hwmon(device, sample);
        samples.push_back(std::move(sample));
    }
    return samples;
}

} // namespace tokenscope::system
