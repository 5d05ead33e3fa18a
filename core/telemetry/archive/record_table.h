// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/counted_table.h"
#include "storage/database_file.h"
#include "telemetry/request_record.h"

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::telemetry {

/// The versions of the schema.
inline constexpr std::array<const char*, 2> record_schema_steps = {
    // `started` is in milliseconds since 1970. What follows it, up to `total`, are nanoseconds since the request was
    // accepted. NULL: not measured, not reported. The BLOBs are packed as archive/compact.h says.
    "CREATE TABLE requests ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  request_id TEXT NOT NULL, trace_id TEXT NOT NULL, sampled INTEGER NOT NULL, route TEXT NOT NULL,"
    "  operation TEXT NOT NULL, client TEXT NOT NULL, backend TEXT NOT NULL, model TEXT NOT NULL,"
    "  requested_model TEXT NOT NULL, genai_provider TEXT NOT NULL, response_model TEXT NOT NULL,"
    "  finish_reason TEXT NOT NULL, streamed INTEGER NOT NULL, http_status INTEGER NOT NULL, status TEXT NOT NULL,"
    "  end_reason TEXT NOT NULL, error TEXT NOT NULL, error_type TEXT NOT NULL, started INTEGER NOT NULL,"
    "  parsed INTEGER, queued INTEGER, dequeued INTEGER, connected INTEGER, sent INTEGER, first_byte INTEGER,"
    "  first_event INTEGER, first_token INTEGER, first_visible_token INTEGER, last_token INTEGER, usage_seen INTEGER,"
    "  last_event INTEGER, provider_ended INTEGER,"
    "  total INTEGER NOT NULL, chunk_count INTEGER NOT NULL, stream_tokens INTEGER NOT NULL,"
    "  prompt_tokens INTEGER, completion_tokens INTEGER, total_tokens INTEGER, cached_tokens INTEGER,"
    "  reasoning_tokens INTEGER, estimated INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    "  cost REAL, currency TEXT NOT NULL, stages BLOB NOT NULL, chunk_gaps BLOB NOT NULL,"
    "  chunks BLOB NOT NULL) STRICT;"
    "CREATE INDEX requests_by_start ON requests (started);"
    "CREATE INDEX requests_by_model ON requests (model, started);",
    "ALTER TABLE requests ADD COLUMN cache_creation_tokens INTEGER",
};

inline constexpr storage::Schema record_schema{.application_id = 0x546B'5271, .steps = record_schema_steps};

/// Which records are asked for.
struct RecordQuery {
    WallTime from = WallTime::min();     ///< begun at this time or later
    WallTime until = WallTime::max();    ///< begun before this time
    std::string model;                   ///< as in Target; empty: any
    std::optional<RequestStatus> status; ///< absent: any
    std::size_t limit = 1000;            ///< the newest of them
};

/// The statements on archived records. Transactions are the caller's.
///
/// Names and sentences are kept up to 1,024 bytes: what a client sends may be of any length.
class RecordTable : public storage::CountedTable {
public:
    explicit RecordTable(const storage::SqliteConnection& connection) : CountedTable(connection, "requests") {}

    storage::SqliteResult<void> put(const RequestRecord& record) { return put(record, *record.chunks.marks()); }
    /// The same with chunks that the record may have let go of.
    storage::SqliteResult<void> put(const RequestRecord& record, const ChunkMarks& chunks);
    /// Newest first. Their `sequence` is their number in the archive. `clock` says what monotonic time it is, so that their
    /// instants are as if they had been made in this run of the machine.
    storage::SqliteResult<std::vector<RequestRecord>> find(const RecordQuery& query, const Clock& clock) const;
    /// The last `count` to be put, the last one first. Chunks only of the first ones, as many as fit into `chunk_bytes`.
    storage::SqliteResult<std::vector<RequestRecord>> last(std::size_t count, const Clock& clock,
                                                           std::size_t chunk_bytes = SIZE_MAX) const;
    /// Drops at most `limit` records begun before `time` and gives some of the freed room back to the disk.
    storage::SqliteResult<std::size_t> purge(WallTime time, std::size_t limit);
};

} // namespace tokenscope::telemetry
