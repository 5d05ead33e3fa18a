// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/admission_queue.h"

#include "telemetry/request_observation.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace tokenscope::providers {

namespace asio = boost::asio;

namespace {

/// Weight of the newest call in the average of service times.
constexpr double newest_weight = 0.2;
constexpr double max_retry_after = 60;

} // namespace

AdmissionQueue::AdmissionQueue(std::string provider, Limits limits, telemetry::QueueMetrics& metrics,
                               const Clock& clock, net::Watchdog& watchdog)
    : m_provider(std::move(provider)), m_limits(limits), m_metrics(metrics), m_clock(clock), m_watchdog(watchdog)
{
    m_metrics.depth(m_provider, 0);
}

AdmissionQueue::Ticket::~Ticket()
{
    if (m_queue)
        m_queue->leave(m_line, m_queue->m_clock.now() - m_since);
}

net::Task<Result<AdmissionQueue::Ticket>> AdmissionQueue::enter(CancelToken cancel, std::string_view key,
                                                                telemetry::RequestObservation* observed)
{
    if (cancel.cancelled())
        co_return reject("client_gone", ErrorCode::client_gone, "The client closed the connection.");
    const auto since = m_clock.now();
    const auto timeout = m_limits.timeout;
    const auto line = m_lines.try_emplace(std::string(key)).first;
    if (m_in_flight < m_limits.max_in_flight && m_waiting == 0) {
        take_place(line->second);
        m_metrics.waited(m_provider, Nanos(0));
        co_return Ticket(*this, line, since);
    }
    const auto full = [this] {
        return reject(
            "full", ErrorCode::queue_full,
            fmt::format("The queue of provider {} is full ({} waiting). Try again later.", m_provider, m_waiting));
    };
    if (m_waiting >= m_limits.max_queue && !displace_for(line->second)) {
        forget_idle();
        co_return full();
    }

    Waiter waiter{.line = line, .arrival = ++m_arrivals};
    {
        waiter.place = line->second.waiters.insert(line->second.waiters.end(), &waiter);
        m_metrics.depth(m_provider, ++m_waiting);
        net::Watchdog::Guard guard(m_watchdog, [&] { settle(waiter, Waiter::Outcome::timeout); });
        guard.arm(timeout);
        const auto cancellation = cancel.on_cancel([&] { settle(waiter, Waiter::Outcome::gone); });
        if (waiter.outcome == Waiter::Outcome::waiting) {
            if (observed && observed->watched())
                show_place(waiter, *observed);
            co_await suspend(waiter);
        }
    }
    const auto now = m_clock.now();
    switch (waiter.outcome) {
    case Waiter::Outcome::timeout:
        co_return reject("timeout", ErrorCode::queue_timeout,
                         fmt::format("No place at provider {} became free within {} s. Try again later.", m_provider,
                                     seconds(timeout)));
    case Waiter::Outcome::displaced: co_return full();
    case Waiter::Outcome::gone:
        co_return reject("client_gone", ErrorCode::client_gone, "The client closed the connection.");
    default: m_metrics.waited(m_provider, now - since); co_return Ticket(*this, line, now);
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

void AdmissionQueue::show_place(Waiter& waiter, telemetry::RequestObservation& observed) const
{
    auto& line = waiter.line->second;
    if (!line.shown)
        line.shown = std::make_shared<telemetry::QueueLine>(this, line.last_turn);
    waiter.observed = &observed;
    observed.in_line({.line = line.shown, .arrival = waiter.arrival});
}

void AdmissionQueue::set_limits(Limits limits)
{
    m_limits = limits;
    admit_waiting();
}

bool AdmissionQueue::displace_for(const Line& line)
{
    const auto longest = std::max_element(m_lines.begin(), m_lines.end(), [](const auto& a, const auto& b) {
        return a.second.waiters.size() < b.second.waiters.size();
    });
    // By more than one, or two keys would take turns at throwing each other out.
    auto& victims = longest->second.waiters;
    if (victims.size() <= line.waiters.size() + 1)
        return false;
    settle(*victims.back(), Waiter::Outcome::displaced);
    return true;
}

void AdmissionQueue::settle(Waiter& waiter, Waiter::Outcome outcome)
{
    if (waiter.outcome != Waiter::Outcome::waiting)
        return;
    waiter.outcome = outcome;
    waiter.line->second.waiters.erase(waiter.place);
    if (waiter.observed)
        waiter.observed->in_line({});
    m_metrics.depth(m_provider, --m_waiting);
    // The place is taken at once, so nobody can push in before the coroutine runs.
    if (outcome == Waiter::Outcome::admitted)
        take_place(waiter.line->second);
    else
        forget_idle();
    if (waiter.resume)
        waiter.resume();
}

void AdmissionQueue::admit_waiting()
{
    while (m_in_flight < m_limits.max_in_flight && m_waiting > 0) {
        Waiter* next = nullptr;
        for (const auto& [key, line] : m_lines) {
            if (line.waiters.empty())
                continue;
            auto* first = line.waiters.front();
            const auto last = next ? next->line->second.last_turn : 0;
            const bool earlier =
                !next || line.last_turn < last || (line.last_turn == last && first->arrival < next->arrival);
            next = earlier ? first : next;
        }
        settle(*next, Waiter::Outcome::admitted);
    }
}

void AdmissionQueue::take_place(Line& line)
{
    ++m_in_flight;
    ++line.in_flight;
    line.last_turn = ++m_turns;
    if (line.shown)
        line.shown->last_turn.store(line.last_turn, std::memory_order_relaxed);
}

void AdmissionQueue::leave(Lines::iterator line, Nanos service)
{
    const auto newest = seconds(service);
    m_service = m_service ? *m_service + newest_weight * (newest - *m_service) : newest;
    --m_in_flight;
    --line->second.in_flight;
    admit_waiting();
    forget_idle();
}

void AdmissionQueue::forget_idle()
{
    // While anybody waits, turns are remembered: keys that come back again and again would else pass as new ones, and
    // always go first.
    if (m_waiting == 0)
        std::erase_if(m_lines,
                      [](const auto& line) { return line.second.waiters.empty() && line.second.in_flight == 0; });
}

tl::unexpected<Error> AdmissionQueue::reject(std::string_view reason, ErrorCode code, std::string message)
{
    m_metrics.rejected(m_provider, reason);
    Error error{.code = code, .message = std::move(message)};
    if (code != ErrorCode::client_gone)
        error.retry_after = drain_time();
    return failure(std::move(error));
}

std::chrono::seconds AdmissionQueue::drain_time() const
{
    // Until those who wait now have had their turn: whoever comes back earlier finds the queue as full as before.
    const auto places = static_cast<double>(std::max<std::size_t>(m_limits.max_in_flight, 1));
    const auto estimate = static_cast<double>(m_waiting) * m_service.value_or(0) / places;
    return std::chrono::seconds(static_cast<long>(std::ceil(std::clamp(estimate, 1.0, max_retry_after))));
}

} // namespace tokenscope::providers
