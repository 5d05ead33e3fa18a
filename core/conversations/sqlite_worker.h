// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/response_table.h"
#include "conversations/sqlite_connection.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace tokenscope::conversations {

/// Something to do with the database, on the worker's thread.
class SqliteJob {
public:
    enum class Kind { read, write };

    SqliteJob(Kind kind, std::size_t bytes) : m_kind(kind), m_bytes(bytes) {}
    virtual ~SqliteJob() = default;
    SqliteJob(const SqliteJob&) = delete;
    SqliteJob& operator=(const SqliteJob&) = delete;

    Kind kind() const { return m_kind; }
    std::size_t bytes() const { return m_bytes; } ///< it holds in memory

    /// Does it and keeps the answer. May be called again, after a rollback. False: it failed.
    virtual bool run(ResponseTable& table) = 0;
    /// Makes this the answer.
    virtual void fail(const SqliteError& error) = 0;
    /// Hands the answer over: once, and last.
    virtual void finish() = 0;

private:
    const Kind m_kind;
    const std::size_t m_bytes;
};

/// The one thread that uses the database. What has gathered while it was busy is done in one transaction, so that many
/// small writes cost little more than one; none is finished before that transaction has been committed.
class SqliteWorker {
public:
    /// `queued_bytes`: most memory that waiting jobs may hold. A disk that hangs must not fill it.
    explicit SqliteWorker(SqliteConnection connection, std::size_t queued_bytes = std::size_t{512} << 20);
    /// Does what is still to be done, and ends.
    ~SqliteWorker();
    SqliteWorker(const SqliteWorker&) = delete;
    SqliteWorker& operator=(const SqliteWorker&) = delete;

    /// Thread-safe. Jobs are done in order. Beyond a bound of memory, the job fails at once.
    void submit(std::unique_ptr<SqliteJob> job);

    /// Rows after the last commit. Thread-safe.
    std::size_t rows() const { return m_rows.load(std::memory_order_relaxed); }

private:
    using Batch = std::vector<std::unique_ptr<SqliteJob>>;
    using Jobs = std::span<const std::unique_ptr<SqliteJob>>;

    void run();
    Batch take();
    void process(Jobs jobs);
    bool transact(Jobs jobs);
    void refuse_writes(Jobs jobs, const SqliteError& error);
    void roll_back(std::size_t rows);

    const std::size_t m_most_queued_bytes;
    SqliteConnection m_connection;
    ResponseTable m_table;
    std::atomic<std::size_t> m_rows = 0;
    std::mutex m_mutex; // of the next four
    std::condition_variable m_wake;
    std::deque<std::unique_ptr<SqliteJob>> m_queue;
    std::size_t m_queued_bytes = 0;
    bool m_stopping = false;
    std::thread m_thread; // last: it uses all the others
};

} // namespace tokenscope::conversations
