// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/degrading_store.h"
#include "conversations/owned_store.h"
#include "unit/conversations/scripted_store.h"
#include "unit/conversations/store_test.h"

#include <QTest>

#include <boost/asio/detached.hpp>

#include <csignal>
#include <sys/resource.h>

using namespace tokenscope;
using namespace tokenscope::conversations;
using namespace tokenscope::storage;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A degrading store, what is beneath it, and what it says.
struct Setup {
    explicit Setup(const Clock& clock)
        : disk(new ScriptedStore(clock)),
          store(std::make_unique<DegradingStore>(std::unique_ptr<ConversationStore>(disk),
                                                 MemoryStore::Limits{.ttl = 10s, .entries = 100}, clock,
                                                 [this](const Error& error) { warnings.push_back(error); }))
    {
    }

    std::vector<Error> warnings;
    ScriptedStore* disk;
    std::unique_ptr<DegradingStore> store;
};

/// No file may grow beyond this many bytes, which is what a disk that fills up looks like to a writer.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN); // the write is to fail instead
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &m_before); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit m_before{};
};

net::Task<void> put(ConversationStore& store, StoredResponse what, int& good, int& bad)
{
    const auto kept = co_await store.create(std::move(what));
    ++(kept ? good : bad);
}

} // namespace

class TstDegradingStore : public QObject {
    Q_OBJECT

    asio::io_context m_io;
    ManualClock m_clock;

    /// Runs what is ready, and what becomes ready thereby.
    void settle()
    {
        m_io.restart();
        m_io.poll();
    }

private Q_SLOTS:
    void aGoodDiskIsAllThereIs()
    {
        Setup setup(m_clock);
        QVERIFY(run(m_io, setup.store->create(response("a"))));
        QCOMPARE(setup.disk->count(), std::size_t(1));
        QCOMPARE(setup.store->count(), std::size_t(1));
        QVERIFY(!setup.store->degraded() && setup.warnings.empty());
    }

    void degradesOnceAndServesOn()
    {
        Setup setup(m_clock);
        QVERIFY(run(m_io, setup.store->create(response("on disk"))));
        setup.disk->broken = true;
        QVERIFY(run(m_io, setup.store->create(response("a", "on disk"))));
        QVERIFY(run(m_io, setup.store->create(response("b", "a"))));
        QCOMPARE(setup.disk->creates, 2); // once degraded, no request waits for the disk
        QCOMPARE(setup.warnings.size(), std::size_t(1));
        QCOMPARE(setup.warnings[0].detail, std::string("database or disk is full"));
        for (const auto* id : {"on disk", "a", "b"})
            QVERIFY(run(m_io, setup.store->get(id))->has_value());
        QCOMPARE(setup.store->count(), std::size_t(3));
        QVERIFY(!run(m_io, setup.store->purge_expired())); // it still is broken
        QVERIFY(run(m_io, setup.store->get("a"))->has_value());
        QCOMPARE(setup.warnings.size(), std::size_t(1));
        m_clock.advance(10s);
        QVERIFY(!run(m_io, setup.store->get("a"))->has_value());
    }

    void returnsToTheDisk()
    {
        Setup setup(m_clock);
        setup.disk->broken = true;
        for (int i = 0; i < 5; ++i)
            QVERIFY(run(m_io, setup.store->create(response(std::to_string(i)))));
        const auto expires = run(m_io, setup.store->get("3"))->value().expires;
        m_clock.advance(1s);
        setup.disk->broken = false;
        QVERIFY(run(m_io, setup.store->purge_expired()));
        QVERIFY(!setup.store->degraded());
        QCOMPARE(setup.disk->count(), std::size_t(5));
        QCOMPARE(setup.store->count(), std::size_t(5));                      // nothing is there twice
        QCOMPARE(run(m_io, setup.disk->get("3"))->value().expires, expires); // moving is not living longer
        QVERIFY(run(m_io, setup.store->create(response("new"))));
        QCOMPARE(setup.disk->count(), std::size_t(6));
        setup.disk->broken = true;
        QVERIFY(run(m_io, setup.store->create(response("again"))));
        QCOMPARE(setup.warnings.size(), std::size_t(2));
    }

    void erasesInBothPlacesOrSaysSo()
    {
        Setup setup(m_clock);
        QVERIFY(run(m_io, setup.store->create(response("on disk"))));
        setup.disk->broken = true;
        QVERIFY(run(m_io, setup.store->create(response("a"))));
        QVERIFY(!run(m_io, setup.store->erase("on disk"))); // it would be there again
        setup.disk->broken = false;
        QVERIFY(run(m_io, setup.store->erase("a")).value());
        QVERIFY(!run(m_io, setup.store->erase("a")).value());
        QVERIFY(run(m_io, setup.store->erase("on disk")).value());
        QCOMPARE(setup.store->count(), std::size_t(0));
    }

