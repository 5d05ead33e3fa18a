// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "providers/demo/job.h"
#include "providers/demo/model_worker.h"
#include "providers/demo/models.h"
#include "telemetry/pipeline_metrics.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::providers::demo {

/// One model: the queue of its tokenised requests, the batcher that hands them to its workers in order of arrival, and
/// those workers. Locks nothing and waits for nothing, like ModelWorker.
class ModelPool {
public:
    ModelPool(const config::DemoOptions& options, const Model& model, telemetry::PipelineMetrics& metrics);

    /// Everything in it must have been removed before it is destroyed.
    void add(const JobPtr& job, Instant now);
    /// Takes the job from wherever it is in here, if it is.
    void remove(const JobPtr& job, Instant now);

    std::optional<Instant> next_due() const;
    void advance(Instant now, JobEvents& events);

private:
    /// Where the next request should go: into the batch that is forming, or to the worker with the most room.
    ModelWorker* open_worker() const;
    void hand_out(Instant now, JobEvents& events);

    telemetry::PipelineMetrics& m_metrics;
    std::map<std::uint64_t, JobPtr> m_queue; ///< by id, which is the order of arrival
    std::vector<std::unique_ptr<ModelWorker>> m_workers;
};

} // namespace tokenscope::providers::demo
