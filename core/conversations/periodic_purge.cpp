// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/periodic_purge.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace tokenscope::conversations {

namespace asio = boost::asio;

struct PeriodicPurge::State {
    asio::steady_timer timer;
    ConversationStore* store; ///< null once stopped
    std::chrono::milliseconds interval;
};

PeriodicPurge::PeriodicPurge(asio::any_io_executor executor, ConversationStore& store,
                             std::chrono::milliseconds interval)
    : m_state(std::make_shared<State>(State{asio::steady_timer(executor), &store, interval}))
{
    asio::co_spawn(executor, run(m_state), asio::detached);
}

void PeriodicPurge::stop()
{
    m_state->store = nullptr;
    m_state->timer.cancel();
}

net::Task<void> PeriodicPurge::run(std::shared_ptr<State> state)
{
    while (state->store) {
        (void)co_await state->store->purge_expired(); // a failure is in the metrics, and the next one may do better
        if (!state->store)
            break;
        state->timer.expires_after(state->interval);
        co_await state->timer.async_wait(net::awaiting);
    }
}

} // namespace tokenscope::conversations
