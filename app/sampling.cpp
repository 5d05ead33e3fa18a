// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampling.h"

#include "system/samplers.h"
#include "telemetry/exposition.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace tokenscope::app {

namespace {

constexpr std::chrono::milliseconds interval{1'000};

} // namespace

Sampling::Sampling(telemetry::Metrics& metrics, query::SeriesStore* store, const Clock& clock, telemetry::Logger& log)
    : m_metrics(metrics), m_store(store), m_clock(clock), m_log(log), m_gpus(system::make_gpu_sampler, clock, {}),
      m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

Sampling::~Sampling() = default;

void Sampling::sample_machine(system::CpuSampler& cpu)
{
    m_metrics.set_cpu(cpu.percent());
    std::vector<telemetry::GpuGauge> gauges;
    for (auto& one : m_gpus.latest())
        gauges.push_back({.index = std::move(one.index),
                          .name = std::move(one.name),
                          .utilization_percent = one.utilization_percent,
                          .memory_used_bytes = one.memory_used_bytes});
    m_metrics.set_gpus(std::move(gauges));
    const auto process = system::sample_process();
    m_metrics.set_process({.cpu_seconds = process.cpu_seconds,
                           .resident_bytes = process.resident_bytes,
                           .open_fds = process.open_fds,
                           .max_fds = process.max_fds,
                           .start_time_seconds = process.start_time_seconds});
}

void Sampling::tell_gpu_origin(std::string& told)
{
    auto origin = m_gpus.origin();
    if (origin == told || origin.empty())
        return;
    m_log.log(telemetry::Level::info, "GPUs", {{"origin", origin}});
    told = std::move(origin);
}

void Sampling::keep_snapshot()
{
    std::vector<query::Sample> samples;
    for (auto& flat : telemetry::flatten(m_metrics.collect()))
        samples.push_back({.name = std::move(flat.name),
                           .labels = std::move(flat.labels),
                           .value = flat.value,
                           .counts_from_zero = flat.cumulative});
    m_store->append(m_clock.wall().time_since_epoch().count(), samples);
}

void Sampling::run(const std::stop_token& stop)
{
    const auto cpu = system::make_cpu_sampler();
    std::string gpu_origin;
    std::mutex mutex;
    std::condition_variable_any wake;
    auto next = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        sample_machine(*cpu);
        tell_gpu_origin(gpu_origin);
        if (m_store)
            keep_snapshot();
        // Due times do not drift; after the machine has slept the missed ones are left out rather than caught up.
        next = std::max(next + interval, std::chrono::steady_clock::now());
        std::unique_lock lock(mutex);
        wake.wait_until(lock, stop, next, [] { return false; });
    }
}

} // namespace tokenscope::app
