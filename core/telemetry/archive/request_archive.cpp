// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/request_archive.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::telemetry {

using storage::SqliteConnection;
using storage::SqliteError;
using storage::SqliteJob;

namespace {

constexpr storage::DatabaseKind database_kind{
    .content = "request records", .setting = "observability.requests.path", .schema = record_schema};

/// Of one transaction.
constexpr std::size_t most_in_batch = 256;
/// Expired records dropped in one go; writing gets its turn in between.
constexpr std::size_t purge_chunk = 500;

/// What the record holds in memory, about.
std::size_t bytes_of(const RequestRecord& record, const ChunkMarks& chunks)
{
    std::size_t bytes = sizeof record + chunks.size() * sizeof(ChunkMark);
    for (const auto* text : {&record.request_id, &record.route, &record.client, &record.target.backend,
                             &record.target.model, &record.requested_model, &record.genai_provider,
                             &record.response_model, &record.finish_reason, &record.error})
        bytes += text->size();
    return bytes;
}

WallTime expiry_of(WallTime now, std::chrono::seconds ttl)
{
    constexpr std::chrono::seconds century = std::chrono::hours(24) * 36'525; // or it would overflow
    return now - std::clamp(ttl, std::chrono::seconds(0), century);
}

} // namespace

/// Writes what waits, as much of it as fits a transaction.
class RequestArchive::WriteJob final : public SqliteJob {
public:
    explicit WriteJob(RequestArchive& archive) : SqliteJob(Kind::write, 0), m_archive(archive) {}

    bool run() override
    {
        if (m_lot.empty()) // else it is run again, after a rollback
            m_lot = m_archive.take();
        m_error.reset();
        for (const auto& each : m_lot) {
            if (const auto put = m_archive.m_table.put(*each.record, *each.chunks); !put) {
                m_error = put.error();
                return false;
            }
        }
        return true;
    }
    void fail(const SqliteError& error) override { m_error = error; }
    void finish() override
    {
        if (m_error)
            m_archive.not_written(std::move(m_lot), *m_error);
        else
            m_archive.written(m_lot);
    }

private:
    RequestArchive& m_archive;
    Lot m_lot;
    std::optional<SqliteError> m_error;
};

/// Drops some of what has expired.
class RequestArchive::PurgeJob final : public SqliteJob {
public:
    explicit PurgeJob(RequestArchive& archive) : SqliteJob(Kind::write, 0), m_archive(archive) {}

    bool run() override
    {
        const auto purged = m_archive.m_table.purge(expiry_of(m_archive.m_clock.wall(), m_archive.m_ttl), purge_chunk);
        m_more = purged && *purged == purge_chunk;
        return purged.has_value();
    }
    void fail(const SqliteError&) override { m_more = false; } // the next tick may do better
    void finish() override
    {
        if (m_more)
            m_archive.purge_soon();
    }

private:
    RequestArchive& m_archive;
    bool m_more = false;
};

Result<std::unique_ptr<RequestArchive>> RequestArchive::open(const std::filesystem::path& path,
                                                             std::chrono::seconds ttl, const Clock& clock, Logger& log,
                                                             Options options)
{
    auto opened = storage::open_database(path, database_kind, clock.wall());
    if (!opened)
        return failure(std::move(opened.error()));
    if (opened->warning)
        log.log(Level::warn, opened->warning->message, {{"detail", opened->warning->detail}});
    return std::unique_ptr<RequestArchive>(
        new RequestArchive(path, std::move(*opened), ttl, clock, log, std::move(options)));
}

RequestArchive::RequestArchive(std::filesystem::path path, storage::OpenedDatabase database, std::chrono::seconds ttl,
                               const Clock& clock, Logger& log, Options options)
    : m_path(std::move(path)), m_clock(clock), m_log(log), m_options(options), m_writable(database.writable),
      m_ttl(ttl), m_connection(std::move(database.connection)), m_table(m_connection)
{
    if (!m_writable)
        return;
    m_worker = std::make_unique<storage::SqliteWorker>(m_connection, m_table,
                                                       storage::SqliteWorker::Options{.tick =
                                                                                          [this] {
                                                                                              report_drops();
                                                                                              write_soon();
                                                                                              purge_soon();
                                                                                          },
                                                                                      .every = m_options.every});
    purge_soon();
}

RequestArchive::~RequestArchive()
{
    if (m_worker)
        write_soon();
    if (m_worker) // its thread may use the pointer until it has ended
        m_worker->stop();
    report_drops();
    if (!m_waiting.empty())
        m_log.log(Level::error, "request records could not be written, and are lost",
                  {{"records", m_waiting.size()}, {"file", m_path.string()}});
}

