// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/sampler.h"

#include <bit>
#include <cstring>

namespace tokenscope::telemetry {

namespace {

constexpr std::uint64_t all = std::uint64_t{1} << 63;

std::uint64_t bound_of(const config::Sampler& settings)
{
    if (settings.type == config::SamplerType::always)
        return all;
    if (settings.type == config::SamplerType::never || !(settings.rate > 0)) // or not a number
        return 0;
    return settings.rate >= 1 ? all : static_cast<std::uint64_t>(settings.rate * static_cast<double>(all));
}

} // namespace

Sampler::Sampler(const config::Sampler& settings) : m_below(bound_of(settings)) {}

bool Sampler::samples(const TraceId& id) const
{
    std::uint64_t number = 0;
    std::memcpy(&number, id.data() + id.size() - sizeof number, sizeof number);
    if constexpr (std::endian::native == std::endian::little)
        number = __builtin_bswap64(number);
    return number >> 1 < m_below;
}

} // namespace tokenscope::telemetry
