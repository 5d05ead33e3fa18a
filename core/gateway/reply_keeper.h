// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "conversations/conversation_store.h"
#include "conversations/periodic_purge.h"
#include "gateway/gateway.h"
#include "telemetry/exposition.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace tokenscope::gateway {

/// The store of replies that later requests may refer to, as the configuration wants it, and its housekeeping.
class ReplyKeeper {
public:
    /// Error: config, e.g. where the database is another program's. An unusable disk is only a warning in the log.
    static Result<std::shared_ptr<ReplyKeeper>> make(const config::Conversations& settings,
                                                     boost::asio::any_io_executor executor,
                                                     const GatewayServices& services);

    conversations::ConversationStore& store() { return *m_store; }
    /// What there is to tell of the store.
    telemetry::StoreFacts facts() const;
    void stop() { m_purge.stop(); }

    /// `database`: where the store is if it is on disk.
    ReplyKeeper(std::unique_ptr<conversations::ConversationStore> store, boost::asio::any_io_executor executor,
                std::string database, std::chrono::seconds ttl)
        : m_store(std::move(store)), m_purge(std::move(executor), *m_store), m_database(std::move(database)), m_ttl(ttl)
    {
    }

private:
    const std::unique_ptr<conversations::ConversationStore> m_store;
    conversations::PeriodicPurge m_purge;
    const std::string m_database;
    const std::chrono::seconds m_ttl;
};

} // namespace tokenscope::gateway
