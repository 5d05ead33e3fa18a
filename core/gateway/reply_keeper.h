// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "conversations/conversation_store.h"
#include "conversations/periodic_purge.h"
#include "gateway/gateway.h"
#include "telemetry/exposition.h"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <utility>

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

    /// `settings` are those that `store` was made by, their path that of the database whether or not it is there.
    ReplyKeeper(config::Conversations settings, std::unique_ptr<conversations::ConversationStore> store,
                boost::asio::any_io_executor executor)
        : m_settings(std::move(settings)), m_store(std::move(store)), m_purge(std::move(executor), *m_store)
    {
    }

private:
    const config::Conversations m_settings;
    const std::unique_ptr<conversations::ConversationStore> m_store;
    conversations::PeriodicPurge m_purge;
};

} // namespace tokenscope::gateway
