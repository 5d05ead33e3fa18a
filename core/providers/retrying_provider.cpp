// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/retrying_provider.h"

#include "net/headers.h"
#include "net/task.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

namespace tokenscope::providers {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

std::optional<long long> whole_number(std::string_view text)
{
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() && value >= 0;
    return whole ? std::optional(std::min(value, 1'000'000'000LL)) : std::nullopt;
}

/// retry-after-ms is OpenAI's finer one. A Retry-After that is a date is not read; the back-off applies then.
std::optional<milliseconds> retry_after(const Headers& headers)
{
    if (const auto ms = whole_number(net::find_header(headers, "retry-after-ms")))
        return milliseconds(*ms);
    if (const auto seconds = whole_number(net::find_header(headers, "retry-after")))
        return milliseconds(*seconds * 1000);
    return std::nullopt;
}

} // namespace

RetryingProvider::RetryingProvider(std::unique_ptr<Provider> inner, RetryPolicy policy,
                                   telemetry::GatewayMetrics& metrics)
    : ProviderDecorator(std::move(inner)), m_policy(policy), m_metrics(metrics), m_random(std::random_device{}())
{
}

std::optional<RetryingProvider::Cause> RetryingProvider::cause_of(const Error& error)
{
    if (error.code == ErrorCode::upstream_unreachable)
        return Cause{"unreachable", std::nullopt};
    if (error.code == ErrorCode::upstream_reset)
        return Cause{"reset", std::nullopt};
    return std::nullopt;
}

std::optional<RetryingProvider::Cause> RetryingProvider::cause_of(const Reply& reply)
{
    switch (reply.status) {
    case 429: return Cause{"status_429", retry_after(reply.headers)};
    case 500:
    case 502:
    case 503:
    case 504:
    case 529: return Cause{"status_5xx", retry_after(reply.headers)};
    default: return std::nullopt;
    }
}

Task<bool> RetryingProvider::pause(const std::optional<Cause>& cause, std::size_t attempt, CancelToken cancel)
{
    if (!cause || attempt >= m_policy.max_retries)
        co_return false;
    constexpr std::size_t most_doublings = 16;
    const double jitter = std::uniform_real_distribution(0.5, 1.5)(m_random);
    const double doubled = static_cast<double>(1U << std::min(attempt, most_doublings));
    auto wait =
        milliseconds(static_cast<milliseconds::rep>(static_cast<double>(m_policy.backoff.count()) * doubled * jitter));
    if (cause->retry_after)
        wait = std::max(wait, *cause->retry_after);
    if (wait > longest_wait)
        co_return false;

    asio::steady_timer timer(co_await asio::this_coro::executor, wait);
    const auto cancellation = cancel.on_cancel([&timer] { timer.cancel(); });
    if (!cancel.cancelled())
        co_await timer.async_wait(net::awaiting);
    if (cancel.cancelled())
        co_return false;
    m_metrics.retried(name(), cause->reason);
    co_return true;
}

Task<Result<Reply>> RetryingProvider::generate(ModelCall& call)
{
    for (std::size_t attempt = 0;; ++attempt) {
        auto reply = co_await inner().generate(call);
        const auto cause = reply ? cause_of(*reply) : cause_of(reply.error());
        if (!co_await pause(cause, attempt, call.cancel))
            co_return reply;
    }
}

Task<Result<StreamOutcome>> RetryingProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    for (std::size_t attempt = 0;; ++attempt) {
        auto outcome = co_await inner().generate_stream(call, sink);
        // Once a stream has begun it is the client's; only an error or a refusal leaves the sink untouched.
        std::optional<Cause> cause;
        if (!outcome)
            cause = cause_of(outcome.error());
        else if (const auto* refusal = std::get_if<Reply>(&*outcome))
            cause = cause_of(*refusal);
        if (!co_await pause(cause, attempt, call.cancel))
            co_return outcome;
    }
}

} // namespace tokenscope::providers