void RequestArchive::keep(Record record)
{
    if (!m_writable)
        return;
    {
        const std::scoped_lock lock(m_mutex);
        ++m_kept;
        auto chunks = record->chunks.marks();
        const auto bytes = bytes_of(*record, *chunks);
        m_waiting_bytes += bytes;
        m_waiting.push_back({std::move(record), std::move(chunks), bytes});
        trim();
        if (m_writing || m_degraded)
            return;
    }
    write_soon();
}

/// Under the lock.
void RequestArchive::trim()
{
    while (m_waiting.size() > m_options.most_waiting || m_waiting_bytes > m_options.most_waiting_bytes) {
        m_waiting_bytes -= m_waiting.front().bytes;
        m_waiting.pop_front();
        ++m_dropped;
        ++m_settled;
    }
}

void RequestArchive::write_soon()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_writing || m_waiting.empty())
            return;
        m_writing = true;
    }
    m_worker->submit(std::make_unique<WriteJob>(*this));
}

RequestArchive::Lot RequestArchive::take()
{
    Lot lot;
    const std::scoped_lock lock(m_mutex);
    while (!m_waiting.empty() && lot.size() < most_in_batch) {
        m_waiting_bytes -= m_waiting.front().bytes;
        lot.push_back(std::move(m_waiting.front()));
        m_waiting.pop_front();
    }
    return lot;
}

void RequestArchive::written(const Lot& lot)
{
    bool mended = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_settled += lot.size();
        m_writing = false;
        mended = std::exchange(m_degraded, false);
        m_settled_more.notify_all();
    }
    if (mended)
        m_log.log(Level::info, "request records are written to disk again", {{"file", m_path.string()}});
    write_soon();
}

void RequestArchive::not_written(Lot lot, const SqliteError& error)
{
    bool news = false;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto& each : lot)
            m_waiting_bytes += each.bytes;
        m_waiting.insert(m_waiting.begin(), std::make_move_iterator(lot.begin()), std::make_move_iterator(lot.end()));
        trim();
        m_writing = false;
        news = !std::exchange(m_degraded, true);
        m_settled_more.notify_all();
    }
    if (news)
        m_log.log(
            Level::warn,
            "request records cannot be written to disk: the newest are kept in memory until it can be written again",
            {{"file", m_path.string()}, {"detail", error.text}});
}

void RequestArchive::purge_soon()
{
    m_worker->submit(std::make_unique<PurgeJob>(*this));
}

void RequestArchive::report_drops()
{
    std::uint64_t fresh = 0;
    {
        const std::scoped_lock lock(m_mutex);
        fresh = m_dropped - std::exchange(m_reported_drops, m_dropped);
    }
    if (fresh > 0)
        m_log.log(Level::warn, "request records were dropped: the disk does not keep up",
                  {{"records", fresh}, {"file", m_path.string()}});
}

bool RequestArchive::flush()
{
    if (!m_writable)
        return false;
    write_soon();
    std::unique_lock lock(m_mutex);
    const auto goal = m_kept;
    m_settled_more.wait(lock, [&] { return m_settled >= goal || (m_degraded && !m_writing); });
    return m_settled >= goal && m_dropped == 0;
}

bool RequestArchive::degraded() const
{
    const std::scoped_lock lock(m_mutex);
    return m_degraded || !m_writable;
}

std::uint64_t RequestArchive::dropped() const
{
    const std::scoped_lock lock(m_mutex);
    return m_dropped;
}

Result<std::vector<RequestRecord>> RequestArchive::read(const Read& read) const
{
    // A connection of its own sees what has been committed, and makes nobody wait.
    const auto try_as = [&](SqliteConnection::Mode mode) {
        return SqliteConnection::open(m_path.string(), mode).and_then([&](const SqliteConnection& connection) {
            return read(RecordTable(connection));
        });
    };
    auto records = try_as(SqliteConnection::Mode::read_write);
    if (!records && !m_writable && (records.error().code == SQLITE_CANTOPEN || records.error().code == SQLITE_READONLY))
        records = try_as(SqliteConnection::Mode::immutable);
    if (!records)
        return failure(ErrorCode::internal, fmt::format("The request records in {} cannot be read.", m_path.string()),
                       records.error().text);
    return std::move(*records);
}

Result<std::vector<RequestRecord>> RequestArchive::query(const RecordQuery& query) const
{
    return read([&](const RecordTable& table) { return table.find(query, m_clock); });
}

Result<std::vector<RequestRecord>> RequestArchive::load_last(std::size_t count, std::size_t chunk_bytes) const
{
    auto records = read([&](const RecordTable& table) { return table.last(count, m_clock, chunk_bytes); });
    if (records)
        std::reverse(records->begin(), records->end());
    return records;
}

} // namespace tokenscope::telemetry
