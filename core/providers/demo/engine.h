// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "providers/demo/job.h"
#include "providers/demo/model_pool.h"
#include "providers/demo/tokenizer_stage.h"
#include "telemetry/pipeline_metrics.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace tokenscope::providers::demo {

struct JobHandle {
    std::uint64_t id = 0;
};

/// A consistent snapshot. The totals count since the start.
struct EngineStats {
    std::size_t queued = 0;  ///< submitted, and not yet handed to a model worker
    std::size_t running = 0; ///< in a batch
    std::uint64_t submitted = 0;
    std::uint64_t completed = 0;
    std::uint64_t refused = 0;
    std::uint64_t broken = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t prompt_tokens = 0;     ///< of the jobs that were started
    std::uint64_t completion_tokens = 0; ///< generated so far
};

/// A simulated inference server. What it computes is made up; how requests move through it is not:
///
///     submit() -> tokenizer queue -> tokenizer workers -> model queue -> batcher -> model workers -> tokens
///
/// In the terms of the metrics that inference servers publish (family D):
/// - mp_queue_send: submit(), until the request is in the tokenizer queue. The queues between the processes of such a
///   server are queues between threads here.
/// - tokenizer_queue, tokenization: TokenizerStage. The workers are threads that tokenise prompt and context.
/// - model_queue, scheduler, batch_queue: ModelPool, one for each model. The batcher takes waiting requests in order of
///   arrival as soon as a worker has room; one it has taken is in the batch queue while the batch forms.
/// - inference, padding: ModelWorker. Prefill of the padded batch, then decoding with continuous batching.
/// - pipeline_overhead: what remains, which is composing the reply and telling the end.
/// - mp_queue_receive, grpc_serialize, grpc_deserialize: outside of the engine, in DemoProvider.
///
/// The model workers are not threads: one thread keeps all their deadlines and sleeps until the earliest. Thread-safe.
class Engine {
public:
    /// `clock` must run at the pace of real time; it and `metrics` must outlive the engine.
    Engine(const config::DemoOptions& options, const Clock& clock, telemetry::PipelineMetrics& metrics);
    /// Ends every job that is left with `shutting_down`, on the engine's thread, and waits for its threads. Not to be
    /// called from a callback.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// The n-th job of an engine has the n-th fate of its seed; its text depends on the seed and the prompt alone.
    /// Callbacks may come before this returns.
    JobHandle submit(JobRequest request, JobCallbacks callbacks);

    /// Takes the job out of whatever queue or batch it is in, at once, and returns how far it got. Nothing for one that
    /// has ended: its `done` or `failed` has been called or is about to be. A callback that has begun on the engine's
    /// thread may still be running when this returns; no other will.
    std::optional<JobFacts> cancel(JobHandle handle);

    EngineStats stats() const;

private:
    using Lock = std::unique_lock<std::mutex>;

    void run();
    std::optional<Instant> next_due() const;
    ModelPool& pool_of(const Job& job);
    void deliver(Lock& lock, const JobEvent& event);
    void token(Lock& lock, Job& job, std::size_t index);
    /// From here on nobody else ends the job.
    JobFacts end(const JobPtr& job);
    void fail(Lock& lock, const JobPtr& job, Error error);
    void complete(Lock& lock, const JobPtr& job);
    void shut_down(Lock& lock);

    const config::DemoOptions m_options;
    const Clock& m_clock;
    telemetry::PipelineMetrics& m_metrics;

    mutable std::mutex m_mutex; ///< of everything below, and of the jobs
    std::condition_variable m_wake;
    bool m_stopping = false;
    std::uint64_t m_last_id = 0;
    std::map<std::uint64_t, JobPtr> m_jobs; ///< those that have not ended
    EngineStats m_totals;
    std::vector<std::unique_ptr<ModelPool>> m_pools; ///< in the order of models.h
    TokenizerStage m_tokenizers;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace tokenscope::providers::demo
