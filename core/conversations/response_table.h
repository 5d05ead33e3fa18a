// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "storage/counted_table.h"
#include "storage/database_file.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace tokenscope::conversations {

/// The versions of the schema.
inline constexpr std::array<const char*, 1> schema_steps = {
    // Ids and names are text so that people can read them with other tools; what clients said is kept as bytes.
    "CREATE TABLE responses ("
    "  id TEXT PRIMARY KEY NOT NULL, previous_id TEXT NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL,"
    "  created INTEGER NOT NULL, expires INTEGER NOT NULL," // milliseconds since 1970
    "  input BLOB NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX responses_by_expiry ON responses (expires);",
};

/// How the database of stored replies is opened.
inline constexpr storage::DatabaseKind database_kind{.content = "conversations",
                                                     .setting = "conversations.path",
                                                     .schema = {.application_id = 0x546B'5363, .steps = schema_steps}};

/// The statements on stored replies. Transactions are the caller's. Other processes may write, too: rows() is right again
/// after each purge.
class ResponseTable : public storage::CountedTable {
public:
    explicit ResponseTable(const storage::SqliteConnection& connection) : CountedTable(connection, "responses") {}

    /// Replaces one with the same id.
    storage::SqliteResult<void> put(const StoredResponse& response);
    storage::SqliteResult<std::optional<StoredResponse>> get(const std::string& id, WallTime now) const;
    /// Whether it was there and had not expired.
    storage::SqliteResult<bool> erase(const std::string& id, WallTime now);
    /// Drops at most `limit` expired replies and gives some of the freed room back to the disk.
    storage::SqliteResult<std::size_t> purge(WallTime now, std::size_t limit);
};

} // namespace tokenscope::conversations
