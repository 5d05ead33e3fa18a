// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/connector.h"

#include "net/headers.h"
#include "net/http_io.h"
#include "net/tls.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::size_t max_tunnel_reply = 16 * 1024;

std::string tunnel_request(const Url& origin, const Proxy& proxy)
{
    const HostPort target{.host = origin.host, .port = origin.port};
    auto head = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target.to_string());
    if (!proxy.authorization.empty())
        append_field(head, "Proxy-Authorization", proxy.authorization);
    head += "\r\n";
    return head;
}

Error tunnel_failed(const Url& origin, const Proxy& proxy, std::string detail)
{
    return {.code = ErrorCode::upstream_unreachable,
            .message =
                fmt::format("The proxy {} opened no tunnel to {}. Check the proxy, or except the host in NO_PROXY.",
                            proxy.url.to_string(), origin.host_header()),
            .detail = std::move(detail)};
}

} // namespace

Error proxy_wants_credentials(const Proxy& proxy)
{
    return {.code = ErrorCode::upstream_unreachable,
            .message =
                fmt::format("The proxy {} wants a user name and password, or others than it was given. Put them into "
                            "the proxy's URL in the environment, as in http://user:password@host:port.",
                            proxy.url.to_string()),
            .detail = "407 Proxy Authentication Required"};
}

Connector::Connector(asio::any_io_executor executor, asio::ssl::context& tls, Resolver::Lookup lookup,
                     std::chrono::milliseconds head_start)
    : m_executor(std::move(executor)), m_tls(tls), m_resolver(m_executor, std::move(lookup)), m_head_start(head_start)
{
}

std::string Connector::name(const Url& origin, const std::optional<Proxy>& proxy)
{
    const auto host = HostPort{.host = origin.host, .port = origin.port}.to_string();
    return proxy ? fmt::format("{}://{} (by the proxy {})", origin.scheme, host, proxy->url.to_string())
                 : fmt::format("{}://{}", origin.scheme, host);
}

Task<Result<void>> Connector::connect(ConnectionPtr connection, Url origin, std::optional<Proxy> proxy,
                                      std::chrono::milliseconds timeout, CancelToken cancel)
{
    const auto cancellation = cancel.on_cancel([connection] {
        connection->cancelled = true;
        connection->abort();
    });
    connection->guard.arm(timeout);
    auto result = co_await open_socket(*connection, proxy ? proxy->url : origin, proxy.has_value());
    if (result && proxy && origin.tls)
        result = co_await open_tunnel(*connection, origin, *proxy);
    if (result && origin.tls)
        result = co_await start_tls(*connection, origin);
    connection->guard.disarm();
    co_return result;
}

Task<Result<void>> Connector::open_socket(ClientConnection& connection, const Url& server, bool is_proxy)
{
    const auto wakeup = std::make_shared<asio::steady_timer>(m_executor);
    connection.interrupt = [wakeup] { wakeup->cancel(); };
    if (connection.given_up())
        co_return failure(connection.explain(ErrorCode::upstream_unreachable, {}, std::string()));
    auto resolved = co_await m_resolver.resolve(server.host, wakeup);
    connection.interrupt = nullptr;
    if (resolved.addresses.empty() || connection.given_up())
        co_return failure(connection.explain(
            ErrorCode::upstream_unreachable,
            fmt::format("The host name {}{} could not be resolved.", server.host, is_proxy ? " of the proxy" : ""),
            std::move(resolved.error)));

    std::vector<tcp::endpoint> endpoints;
    for (const auto& address : resolved.addresses)
        endpoints.emplace_back(address, server.port);
    const auto dial = std::make_shared<Dial>(m_executor, std::move(endpoints), m_head_start);
    connection.interrupt = [dial] { dial->abort(); };
    auto [error, socket] = co_await dial->run();
    connection.interrupt = nullptr;
    if (!socket || connection.given_up())
        co_return failure(connection.explain(
            ErrorCode::upstream_unreachable,
            is_proxy ? fmt::format("Could not connect to the proxy {}. Check the proxy settings in the environment.",
                                   server.to_string())
                     : fmt::format("Could not connect to {}. Is the server running?", connection.name),
            error));
    connection.stream.socket() = std::move(*socket);
    IoError ignored;
    connection.stream.socket().set_option(tcp::no_delay(true), ignored);
    co_return Result<void>();
}

Task<Result<void>> Connector::open_tunnel(ClientConnection& connection, const Url& origin, const Proxy& proxy)
{
    const auto fail = [&](std::string detail) {
        const auto error = tunnel_failed(origin, proxy, std::move(detail));
        return failure(connection.explain(error.code, error.message, error.detail));
    };
    const auto request = tunnel_request(origin, proxy);
    const auto written = co_await connection.stream.write(std::array<asio::const_buffer, 1>{asio::buffer(request)});
    if (const auto& error = std::get<0>(written))
        co_return fail(error.message());
    http::response_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(max_tunnel_reply));
    parser.skip(true); // RFC 9110, 9.3.6: whatever the fields of a 2xx say, the tunnel begins behind them
    std::size_t received = 0;
    while (!parser.is_header_done()) {
        const auto before = connection.buffer.size();
        auto error = co_await fill(connection.stream, connection.buffer);
        received += connection.buffer.size() - before;
        if (error)
            co_return fail(error.message());
        error = feed_head(parser, connection.buffer);
        if (error)
            co_return fail("Its answer is not HTTP: " + error.message());
        if (received > max_tunnel_reply)
            co_return fail("Its answer is too long.");
    }
    const auto status = parser.get().result_int();
    if (status == 407)
        co_return failure(proxy_wants_credentials(proxy));
    if (status < 200 || status > 299)
        co_return fail(fmt::format("It answered {} {}", status, std::string_view(parser.get().reason())));
    // A TLS server waits for its client to begin: these bytes are not the upstream's.
    if (connection.buffer.size() > 0)
        co_return fail("It sent something of its own into the tunnel.");
    co_return Result<void>();
}

Task<Result<void>> Connector::start_tls(ClientConnection& connection, const Url& origin)
{
    const auto error = co_await connection.stream.start_tls(m_tls, origin.host);
    if (!error && !connection.given_up())
        co_return Result<void>();
    co_return failure(connection.explain(
        ErrorCode::upstream_tls, explain_tls(connection.name, error, connection.stream.verify_result()), error));
}

} // namespace tokenscope::net
