// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/dial.h"
#include "net/resolver.h"
#include "unit/net/test_client.h"

#include <QElapsedTimer>
#include <QTest>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace tokenscope;
using namespace tokenscope::test;
using boost::asio::ip::tcp;
namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

tcp::endpoint at(const char* address, std::uint16_t port)
{
    return {asio::ip::make_address(address), port};
}

/// A port where connection attempts get no answer at all: its queue is full and nobody accepts.
class BlackHole {
public:
    BlackHole()
    {
        m_sockets[0] = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(m_sockets[0], generic, size) != 0 || listen(m_sockets[0], 0) != 0
            || getsockname(m_sockets[0], generic, &size) != 0)
            qFatal("Cannot listen.");
        m_port = ntohs(address.sin_port);
        for (std::size_t i = 1; i < m_sockets.size(); ++i) {
            m_sockets[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            connect(m_sockets[i], generic, size);
        }
    }
    ~BlackHole()
    {
        for (const int socket : m_sockets)
            close(socket);
    }
    std::uint16_t port() const { return m_port; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }

private:
    std::array<int, 4> m_sockets{};
    std::uint16_t m_port = 0;
};

/// A port that refuses.
std::uint16_t closed_port()
{
    asio::io_context io;
    tcp::acceptor acceptor(io, at("127.0.0.1", 0));
    return acceptor.local_endpoint().port();
}

/// A name server that does not answer until it is let go.
class HungLookup {
public:
    net::Resolver::Lookup lookup()
    {
        return [state = m_state](const std::string&) {
            std::unique_lock lock(state->mutex);
            ++state->calls;
            state->changed.wait(lock, [&] { return state->open; });
            return net::Resolved{.addresses = {asio::ip::make_address("127.0.0.1")}, .error = {}};
        };
    }
    void open()
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->open = true;
        m_state->changed.notify_all();
    }
    int calls()
    {
        const std::scoped_lock lock(m_state->mutex);
        return m_state->calls;
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool open = false;
        int calls = 0;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

struct Race {
    net::IoError error;
    std::optional<tcp::endpoint> winner;
    qint64 ms = 0;
};

Race race(std::vector<tcp::endpoint> endpoints, milliseconds head_start)
{
    asio::io_context io{1};
    const auto dial = std::make_shared<net::Dial>(io.get_executor(), std::move(endpoints), head_start);
    Race out;
    QElapsedTimer clock;
    clock.start();
    const auto run = [](std::shared_ptr<net::Dial> racing, Race& result) -> net::Task<void> {
        auto [error, socket] = co_await racing->run();
        result.error = error;
        if (socket)
            result.winner = socket->remote_endpoint();
    };
    asio::co_spawn(io, run(dial, out), asio::detached);
    io.run();
    out.ms = clock.elapsed();
    return out;
}

} // namespace

