// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "providers/demo/fate.h"
#include "providers/demo/models.h"
#include "providers/demo/timeline.h"
#include "telemetry/stages.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::providers::demo {

struct JobRequest {
    Model model;                      ///< one of models.h
    std::string prompt;               ///< what the reply is about
    std::vector<std::string> context; ///< the messages before it: they are tokenised and cost prefill as well
    std::optional<std::uint64_t> max_tokens;
};

/// What is known of a job when it ends, in whatever way.
struct JobFacts {
    std::optional<std::uint64_t> prompt_tokens; ///< absent where it did not get as far as being tokenised
    std::uint64_t completion_tokens = 0;        ///< handed out
    /// As far as it got. They add up to `total`: the stages outside of the engine (grpc_serialize, grpc_deserialize and
    /// mp_queue_receive) are not among them.
    telemetry::StageTimes stages;
    Nanos total{0}; ///< from the call of submit()
};

/// Called on the engine's thread, one at a time, with no lock held; they must not throw and should be short. Any may be
/// empty. A job ends with exactly one of `done` and `failed`, or, once cancelled, with neither.
struct JobCallbacks {
    std::function<void()> started; ///< it left the queues
    /// The text is valid during the call.
    std::function<void(std::string_view text, std::size_t index)> token;
    std::function<void(const JobFacts& facts, std::string_view finish_reason)> done; ///< "stop" or "length"
    /// `internal`: refused, as the options ask, before the first token. `upstream_error_event`: broken off, as they ask,
    /// behind some. `shutting_down`: the engine is being destroyed.
    std::function<void(Error error, const JobFacts& facts)> failed;
};

/// One request on its way through the engine. Whoever changes it holds the engine's lock, but for the texts, which are the
/// tokenizer worker's until the job is in a model's queue.
struct Job {
    Job(JobRequest asked, JobCallbacks told, Instant begun)
        : request(std::move(asked)), callbacks(std::move(told)), timeline(begun)
    {
    }

    std::uint64_t id = 0; ///< in order of arrival, from 1
    JobRequest request;
    JobCallbacks callbacks;
    Fate fate;
    Timeline timeline;
    std::optional<std::uint64_t> prompt_tokens;
    std::string text;                     ///< the reply
    std::vector<std::string_view> tokens; ///< of `text`, at most as many as asked for
    bool cut = false;                     ///< `tokens` does not hold all of `text`
    std::size_t next = 0;                 ///< the token to be generated next
    std::size_t handed_out = 0;           ///< tokens that the callback has been given
    bool started = false;                 ///< it left the queues
    bool ended = false;
};
using JobPtr = std::shared_ptr<Job>;

/// Something that a job's callbacks are to be told, unless it has ended by then.
struct JobEvent {
    enum class Kind { started, token, refused, broken, done };
    JobPtr job;
    Kind kind = Kind::started;
    std::size_t index = 0; ///< of the token
};
using JobEvents = std::vector<JobEvent>;

} // namespace tokenscope::providers::demo
