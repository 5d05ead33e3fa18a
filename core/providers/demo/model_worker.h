// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "providers/demo/cost_model.h"
#include "providers/demo/job.h"
#include "telemetry/pipeline_metrics.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace tokenscope::providers::demo {

/// One simulated model worker and the sequences in its hands. A batch forms until it is full or `batch_wait` is over; then
/// all its prompts, padded to the longest, are prefilled together, which gives each its first token; then they decode
/// together, a token each a step. A sequence that is complete leaves; those of the next batch join at the next step.
/// Prefill and decode overlap: a long prompt does not stop the streams that run. A pure state machine: it waits for
/// nothing and locks nothing, whoever calls it says what time it is.
class ModelWorker {
public:
    ModelWorker(const config::DemoOptions& options, double time_scale, telemetry::PipelineMetrics& metrics);
    ~ModelWorker();
    ModelWorker(const ModelWorker&) = delete;
    ModelWorker& operator=(const ModelWorker&) = delete;

    /// Whether it takes one more: it has a place, and is not at a prefill, behind which the next one would have to wait.
    bool open() const { return m_prefilling.empty() && size() < m_batch_size; }
    bool forming() const { return !m_forming.empty(); }
    std::size_t size() const { return m_forming.size() + m_prefilling.size() + m_decoding.size() + m_joining.size(); }

    void take(const JobPtr& job, Instant now); ///< only while open()
    /// Frees the job's place, if it has one here.
    bool drop(const JobPtr& job, Instant now);

    /// When there is something to do; nothing while idle.
    std::optional<Instant> next_due() const;
    /// Does what is due, at most one thing of each kind.
    void advance(Instant now, JobEvents& events);

private:
    using Jobs = std::vector<JobPtr>;

    void begin_prefill(Instant now);
    void end_prefill(Instant now, JobEvents& events);
    void step(Instant now, JobEvents& events);
    /// The job's next token; false when that was its last one.
    bool generate(const JobPtr& job, Instant now, JobEvents& events);
    /// Lets the newcomers in and plans the next step, if there is anything to decode.
    void plan_step(Instant from);

    const config::DemoOptions m_options;
    const double m_time_scale;
    const std::size_t m_batch_size;
    telemetry::PipelineMetrics& m_metrics;
    const std::size_t m_id;

    Jobs m_forming;
    Instant m_closes;
    Jobs m_prefilling;
    std::optional<CostModel> m_prefill_cost; ///< of the last batch to begin
    Instant m_prefill_due;
    Jobs m_decoding;
    Jobs m_joining;                  ///< have their first token, wait for the step that is under way to end
    std::optional<CostModel> m_cost; ///< of the decoding, from one idle time to the next
    std::optional<Instant> m_step_due;
};

} // namespace tokenscope::providers::demo
