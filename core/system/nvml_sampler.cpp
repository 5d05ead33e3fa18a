// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/nvml_sampler.h"

#include <dlfcn.h>

#include <array>
#include <cstdint>

namespace tokenscope::system {

namespace {

// The part of NVML's binary interface that is used here, after NVIDIA's NVML API reference.
using NvmlReturn = int; // 0: success
using NvmlDevice = struct NvmlDeviceOpaque*;

struct NvmlUtilization {
    unsigned gpu;
    unsigned memory;
};

struct NvmlMemory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};

struct NvmlMemoryV2 {
    unsigned version;
    unsigned long long total;
    unsigned long long reserved;
    unsigned long long free;
    unsigned long long used;
};

constexpr unsigned memory_v2_version = sizeof(NvmlMemoryV2) | (2U << 24U);
constexpr int temperature_gpu = 0;

struct CloseLibrary {
    void operator()(void* handle) const { dlclose(handle); }
};
using Library = std::unique_ptr<void, CloseLibrary>;

/// The functions; null where the installed driver has none of that name.
struct NvmlApi {
    NvmlReturn (*init)() = nullptr;
    NvmlReturn (*shutdown)() = nullptr;
    NvmlReturn (*driver_version)(char*, unsigned) = nullptr;
    NvmlReturn (*device_count)(unsigned*) = nullptr;
    NvmlReturn (*device_by_index)(unsigned, NvmlDevice*) = nullptr;
    NvmlReturn (*name)(NvmlDevice, char*, unsigned) = nullptr;
    NvmlReturn (*utilization)(NvmlDevice, NvmlUtilization*) = nullptr;
    NvmlReturn (*memory)(NvmlDevice, NvmlMemory*) = nullptr;
    NvmlReturn (*memory_v2)(NvmlDevice, NvmlMemoryV2*) = nullptr;
    NvmlReturn (*power)(NvmlDevice, unsigned*) = nullptr;
    NvmlReturn (*temperature)(NvmlDevice, int, unsigned*) = nullptr;
    NvmlReturn (*most_instances)(NvmlDevice, unsigned*) = nullptr;
    NvmlReturn (*instance_by_index)(NvmlDevice, unsigned, NvmlDevice*) = nullptr;
};

template <typename F>
void resolve(void* library, const char* symbol, F*& function)
{
    function = reinterpret_cast<F*>(dlsym(library, symbol));
}

NvmlApi resolve_all(void* library)
{
    NvmlApi api;
    resolve(library, "nvmlInit_v2", api.init);
    resolve(library, "nvmlShutdown", api.shutdown);
    resolve(library, "nvmlSystemGetDriverVersion", api.driver_version);
    resolve(library, "nvmlDeviceGetCount_v2", api.device_count);
    resolve(library, "nvmlDeviceGetHandleByIndex_v2", api.device_by_index);
    resolve(library, "nvmlDeviceGetName", api.name);
    resolve(library, "nvmlDeviceGetUtilizationRates", api.utilization);
    resolve(library, "nvmlDeviceGetMemoryInfo", api.memory);
    resolve(library, "nvmlDeviceGetMemoryInfo_v2", api.memory_v2);
    resolve(library, "nvmlDeviceGetPowerUsage", api.power);
    resolve(library, "nvmlDeviceGetTemperature", api.temperature);
    resolve(library, "nvmlDeviceGetMaxMigDeviceCount", api.most_instances);
    resolve(library, "nvmlDeviceGetMigDeviceHandleByIndex", api.instance_by_index);
    return api;
}

/// Calls a function that may be missing or refuse.
template <typename... Parameters, typename... Arguments>
bool ask(NvmlReturn (*function)(Parameters...), Arguments... arguments)
{
    return function && function(arguments...) == 0;
}

/// A text as NVML writes it into a buffer of the caller; empty where it does not.
template <typename Fill>
std::string text_of(Fill fill)
{
    std::array<char, 128> buffer{};
    if (!fill(buffer.data(), static_cast<unsigned>(buffer.size())))
        return {};
    buffer.back() = '\0';
    return buffer.data();
}

class NvmlSampler final : public GpuSampler {
public:
    /// `api` has been initialised.
    NvmlSampler(Library library, const NvmlApi& api) : m_library(std::move(library)), m_api(api)
    {
        const auto version = text_of([&](char* text, unsigned size) { return ask(m_api.driver_version, text, size); });
        m_origin = version.empty() ? "NVML" : "NVML " + version;
    }
    NvmlSampler(const NvmlSampler&) = delete;
    NvmlSampler& operator=(const NvmlSampler&) = delete;
    ~NvmlSampler() override { ask(m_api.shutdown); }

