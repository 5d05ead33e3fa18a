// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/url.h"
#include "net/exchange.h"
#include "net/watchdog.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

namespace tokenscope::net {

class ServerSession;

struct ServerLimits {
    std::size_t body_bytes = std::size_t{32} << 20;
    std::size_t header_bytes = std::size_t{64} << 10;
    std::chrono::milliseconds header_timeout{30'000}; ///< from a request's first byte to the end of its headers
    std::chrono::milliseconds body_timeout{60'000};   ///< longest silence while a body arrives
    std::chrono::milliseconds idle_timeout{120'000};  ///< between requests
    std::chrono::milliseconds write_timeout{120'000}; ///< a client that takes nothing
};

/// HTTP/1.1 server on one io_context: keep-alive, chunked streams, limits, and notice of clients that leave.
class HttpServer {
public:
    using Handler = std::function<Task<void>(Exchange&)>;

    HttpServer(boost::asio::io_context& context, Watchdog& watchdog, const Clock& clock, ServerLimits limits,
               Handler handler);
    ~HttpServer();

    /// Binds and listens at once; port 0 takes a free one. The error says which address and why.
    Result<void> listen(const HostPort& address);
    std::uint16_t port() const { return m_port; }

    /// No new connections; idle ones are closed; those with a request in flight close after its reply.
    void drain();
    /// Cancels what is still in flight.
    void abort();
    /// For whatever arrives from now on.
    void set_limits(const ServerLimits& limits) { m_limits = limits; }
    std::size_t connections() const { return m_sessions.size(); }

private:
    friend class ServerSession;
    Task<void> accept_loop();

    boost::asio::io_context& m_context;
    Watchdog& m_watchdog;
    const Clock& m_clock;
    ServerLimits m_limits;
    const Handler m_handler;
    boost::asio::ip::tcp::acceptor m_acceptor;
    std::uint16_t m_port = 0;
    bool m_draining = false;
    std::unordered_set<ServerSession*> m_sessions;
};

} // namespace tokenscope::net
