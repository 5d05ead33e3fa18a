// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/model_pool.h"

#include <algorithm>

namespace tokenscope::providers::demo {

using telemetry::PipelineQueue;
using telemetry::Stage;

ModelPool::ModelPool(const config::DemoOptions& options, const Model& model, telemetry::PipelineMetrics& metrics)
    : m_metrics(metrics)
{
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.workers); ++i)
        m_workers.push_back(std::make_unique<ModelWorker>(options, model.time_scale, metrics));
}

void ModelPool::add(const JobPtr& job, Instant now)
{
    job->timeline.enter(Stage::model_queue_wait, now);
    m_queue.emplace(job->id, job);
    m_metrics.waiting(PipelineQueue::model, 1);
}

void ModelPool::remove(const JobPtr& job, Instant now)
{
    if (m_queue.erase(job->id) > 0) {
        m_metrics.waiting(PipelineQueue::model, -1);
        return;
    }
    for (const auto& worker : m_workers)
        if (worker->drop(job, now))
            return;
}

ModelWorker* ModelPool::open_worker() const
{
    ModelWorker* best = nullptr;
    for (const auto& worker : m_workers) {
        if (!worker->open())
            continue;
        if (worker->forming())
            return worker.get();
        if (!best || worker->size() < best->size())
            best = worker.get();
    }
    return best;
}

std::optional<Instant> ModelPool::next_due() const
{
    if (!m_queue.empty() && open_worker())
        return Instant(); // long ago
    std::optional<Instant> due;
    for (const auto& worker : m_workers) {
        const auto at = worker->next_due();
        if (at && (!due || *at < *due))
            due = at;
    }
    return due;
}

void ModelPool::advance(Instant now, JobEvents& events)
{
    hand_out(now, events);
    for (const auto& worker : m_workers)
        worker->advance(now, events);
}

void ModelPool::hand_out(Instant now, JobEvents& events)
{
    while (!m_queue.empty()) {
        ModelWorker* worker = open_worker();
        if (!worker)
            return;
        const JobPtr job = m_queue.begin()->second;
        m_queue.erase(m_queue.begin());
        m_metrics.waiting(PipelineQueue::model, -1);
        job->started = true;
        events.push_back({.job = job, .kind = JobEvent::Kind::started});
        if (job->fate.refused) {
            job->timeline.enter(Stage::pipeline_overhead, now);
            events.push_back({.job = job, .kind = JobEvent::Kind::refused});
        } else {
            worker->take(job, now);
        }
    }
}

} // namespace tokenscope::providers::demo
