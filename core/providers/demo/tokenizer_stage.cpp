// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/tokenizer_stage.h"

#include "providers/demo/cost_model.h"
#include "providers/demo/random.h"
#include "providers/demo/reply_text.h"
#include "providers/demo/tokenizer.h"

#include <algorithm>
#include <utility>

namespace tokenscope::providers::demo {

using telemetry::PipelineQueue;
using telemetry::Stage;
using telemetry::WorkerType;

namespace {

std::uint64_t count_prompt(const JobRequest& request)
{
    std::uint64_t tokens = count_tokens(request.prompt);
    for (const std::string& text : request.context)
        tokens += count_tokens(text);
    return tokens;
}

void write_reply(Job& job, std::uint64_t seed)
{
    job.text = reply_text(seed, job.request.prompt);
    job.tokens = tokenise(job.text);
    if (job.request.max_tokens && *job.request.max_tokens < job.tokens.size()) {
        job.tokens.resize(*job.request.max_tokens);
        job.cut = true;
    }
    job.request.prompt = {}; // may be large, and nobody needs it any more
    job.request.context = {};
}

} // namespace

TokenizerStage::TokenizerStage(const config::DemoOptions& options, const Clock& clock,
                               telemetry::PipelineMetrics& metrics, std::mutex& mutex, Ready ready)
    : m_options(options), m_clock(clock), m_metrics(metrics), m_mutex(mutex), m_ready(std::move(ready))
{
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.tokenizer_workers); ++i)
        m_threads.emplace_back([this, worker = metrics.worker_started(WorkerType::tokenizer)] { run(worker); });
}

TokenizerStage::~TokenizerStage()
{
    for (std::thread& thread : m_threads)
        thread.join();
}

void TokenizerStage::add(const JobPtr& job, Instant now)
{
    job->timeline.enter(Stage::tokenizer_queue_wait, now);
    m_queue.push_back(job);
    m_metrics.waiting(PipelineQueue::tokenizer, 1);
    m_work.notify_one();
}

void TokenizerStage::remove(const JobPtr& job)
{
    if (std::erase(m_queue, job) > 0)
        m_metrics.waiting(PipelineQueue::tokenizer, -1);
    else
        m_pause.notify_all();
}

void TokenizerStage::stop()
{
    m_stopping = true;
    m_work.notify_all();
    m_pause.notify_all();
}

void TokenizerStage::run(std::size_t worker)
{
    Lock lock(m_mutex);
    while (!m_stopping) {
        if (m_queue.empty())
            m_work.wait(lock);
        else
            serve(lock, worker);
    }
    lock.unlock();
    m_metrics.worker_stopped(WorkerType::tokenizer, worker);
}

void TokenizerStage::serve(Lock& lock, std::size_t worker)
{
    JobPtr job = std::move(m_queue.front());
    m_queue.pop_front();
    m_metrics.waiting(PipelineQueue::tokenizer, -1);
    const Instant began = m_clock.now();
    job->timeline.enter(Stage::tokenization, began);
    // A seed of its own, so that how long this takes does not change what the model's workers draw.
    CostModel cost(m_options, 1, derived_seed(~m_options.seed, job->id));
    lock.unlock();
    const std::uint64_t tokens = count_prompt(job->request);
    lock.lock();
    const bool wanted = pause(lock, *job, began + cost.tokenization(tokens));
    if (wanted) {
        const Instant tokenised = m_clock.now();
        job->prompt_tokens = tokens;
        job->timeline.enter(Stage::pipeline_overhead, tokenised);
        m_metrics.worker_finished(WorkerType::tokenizer, worker, 1, tokenised - began);
        lock.unlock();
        write_reply(*job, m_options.seed);
        lock.lock();
        if (!job->ended && !m_stopping)
            m_ready(job, m_clock.now());
    }
    // Its callbacks may own much, and this may be the last to hold them.
    lock.unlock();
    job.reset();
    lock.lock();
}

bool TokenizerStage::pause(Lock& lock, const Job& job, Instant until)
{
    while (!job.ended && !m_stopping) {
        const Nanos wait = until - m_clock.now();
        if (wait <= Nanos::zero())
            return true;
        m_pause.wait_for(lock, wait);
    }
    return false;
}

} // namespace tokenscope::providers::demo
