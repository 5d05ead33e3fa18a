// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/sqlite_store.h"
#include "unit/conversations/store_test.h"

#include <QTest>

#include <boost/asio/detached.hpp>

#include <atomic>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::storage;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

std::unique_ptr<SqliteStore> open(const std::string& path, const Clock& clock, std::chrono::seconds ttl = 10s)
{
    auto opened = open_database(path, clock.wall());
    return opened ? std::make_unique<SqliteStore>(std::move(*opened), ttl, clock) : nullptr;
}

net::Task<void> put(SqliteStore& store, StoredResponse what, std::atomic<int>& good, std::atomic<int>& bad)
{
    const auto kept = co_await store.create(std::move(what));
    ++(kept ? good : bad);
}

} // namespace

class TstSqliteStore : public QObject {
    Q_OBJECT

    asio::io_context m_io;
    ManualClock m_clock;

private Q_SLOTS:
    void keepsAcrossRestarts()
    {
        const QTemporaryDir folder;
        auto store = open(path_in(folder), m_clock);
        QVERIFY(store);
        QCOMPARE(store->count(), std::size_t(0));
        QVERIFY(run(m_io, store->create(response("a", "before"))));
        QCOMPARE(store->count(), std::size_t(1));
        store.reset();
        store = open(path_in(folder), m_clock);
        QCOMPARE(store->count(), std::size_t(1));
        QCOMPARE(run(m_io, store->get("a"))->value(), expiring(response("a", "before"), m_clock.wall() + 10s));
        QVERIFY(!run(m_io, store->get("b"))->has_value());
        QVERIFY(!run(m_io, store->get(""))->has_value());
    }

    void anyBytes_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("quotes") << QByteArray("'; DROP TABLE responses; --\"") << QByteArray("it's \"so\"");
        QTest::newRow("nul") << QByteArray("resp_\0x", 7) << QByteArray("\0a\0\0b\0", 6);
        QTest::newRow("not utf-8") << QByteArray("\xFF\xFE") << QByteArray("\xC3\x28\xED\xA0\x80");
        QTest::newRow("only an id") << QByteArray("a") << QByteArray();
        QTest::newRow("large") << QByteArray(100'000, 'i') << QByteArray(10 << 20, '\x7F');
    }

