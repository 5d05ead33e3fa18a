// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/counted_table.h"
#include "storage/sqlite_connection.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace tokenscope::storage {

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
    virtual bool run() = 0;
    /// Makes this the answer.
    virtual void fail(const SqliteError& error) = 0;
    /// Hands the answer over: once, and last.
    virtual void finish() = 0;

private:
    const Kind m_kind;
    const std::size_t m_bytes;
};

/// The one thread that uses a connection. What has gathered while it was busy is done in one transaction, so that many
/// small writes cost little more than one; none is finished before that transaction has been committed.
class SqliteWorker {
public:
    struct Options {
        /// Most memory that waiting jobs may hold. A disk that hangs must not fill it.
        std::size_t queued_bytes = std::size_t{512} << 20;
        /// Called on the worker's thread every so often; may submit jobs.
        std::function<void()> tick;
        std::chrono::milliseconds every = std::chrono::minutes(1);
    };

    /// Counts the rows of `table`, which jobs may change. Both are the worker's alone while it lives, and outlive it.
    SqliteWorker(const SqliteConnection& connection, CountedTable& table, Options options);
    ~SqliteWorker() { stop(); }
    SqliteWorker(const SqliteWorker&) = delete;
    SqliteWorker& operator=(const SqliteWorker&) = delete;

    /// Thread-safe. Jobs are done in order. Beyond a bound of memory, the job fails at once.
    void submit(std::unique_ptr<SqliteJob> job);

    /// Does what is still to be done, what those jobs submit too, and ends. Nothing may be submitted afterwards.
    void stop();

    /// Rows after the last commit. Thread-safe.
    std::size_t rows() const { return m_rows.load(std::memory_order_relaxed); }

private:
    using Batch = std::vector<std::unique_ptr<SqliteJob>>;
    using Jobs = std::span<const std::unique_ptr<SqliteJob>>;

    void run();
    /// What waits, as much of it as fits a transaction. Empty: time for a tick, or to end.
    Batch take();
    bool ended();
    void process(Jobs jobs);
    bool transact(Jobs jobs);
    void refuse_writes(Jobs jobs, const SqliteError& error);
    void roll_back(std::size_t rows);

    const Options m_options;
    const SqliteConnection& m_connection;
    CountedTable& m_table;
    std::chrono::steady_clock::time_point m_next_tick;
    std::atomic<std::size_t> m_rows = 0;
    std::mutex m_mutex; // of the next four
    std::condition_variable m_wake;
    std::deque<std::unique_ptr<SqliteJob>> m_queue;
    std::size_t m_queued_bytes = 0;
    bool m_stopping = false;
    std::thread m_thread; // last: it uses all the others
};

} // namespace tokenscope::storage
