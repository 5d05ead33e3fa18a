// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tokenscope::providers::demo {

namespace {

std::vector<std::unique_ptr<ModelPool>> make_pools(const config::DemoOptions& options,
                                                   telemetry::PipelineMetrics& metrics)
{
    std::vector<std::unique_ptr<ModelPool>> pools;
    for (const Model& model : models)
        pools.push_back(std::make_unique<ModelPool>(options, model, metrics));
    return pools;
}

Error refusal()
{
    return {.code = ErrorCode::internal,
            .message = "The demo engine refused this request: a simulated failure, as configured by its error_rate."};
}

Error breakage()
{
    return {.code = ErrorCode::upstream_error_event,
            .message = "The demo engine broke this reply off: a simulated failure, as configured by its "
                       "midstream_error_rate."};
}

} // namespace

Engine::Engine(const config::DemoOptions& options, const Clock& clock, telemetry::PipelineMetrics& metrics)
    : m_options(options), m_clock(clock), m_metrics(metrics), m_pools(make_pools(options, metrics)),
      m_tokenizers(options, clock, metrics, m_mutex,
                   [this](const JobPtr& job, Instant now) {
                       pool_of(*job).add(job, now);
                       m_wake.notify_one();
                   }),
      m_thread([this] { run(); })
{
}

Engine::~Engine()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
        m_tokenizers.stop();
    }
    m_wake.notify_one();
    m_thread.join();
}

JobHandle Engine::submit(JobRequest request, JobCallbacks callbacks)
{
    const auto job = std::make_shared<Job>(std::move(request), std::move(callbacks), m_clock.now());
    const std::scoped_lock lock(m_mutex);
    job->id = ++m_last_id;
    job->fate = draw_fate(m_options, derived_seed(m_options.seed, job->id));
    ++m_totals.submitted;
    m_jobs.emplace(job->id, job);
    m_tokenizers.add(job, m_clock.now());
    return {job->id};
}

std::optional<JobFacts> Engine::cancel(JobHandle handle)
{
    JobPtr job; // its callbacks may own much: let them go after the lock
    const std::scoped_lock lock(m_mutex);
    const auto found = m_jobs.find(handle.id);
    if (found == m_jobs.end())
        return std::nullopt;
    job = found->second;
    ++m_totals.cancelled;
    JobFacts facts = end(job);
    m_wake.notify_one();
    return facts;
}

EngineStats Engine::stats() const
{
    const std::scoped_lock lock(m_mutex);
    EngineStats stats = m_totals;
    stats.running = static_cast<std::size_t>(
        std::count_if(m_jobs.begin(), m_jobs.end(), [](const auto& entry) { return entry.second->started; }));
    stats.queued = m_jobs.size() - stats.running;
    return stats;
}

void Engine::run()
{
    Lock lock(m_mutex);
    JobEvents events;
    while (!m_stopping) {
        const Instant now = m_clock.now();
        for (const auto& pool : m_pools)
            pool->advance(now, events);
        for (const JobEvent& event : events)
            deliver(lock, event);
        events.clear();
        const auto due = next_due();
        if (m_stopping)
            break;
        if (!due)
            m_wake.wait(lock);
        else if (*due > now)
            m_wake.wait_for(lock, *due - m_clock.now());
    }
    shut_down(lock);
}

std::optional<Instant> Engine::next_due() const
{
    std::optional<Instant> due;
    for (const auto& pool : m_pools) {
        const auto at = pool->next_due();
        if (at && (!due || *at < *due))
            due = at;
    }
    return due;
}

ModelPool& Engine::pool_of(const Job& job)
{
    const auto found = std::find_if(models.begin(), models.end(),
                                    [&job](const Model& model) { return model.id == job.request.model.id; });
    assert(found != models.end());
    return *m_pools[static_cast<std::size_t>(found - models.begin())];
}

void Engine::deliver(Lock& lock, const JobEvent& event)
{
    const JobPtr& job = event.job;
    if (job->ended)
        return; // cancelled meanwhile, perhaps by the callback before this one
    switch (event.kind) {
    case JobEvent::Kind::started:
        m_totals.prompt_tokens += job->prompt_tokens.value_or(0);
        lock.unlock();
        if (job->callbacks.started)
            job->callbacks.started();
        lock.lock();
        break;
    case JobEvent::Kind::token: token(lock, *job, event.index); break;
    case JobEvent::Kind::refused:
        ++m_totals.refused;
        fail(lock, job, refusal());
        break;
    case JobEvent::Kind::broken:
        ++m_totals.broken;
        fail(lock, job, breakage());
        break;
    case JobEvent::Kind::done: complete(lock, job); break;
    }
}

void Engine::token(Lock& lock, Job& job, std::size_t index)
{
    ++m_totals.completion_tokens;
    ++job.handed_out;
    lock.unlock();
    if (job.callbacks.token)
        job.callbacks.token(job.tokens[index], index);
    lock.lock();
}

JobFacts Engine::end(const JobPtr& job)
{
    const Instant now = m_clock.now();
    job->ended = true;
    m_jobs.erase(job->id);
    if (job->prompt_tokens)
        pool_of(*job).remove(job, now);
    else
        m_tokenizers.remove(job);
    return {.prompt_tokens = job->prompt_tokens,
            .completion_tokens = job->handed_out,
            .stages = job->timeline.until(now),
            .total = now - job->timeline.begun()};
}

void Engine::fail(Lock& lock, const JobPtr& job, Error error)
{
    const JobFacts facts = end(job);
    lock.unlock();
    if (job->callbacks.failed)
        job->callbacks.failed(std::move(error), facts);
    lock.lock();
}

void Engine::complete(Lock& lock, const JobPtr& job)
{
    ++m_totals.completed;
    const JobFacts facts = end(job);
    m_metrics.answered();
    lock.unlock();
    if (job->callbacks.done)
        job->callbacks.done(facts, job->cut ? "length" : "stop");
    lock.lock();
}

void Engine::shut_down(Lock& lock)
{
    while (!m_jobs.empty()) {
        const JobPtr job = m_jobs.begin()->second;
        fail(lock, job,
             {.code = ErrorCode::shutting_down, .message = "The demo engine is shutting down; try again in a moment."});
    }
}

} // namespace tokenscope::providers::demo
