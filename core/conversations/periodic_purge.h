// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>

namespace tokenscope::conversations {

/// Purges a store now and every so often. Made, used and destroyed on the I/O thread, or while that does not run, and
/// before the store.
class PeriodicPurge {
public:
    PeriodicPurge(boost::asio::any_io_executor executor, ConversationStore& store,
                  std::chrono::milliseconds interval = std::chrono::minutes(5));
    ~PeriodicPurge() { stop(); }
    PeriodicPurge(const PeriodicPurge&) = delete;
    PeriodicPurge& operator=(const PeriodicPurge&) = delete;

    /// No further purge is begun and the timer is idle, so that the io_context can run out of work.
    void stop();

private:
    struct State;
    static net::Task<void> run(std::shared_ptr<State> state);

    std::shared_ptr<State> m_state;
};

} // namespace tokenscope::conversations
