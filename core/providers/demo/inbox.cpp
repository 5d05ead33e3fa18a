// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/inbox.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace tokenscope::providers::demo {

namespace asio = boost::asio;

llm::Usage partial_usage(const JobFacts& facts, std::uint64_t completion)
{
    llm::Usage usage{.prompt = facts.prompt_tokens, .completion = completion, .estimated = true};
    if (usage.prompt)
        usage.total = *usage.prompt + completion;
    return usage;
}

void Inbox::token(std::string_view text)
{
    std::unique_lock lock(m_mutex);
    if (m_ended)
        return;
    stamp();
    m_news.tokens.emplace_back(text);
    ++m_generated;
    wake(std::move(lock));
}

void Inbox::end(JobEnd end)
{
    std::unique_lock lock(m_mutex);
    if (std::exchange(m_ended, true))
        return;
    stamp();
    m_news.end = std::move(end);
    wake(std::move(lock));
}

void Inbox::cancel(const JobFacts& facts)
{
    std::unique_lock lock(m_mutex);
    if (std::exchange(m_ended, true))
        return;
    m_news.tokens.clear();
    stamp();
    m_news.end = JobEnd{
        .usage = partial_usage(facts, m_generated),
        .error = Error{.code = ErrorCode::client_gone,
                       .message = "The request was cancelled before its reply was complete."},
        .stages = facts.stages,
    };
    wake(std::move(lock));
}

void Inbox::stamp()
{
    if (!ready())
        m_oldest = m_clock.now();
}

Task<Inbox::Batch> Inbox::next()
{
    bool at_once = false;
    {
        const std::scoped_lock lock(m_mutex);
        at_once = ready();
    }
    if (!at_once) {
        co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
            [this](Waiter waiter) { wait(std::move(waiter)); }, asio::use_awaitable);
    }
    const std::scoped_lock lock(m_mutex);
    m_news.under_way = m_clock.now() - m_oldest;
    co_return std::exchange(m_news, {});
}

void Inbox::wait(Waiter waiter)
{
    std::unique_lock lock(m_mutex);
    m_waiter.emplace(std::move(waiter));
    if (ready())
        wake(std::move(lock));
}

void Inbox::wake(std::unique_lock<std::mutex> lock)
{
    if (!m_waiter)
        return;
    Waiter waiter = std::move(*m_waiter);
    m_waiter.reset();
    // The coroutine may run, and destroy this object, as soon as it is posted.
    lock.unlock();
    asio::post(std::move(waiter));
}

} // namespace tokenscope::providers::demo
