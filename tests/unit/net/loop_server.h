// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/task.h"
#include "unit/net/test_ca.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tokenscope::test {

/// Accepts on a free loopback port, on a thread of its own, and hands every connection to a coroutine.
class LoopServer {
public:
    using Tcp = boost::asio::ip::tcp;

    ~LoopServer() { stop(); }
    LoopServer(const LoopServer&) = delete;
    LoopServer& operator=(const LoopServer&) = delete;

    std::uint16_t port() const { return m_acceptor.local_endpoint().port(); }
    int connections() const { return m_connections; }
    /// The heads of the requests so far.
    std::vector<std::string> heads() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_heads;
    }

protected:
    LoopServer() : m_acceptor(m_io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}

    void start(std::function<net::Task<void>(Tcp::socket)> serve)
    {
        m_serve = std::move(serve);
        boost::asio::co_spawn(m_io, accept_all(), boost::asio::detached);
        m_thread = std::thread([this] { m_io.run(); });
    }

    /// For the destructors of classes whose members the coroutines use.
    void stop()
    {
        m_io.stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    /// Reads one head; empty at the connection's end.
    template <class Stream>
    net::Task<std::string> read_head(Stream& stream, std::string& buffer)
    {
        const auto [error, size] = co_await boost::asio::async_read_until(stream, boost::asio::dynamic_buffer(buffer),
                                                                          "\r\n\r\n", net::awaiting);
        if (error)
            co_return std::string();
        auto head = buffer.substr(0, size);
        buffer.erase(0, size);
        const std::scoped_lock lock(m_mutex);
        m_heads.push_back(head);
        co_return head;
    }

private:
    net::Task<void> accept_all()
    {
        while (true) {
            auto [error, socket] = co_await m_acceptor.async_accept(net::awaiting);
            if (error)
                co_return;
            ++m_connections;
            boost::asio::co_spawn(m_io, m_serve(std::move(socket)), boost::asio::detached);
        }
    }

    boost::asio::io_context m_io{1};
    Tcp::acceptor m_acceptor;
    std::function<net::Task<void>(Tcp::socket)> m_serve;
    std::atomic<int> m_connections = 0;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_heads;
    std::thread m_thread;
};

/// Takes connections and never reads a byte.
class DeafServer : public LoopServer {
public:
    DeafServer()
    {
        start([](Tcp::socket socket) { return keep(std::move(socket)); });
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

private:
    static net::Task<void> keep(Tcp::socket socket)
    {
        boost::asio::steady_timer never(socket.get_executor(), boost::asio::steady_timer::time_point::max());
        co_await never.async_wait(net::awaiting);
    }
};

/// Answers every request over TLS with "hello".
class TlsServer : public LoopServer {
public:
    explicit TlsServer(const Certificate& certificate) : m_tls(boost::asio::ssl::context::tls_server)
    {
        m_tls.use_certificate_chain(boost::asio::buffer(certificate.pem));
        m_tls.use_private_key(boost::asio::buffer(certificate.key_pem), boost::asio::ssl::context::pem);
        start([this](Tcp::socket socket) { return serve(std::move(socket)); });
    }
    ~TlsServer() { stop(); }

private:
    net::Task<void> serve(Tcp::socket socket)
    {
        boost::asio::ssl::stream<Tcp::socket> stream(std::move(socket), m_tls);
        auto [error] = co_await stream.async_handshake(boost::asio::ssl::stream_base::server, net::awaiting);
        std::string buffer;
        while (!error) {
            const auto head = co_await read_head(stream, buffer);
            if (head.empty())
                co_return;
            static const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
            const auto written = co_await boost::asio::async_write(stream, boost::asio::buffer(reply), net::awaiting);
            error = std::get<0>(written);
        }
    }

    boost::asio::ssl::context m_tls;
};

/// Answers CONNECT with `answer`, and where that is a 200 becomes a tunnel to `target`, whatever was asked for.
class TunnelProxy : public LoopServer {
public:
    TunnelProxy(std::string answer, std::uint16_t target) : m_answer(std::move(answer)), m_target(target)
    {
        start([this](Tcp::socket socket) { return serve(std::move(socket)); });
    }
    ~TunnelProxy() { stop(); }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

private:
    net::Task<void> serve(Tcp::socket socket)
    {
        const auto client = std::make_shared<Tcp::socket>(std::move(socket));
        std::string buffer;
        const auto head = co_await read_head(*client, buffer);
        if (head.empty())
            co_return;
        co_await boost::asio::async_write(*client, boost::asio::buffer(m_answer), net::awaiting);
        if (!m_answer.starts_with("HTTP/1.1 200"))
            co_return;
        const auto server = std::make_shared<Tcp::socket>(client->get_executor());
        const Tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), m_target);
        const auto [error] = co_await server->async_connect(endpoint, net::awaiting);
        if (error)
            co_return;
        boost::asio::co_spawn(client->get_executor(), pump(client, server), boost::asio::detached);
        co_await pump(server, client);
    }

    static net::Task<void> pump(std::shared_ptr<Tcp::socket> from, std::shared_ptr<Tcp::socket> to)
    {
        std::string bytes(16'384, '\0');
        while (true) {
            const auto [error, size] = co_await from->async_read_some(boost::asio::buffer(bytes), net::awaiting);
            if (error)
                break;
            co_await boost::asio::async_write(*to, boost::asio::buffer(bytes, size), net::awaiting);
        }
        net::IoError ignored;
        to->shutdown(Tcp::socket::shutdown_send, ignored);
    }

    const std::string m_answer;
    const std::uint16_t m_target;
};

} // namespace tokenscope::test
