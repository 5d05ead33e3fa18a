// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/engine.h"

#include "providers/demo/cost_model.h"
#include "providers/demo/reply_text.h"
#include "providers/demo/tokenizer.h"

#include <algorithm>
#include <utility>

namespace tokenscope::providers::demo {

struct Engine::Job {
    std::uint64_t id = 0;
    std::uint64_t prompt_tokens = 0;
    CostModel cost;
    JobCallbacks callbacks;
    std::string text;
    std::vector<std::string_view> tokens; ///< of `text`, at most as many as asked for
    bool cut = false;                     ///< `tokens` does not hold all of `text`
    std::size_t next = 0;
    Instant due;
};

Engine::Engine(const config::DemoOptions& options, const Clock& clock)
    : m_options(options), m_workers(std::max<std::size_t>(1, options.workers)), m_clock(clock),
      m_thread([this] { run(); })
{
}

Engine::~Engine()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

JobHandle Engine::submit(const JobRequest& request, JobCallbacks callbacks)
{
    std::uint64_t id = 0;
    {
        const std::scoped_lock lock(m_mutex);
        id = ++m_last_id;
    }
    // The text is made on the caller's thread, to leave the engine's own to its deadlines.
    const auto job = std::make_shared<Job>(Job{
        .id = id,
        .prompt_tokens = request.context_tokens + count_tokens(request.prompt),
        .cost = CostModel(m_options, request.model.time_scale, derived_seed(m_options.seed, id)),
        .callbacks = std::move(callbacks),
    });
    job->text = reply_text(m_options.seed, request.prompt);
    job->tokens = tokenise(job->text);
    if (request.max_tokens && *request.max_tokens < job->tokens.size()) {
        job->tokens.resize(*request.max_tokens);
        job->cut = true;
    }
    const JobHandle handle{id, job->prompt_tokens};
    {
        const std::scoped_lock lock(m_mutex);
        ++m_totals.submitted;
        m_waiting.emplace(id, job);
    }
    m_wake.notify_one();
    return handle;
}

void Engine::cancel(JobHandle handle)
{
    std::shared_ptr<Job> dropped; // its callbacks may own much: let them go after the lock
    {
        const std::scoped_lock lock(m_mutex);
        auto& jobs = m_waiting.contains(handle.id) ? m_waiting : m_running;
        const auto found = jobs.find(handle.id);
        if (found == jobs.end())
            return;
        dropped = std::move(found->second);
        jobs.erase(found);
        ++m_totals.cancelled;
    }
    m_wake.notify_one();
}

EngineStats Engine::stats() const
{
    const std::scoped_lock lock(m_mutex);
    EngineStats stats = m_totals;
    stats.queued = m_waiting.size();
    stats.running = m_running.size();
    return stats;
}

void Engine::run()
{
    Lock lock(m_mutex);
    while (!m_stopping) {
        if (!m_waiting.empty() && m_running.size() < m_workers) {
            start_next(lock);
            continue;
        }
        if (m_deadlines.empty()) {
            m_wake.wait(lock);
            continue;
        }
        const Deadline next = m_deadlines.top();
        const auto found = m_running.find(next.id);
        if (found == m_running.end()) {
            m_deadlines.pop();
            continue;
        }
        const Nanos wait = next.at - m_clock.now();
        if (wait > Nanos::zero()) {
            m_wake.wait_for(lock, wait);
            continue;
        }
        m_deadlines.pop();
        const auto job = found->second;
        step(lock, job);
    }
    shut_down(lock);
}

void Engine::start_next(Lock& lock)
{
    const auto job = std::move(m_waiting.begin()->second);
    m_waiting.erase(m_waiting.begin());
    m_running.emplace(job->id, job);
    m_totals.prompt_tokens += job->prompt_tokens;
    job->due = m_clock.now() + job->cost.prefill(job->prompt_tokens);
    m_deadlines.push({job->due, job->id});
    lock.unlock();
    if (job->callbacks.started)
        job->callbacks.started();
    lock.lock();
    if (job->cost.refused())
        refuse(lock, job);
}

void Engine::refuse(Lock& lock, const std::shared_ptr<Job>& job)
{
    if (m_running.erase(job->id) == 0)
        return; // cancelled meanwhile
    ++m_totals.refused;
    lock.unlock();
    if (job->callbacks.failed)
        job->callbacks.failed({.code = ErrorCode::internal,
                               .message = "The demo engine refused this request: a simulated failure, as configured by "
                                          "its error_rate."});
    lock.lock();
}

void Engine::step(Lock& lock, const std::shared_ptr<Job>& job)
{
    if (job->next < job->tokens.size()) {
        const std::size_t index = job->next++;
        ++m_totals.completion_tokens;
        lock.unlock();
        if (job->callbacks.token)
            job->callbacks.token(job->tokens[index], index);
        lock.lock();
    }
    if (job->next == job->tokens.size()) {
        complete(lock, job);
        return;
    }
    if (m_running.contains(job->id)) {
        job->due += job->cost.next_token();
        m_deadlines.push({job->due, job->id});
    }
}

void Engine::complete(Lock& lock, const std::shared_ptr<Job>& job)
{
    if (m_running.erase(job->id) == 0)
        return; // cancelled meanwhile
    ++m_totals.completed;
    lock.unlock();
    if (job->callbacks.done) {
        const llm::Usage usage{.prompt = job->prompt_tokens,
                               .completion = job->tokens.size(),
                               .total = job->prompt_tokens + job->tokens.size()};
        job->callbacks.done(usage, job->cut ? "length" : "stop");
    }
    lock.lock();
}

void Engine::shut_down(Lock& lock)
{
    while (!m_running.empty() || !m_waiting.empty()) {
        auto& jobs = m_running.empty() ? m_waiting : m_running;
        const auto job = std::move(jobs.begin()->second);
        jobs.erase(jobs.begin());
        lock.unlock();
        if (job->callbacks.failed)
            job->callbacks.failed({.code = ErrorCode::shutting_down,
                                   .message = "The demo engine is shutting down; try again in a moment."});
        lock.lock();
    }
}

} // namespace tokenscope::providers::demo
