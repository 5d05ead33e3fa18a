// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/admission_queue.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <memory>

namespace tokenscope::providers {

namespace asio = boost::asio;

AdmissionQueue::AdmissionQueue(std::string provider, Limits limits, telemetry::QueueMetrics& metrics,
                               const Clock& clock, net::Watchdog& watchdog)
    : m_provider(std::move(provider)), m_limits(limits), m_metrics(metrics), m_clock(clock), m_watchdog(watchdog)
{
    m_metrics.depth(m_provider, 0);
}

AdmissionQueue::Ticket::~Ticket()
{
    if (m_queue)
        m_queue->leave();
}

net::Task<Result<AdmissionQueue::Ticket>> AdmissionQueue::enter(CancelToken cancel)
{
    if (cancel.cancelled()) {
        m_metrics.rejected(m_provider, "client_gone");
        co_return failure(ErrorCode::client_gone, "The client closed the connection.");
    }
    if (m_in_flight < m_limits.max_in_flight && m_waiting.empty()) {
        ++m_in_flight;
        m_metrics.waited(m_provider, Nanos(0));
        co_return Ticket(*this);
    }
    if (m_waiting.size() >= m_limits.max_queue) {
        m_metrics.rejected(m_provider, "full");
        auto error = Error{.code = ErrorCode::queue_full,
                           .message = fmt::format("The queue of provider {} is full ({} waiting). Try again later.",
                                                  m_provider, m_waiting.size())};
        error.retry_after = std::chrono::seconds(1);
        co_return failure(std::move(error));
    }

    const auto since = m_clock.now();
    Waiter waiter;
    {
        waiter.place = m_waiting.insert(m_waiting.end(), &waiter);
        m_metrics.depth(m_provider, m_waiting.size());
        net::Watchdog::Guard guard(m_watchdog, [&] { settle(waiter, Waiter::Outcome::timeout); });
        guard.arm(m_limits.timeout);
        const auto cancellation = cancel.on_cancel([&] { settle(waiter, Waiter::Outcome::gone); });
        if (waiter.outcome == Waiter::Outcome::waiting)
            co_await suspend(waiter);
    }
    switch (waiter.outcome) {
    case Waiter::Outcome::timeout:
        m_metrics.rejected(m_provider, "timeout");
        co_return failure(ErrorCode::queue_timeout,
                          fmt::format("No place at provider {} became free within {} s. Try again later.", m_provider,
                                      seconds(m_limits.timeout)));
    case Waiter::Outcome::gone:
        m_metrics.rejected(m_provider, "client_gone");
        co_return failure(ErrorCode::client_gone, "The client closed the connection.");
    default: m_metrics.waited(m_provider, m_clock.now() - since); co_return Ticket(*this);
    }
}

net::Task<void> AdmissionQueue::suspend(Waiter& waiter)
{
    // The handler is kept and posted later: waking a coroutine through a timer would cost a system call.
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [&waiter](auto handler) {
            auto executor = asio::get_associated_executor(handler);
            auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            waiter.resume = [executor, kept] { asio::post(executor, std::move(*kept)); };
        },
        asio::use_awaitable);
}

void AdmissionQueue::settle(Waiter& waiter, Waiter::Outcome outcome)
{
    if (waiter.outcome != Waiter::Outcome::waiting)
        return;
    waiter.outcome = outcome;
    m_waiting.erase(waiter.place);
    m_metrics.depth(m_provider, m_waiting.size());
    if (waiter.resume)
        waiter.resume();
}

void AdmissionQueue::leave()
{
    if (m_waiting.empty()) {
        --m_in_flight;
        return;
    }
    // The place passes on without becoming free, so nobody can push in before the coroutine runs.
    settle(*m_waiting.front(), Waiter::Outcome::admitted);
}

} // namespace tokenscope::providers
