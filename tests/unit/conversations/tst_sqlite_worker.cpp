// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sqlite_worker.h"
#include "unit/conversations/store_test.h"

#include <QTest>

#include <atomic>
#include <future>
#include <mutex>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::storage;
using namespace tokenscope::test;

namespace {

/// Writes what jobs do, in order. Thread-safe.
class Journal {
public:
    void add(const std::string& line)
    {
        const std::scoped_lock lock(m_mutex);
        m_lines << QString::fromStdString(line);
    }
    QStringList lines() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_lines;
    }

private:
    mutable std::mutex m_mutex;
    QStringList m_lines;
};

/// Puts a reply, or fails to; when finished, says how many another connection sees.
class PutJob final : public SqliteJob {
public:
    PutJob(Journal& journal, ResponseTable& table, const std::string& path, std::string id, std::size_t bytes = 0)
        : SqliteJob(Kind::write, bytes), m_journal(journal), m_table(table), m_path(path), m_id(std::move(id))
    {
    }

    bool run() override
    {
        m_journal.add("run " + m_id);
        return m_table.put(expiring(response(m_id), WallTime::max())).has_value();
    }
    void fail(const SqliteError& error) override { m_journal.add("fail " + m_id + ": " + error.text); }
    void finish() override
    {
        const auto other = SqliteConnection::open(m_path, SqliteConnection::Mode::read_write);
        const auto seen = other->number("SELECT count(*) FROM responses").value();
        m_journal.add("finish " + m_id + ", " + std::to_string(seen) + " to be seen");
    }

private:
    Journal& m_journal;
    ResponseTable& m_table;
    const std::string m_path;
    const std::string m_id;
};

/// Keeps the thread busy until told.
class WaitJob final : public SqliteJob {
public:
    WaitJob(std::promise<void>& begun, std::future<void> go)
        : SqliteJob(Kind::read, 0), m_begun(begun), m_go(std::move(go))
    {
    }
    bool run() override
    {
        m_begun.set_value();
        m_go.wait();
        return true;
    }
    void fail(const SqliteError&) override {}
    void finish() override {}

private:
    std::promise<void>& m_begun;
    std::future<void> m_go;
};

/// A worker whose thread waits until go(), so that jobs gather.
struct Held {
    explicit Held(const std::string& path, std::size_t queued_bytes = 1'000)
        : connection(std::move(open_database(path, WallTime{})->connection)),
          worker(connection, table, {.queued_bytes = queued_bytes})
    {
        worker.submit(std::make_unique<WaitJob>(begun, release.get_future()));
        begun.get_future().wait();
    }
    void go() { release.set_value(); }

    std::promise<void> begun, release;
    SqliteConnection connection;
    ResponseTable table{connection};
    SqliteWorker worker;
};

} // namespace

class TstSqliteWorker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finishedOnlyOnceCommitted()
    {
        const QTemporaryDir folder;
        Journal journal;
        {
            Held held(path_in(folder));
            for (const auto* id : {"a", "b", "c"})
                held.worker.submit(std::make_unique<PutJob>(journal, held.table, path_in(folder), id));
            QVERIFY(journal.lines().isEmpty());
            held.go();
        }
        const QStringList expected{QStringLiteral("run a"),
                                   QStringLiteral("run b"),
                                   QStringLiteral("run c"),
                                   QStringLiteral("finish a, 3 to be seen"),
                                   QStringLiteral("finish b, 3 to be seen"),
                                   QStringLiteral("finish c, 3 to be seen")};
        QCOMPARE(journal.lines(), expected);
    }

    void whatWaitsIsBounded()
    {
        const QTemporaryDir folder;
        Journal journal;
        {
            Held held(path_in(folder));
            const auto submit = [&](const char* id, std::size_t bytes) {
                held.worker.submit(std::make_unique<PutJob>(journal, held.table, path_in(folder), id, bytes));
            };
            submit("larger than all", 5'000); // or it could never be written
            submit("too much", 1);
            QCOMPARE(journal.lines().size(), 2); // at once
            QVERIFY(journal.lines()[0].startsWith(QStringLiteral("fail too much: the disk does not keep up")));
            held.go();
        }
        QVERIFY(journal.lines().contains(QStringLiteral("finish larger than all, 1 to be seen")));
        Journal later;
        {
            Held held(path_in(folder));
            for (const auto* id : {"x", "y"}) // exactly as much as fits
                held.worker.submit(std::make_unique<PutJob>(later, held.table, path_in(folder), id, 500));
            held.worker.submit(std::make_unique<PutJob>(later, held.table, path_in(folder), "no bytes", 0));
            held.go();
        }
        QCOMPARE(later.lines().filter(QStringLiteral("finish")).size(), 3);
        QVERIFY(later.lines().filter(QStringLiteral("fail")).isEmpty());
    }

    void aBatchThatFailsIsTriedOneByOne()
    {
        const QTemporaryDir folder;
        Journal journal;
        {
            Held held(path_in(folder));
            const auto other = SqliteConnection::open(path_in(folder), SqliteConnection::Mode::read_write);
            QVERIFY(other->execute("CREATE TRIGGER refuse BEFORE INSERT ON responses WHEN new.id = 'b' BEGIN "
                                   "SELECT RAISE(ABORT, 'no'); END"));
            for (const auto* id : {"a", "b", "c"})
                held.worker.submit(std::make_unique<PutJob>(journal, held.table, path_in(folder), id));
            held.go();
        }
        const auto runs = journal.lines().filter(QStringLiteral("run"));
        QCOMPARE(runs.join(QLatin1Char(' ')), QStringLiteral("run a run b run a run b run c"));
        QCOMPARE(journal.lines().filter(QStringLiteral("finish")).size(), 3);
        QCOMPARE(journal.lines().constLast(), QStringLiteral("finish c, 2 to be seen"));
    }

    void ticksWhileIdleAndWhileBusy()
    {
        const QTemporaryDir folder;
        const auto connection = std::move(open_database(path_in(folder), WallTime{})->connection);
        ResponseTable table(connection);
        Journal journal;
        std::atomic<int> ticks = 0;
        {
            std::unique_ptr<SqliteWorker> worker;
            std::promise<SqliteWorker*> made;
            const auto where = made.get_future().share();
            worker = std::make_unique<SqliteWorker>(
                connection, table,
                SqliteWorker::Options{.tick =
                                          [&, where] {
                                              const int tick = ++ticks; // a tick may submit
                                              if (tick <= 2)
                                                  where.get()->submit(std::make_unique<PutJob>(
                                                      journal, table, path_in(folder), std::to_string(tick)));
                                          },
                                      .every = std::chrono::milliseconds(5)});
            made.set_value(worker.get());
            QTRY_VERIFY(ticks >= 4);
        }
        QCOMPARE(journal.lines().filter(QStringLiteral("finish")).size(), 2);
        QCOMPARE(table.rows(), std::size_t(2));
    }
};

QTEST_GUILESS_MAIN(TstSqliteWorker)
#include "tst_sqlite_worker.moc"