class TstConnecting : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void families_take_turns()
    {
        const auto a = at("::1", 1), b = at("::2", 1), c = at("::3", 1), x = at("1.1.1.1", 1), y = at("2.2.2.2", 1);
        using List = std::vector<tcp::endpoint>;
        QVERIFY(net::interleave({a, b, c, x, y}) == (List{a, x, b, y, c}));
        QVERIFY(net::interleave({x, y, a}) == (List{x, a, y}));
        QVERIFY(net::interleave({a, b}) == (List{a, b}));
        QVERIFY(net::interleave({}).empty());
    }

    void a_refusal_starts_the_next_attempt_at_once()
    {
        const auto upstream = always({});
        const auto good = at("127.0.0.1", upstream.port());
        const auto won =
            race({at("127.0.0.1", closed_port()), at("127.0.0.1", closed_port()), good}, milliseconds(60'000));
        QVERIFY(!won.error && won.winner == good);
        QVERIFY(won.ms < 5'000);
    }

    void silence_starts_the_next_attempt_after_a_while()
    {
        const auto upstream = always({});
        const BlackHole hole;
        const auto good = at("127.0.0.1", upstream.port());
        const auto won = race({at("127.0.0.1", hole.port()), good}, milliseconds(50));
        QVERIFY(!won.error && won.winner == good);
        QVERIFY2(won.ms >= 50 && won.ms < 5'000, QByteArray::number(won.ms).constData());
        // The attempt that was waited for is not counted out when the next one fails.
        const auto later = race({at("127.0.0.1", hole.port()), at("127.0.0.1", closed_port()), good}, milliseconds(50));
        QVERIFY(!later.error && later.winner == good);
    }

    void the_last_reason_is_told()
    {
        const auto lost = race({at("127.0.0.1", closed_port()), at("127.0.0.1", closed_port())}, milliseconds(50));
        QVERIFY(lost.error == asio::error::connection_refused && !lost.winner);
        QVERIFY(race({}, milliseconds(50)).error == asio::error::host_not_found);
    }

    void localhost_with_one_family_connects_at_once()
    {
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        net::HttpClientOptions options;
        options.head_start = milliseconds(60'000);
        options.lookup = [](const std::string&) {
            return net::Resolved{.addresses = {asio::ip::make_address("::1"), asio::ip::make_address("127.0.0.1")},
                                 .error = {}};
        };
        Client client(std::move(options));
        QElapsedTimer took;
        took.start();
        QCOMPARE(client.ask("http://localhost:" + std::to_string(upstream.port())).value_or("failed"),
                 std::string("hello"));
        QVERIFY(took.elapsed() < 4'000);
        Client system;
        QCOMPARE(system.ask("http://localhost:" + std::to_string(upstream.port())).value_or("failed"),
                 std::string("hello"));
    }

    void failures_say_why()
    {
        Client client;
        const auto refused = client.ask("http://127.0.0.1:" + std::to_string(closed_port()));
        QVERIFY(!refused && refused.error().code == ErrorCode::upstream_unreachable);
        QCOMPARE(QByteArray::fromStdString(refused.error().detail), QByteArray("Connection refused"));
        net::HttpClientOptions options;
        options.lookup = [](const std::string&) { return net::Resolved{.addresses = {}, .error = "Nobody knows it."}; };
        Client lost(std::move(options));
        const auto unknown = lost.ask("http://no.such.host");
        QVERIFY(!unknown && unknown.error().code == ErrorCode::upstream_unreachable);
        QVERIFY(unknown.error().message.find("no.such.host") != std::string::npos);
        QCOMPARE(QByteArray::fromStdString(unknown.error().detail), QByteArray("Nobody knows it."));
        QCOMPARE(lost.http.stats().open, std::size_t(0));
    }

    void every_phase_can_be_cancelled_and_times_out_data()
    {
        QTest::addColumn<QString>("phase");
        for (const char* phase : {"lookup", "tcp", "tls", "tunnel"})
            QTest::newRow(phase) << QString::fromLatin1(phase);
    }

    void every_phase_can_be_cancelled_and_times_out()
    {
        QFETCH(QString, phase);
        const BlackHole hole;
        const auto silent = always({FakeUpstream::Hold{}});
        HungLookup hung;
        net::HttpClientOptions options;
        auto url = hole.url();
        if (phase == QStringLiteral("lookup")) {
            options.lookup = hung.lookup();
            url = "http://api.example";
        } else if (phase == QStringLiteral("tls")) {
            url = "https://127.0.0.1:" + std::to_string(silent.port());
        } else if (phase == QStringLiteral("tunnel")) {
            const auto proxy = silent.url().toStdString();
            options.proxies = net::ProxyRules::from_environment([&](const std::string& name) {
                return name == "https_proxy" ? std::optional<std::string>(proxy) : std::nullopt;
            });
            url = "https://api.example";
        }
        QElapsedTimer took;
        took.start();
        {
            Client client(std::move(options));
            const auto cancelled = client.ask_and_cancel(url);
            QVERIFY(!cancelled);
            QCOMPARE(int(cancelled.error().code), int(ErrorCode::client_gone));
            client.connect_timeout = milliseconds(60);
            const auto late = client.ask(url);
            QVERIFY(!late);
            QCOMPARE(int(late.error().code), int(ErrorCode::upstream_timeout));
            QCOMPARE(client.http.stats().open, std::size_t(0));
        }
        // Nor does the end of the loop and the client wait for anything.
        QVERIFY(took.elapsed() < 3'000);
        hung.open();
    }

    void requests_share_a_lookup()
    {
        const auto upstream = always({FakeUpstream::reply(200, "text/plain", "hello")});
        HungLookup hung;
        asio::io_context io{1};
        net::Resolver resolver(io.get_executor(), hung.lookup());
        int found = 0;
        const auto ask = [](net::Resolver& names, asio::io_context& loop, int& count) -> net::Task<void> {
            const auto timer = std::make_shared<asio::steady_timer>(loop);
            const auto resolved = co_await names.resolve("api.example", timer);
            count += int(resolved.addresses.size());
        };
        for (int i = 0; i < 20; ++i)
            asio::co_spawn(io, ask(resolver, io, found), asio::detached);
        io.poll();
        QTRY_COMPARE(hung.calls(), 1);
        hung.open();
        io.run();
        QCOMPARE(found, 20);
        QCOMPARE(hung.calls(), 1);
        // And look it up anew afterwards.
        io.restart();
        asio::co_spawn(io, ask(resolver, io, found), asio::detached);
        io.run();
        QCOMPARE(hung.calls(), 2);
    }

    void written_addresses_are_not_looked_up()
    {
        asio::io_context io{1};
        std::atomic<int> calls = 0;
        net::Resolver resolver(io.get_executor(), [&](const std::string&) {
            ++calls;
            return net::Resolved{};
        });
        std::vector<asio::ip::address> found;
        const auto ask = [](net::Resolver& names, asio::io_context& loop, std::string host,
                            std::vector<asio::ip::address>& out) -> net::Task<void> {
            const auto timer = std::make_shared<asio::steady_timer>(loop);
            auto resolved = co_await names.resolve(std::move(host), timer);
            out.insert(out.end(), resolved.addresses.begin(), resolved.addresses.end());
        };
        asio::co_spawn(io, ask(resolver, io, "127.0.0.1", found), asio::detached);
        asio::co_spawn(io, ask(resolver, io, "::1", found), asio::detached);
        io.run();
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(calls.load(), 0);
    }

    void the_system_knows_localhost()
    {
        const auto found = net::Resolver::system_lookup("localhost");
        QVERIFY(!found.addresses.empty());
        for (const auto& address : found.addresses)
            QVERIFY(address.is_loopback());
        const auto lost = net::Resolver::system_lookup("name with spaces.invalid");
        QVERIFY(lost.addresses.empty() && !lost.error.empty());
    }
};

QTEST_GUILESS_MAIN(TstConnecting)
#include "tst_connecting.moc"
