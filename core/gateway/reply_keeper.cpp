// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reply_keeper.h"

#include "conversations/instrumented_store.h"
#include "conversations/make_store.h"

#include <filesystem>
#include <utility>

namespace tokenscope::gateway {

Result<std::shared_ptr<ReplyKeeper>> ReplyKeeper::make(const config::Conversations& settings,
                                                       boost::asio::any_io_executor executor,
                                                       const GatewayServices& services)
{
    auto& log = services.log;
    auto warn = [&log](const Error& error) {
        log.log(telemetry::Level::warn, "conversations",
                {{"error", to_string(error.code)}, {"error_message", error.message}, {"detail", error.detail}});
    };
    const auto place = services.env ? conversations::default_database(services.env) : std::filesystem::path();
    auto made = conversations::make_store(settings, place, services.clock, std::move(warn));
    if (!made)
        return failure(std::move(made.error()));
    auto store =
        std::make_unique<conversations::InstrumentedStore>(std::move(*made), services.conversations, services.clock);
    return std::make_shared<ReplyKeeper>(std::move(store), std::move(executor),
                                         settings.path.empty() ? place.string() : settings.path, settings.ttl);
}

telemetry::StoreFacts ReplyKeeper::facts() const
{
    telemetry::StoreFacts facts{.backend = std::string(m_store->backend()),
                                .responses = m_store->count(),
                                .degraded = m_store->degraded(),
                                .path = {},
                                .ttl = m_ttl};
    if (facts.backend != "memory")
        facts.path = m_database;
    return facts;
}

} // namespace tokenscope::gateway
