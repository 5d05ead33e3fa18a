// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "query/series_store.h"
#include "system/gpu_poller.h"
#include "telemetry/logging/log.h"
#include "telemetry/metrics.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace tokenscope::app {

/// Every metric as it is now becomes a sample of `time` (ms since 1970) in the store.
void keep_snapshot(const telemetry::Metrics& metrics, query::SeriesStore& store, std::int64_t time);

/// On a thread of its own: reads this machine's CPU, GPUs and this process into the metrics once a second, and takes a snapshot
/// of all metrics into the series store, if there is one, at the interval of the console's charts. GPUs are read on yet another
/// thread, so that a driver that hangs stops nothing but their series.
class Sampling {
public:
    Sampling(telemetry::Metrics& metrics, query::SeriesStore* store, std::chrono::milliseconds interval,
             const Clock& clock, telemetry::Logger& log);
    ~Sampling();

    /// Between two snapshots; counts at once. Any thread.
    void set_interval(std::chrono::milliseconds interval);

private:
    void run(const std::stop_token& stop);
    void sample_machine(system::CpuSampler& cpu);
    void tell_gpu_origin(std::string& told);

    telemetry::Metrics& m_metrics;
    query::SeriesStore* m_store;
    const Clock& m_clock;
    telemetry::Logger& m_log;
    system::GpuPoller m_gpus;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::chrono::milliseconds m_interval; ///< guarded by m_mutex
    std::jthread m_thread;
};

} // namespace tokenscope::app