    std::vector<GpuSample> sample() override;
    std::string origin() const override { return m_origin; }

private:
    GpuSample read(NvmlDevice device, std::string index) const;
    void read_memory(NvmlDevice device, GpuSample& sample) const;
    bool add_instances(NvmlDevice device, const std::string& index, std::vector<GpuSample>& samples) const;

    Library m_library;
    NvmlApi m_api;
    std::string m_origin;
};

std::vector<GpuSample> NvmlSampler::sample()
{
    std::vector<GpuSample> samples;
    unsigned count = 0;
    if (!ask(m_api.device_count, &count))
        return samples;
    for (unsigned i = 0; i < count; ++i) {
        NvmlDevice device = nullptr;
        if (!ask(m_api.device_by_index, i, &device))
            continue; // lost; the others may be well
        const auto index = std::to_string(i);
        if (!add_instances(device, index, samples))
            samples.push_back(read(device, index));
    }
    return samples;
}

GpuSample NvmlSampler::read(NvmlDevice device, std::string index) const
{
    GpuSample sample{.index = std::move(index)};
    sample.name = text_of([&](char* text, unsigned size) { return ask(m_api.name, device, text, size); });
    if (NvmlUtilization rates{}; ask(m_api.utilization, device, &rates) && rates.gpu <= 100)
        sample.utilization_percent = rates.gpu;
    read_memory(device, sample);
    if (unsigned milliwatts = 0; ask(m_api.power, device, &milliwatts))
        sample.power_watts = milliwatts / 1000.0;
    if (unsigned celsius = 0; ask(m_api.temperature, device, temperature_gpu, &celsius))
        sample.temperature_celsius = celsius;
    return sample;
}

/// A card that is divided into instances (MIG) is shown as these: its own memory is theirs, and in a container it may not
/// even be readable. Utilisation is not known of either.
bool NvmlSampler::add_instances(NvmlDevice device, const std::string& index, std::vector<GpuSample>& samples) const
{
    bool found = false;
    unsigned most = 0;
    if (!ask(m_api.most_instances, device, &most))
        return found;
    for (unsigned i = 0; i < most; ++i) {
        NvmlDevice instance = nullptr;
        if (!ask(m_api.instance_by_index, device, i, &instance))
            continue; // places of instances that were not made
        samples.push_back(read(instance, index + ':' + std::to_string(i)));
        found = true;
    }
    return found;
}

void NvmlSampler::read_memory(NvmlDevice device, GpuSample& sample) const
{
    // The second version leaves what the driver keeps for itself out of `used`, as nvidia-smi does.
    NvmlMemoryV2 current{.version = memory_v2_version};
    if (ask(m_api.memory_v2, device, &current)) {
        sample.memory_used_bytes = static_cast<double>(current.used);
        sample.memory_total_bytes = static_cast<double>(current.total);
    } else if (NvmlMemory old{}; ask(m_api.memory, device, &old)) {
        sample.memory_used_bytes = static_cast<double>(old.used);
        sample.memory_total_bytes = static_cast<double>(old.total);
    }
}

} // namespace

std::unique_ptr<GpuSampler> make_nvml_sampler(const char* library)
{
    Library handle(dlopen(library, RTLD_NOW | RTLD_LOCAL));
    if (!handle)
        return nullptr;
    const auto api = resolve_all(handle.get());
    if (!ask(api.init))
        return nullptr;
    auto sampler = std::make_unique<NvmlSampler>(std::move(handle), api);
    unsigned count = 0;
    if (!ask(api.device_count, &count) || count == 0)
        return nullptr;
    return sampler;
}

} // namespace tokenscope::system
