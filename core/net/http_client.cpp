// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_client.h"

#include "net/reply_state.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;

namespace {

/// Whether `target` can stand in a request line.
bool is_target(std::string_view target)
{
    return target.starts_with('/') && is_field_value(target) && target.find_first_of(" \t") == std::string_view::npos;
}

/// Fields that the client writes itself; a second one could frame the body in another way.
bool is_ours(std::string_view name)
{
    return is_hop_by_hop(name) || same_header(name, "host");
}

Result<std::string> request_head(const UpstreamRequest& request, const std::optional<Proxy>& proxy)
{
    if (!is_token(request.method) || !is_target(request.target))
        return failure(ErrorCode::invalid_request, "The method or the path has a character that HTTP does not allow.");
    // A proxy is asked for the whole URL; in a tunnel it sees nothing.
    const bool absolute = proxy && !request.origin.tls;
    const auto host = request.origin.host_header();
    std::string head;
    std::size_t size = 256 + request.ready_fields.size();
    for (const auto& [name, value] : request.headers)
        size += name.size() + value.size() + 4;
    head.reserve(size);
    head.append(request.method).append(" ");
    if (absolute)
        head.append("http://").append(host);
    head.append(request.target).append(" HTTP/1.1\r\n");
    append_field(head, "Host", host);
    if (absolute && !proxy->authorization.empty())
        append_field(head, "Proxy-Authorization", proxy->authorization);
    for (const auto& [name, value] : request.headers)
        if (!is_ours(name) && !append_field(head, name, value))
            return failure(
                ErrorCode::config,
                fmt::format("A header for {} has a line break or another character that HTTP does not allow. "
                            "Check its API key in the configuration.",
                            request.origin.to_string()),
                is_token(name) ? name : std::string());
    head.append(request.ready_fields);
    if (request.method != "GET" && request.method != "HEAD")
        append_field(head, "Content-Length", std::to_string(request.body.size()));
    head += "\r\n";
    return head;
}

} // namespace

/// What all attempts of one request have in common.
struct HttpClient::Plan {
    std::optional<Proxy> proxy;
    std::string name; ///< of the connection
    std::string head;
};

HttpClient::HttpClient(asio::any_io_executor executor, asio::ssl::context& tls, Watchdog& watchdog,
                       HttpClientOptions options)
    : m_executor(std::move(executor)), m_watchdog(watchdog), m_proxies(std::move(options.proxies)),
      m_connector(m_executor, tls, std::move(options.lookup), options.head_start),
      m_pool(std::make_shared<ConnectionPool>(options.pool))
{
}

HttpClient::~HttpClient() = default;

Task<Result<ConnectionPtr>> HttpClient::connect(const UpstreamRequest& request, const Plan& plan, CancelToken cancel)
{
    auto connection = std::make_shared<ClientConnection>(m_executor, m_watchdog, plan.name, m_pool->open_counter());
    m_pool->count_created();
    auto connected = co_await m_connector.connect(connection, request.origin, plan.proxy, request.connect_timeout,
                                                  std::move(cancel));
    if (!connected)
        co_return failure(std::move(connected.error()));
    co_return connection;
}

Task<Result<UpstreamReply>> HttpClient::exchange(const UpstreamRequest& request, const Plan& plan,
                                                 ConnectionPtr connection, CancelToken cancel)
{
    // From here on dropping the reply closes the connection.
    auto state = std::make_unique<UpstreamReply::State>(m_pool, connection, request.idle_timeout,
                                                        request.method == "HEAD", std::move(cancel));
    connection->guard.arm(request.idle_timeout);
    const auto written = co_await connection->stream.write(
        std::array<asio::const_buffer, 2>{asio::buffer(plan.head), asio::buffer(request.body)});
    if (!std::get<0>(written) && request.on_sent)
        request.on_sent();
    if (connection->given_up())
        co_return failure(connection->explain(ErrorCode::upstream_reset, {}, std::get<0>(written)));
    // An upstream may refuse and close before it has read everything, so a failed write is no reason not to listen.
    auto head = co_await state->read_head(std::get<0>(written), request.on_first_byte);
    if (!head)
        co_return failure(std::move(head.error()));
    if (plan.proxy && !request.origin.tls && state->status() == 407)
        co_return failure(proxy_wants_credentials(*plan.proxy));
    co_return UpstreamReply(std::move(state));
}

Task<Result<UpstreamReply>> HttpClient::send(UpstreamRequest request, CancelToken cancel)
{
    if (cancel.cancelled())
        co_return failure(ErrorCode::client_gone, "The request was cancelled.");
    Plan plan;
    auto proxy = m_proxies.proxy_for(request.origin);
    if (!proxy)
        co_return failure(std::move(proxy.error()));
    plan.proxy = std::move(*proxy);
    plan.name = Connector::name(request.origin, plan.proxy);
    auto head = request_head(request, plan.proxy);
    if (!head)
        co_return failure(std::move(head.error()));
    plan.head = std::move(*head);

    auto connection = m_pool->take(plan.name, std::chrono::steady_clock::now());
    while (true) {
        if (!connection) {
            auto fresh = co_await connect(request, plan, cancel);
            if (!fresh)
                co_return failure(std::move(fresh.error()));
            connection = std::move(*fresh);
        }
        if (request.on_connected)
            request.on_connected();
        auto reply = co_await exchange(request, plan, connection, cancel);
        const bool stale =
            !reply && reply.error().code == ErrorCode::upstream_reset && connection->reused && !connection->answered;
        if (!stale)
            co_return reply;
        connection = nullptr;
    }
}

} // namespace tokenscope::net
