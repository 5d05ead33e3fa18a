// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/call_loop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>

namespace tokenscope::otlp {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using telemetry::ExportOutcome;

/// One call. Shared with handlers that may run after it, in the course of the next one.
struct CallLoop::State {
    CancelSource stop;
    bool done = false;
    bool timed_out = false;
    bool cancelled = false;
    std::optional<ExportOutcome> outcome;

    void end(bool& reason)
    {
        if (done)
            return;
        reason = true;
        stop.cancel();
    }
};

ExportOutcome CallLoop::run(const Call& call, milliseconds timeout, const CancelToken& cancel)
{
    constexpr milliseconds longest = std::chrono::hours(24); // deadlines do not overflow
    const auto state = std::make_shared<State>();
    timeout = std::clamp(timeout, milliseconds(0), longest);
    asio::steady_timer deadline(m_io, timeout);
    deadline.async_wait([state](const net::IoError& error) {
        if (!error)
            state->end(state->timed_out);
    });
    const auto cancellation =
        cancel.on_cancel([this, state] { asio::post(m_io, [state] { state->end(state->cancelled); }); });
    m_io.restart();
    asio::co_spawn(m_io, call(state->stop.token()), [state](const std::exception_ptr& error, ExportOutcome outcome) {
        state->done = true;
        if (!error)
            state->outcome = std::move(outcome);
    });
    while (!state->done && m_io.run_one() > 0) {}
    state->done = true;
    return outcome_of(*state, timeout);
}

ExportOutcome CallLoop::outcome_of(State& state, milliseconds timeout) const
{
    using Kind = ExportOutcome::Kind;
    if (state.outcome && state.outcome->kind != Kind::try_again)
        return std::move(*state.outcome);
    if (state.cancelled)
        return {.kind = Kind::try_again,
                .message = fmt::format("{} was left: sending to it was stopped.", m_collector)};
    if (state.timed_out)
        return {.kind = Kind::try_again,
                .message = fmt::format("{} did not answer within {} ms.", m_collector, timeout.count())};
    if (state.outcome)
        return std::move(*state.outcome);
    return {.kind = Kind::try_again, .message = fmt::format("Spans for {} could not be sent.", m_collector)};
}

void CallLoop::catch_up()
{
    constexpr int most = 64; // a peer that never stops sending must not hold us up
    m_io.restart();
    for (int i = 0; i < most && m_io.poll_one() > 0; ++i) {}
}

} // namespace tokenscope::otlp
