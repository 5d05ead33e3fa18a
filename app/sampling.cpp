// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampling.h"

#include "system/samplers.h"
#include "telemetry/exposition.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tokenscope::app {

namespace {

constexpr std::chrono::milliseconds machine_interval{1'000};

} // namespace

void keep_snapshot(const telemetry::Metrics& metrics, query::SeriesStore& store, std::int64_t time)
{
    std::vector<query::Sample> samples;
    for (auto& flat : telemetry::flatten(metrics.collect()))
        samples.push_back({.name = std::move(flat.name),
                           .labels = std::move(flat.labels),
                           .value = flat.value,
                           .counts_from_zero = flat.cumulative});
    store.append(time, samples);
}

Sampling::Sampling(telemetry::Metrics& metrics, query::SeriesStore* store, std::chrono::milliseconds interval,
                   const Clock& clock, telemetry::Logger& log)
    : m_metrics(metrics), m_store(store), m_clock(clock), m_log(log), m_gpus(system::make_gpu_sampler, clock, {}),
      m_interval(interval), m_thread([this](const std::stop_token& stop) { run(stop); })
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

void Sampling::set_interval(std::chrono::milliseconds interval)
{
    const std::scoped_lock lock(m_mutex);
    m_interval = interval;
    m_changed.notify_all();
}

void Sampling::run(const std::stop_token& stop)
{
    using steady = std::chrono::steady_clock;
    const auto cpu = system::make_cpu_sampler();
    std::string gpu_origin;
    // Due times do not drift; after the machine has slept the missed ones are left out rather than caught up.
    auto machine_due = steady::now();
    auto snapshot_due = machine_due;
    auto last_snapshot = snapshot_due;
    std::unique_lock lock(m_mutex);
    auto interval = m_interval;
    while (!stop.stop_requested()) {
        lock.unlock();
        const auto now = steady::now();
        if (machine_due <= now) {
            sample_machine(*cpu);
            tell_gpu_origin(gpu_origin);
            machine_due = std::max(machine_due + machine_interval, steady::now());
        }
        if (m_store && snapshot_due <= now) {
            keep_snapshot(m_metrics, *m_store, m_clock.wall().time_since_epoch().count());
            last_snapshot = snapshot_due;
            snapshot_due = std::max(last_snapshot + interval, steady::now());
        }
        lock.lock();
        const auto due = m_store ? std::min(machine_due, snapshot_due) : machine_due;
        if (m_changed.wait_until(lock, stop, due, [&] { return m_interval != interval; })) {
            interval = m_interval;
            snapshot_due = std::max(last_snapshot + interval, steady::now());
        }
    }
}

} // namespace tokenscope::app
