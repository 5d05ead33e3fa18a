// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite_worker.h"
#include "telemetry/archive/record_table.h"
#include "telemetry/logging/log.h"
#include "telemetry/request_observation.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace tokenscope::telemetry {

/// Records of finished requests in a SQLite file, for a time. Thread-safe.
///
/// A thread of its own writes what has gathered in one transaction. While the disk cannot be written, records wait in
/// memory, and it is tried again with every tick; beyond a bound the oldest are dropped. Both are said in the log. A record
/// that has been committed survives the death of the process. Never prompts, replies or keys: records have none.
class RequestArchive final : public RecordSink {
public:
    using Record = std::shared_ptr<const RequestRecord>;

    struct Options {
        std::size_t most_waiting = 8192;
        std::size_t most_waiting_bytes = std::size_t{64} << 20;
        /// Between two tries of a disk that failed, and between two looks for what has expired.
        std::chrono::milliseconds every = std::chrono::seconds(10);
    };

    /// Opens or makes the database, which may take two seconds; see storage::open_database for what becomes of a damaged
    /// one, and for the errors. `clock` and `log` must outlive the archive.
    static Result<std::unique_ptr<RequestArchive>> open(const std::filesystem::path& path, std::chrono::seconds ttl,
                                                        const Clock& clock, Logger& log, Options options);
    /// Writes what is still to be written.
    ~RequestArchive() override;
    RequestArchive(const RequestArchive&) = delete;
    RequestArchive& operator=(const RequestArchive&) = delete;

    void publish(RequestRecord record) override { keep(std::make_shared<const RequestRecord>(std::move(record))); }
    /// The same, without a copy. Never blocks on the disk.
    void keep(Record record);

    /// Newest first; those still to be written are not among them. Blocks on the disk, so not for the UI's thread. Errors
    /// have ErrorCode::internal.
    Result<std::vector<RequestRecord>> query(const RecordQuery& query) const;
    /// The last `count`, oldest first, numbered as in the archive: for RequestLog::restore. Chunks only of the newest, as many as
    /// fit into `chunk_bytes`. Blocks likewise.
    Result<std::vector<RequestRecord>> load_last(std::size_t count, std::size_t chunk_bytes = SIZE_MAX) const;

    /// Waits until what has been kept so far is committed, dropped or refused by the disk. Whether all of it is on disk.
    bool flush();

    void set_ttl(std::chrono::seconds ttl) { m_ttl = ttl; }
    const std::filesystem::path& path() const { return m_path; }
    /// Whether records wait in memory because the disk cannot be written.
    bool degraded() const;
    std::uint64_t dropped() const; ///< so far

private:
    class WriteJob;
    class PurgeJob;
    /// A record that is to be written, and its chunks, whatever the memory does with them meanwhile.
    struct Waiting {
        Record record;
        std::shared_ptr<const ChunkMarks> chunks;
        std::size_t bytes = 0;
    };
    using Lot = std::vector<Waiting>;
    using Read = std::function<storage::SqliteResult<std::vector<RequestRecord>>(const RecordTable&)>;

    RequestArchive(std::filesystem::path path, storage::OpenedDatabase database, std::chrono::seconds ttl,
                   const Clock& clock, Logger& log, Options options);

    Result<std::vector<RequestRecord>> read(const Read& read) const;
    void write_soon();
    Lot take();
    void written(const Lot& lot);
    void not_written(Lot lot, const storage::SqliteError& error);
    void purge_soon();
    void trim();
    void report_drops();

    const std::filesystem::path m_path;
    const Clock& m_clock;
    Logger& m_log;
    const Options m_options;
    const bool m_writable;
    std::atomic<std::chrono::seconds> m_ttl;
    mutable std::mutex m_mutex; // of what follows, up to the connection
    std::condition_variable m_settled_more;
    std::deque<Waiting> m_waiting;
    std::size_t m_waiting_bytes = 0;
    bool m_writing = false; ///< a WriteJob is under way
    bool m_degraded = false;
    std::uint64_t m_kept = 0;
    std::uint64_t m_settled = 0; ///< of those kept: written or dropped
    std::uint64_t m_dropped = 0;
    std::uint64_t m_reported_drops = 0;
    storage::SqliteConnection m_connection;
    RecordTable m_table;
    std::unique_ptr<storage::SqliteWorker> m_worker; ///< last: its thread uses all the others
};

} // namespace tokenscope::telemetry
