// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/model_worker.h"

#include "providers/demo/random.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tokenscope::providers::demo {

using telemetry::PipelineQueue;
using telemetry::Stage;
using telemetry::WorkerType;

namespace {

/// The slowest of them keeps the others waiting.
double factor_of(const std::vector<JobPtr>& jobs)
{
    double factor = 1;
    for (const JobPtr& job : jobs)
        factor = std::max(factor, job->fate.factor);
    return factor;
}

telemetry::BatchShape shape_of(const std::vector<JobPtr>& jobs)
{
    telemetry::BatchShape shape{.sequences = jobs.size()};
    for (const JobPtr& job : jobs) {
        shape.tokens += job->prompt_tokens.value_or(0);
        shape.longest = std::max(shape.longest, job->prompt_tokens.value_or(0));
    }
    shape.padding = shape.longest * shape.sequences - shape.tokens;
    return shape;
}

} // namespace

ModelWorker::ModelWorker(const config::DemoOptions& options, double time_scale, telemetry::PipelineMetrics& metrics)
    : m_options(options), m_time_scale(time_scale), m_batch_size(std::max<std::size_t>(1, options.batch_size)),
      m_metrics(metrics), m_id(metrics.worker_started(WorkerType::model))
{
}

ModelWorker::~ModelWorker()
{
    m_metrics.worker_stopped(WorkerType::model, m_id);
}

void ModelWorker::take(const JobPtr& job, Instant now)
{
    assert(open());
    if (m_forming.empty())
        m_closes = now + std::max(m_options.batch_wait, std::chrono::microseconds::zero());
    job->timeline.enter(Stage::scheduler, now);
    m_forming.push_back(job);
    m_metrics.waiting(PipelineQueue::batch, 1);
    if (size() == m_batch_size)
        m_closes = now;
}

bool ModelWorker::drop(const JobPtr& job, Instant now)
{
    if (std::erase(m_forming, job) > 0) {
        m_metrics.waiting(PipelineQueue::batch, -1);
        return true;
    }
    const bool found = std::erase(m_prefilling, job) + std::erase(m_joining, job) + std::erase(m_decoding, job) > 0;
    if (found && m_step_due && m_decoding.empty())
        plan_step(now);
    return found;
}

std::optional<Instant> ModelWorker::next_due() const
{
    std::optional<Instant> due = m_step_due;
    const auto also = [&due](bool any, Instant at) {
        if (any && (!due || at < *due))
            due = at;
    };
    also(!m_forming.empty(), m_closes);
    also(!m_prefilling.empty(), m_prefill_due);
    return due;
}

void ModelWorker::advance(Instant now, JobEvents& events)
{
    if (!m_forming.empty() && m_closes <= now)
        begin_prefill(now);
    if (!m_prefilling.empty() && m_prefill_due <= now)
        end_prefill(now, events);
    if (m_step_due && *m_step_due <= now)
        step(now, events);
}

void ModelWorker::begin_prefill(Instant now)
{
    m_prefilling = std::exchange(m_forming, {});
    const telemetry::BatchShape shape = shape_of(m_prefilling);
    m_metrics.waiting(PipelineQueue::batch, -static_cast<std::ptrdiff_t>(shape.sequences));
    m_metrics.batch(shape);
    // By the first request and not by a count of batches, so that how requests meet does not change what they draw.
    m_prefill_cost.emplace(m_options, m_time_scale, derived_seed(m_options.seed, m_prefilling.front()->id));
    m_prefill_due = now + m_prefill_cost->prefill(shape.tokens + shape.padding, factor_of(m_prefilling));
    for (const JobPtr& job : m_prefilling)
        job->timeline.enter(Stage::inference, now);
}

void ModelWorker::end_prefill(Instant now, JobEvents& events)
{
    for (JobPtr& job : m_prefilling)
        if (generate(job, now, events))
            m_joining.push_back(std::move(job));
    m_prefilling.clear();
    if (!m_step_due) {
        m_cost = m_prefill_cost;
        plan_step(m_prefill_due);
    }
}

void ModelWorker::step(Instant now, JobEvents& events)
{
    std::erase_if(m_decoding, [&](const JobPtr& job) { return !generate(job, now, events); });
    // Counted from when the step was due, so that a late wake-up delays one token and not all that follow.
    plan_step(*m_step_due);
}

void ModelWorker::plan_step(Instant from)
{
    m_decoding.insert(m_decoding.end(), m_joining.begin(), m_joining.end());
    m_joining.clear();
    m_step_due.reset();
    if (!m_decoding.empty())
        m_step_due = from + m_cost->next_token(factor_of(m_decoding));
}

bool ModelWorker::generate(const JobPtr& job, Instant now, JobEvents& events)
{
    if (job->next < job->tokens.size())
        events.push_back({.job = job, .kind = JobEvent::Kind::token, .index = job->next++});
    const bool broken = job->fate.broken_after(job->next, job->tokens.size());
    if (!broken && job->next < job->tokens.size())
        return true;
    m_metrics.worker_finished(WorkerType::model, m_id, 1, now - job->timeline.since());
    job->timeline.enter(Stage::pipeline_overhead, now);
    events.push_back({.job = job, .kind = broken ? JobEvent::Kind::broken : JobEvent::Kind::done});
    return false;
}

} // namespace tokenscope::providers::demo
