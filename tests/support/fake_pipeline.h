// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/pipeline_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace tokenscope::test {

/// Keeps what the engines tell. Thread-safe.
class FakePipeline final : public telemetry::PipelineMetrics {
public:
    using Type = telemetry::WorkerType;
    using Queue = telemetry::PipelineQueue;
    using WorkerKey = std::pair<Type, std::size_t>;
    struct Work {
        std::uint64_t requests = 0;
        Nanos latency{0};
    };

    std::size_t worker_started(Type type) override
    {
        const std::scoped_lock lock(m_mutex);
        std::size_t id = 0;
        while (!m_workers.insert({type, id}).second)
            ++id;
        return id;
    }
    void worker_stopped(Type type, std::size_t id) override
    {
        const std::scoped_lock lock(m_mutex);
        m_sound = m_workers.erase({type, id}) == 1 && m_sound;
    }
    void worker_finished(Type type, std::size_t id, std::uint64_t requests, Nanos latency) override
    {
        const std::scoped_lock lock(m_mutex);
        m_sound = m_sound && m_workers.contains({type, id}) && latency >= Nanos::zero();
        m_work[{type, id}].push_back({requests, latency});
    }
    void waiting(Queue queue, std::ptrdiff_t change) override
    {
        const std::scoped_lock lock(m_mutex);
        auto& now = m_waiting[static_cast<std::size_t>(queue)];
        now += change;
        m_sound = m_sound && now >= 0;
        auto& most = m_longest[static_cast<std::size_t>(queue)];
        most = std::max(most, now);
    }
    void batch(const telemetry::BatchShape& shape) override
    {
        const std::scoped_lock lock(m_mutex);
        m_batches.push_back(shape);
    }
    void answered() override
    {
        const std::scoped_lock lock(m_mutex);
        ++m_answered;
    }

    /// No queue was ever shorter than empty, and no worker did anything before it came or after it left.
    bool sound() const { return locked(m_sound); }
    std::ptrdiff_t waiting(Queue queue) const { return locked(m_waiting)[static_cast<std::size_t>(queue)]; }
    std::ptrdiff_t longest(Queue queue) const { return locked(m_longest)[static_cast<std::size_t>(queue)]; }
    bool empty() const { return locked(m_waiting) == std::array<std::ptrdiff_t, 3>{}; }
    std::vector<telemetry::BatchShape> batches() const { return locked(m_batches); }
    std::size_t answers() const { return locked(m_answered); }
    std::set<WorkerKey> workers() const { return locked(m_workers); }
    std::map<WorkerKey, std::vector<Work>> work() const { return locked(m_work); }
    /// By all workers of the type.
    std::uint64_t requests(Type type) const
    {
        std::uint64_t sum = 0;
        for (const auto& [worker, pieces] : work())
            for (const Work& piece : pieces)
                sum += worker.first == type ? piece.requests : 0;
        return sum;
    }

private:
    template <typename T>
    T locked(const T& value) const
    {
        const std::scoped_lock lock(m_mutex);
        return value;
    }

    mutable std::mutex m_mutex;
    bool m_sound = true;
    std::array<std::ptrdiff_t, 3> m_waiting{};
    std::array<std::ptrdiff_t, 3> m_longest{};
    std::set<WorkerKey> m_workers;
    std::map<WorkerKey, std::vector<Work>> m_work;
    std::vector<telemetry::BatchShape> m_batches;
    std::size_t m_answered = 0;
};

} // namespace tokenscope::test
