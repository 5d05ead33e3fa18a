// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "llm/usage.h"
#include "providers/demo/job.h"
#include "providers/provider.h"
#include "telemetry/stages.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::providers::demo {

/// How a job ended: well, if `error` is absent.
struct JobEnd {
    llm::Usage usage;
    std::string finish_reason;
    std::optional<Error> error;
    telemetry::StageTimes stages; ///< those of the engine
};

/// Of a reply that was cut off behind `completion` tokens.
llm::Usage partial_usage(const JobFacts& facts, std::uint64_t completion);

/// Carries one job's tokens from the engine's thread to a coroutine on an I/O thread. What comes while the coroutine is busy
/// elsewhere is kept, which is bounded by the length of a reply, and handed over together.
class Inbox {
public:
    /// Everything new since the last one; never empty.
    struct Batch {
        std::vector<std::string> tokens;
        std::optional<JobEnd> end; ///< after these tokens
        Nanos under_way{0};        ///< how long the oldest of it has been in here
    };

    explicit Inbox(const Clock& clock) : m_clock(clock) {}

    // From any thread. The first end counts, and nothing is taken after it.
    void token(std::string_view text);
    void end(JobEnd end);
    /// An end with `client_gone` and the usage so far, marked estimated, which also drops the tokens not yet handed over.
    void cancel(const JobFacts& facts);

    /// Waits for news. For one coroutine, which must keep this object alive; not to be called again after an end.
    Task<Batch> next();

private:
    using Waiter = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;

    /// Puts down when the first of the news came.
    void stamp();
    void wait(Waiter waiter);
    /// Hands the waiting coroutine, if there is one, to its own executor.
    void wake(std::unique_lock<std::mutex> lock);
    bool ready() const { return !m_news.tokens.empty() || m_news.end; }

    const Clock& m_clock;
    std::mutex m_mutex;
    Batch m_news;
    Instant m_oldest; ///< of the news, if there are any
    std::uint64_t m_generated = 0;
    bool m_ended = false;
    std::optional<Waiter> m_waiter;
};

} // namespace tokenscope::providers::demo