    void anyBytes()
    {
        QFETCH(const QByteArray, id);
        QFETCH(const QByteArray, bytes);
        const QTemporaryDir folder;
        auto store = open(path_in(folder), m_clock);
        const StoredResponse sent{.id = id.toStdString(),
                                  .previous_id = bytes.left(50'000).toStdString(),
                                  .model = bytes.left(100).toStdString(),
                                  .provider = id.toStdString(),
                                  .input = bytes.toStdString(),
                                  .body = bytes.toStdString()};
        QVERIFY(run(m_io, store->create(sent)));
        QVERIFY(run(m_io, store->create(response("resp_")))); // a prefix up to the NUL is another id
        store.reset();
        store = open(path_in(folder), m_clock);
        QCOMPARE(store->count(), std::size_t(2));
        QVERIFY(run(m_io, store->get(id.toStdString()))->value() == expiring(sent, m_clock.wall() + 10s));
        QVERIFY(run(m_io, store->erase(id.toStdString())).value());
        QVERIFY(run(m_io, store->get("resp_"))->has_value());
    }

    void theSameIdIsReplaced()
    {
        const QTemporaryDir folder;
        const auto store = open(path_in(folder), m_clock);
        QVERIFY(run(m_io, store->create(response("a"))));
        auto other = response("a", "x");
        other.body = "{}";
        other.expires = m_clock.wall() + 1h; // one's own time is kept
        QVERIFY(run(m_io, store->create(other)));
        QCOMPARE(store->count(), std::size_t(1));
        QCOMPARE(run(m_io, store->get("a"))->value(), other);
    }

    void expiresErasesAndPurges()
    {
        const QTemporaryDir folder;
        const auto store = open(path_in(folder), m_clock);
        QVERIFY(run(m_io, store->create(response("a"))));
        QVERIFY(run(m_io, store->create(response("b"))));
        QVERIFY(run(m_io, store->erase("b")).value());
        QVERIFY(!run(m_io, store->erase("b")).value());
        QCOMPARE(store->count(), std::size_t(1));
        m_clock.advance(-24h); // a clock that goes back loses nothing
        QVERIFY(run(m_io, store->get("a"))->has_value());
        QCOMPARE(run(m_io, store->purge_expired()).value(), std::size_t(0));
        m_clock.advance(24h + 10s);
        QVERIFY(!run(m_io, store->get("a"))->has_value());
        QVERIFY(!run(m_io, store->erase("a")).value()); // dropped, yet it was gone before
        for (int i = 0; i < 1203; ++i)                  // more than one chunk
            run(m_io, store->create(response(std::to_string(i))));
        m_clock.advance(5s);
        QVERIFY(run(m_io, store->create(response("young"))));
        QCOMPARE(store->count(), std::size_t(1204));
        m_clock.advance(5s);
        QCOMPARE(run(m_io, store->purge_expired()).value(), std::size_t(1203));
        QCOMPARE(store->count(), std::size_t(1));
        QVERIFY(run(m_io, store->get("young"))->has_value());
    }

    void whatIsDeletedIsGoneFromTheFile()
    {
        const QTemporaryDir folder;
        auto store = open(path_in(folder), m_clock);
        auto secret = response("a");
        secret.input = "the-client-told-a-secret";
        QVERIFY(run(m_io, store->create(secret)));
        store.reset();
        const auto text = [&] {
            QFile file(QString::fromStdString(path_in(folder)));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QVERIFY(text().contains("told-a-secret"));
        store = open(path_in(folder), m_clock);
        QVERIFY(run(m_io, store->erase("a")).value());
        store.reset();
        QVERIFY(!text().isEmpty());
        QVERIFY(!text().contains("told-a-secret"));
    }

    void aThousandAtOnce()
    {
        const QTemporaryDir folder;
        auto store = open(path_in(folder), m_clock);
        std::atomic<int> good = 0, bad = 0;
        for (int i = 0; i < 1000; ++i)
            asio::co_spawn(m_io, put(*store, response(std::to_string(i)), good, bad), asio::detached);
        m_io.restart();
        m_io.run(); // ends only when all are answered
        QCOMPARE(good.load(), 1000);
        QCOMPARE(bad.load(), 0);
        QCOMPARE(store->count(), std::size_t(1000));
        for (const auto* id : {"0", "500", "999"})
            QVERIFY(run(m_io, store->get(id))->has_value());
    }

    void aGetSeesThePutBeforeIt()
    {
        const QTemporaryDir folder;
        const auto store = open(path_in(folder), m_clock);
        std::atomic<int> good = 0, bad = 0;
        for (int i = 0; i < 100; ++i) {
            const auto id = std::to_string(i);
            asio::co_spawn(m_io, put(*store, response(id), good, bad), asio::detached);
            m_io.restart();
            while (m_io.poll_one() > 0 && good + bad == i) {} // it has been asked for, and may have been answered
            QVERIFY(run(m_io, store->get(id))->has_value());
        }
        m_io.restart();
        m_io.run();
        QCOMPARE(good.load(), 100);
    }

    void oneThatFailsDoesNotCostTheOthersTheirs()
    {
        const QTemporaryDir folder;
        const auto store = open(path_in(folder), m_clock);
        // A constraint nobody else meets: the table itself refuses this one.
        const auto other = SqliteConnection::open(path_in(folder), SqliteConnection::Mode::read_write);
        QVERIFY(other->execute("CREATE TRIGGER refuse BEFORE INSERT ON responses WHEN new.id = 'bad' BEGIN "
                               "SELECT RAISE(ROLLBACK, 'no'); END"));
        std::atomic<int> good = 0, bad = 0;
        for (int i = 0; i < 20; ++i)
            asio::co_spawn(m_io, put(*store, response(i == 7 ? "bad" : std::to_string(i)), good, bad), asio::detached);
        m_io.restart();
        m_io.run();
        QCOMPARE(bad.load(), 1);
        QCOMPARE(good.load(), 19);
        QCOMPARE(store->count(), std::size_t(19));
        QCOMPARE(other->number("SELECT count(*) FROM responses").value(), std::int64_t(19));
    }

    void twoOnOneFile()
    {
        const QTemporaryDir folder;
        const auto one = open(path_in(folder), m_clock);
        const auto two = open(path_in(folder), m_clock);
        QVERIFY(one && two);
        std::atomic<int> good = 0, bad = 0;
        for (int i = 0; i < 300; ++i) {
            auto& store = i % 2 == 0 ? *one : *two;
            asio::co_spawn(m_io, put(store, response(std::to_string(i)), good, bad), asio::detached);
        }
        m_io.restart();
        m_io.run();
        QCOMPARE(good.load(), 300);
        for (int i = 0; i < 300; i += 37) {
            QVERIFY(run(m_io, one->get(std::to_string(i)))->has_value());
            QVERIFY(run(m_io, two->get(std::to_string(i)))->has_value());
        }
        QVERIFY(run(m_io, one->purge_expired()));
        QCOMPARE(one->count(), std::size_t(300)); // a purge counts anew
    }

    void destroyingFlushesWhatIsInFlight()
    {
        const QTemporaryDir folder;
        std::atomic<int> good = 0, bad = 0;
        {
            asio::io_context io;
            auto store = open(path_in(folder), m_clock);
            for (int i = 0; i < 400; ++i)
                asio::co_spawn(io, put(*store, response(std::to_string(i)), good, bad), asio::detached);
            while (io.poll_one() > 0) {}
            store.reset();
            io.restart();
            io.run(); // every one of them ends
            QCOMPARE(good + bad, 400);
        }
        const auto store = open(path_in(folder), m_clock);
        QCOMPARE(store->count(), static_cast<std::size_t>(good.load()));
        QCOMPARE(good.load(), 400);
    }

    void aLoopThatNeverRunsAgainIsNoHarm()
    {
        const QTemporaryDir folder;
        std::atomic<int> good = 0, bad = 0;
        {
            asio::io_context io;
            auto store = open(path_in(folder), m_clock);
            for (int i = 0; i < 100; ++i)
                asio::co_spawn(io, put(*store, response(std::to_string(i)), good, bad), asio::detached);
            asio::co_spawn(
                io, [](SqliteStore& s) -> net::Task<void> { (void)co_await s.purge_expired(); }(*store),
                asio::detached);
            for (int i = 0; i < 101; ++i)
                io.run_one();
            store.reset();
        } // the loop goes with coroutines that wait in it
        QCOMPARE(open(path_in(folder), m_clock)->count(), std::size_t(100));
        QVERIFY(good < 100);
    }

    void aLoopOnItsOwnThread()
    {
        const QTemporaryDir folder;
        auto store = open(path_in(folder), m_clock);
        asio::io_context io;
        std::atomic<int> good = 0, bad = 0;
        for (int i = 0; i < 500; ++i)
            asio::co_spawn(io, put(*store, response(std::to_string(i % 50)), good, bad), asio::detached);
        std::thread thread([&] { io.run(); });
        while (good + bad < 500)
            (void)store->count(); // from any thread
        thread.join();
        QCOMPARE(good.load(), 500);
        QCOMPARE(store->count(), std::size_t(50));
    }
};

QTEST_GUILESS_MAIN(TstSqliteStore)
#include "tst_sqlite_store.moc"
