// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_server.h"

#include "net/server_session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <utility>
#include <vector>

namespace tokenscope::net {

namespace asio = boost::asio;
using asio::ip::tcp;

HttpServer::HttpServer(asio::io_context& context, Watchdog& watchdog, const Clock& clock, ServerLimits limits,
                       Handler handler)
    : m_context(context), m_watchdog(watchdog), m_clock(clock), m_limits(limits), m_handler(std::move(handler)),
      m_acceptor(context)
{
}

HttpServer::~HttpServer() = default;

Result<void> HttpServer::listen(const HostPort& address)
{
    const auto fail = [&](std::string why, const IoError& error) {
        return failure(ErrorCode::config, fmt::format("Cannot listen on {}: {}", address.to_string(), why),
                       error.message());
    };
    IoError error;
    tcp::resolver resolver(m_context);
    const auto found = resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
    if (error || found.empty())
        return fail("the host name is not known here.", error);
    const tcp::endpoint endpoint = *found.begin();
    m_acceptor.open(endpoint.protocol(), error);
    if (!error)
        m_acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        m_acceptor.bind(endpoint, error);
    if (!error)
        m_acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        return fail("another program uses that port. Choose another one, or port 0 for a free one.", error);
    if (error)
        return fail(error.message() + ".", error);
    m_port = m_acceptor.local_endpoint().port();
    asio::co_spawn(m_context, accept_loop(), asio::detached);
    return {};
}

Task<void> HttpServer::accept_loop()
{
    while (m_acceptor.is_open()) {
        auto [error, socket] = co_await m_acceptor.async_accept(awaiting);
        if (error == asio::error::operation_aborted)
            co_return;
        if (error) {
            // Out of file descriptors, most likely: wait for some to be freed rather than spin.
            asio::steady_timer pause(m_context, std::chrono::milliseconds(100));
            co_await pause.async_wait(awaiting);
            continue;
        }
        IoError ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        const auto session = std::make_shared<ServerSession>(*this, std::move(socket));
        m_sessions.insert(session.get());
        asio::co_spawn(m_context, session->run(),
                       [this, session](std::exception_ptr) { m_sessions.erase(session.get()); });
    }
}

void HttpServer::drain()
{
    m_draining = true;
    IoError ignored;
    m_acceptor.close(ignored);
    const std::vector<ServerSession*> sessions(m_sessions.begin(), m_sessions.end());
    for (auto* session : sessions)
        session->drain();
}

void HttpServer::abort()
{
    const std::vector<ServerSession*> sessions(m_sessions.begin(), m_sessions.end());
    for (auto* session : sessions)
        session->abort();
}

} // namespace tokenscope::net
