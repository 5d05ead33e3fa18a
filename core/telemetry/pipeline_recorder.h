// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/pipeline_metrics.h"
#include "telemetry/rate_window.h"
#include "telemetry/registry/registry.h"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

namespace tokenscope::telemetry {

/// The gauges and counters of family D that demo engines move. Plain state rather than Series: workers come and go, and
/// rates are those of the moment of the scrape. Until the first engine exists there is nothing of it on the page; after
/// the last one only the counters are.
class PipelineRecorder final : public PipelineMetrics, public Collectable {
public:
    explicit PipelineRecorder(Registry& registry);

    std::size_t worker_started(WorkerType type) override;
    void worker_stopped(WorkerType type, std::size_t id) override;
    void worker_finished(WorkerType type, std::size_t id, std::uint64_t requests, Nanos latency) override;
    void waiting(PipelineQueue queue, std::ptrdiff_t change) override;
    void batch(const BatchShape& batch) override;
    void answered() override;

    /// All but model_queue_size, to which others contribute.
    void collect(Snapshot& into) const override;
    /// Requests in the engines' model queues; absent while there is no engine.
    std::optional<double> model_queue() const;

private:
    struct Worker {
        std::uint64_t requests = 0;
        std::optional<Nanos> latency; ///< of its last piece of work
        RateWindow rate;
    };
    using Workers = std::map<std::size_t, Worker>;

    Workers& workers(WorkerType type) { return m_workers[static_cast<std::size_t>(type)]; }
    bool any_worker() const;
    void collect_workers(Snapshot& into, Instant now) const;
    void collect_gauges(Snapshot& into, Instant now) const;

    const Clock& m_clock;
    mutable std::mutex m_mutex; ///< of everything below
    std::array<Workers, 2> m_workers;
    std::array<std::ptrdiff_t, 3> m_waiting{};
    std::optional<BatchShape> m_last_batch;
    RateWindow m_tokenized, m_inferred, m_answered;
    bool m_ever = false; ///< there has been an engine
    std::uint64_t m_padding = 0;
    std::uint64_t m_tokens = 0;
};

} // namespace tokenscope::telemetry
