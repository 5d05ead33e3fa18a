// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "providers/demo/job.h"
#include "telemetry/pipeline_metrics.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tokenscope::providers::demo {

/// The queue of prompts and the threads that tokenise them: really, so that a huge prompt keeps a worker busy and not the
/// streams, and then for as long as the options make it last. The worker also writes the reply, which the rest of the
/// engine then only paces. What is said to be locked is called with the engine's lock held.
class TokenizerStage {
public:
    using Lock = std::unique_lock<std::mutex>;
    /// Gets every job that is ready for its model; locked.
    using Ready = std::function<void(const JobPtr& job, Instant now)>;

    TokenizerStage(const config::DemoOptions& options, const Clock& clock, telemetry::PipelineMetrics& metrics,
                   std::mutex& mutex, Ready ready);
    ~TokenizerStage(); ///< after stop(); ends the threads
    TokenizerStage(const TokenizerStage&) = delete;
    TokenizerStage& operator=(const TokenizerStage&) = delete;

    void add(const JobPtr& job, Instant now); ///< locked
    /// Takes it out of the queue, or lets its worker go on to the next one. `job->ended` is set already. Locked.
    void remove(const JobPtr& job);
    void stop(); ///< locked; nothing gets ready any more

private:
    void run(std::size_t worker);
    void serve(Lock& lock, std::size_t worker);
    /// Spends what is left of the simulated time; false where nobody wants the result any more.
    bool pause(Lock& lock, const Job& job, Instant until);

    const config::DemoOptions m_options;
    const Clock& m_clock;
    telemetry::PipelineMetrics& m_metrics;
    std::mutex& m_mutex;
    const Ready m_ready;

    std::condition_variable m_work;  ///< for workers without any
    std::condition_variable m_pause; ///< for workers at theirs
    std::deque<JobPtr> m_queue;
    bool m_stopping = false;
    std::vector<std::thread> m_threads; ///< last: they use all of the above
};

} // namespace tokenscope::providers::demo
