// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "conversations/sqlite_connection.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace tokenscope::conversations {

/// The steps that bring a database from one version of its schema (PRAGMA user_version) to the next. A step that has been
/// released never changes.
inline constexpr std::array<const char*, 1> schema_steps = {
    // Ids and names are text so that people can read them with other tools; what clients said is kept as bytes.
    "CREATE TABLE responses ("
    "  id TEXT PRIMARY KEY NOT NULL, previous_id TEXT NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL,"
    "  created INTEGER NOT NULL, expires INTEGER NOT NULL," // milliseconds since 1970
    "  input BLOB NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX responses_by_expiry ON responses (expires);",
};

/// What a database of ours says in PRAGMA application_id.
inline constexpr std::int64_t application_id = 0x546B'5363;

/// Brings the schema up to date in one transaction, or leaves it as it was. A database that is newer than `steps` too.
SqliteResult<void> migrate(const SqliteConnection& connection, std::span<const char* const> steps = schema_steps);

/// The statements on stored replies. Transactions are the caller's.
class ResponseTable {
public:
    explicit ResponseTable(const SqliteConnection& connection) : m_connection(connection) {}

    /// Replaces one with the same id.
    SqliteResult<void> put(const StoredResponse& response);
    SqliteResult<std::optional<StoredResponse>> get(const std::string& id, WallTime now) const;
    /// Whether it was there and had not expired.
    SqliteResult<bool> erase(const std::string& id, WallTime now);
    /// Drops at most `limit` expired replies and gives some of the freed room back to the disk.
    SqliteResult<std::size_t> purge(WallTime now, std::size_t limit);

    /// Counts all; afterwards rows() follows what this object does, and is right again after each purge where other
    /// processes write, too.
    SqliteResult<void> count();
    std::size_t rows() const { return m_rows; }
    /// After a rollback.
    void reset_rows(std::size_t rows) { m_rows = rows; }

private:
    const SqliteConnection& m_connection;
    std::size_t m_rows = 0;
};

} // namespace tokenscope::conversations
