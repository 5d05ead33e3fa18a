// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/redetecting_gpu_sampler.h"

#include <algorithm>
#include <utility>

namespace tokenscope::system {

namespace {

/// False of what a driver that was replaced under our feet still lists.
bool tells_anything(const GpuSample& gpu)
{
    return gpu.utilization_percent || gpu.memory_used_bytes || gpu.memory_total_bytes || gpu.power_watts
           || gpu.temperature_celsius;
}

} // namespace

RedetectingGpuSampler::RedetectingGpuSampler(std::vector<Make> makers, std::shared_ptr<const Clock> clock,
                                             std::chrono::seconds interval)
    : m_makers(std::move(makers)), m_clock(std::move(clock)), m_interval(interval)
{
}

void RedetectingGpuSampler::look()
{
    m_sampler.reset(); // ended before it is started again
    m_empty_since.reset();
    m_looked_at = m_clock->now();
    for (const auto& make : m_makers) {
        m_sampler = make();
        if (m_sampler)
            return;
    }
}

std::vector<GpuSample> RedetectingGpuSampler::sample()
{
    const auto now = m_clock->now();
    const bool lost = m_empty_since && now - *m_empty_since >= m_interval;
    const bool due = !m_looked_at || now - *m_looked_at >= m_interval;
    if ((!m_sampler && due) || lost)
        look();
    if (!m_sampler)
        return {};
    auto samples = m_sampler->sample();
    if (std::any_of(samples.begin(), samples.end(), tells_anything))
        m_empty_since.reset();
    else if (!m_empty_since)
        m_empty_since = now;
    return samples;
}

std::string RedetectingGpuSampler::origin() const
{
    if (!m_sampler)
        return "no GPU found on this machine";
    return m_empty_since ? m_sampler->origin() + ", which tells nothing any more" : m_sampler->origin();
}

} // namespace tokenscope::system