    void whatIsUnreadableIsAnError()
    {
        Setup setup(m_clock);
        setup.disk->broken = true;
        QVERIFY(run(m_io, setup.store->create(response("a"))));
        setup.disk->unreadable = true;
        QVERIFY(run(m_io, setup.store->get("a"))->has_value());
        QVERIFY(!run(m_io, setup.store->get("b")));
    }

    void manyInFlightDegradeOnce()
    {
        Setup setup(m_clock);
        setup.disk->held = setup.disk->broken = true;
        int good = 0, bad = 0;
        for (int i = 0; i < 50; ++i)
            asio::co_spawn(m_io, put(*setup.store, response(std::to_string(i)), good, bad), asio::detached);
        settle();
        QCOMPARE(good + bad, 0);
        setup.disk->release();
        settle();
        QCOMPARE(good, 50);
        QCOMPARE(setup.warnings.size(), std::size_t(1));
    }

    void anEraseDuringTheMoveIsNotUndone()
    {
        Setup setup(m_clock);
        setup.disk->broken = true;
        QVERIFY(run(m_io, setup.store->create(response("a"))));
        setup.disk->broken = false;
        const auto purge = [](ConversationStore& store) -> net::Task<void> { (void)co_await store.purge_expired(); };
        asio::co_spawn(m_io, purge(*setup.store), asio::detached);
        QVERIFY(run(m_io, setup.store->erase("a")).value());
        settle();
        QVERIFY(!run(m_io, setup.store->get("a"))->has_value());
        QCOMPARE(setup.store->count(), std::size_t(0));
    }

    void aDiskThatFillsUp()
    {
        const QTemporaryDir folder;
        std::vector<Error> warnings;
        auto opened = open_database(path_in(folder), m_clock.wall());
        auto disk = std::make_unique<SqliteStore>(std::move(*opened), 10s, m_clock);
        DegradingStore store(std::move(disk), {.ttl = 10s}, m_clock,
                             [&](const Error& error) { warnings.push_back(error); });
        constexpr int replies = 40;
        {
            const FullDisk full(300'000);
            for (int i = 0; i < replies; ++i) {
                auto large = response(std::to_string(i));
                large.body.assign(50'000, static_cast<char>('a' + i % 26));
                QVERIFY(run(m_io, store.create(std::move(large))));
            }
            QVERIFY(store.degraded());
            QVERIFY(OwnedStore(store, "somebody").degraded());
            QCOMPARE(warnings.size(), std::size_t(1));
            QVERIFY(!warnings[0].detail.empty());
            for (int i = 0; i < replies; ++i)
                QCOMPARE(run(m_io, store.get(std::to_string(i)))->value().body,
                         std::string(50'000, static_cast<char>('a' + i % 26)));
            QVERIFY(!run(m_io, store.purge_expired()));
        }
        QVERIFY(run(m_io, store.purge_expired())); // there is room again
        QVERIFY(!store.degraded());
        QVERIFY(!OwnedStore(store, "somebody").degraded());
        const auto file = SqliteConnection::open(path_in(folder), SqliteConnection::Mode::read_write);
        QCOMPARE(file->number("SELECT count(*) FROM responses").value(), std::int64_t(replies));
        QCOMPARE(file->text("PRAGMA integrity_check").value(), std::string("ok"));
    }

    void destroyedWithOperationsInFlight()
    {
        int good = 0, bad = 0;
        Setup setup(m_clock);
        setup.disk->held = true;
        for (int i = 0; i < 3; ++i)
            asio::co_spawn(m_io, put(*setup.store, response(std::to_string(i)), good, bad), asio::detached);
        settle();
        auto held = setup.disk->take_held();
        QCOMPARE(held.size(), std::size_t(3));
        held.clear(); // their coroutines end with them, and must not look back at the store
        setup.store.reset();
        QCOMPARE(good + bad, 0);
    }

    void aRealStoreDestroyedWithOperationsInFlight()
    {
        const QTemporaryDir folder;
        int good = 0, bad = 0;
        auto opened = open_database(path_in(folder), m_clock.wall());
        auto disk = std::make_unique<SqliteStore>(std::move(*opened), 10s, m_clock);
        auto store =
            std::make_unique<DegradingStore>(std::move(disk), MemoryStore::Limits{}, m_clock, [](const Error&) {});
        // A lock of another process, which outlasts the store's patience.
        const auto other = SqliteConnection::open(path_in(folder), SqliteConnection::Mode::read_write);
        QVERIFY(other->execute("BEGIN IMMEDIATE"));
        for (int i = 0; i < 10; ++i)
            asio::co_spawn(m_io, put(*store, response(std::to_string(i)), good, bad), asio::detached);
        settle();
        store.reset();
        settle();
        QCOMPARE(good, 0);
        QCOMPARE(bad, 10); // they end, with an error, and none looks for the store's memory
    }
};

QTEST_GUILESS_MAIN(TstDegradingStore)
#include "tst_degrading_store.moc"
