// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Answers like NVIDIA's library with two GPUs. FAKE_NVML_FAIL names functions that fail, separated by spaces. With
// FAKE_NVML_LOST, the first GPU has fallen off the bus. With FAKE_NVML_MIG, the second is divided into two instances at the
// places 0 and 2 of seven, and tells neither utilisation nor memory of itself.
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr int not_supported = 3;
constexpr int no_permission = 4;
constexpr int not_found = 6;
constexpr int gpu_is_lost = 15;
constexpr int unknown_error = 999;

bool fails(const char* function)
{
    const char* list = std::getenv("FAKE_NVML_FAIL");
    return list && (std::string(" ") + list + ' ').find(std::string(" ") + function + ' ') != std::string::npos;
}

int copy(char* to, unsigned size, const char* text)
{
    std::strncpy(to, text, size);
    return 0;
}

struct Utilization {
    unsigned gpu, memory;
};
struct Memory {
    unsigned long long total, free, used;
};
struct MemoryV2 {
    unsigned version;
    unsigned long long total, reserved, free, used;
};

char devices[2];
char instances[2];

bool has(const char* variable)
{
    return std::getenv(variable) != nullptr;
}

bool is_instance(void* device)
{
    return device == &instances[0] || device == &instances[1];
}

bool is_divided(void* device)
{
    return has("FAKE_NVML_MIG") && device == &devices[1];
}

} // namespace

#define FAIL_IF_ASKED                                                                                                  \
    if (fails(__func__))                                                                                               \
    return unknown_error

extern "C" {

int nvmlInit_v2()
{
    FAIL_IF_ASKED;
    return 0;
}
int nvmlShutdown()
{
    setenv("FAKE_NVML_SHUTDOWN", "1", 1);
    return 0;
}
int nvmlSystemGetDriverVersion(char* text, unsigned size)
{
    FAIL_IF_ASKED;
    return copy(text, size, "550.54.15");
}
int nvmlDeviceGetCount_v2(unsigned* count)
{
    FAIL_IF_ASKED;
    *count = std::getenv("FAKE_NVML_NONE") ? 0 : 2;
    return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device)
{
    FAIL_IF_ASKED;
    if (has("FAKE_NVML_LOST") && index == 0)
        return gpu_is_lost;
    *device = &devices[index];
    return 0;
}
int nvmlDeviceGetName(void* device, char* text, unsigned size)
{
    FAIL_IF_ASKED;
    if (is_instance(device))
        return copy(text, size, "Fake H1 MIG 1g.10gb");
    return copy(text, size, device == &devices[0] ? "Fake H1" : std::string(500, 'x').c_str());
}
int nvmlDeviceGetUtilizationRates(void* device, Utilization* rates)
{
    FAIL_IF_ASKED;
    if (is_instance(device) || is_divided(device))
        return not_supported;
    *rates = {42, 7};
    return 0;
}
int nvmlDeviceGetMemoryInfo(void* device, Memory* memory)
{
    FAIL_IF_ASKED;
    if (is_divided(device))
        return no_permission;
    *memory = {1000, 300, 700};
    return 0;
}
int nvmlDeviceGetMemoryInfo_v2(void* device, MemoryV2* memory)
{
    FAIL_IF_ASKED;
    if (is_divided(device))
        return no_permission;
    if (memory->version != (2U << 24 | 40U))
        return unknown_error;
    *memory = {memory->version, 1000, 100, 300, 600};
    return 0;
}
int nvmlDeviceGetPowerUsage(void*, unsigned* milliwatts)
{
    FAIL_IF_ASKED;
    *milliwatts = 123'456;
    return 0;
}
int nvmlDeviceGetTemperature(void*, int sensor, unsigned* celsius)
{
    FAIL_IF_ASKED;
    *celsius = sensor == 0 ? 55 : 0;
    return 0;
}
int nvmlDeviceGetMaxMigDeviceCount(void* device, unsigned* count)
{
    FAIL_IF_ASKED;
    *count = 7;
    return device == &devices[0] ? not_supported : 0;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void* device, unsigned index, void** instance)
{
    FAIL_IF_ASKED;
    if (!is_divided(device) || (index != 0 && index != 2))
        return not_found;
    *instance = &instances[index / 2];
    return 0;
}
}
