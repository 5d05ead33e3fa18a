// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/make_store.h"

#include "config/places.h"
#include "conversations/memory_store.h"
#include "conversations/sqlite_store.h"

#include <utility>

namespace tokenscope::conversations {

namespace fs = std::filesystem;

fs::path default_database(const config::Env& env)
{
    return config::data_file(env, "conversations.db");
}

Result<std::unique_ptr<ConversationStore>> make_store(const config::Conversations& settings, const fs::path& fallback,
                                                      const Clock& clock, Warn warn)
{
    const MemoryStore::Limits limits{.ttl = settings.ttl};
    if (settings.backend == config::ConversationBackend::memory)
        return std::make_unique<MemoryStore>(limits, clock);

    const auto path = settings.path.empty() ? fallback : fs::path(settings.path);
    auto opened =
        path.empty() ? Result<storage::OpenedDatabase>(failure(
            ErrorCode::internal, "There is no place for conversations.", "neither HOME nor XDG_DATA_HOME is set"))
                     : storage::open_database(path, database_kind, clock.wall());
    if (!opened && opened.error().code == ErrorCode::config)
        return failure(std::move(opened.error()));
    if (!opened) {
        auto error = std::move(opened.error());
        error.message +=
            " Replies are kept in memory only, and lost when the program ends. Set conversations.path to a "
            "file that can be written, and start again.";
        warn(error);
        return std::make_unique<MemoryStore>(limits, clock);
    }
    if (opened->warning)
        warn(*opened->warning);
    const auto health = opened->writable ? DegradingStore::Health::good : DegradingStore::Health::degraded;
    auto disk = std::make_unique<SqliteStore>(std::move(*opened), settings.ttl, clock);
    return std::make_unique<DegradingStore>(std::move(disk), limits, clock, std::move(warn), health);
}

} // namespace tokenscope::conversations
