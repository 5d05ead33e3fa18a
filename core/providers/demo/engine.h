// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "config/config.h"
#include "llm/usage.h"
#include "providers/demo/models.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tokenscope::providers::demo {

struct JobRequest {
    Model model;
    std::string prompt;               ///< what the reply is about
    std::uint64_t context_tokens = 0; ///< of the messages before it: they count as prompt and cost prefill
    std::optional<std::uint64_t> max_tokens;
};

/// Called on the engine's thread, one at a time, with no lock held; they must not throw and should be short. Any may be
/// empty. A job ends with exactly one of `done` and `failed`, or, once cancelled, with neither.
struct JobCallbacks {
    std::function<void()> started; ///< it left the queue
    /// The text is valid during the call.
    std::function<void(std::string_view text, std::size_t index)> token;
    std::function<void(const llm::Usage& usage, std::string_view finish_reason)> done; ///< "stop" or "length"
    /// `internal`: refused, as the options ask, before the first token. `shutting_down`: the engine is being destroyed.
    std::function<void(Error error)> failed;
};

struct JobHandle {
    std::uint64_t id = 0;
    std::uint64_t prompt_tokens = 0;
};

/// A consistent snapshot. The totals count since the start.
struct EngineStats {
    std::size_t queued = 0;
    std::size_t running = 0;
    std::uint64_t submitted = 0;
    std::uint64_t completed = 0;
    std::uint64_t refused = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t prompt_tokens = 0;     ///< of the jobs that were started
    std::uint64_t completion_tokens = 0; ///< generated so far
};

/// A simulated inference engine: a first-come-first-served queue, `workers` slots, and for each job a prefill and then token
/// after token, with the waits of CostModel. One thread serves all jobs: it sleeps until the earliest of their deadlines.
/// Deadlines are absolute, so that a late wake-up delays one token and not all that follow. Thread-safe.
class Engine {
public:
    /// `clock` must run at the pace of real time and outlive the engine.
    Engine(const config::DemoOptions& options, const Clock& clock);
    /// Ends every job that is left with `shutting_down`, on the engine's thread, and waits for that thread. Not to be
    /// called from a callback.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// The n-th job of an engine has the n-th waits of its seed; its text depends on the seed and the prompt alone.
    /// Callbacks may come before this returns.
    JobHandle submit(const JobRequest& request, JobCallbacks callbacks);

    /// Takes the job out of the queue, or frees its slot, at once; does nothing to one that has ended. A callback that
    /// has begun on the engine's thread may still be running when this returns; no other will.
    void cancel(JobHandle handle);

    EngineStats stats() const;

private:
    struct Job;
    struct Deadline {
        Instant at;
        std::uint64_t id = 0;
        bool operator>(const Deadline& other) const { return at != other.at ? at > other.at : id > other.id; }
    };
    using Lock = std::unique_lock<std::mutex>;

    void run();
    void start_next(Lock& lock);
    void step(Lock& lock, const std::shared_ptr<Job>& job);
    void refuse(Lock& lock, const std::shared_ptr<Job>& job);
    void complete(Lock& lock, const std::shared_ptr<Job>& job);
    void shut_down(Lock& lock);

    const config::DemoOptions m_options;
    const std::size_t m_workers;
    const Clock& m_clock;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopping = false;
    std::uint64_t m_last_id = 0;
    std::map<std::uint64_t, std::shared_ptr<Job>> m_waiting; ///< by id, which is the order of arrival
    std::map<std::uint64_t, std::shared_ptr<Job>> m_running;
    /// One entry a running job; those of cancelled jobs are skipped when their time comes.
    std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> m_deadlines;
    EngineStats m_totals;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace tokenscope::providers::demo
