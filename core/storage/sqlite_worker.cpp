// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sqlite_worker.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace tokenscope::storage {

namespace {

/// Of one transaction: its log grows with it, and the first in it waits for the last.
constexpr std::size_t most_jobs = 256;
constexpr std::size_t most_bytes = std::size_t{32} << 20;

bool is_write(const std::unique_ptr<SqliteJob>& job)
{
    return job->kind() == SqliteJob::Kind::write;
}

} // namespace

SqliteWorker::SqliteWorker(const SqliteConnection& connection, CountedTable& table, Options options)
    : m_options(std::move(options)), m_connection(connection), m_table(table),
      m_next_tick(std::chrono::steady_clock::now() + m_options.every)
{
    (void)m_table.count(); // a file that cannot even be counted says so at the first operation
    m_rows = m_table.rows();
    m_thread = std::thread([this] { run(); });
}

void SqliteWorker::stop()
{
    if (!m_thread.joinable())
        return;
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void SqliteWorker::submit(std::unique_ptr<SqliteJob> job)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_queue.empty() || m_queued_bytes + job->bytes() <= m_options.queued_bytes) {
            m_queued_bytes += job->bytes();
            m_queue.push_back(std::move(job));
        }
    }
    if (job) {
        job->fail({.code = SQLITE_NOMEM, .text = "the disk does not keep up with what is to be written"});
        job->finish();
        return;
    }
    m_wake.notify_one();
}

void SqliteWorker::run()
{
    using std::chrono::steady_clock;
    do {
        if (const auto batch = take(); !batch.empty())
            process(batch);
        if (m_options.tick && steady_clock::now() >= m_next_tick) {
            m_options.tick();
            m_next_tick = steady_clock::now() + m_options.every;
        }
    } while (!ended());
}

bool SqliteWorker::ended()
{
    const std::scoped_lock lock(m_mutex);
    return m_stopping && m_queue.empty();
}

SqliteWorker::Batch SqliteWorker::take()
{
    Batch batch;
    std::unique_lock lock(m_mutex);
    const auto has_something = [this] { return m_stopping || !m_queue.empty(); };
    if (m_options.tick)
        m_wake.wait_until(lock, m_next_tick, has_something);
    else
        m_wake.wait(lock, has_something);
    for (std::size_t bytes = 0; !m_queue.empty() && batch.size() < most_jobs && bytes < most_bytes;) {
        bytes += m_queue.front()->bytes();
        batch.push_back(std::move(m_queue.front()));
        m_queue.pop_front();
        m_queued_bytes -= batch.back()->bytes();
    }
    return batch;
}

void SqliteWorker::process(Jobs jobs)
{
    if (!transact(jobs)) {
        // One by one, so that what one job cannot have does not cost the others theirs.
        for (std::size_t i = 0; i < jobs.size(); ++i)
            transact(jobs.subspan(i, 1));
    }
    m_rows.store(m_table.rows(), std::memory_order_relaxed);
    for (const auto& job : jobs)
        job->finish();
}

/// Does all in one transaction and says whether all have their answers, which may be errors. False: nothing has happened.
bool SqliteWorker::transact(Jobs jobs)
{
    const bool alone = jobs.size() == 1;
    if (std::none_of(jobs.begin(), jobs.end(), is_write)) {
        for (const auto& job : jobs)
            job->run();
        return true;
    }
    if (const auto begun = m_connection.execute("BEGIN IMMEDIATE"); !begun) {
        // Another process may hold the file: waiting for that once is enough for all.
        refuse_writes(jobs, begun.error());
        return true;
    }
    const auto rows = m_table.rows();
    for (const auto& job : jobs) {
        const bool good = job->run();
        // The gravest errors (full, I/O, memory) end the transaction. A write that failed half-way must not be committed.
        if (!good && (is_write(job) || !m_connection.in_transaction())) {
            roll_back(rows);
            return alone; // its answer is the error already
        }
    }
    const auto committed = m_connection.execute("COMMIT");
    if (!committed) {
        roll_back(rows);
        if (alone)
            jobs.front()->fail(committed.error());
    }
    return committed || alone;
}

void SqliteWorker::refuse_writes(Jobs jobs, const SqliteError& error)
{
    for (const auto& job : jobs) {
        if (is_write(job))
            job->fail(error);
        else
            job->run();
    }
}

void SqliteWorker::roll_back(std::size_t rows)
{
    if (m_connection.in_transaction())
        (void)m_connection.execute("ROLLBACK");
    m_table.reset_rows(rows);
}

} // namespace tokenscope::storage
