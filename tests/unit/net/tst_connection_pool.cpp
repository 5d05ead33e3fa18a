// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/connection_pool.h"

#include <QTest>

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

using namespace tokenscope;
using boost::asio::ip::tcp;
namespace asio = boost::asio;
using Seconds = std::chrono::seconds;

namespace {

/// A pool on a clock turned by hand, with real connections to a listener.
struct World {
    asio::io_context io{1};
    net::Watchdog watchdog{io.get_executor()};
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    std::vector<tcp::socket> servers; ///< the other ends, in order
    net::ConnectionPool pool;
    net::ConnectionPool::TimePoint now{std::chrono::hours(1)};

    explicit World(net::PoolLimits limits = {}) : pool(limits) {}

    net::ConnectionPtr make(const std::string& name)
    {
        auto connection =
            std::make_shared<net::ClientConnection>(io.get_executor(), watchdog, name, pool.open_counter());
        pool.count_created();
        connection->stream.socket().connect(acceptor.local_endpoint());
        servers.push_back(acceptor.accept());
        return connection;
    }

    /// Waits until what the other end did has arrived.
    static void settle(const net::ConnectionPtr& connection)
    {
        connection->stream.socket().wait(tcp::socket::wait_read);
    }
};

} // namespace

class TstConnectionPool : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gives_back_what_it_was_given_by_name_and_the_last_first()
    {
        World world;
        const auto first = world.make("a"), second = world.make("a"), other = world.make("b");
        for (const auto& connection : {first, second, other})
            world.pool.give(connection, world.now);
        QVERIFY(world.pool.take("a", world.now) == second);
        QVERIFY(world.pool.take("a", world.now) == first);
        QVERIFY(world.pool.take("a", world.now) == nullptr);
        QVERIFY(world.pool.take("c", world.now) == nullptr);
        QVERIFY(first->reused && !other->reused);
        const auto stats = world.pool.stats();
        QCOMPARE(stats.open, std::size_t(3));
        QCOMPARE(stats.idle, std::size_t(1));
        QCOMPARE(stats.created, std::uint64_t(3));
        QCOMPARE(stats.reused, std::uint64_t(2));
    }

    void is_bounded_per_origin()
    {
        World world({.idle_per_origin = 2, .idle_lifetime = Seconds(90)});
        for (int i = 0; i < 5; ++i) {
            world.pool.give(world.make("a"), world.now);
            world.pool.give(world.make("b"), world.now);
        }
        QCOMPARE(world.pool.stats().idle, std::size_t(4));
        QCOMPARE(world.pool.stats().open, std::size_t(4));
        world.pool.close_all();
        QCOMPARE(world.pool.stats().open, std::size_t(0));
    }

    void drops_what_the_upstream_has_closed()
    {
        World world;
        const auto good = world.make("a"), closed = world.make("a");
        world.servers[1].close();
        World::settle(closed);
        world.pool.give(good, world.now);
        world.pool.give(closed, world.now);
        QVERIFY(world.pool.take("a", world.now) == good);
        QVERIFY(world.pool.take("a", world.now) == nullptr);
    }

    void drops_what_has_spoken_unasked()
    {
        World world;
        const auto connection = world.make("a");
        world.pool.give(connection, world.now);
        asio::write(world.servers[0], asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", 42));
        World::settle(connection);
        QVERIFY(world.pool.take("a", world.now) == nullptr);
    }

    void drops_what_is_old()
    {
        World world({.idle_per_origin = 9, .idle_lifetime = Seconds(90)});
        world.pool.give(world.make("a"), world.now);
        world.now += Seconds(60);
        world.pool.give(world.make("a"), world.now);
        world.now += Seconds(29);
        QCOMPARE(world.pool.stats().idle, std::size_t(2));
        QVERIFY(world.pool.take("none", world.now) == nullptr);
        QCOMPARE(world.pool.stats().idle, std::size_t(2));
        world.now += Seconds(1);
        // Others' business is enough to notice.
        QVERIFY(world.pool.take("none", world.now) == nullptr);
        QCOMPARE(world.pool.stats().idle, std::size_t(1));
        QCOMPARE(world.pool.stats().open, std::size_t(1));
        world.now += Seconds(90);
        QVERIFY(world.pool.take("a", world.now) == nullptr);
        QCOMPARE(world.pool.stats().open, std::size_t(0));
    }

    void a_second_use_starts_a_new_life()
    {
        World world({.idle_per_origin = 9, .idle_lifetime = Seconds(90)});
        world.pool.give(world.make("a"), world.now);
        world.now += Seconds(80);
        world.pool.give(world.pool.take("a", world.now), world.now);
        world.now += Seconds(80);
        QVERIFY(world.pool.take("a", world.now) != nullptr);
    }
};

QTEST_APPLESS_MAIN(TstConnectionPool)
#include "tst_connection_pool.moc"
