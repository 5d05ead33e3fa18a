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
    auto complete = settings;
    if (complete.path.empty())
        complete.path = place.string();
    return std::make_shared<ReplyKeeper>(std::move(complete), std::move(store), std::move(executor));
}

telemetry::StoreFacts ReplyKeeper::facts() const
{
    const bool on_disk = m_store->backend() != "memory";
    const bool wanted_on_disk = m_settings.backend != config::ConversationBackend::memory;
    return {.backend = std::string(m_store->backend()),
            .responses = m_store->count(),
            .degraded = wanted_on_disk && (!on_disk || m_store->degraded()),
            .path = on_disk ? m_settings.path : std::string(),
            .ttl = m_settings.ttl};
}

} // namespace tokenscope::gateway
