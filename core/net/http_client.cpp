// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_client.h"

#include "net/append_body.h"
#include "net/http_io.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <iterator>
#include <optional>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::size_t max_idle_per_origin = 128;
constexpr std::uint32_t max_reply_header = 64 * 1024;
using Parser = http::response_parser<AppendBody>;

std::string origin_key(const Url& url)
{
    return fmt::format("{}://{}:{}", url.scheme, url.host, url.port);
}

std::string request_head(const UpstreamRequest& request)
{
    std::string head;
    head.reserve(512);
    const auto out = std::back_inserter(head);
    fmt::format_to(out, "{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.target, request.origin.host_header());
    for (const auto& [name, value] : request.headers)
        fmt::format_to(out, "{}: {}\r\n", name, value);
    if (request.method != "GET")
        fmt::format_to(out, "Content-Length: {}\r\n", request.body.size());
    head += "\r\n";
    return head;
}

std::unique_ptr<Parser> make_parser()
{
    auto parser = std::make_unique<Parser>();
    parser->eager(true);
    parser->header_limit(max_reply_header);
    parser->body_limit(boost::none);
    return parser;
}

} // namespace

struct ClientConnection {
    ClientConnection(const asio::any_io_executor& executor, Watchdog& watchdog, std::string origin)
        : stream(tcp::socket(executor)), resolver(executor), guard(watchdog, [this] { abort(); }),
          key(std::move(origin))
    {
    }

    void abort()
    {
        resolver.cancel();
        stream.close();
    }

    /// What a failed operation means: cancelled and timed out look like any other closed socket to Asio.
    Error explain(const IoError& error, ErrorCode code, std::string message) const
    {
        if (cancelled)
            return {.code = ErrorCode::client_gone, .message = "The request was cancelled."};
        if (guard.expired())
            return {.code = ErrorCode::upstream_timeout,
                    .message = fmt::format("No answer from {} in time.", key),
                    .detail = error.message()};
        return {.code = code, .message = std::move(message), .detail = error.message()};
    }

    /// The same for bytes that are not the HTTP they should be.
    Error explain_bad_reply(const IoError& error) const
    {
        if (error == http::error::partial_message)
            return {.code = ErrorCode::upstream_reset,
                    .message = fmt::format("{} closed the connection before its reply was complete.", key)};
        return {.code = ErrorCode::upstream_bad_reply,
                .message = fmt::format("{} sent something that is not HTTP.", key),
                .detail = error.message()};
    }

    Stream stream;
    tcp::resolver resolver;
    boost::beast::flat_buffer buffer;
    Watchdog::Guard guard;
    const std::string key;
    bool reused = false;    ///< taken from the pool
    bool answered = false;  ///< a byte of the present reply has arrived
    bool cancelled = false; ///< closed by our own side
};

// ---- UpstreamReply

struct UpstreamReply::State {
    State(HttpClient& owner, std::shared_ptr<ClientConnection> used, std::chrono::milliseconds timeout)
        : client(owner), connection(std::move(used)), idle_timeout(timeout)
    {
    }

    HttpClient& client;
    std::shared_ptr<ClientConnection> connection;
    const std::chrono::milliseconds idle_timeout;
    std::unique_ptr<Parser> parser = make_parser();
    CancelRegistration cancellation;
    Headers headers;
    std::string chunk;
    std::optional<Error> broken; ///< what comes after the bytes already decoded
    bool complete = false;

    void finish()
    {
        complete = true;
        cancellation = {};
        connection->guard.disarm();
        if (parser->get().keep_alive() && connection->buffer.size() == 0)
            client.give_back(std::move(connection));
        else
            connection->stream.close();
        connection.reset();
    }
};

UpstreamReply::UpstreamReply(std::unique_ptr<State> state) : m_state(std::move(state)) {}
UpstreamReply::UpstreamReply(UpstreamReply&&) noexcept = default;
UpstreamReply& UpstreamReply::operator=(UpstreamReply&&) noexcept = default;

UpstreamReply::~UpstreamReply()
{
    if (m_state && m_state->connection)
        m_state->connection->abort();
}

unsigned UpstreamReply::status() const
{
    return m_state->parser->get().result_int();
}

const Headers& UpstreamReply::headers() const
{
    return m_state->headers;
}

Task<Result<std::string_view>> UpstreamReply::read_some()
{
    auto& state = *m_state;
    auto& body = state.parser->get().body();
    state.chunk.clear();
    while (true) {
        if (!body.empty()) {
            std::swap(state.chunk, body);
            if (state.parser->is_done())
                state.finish();
            co_return std::string_view(state.chunk);
        }
        if (!state.complete && state.parser->is_done())
            state.finish();
        if (state.complete)
            co_return std::string_view();
        if (state.broken)
            co_return failure(*state.broken);

        const auto connection = state.connection;
        connection->guard.arm(state.idle_timeout);
        auto error = co_await fill(connection->stream, connection->buffer);
        connection->guard.disarm();
        const bool ended = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
        if (error && !ended)
            co_return failure(
                connection->explain(error, ErrorCode::upstream_reset,
                                    fmt::format("{} broke the connection inside its reply.", connection->key)));
        error = feed(*state.parser, connection->buffer);
        if (!error && ended && !state.parser->is_done())
            state.parser->put_eof(error);
        if (error)
            state.broken = connection->explain_bad_reply(error);
    }
}

Task<Result<std::string>> UpstreamReply::read_all(std::size_t limit)
{
    std::string whole;
    while (true) {
        const auto part = co_await read_some();
        if (!part)
            co_return failure(part.error());
        if (part->empty())
            co_return whole;
        if (whole.size() + part->size() > limit)
            co_return failure(ErrorCode::upstream_bad_reply,
                              fmt::format("The upstream's reply is longer than {} bytes.", limit));
        whole.append(*part);
    }
}

// ---- HttpClient

HttpClient::HttpClient(asio::any_io_executor executor, asio::ssl::context& tls, Watchdog& watchdog)
    : m_executor(std::move(executor)), m_tls(tls), m_watchdog(watchdog)
{
}

HttpClient::~HttpClient() = default;

std::size_t HttpClient::idle_connections() const
{
    std::size_t count = 0;
    for (const auto& [key, connections] : m_idle)
        count += connections.size();
    return count;
}

void HttpClient::close_idle()
{
    m_idle.clear();
}

HttpClient::ConnectionPtr HttpClient::take_idle(const std::string& key)
{
    auto& connections = m_idle[key];
    while (!connections.empty()) {
        const auto connection = std::move(connections.back());
        connections.pop_back();
        // A byte, or an end, on an idle connection means that the upstream has closed it (or is not to be trusted).
        char probe = 0;
        auto& socket = connection->stream.socket();
        IoError error;
        socket.non_blocking(true, error);
        socket.receive(asio::buffer(&probe, 1), tcp::socket::message_peek, error);
        if (error == asio::error::would_block) {
            connection->answered = false;
            return connection;
        }
    }
    return nullptr;
}

void HttpClient::give_back(ConnectionPtr connection)
{
    auto& connections = m_idle[connection->key];
    if (connections.size() >= max_idle_per_origin)
        return;
    connection->reused = true;
    connection->buffer.shrink_to_fit(); // empty: a connection that does nothing keeps nothing
    connections.push_back(std::move(connection));
}

Task<Result<HttpClient::ConnectionPtr>> HttpClient::connect(const UpstreamRequest& request, CancelToken cancel)
{
    const auto& origin = request.origin;
    const auto connection = std::make_shared<ClientConnection>(m_executor, m_watchdog, origin_key(origin));
    const auto cancellation = cancel.on_cancel([connection] {
        connection->cancelled = true;
        connection->abort();
    });
    connection->guard.arm(request.connect_timeout);

    std::vector<tcp::endpoint> endpoints;
    IoError literal;
    const auto address = asio::ip::make_address(origin.host, literal);
    if (!literal) {
        endpoints.emplace_back(address, origin.port);
    } else {
        const auto [error, found] =
            co_await connection->resolver.async_resolve(origin.host, std::to_string(origin.port), awaiting);
        if (error)
            co_return failure(connection->explain(error, ErrorCode::upstream_unreachable,
                                                  fmt::format("The host name {} could not be resolved.", origin.host)));
        for (const auto& entry : found)
            endpoints.push_back(entry.endpoint());
    }
    const auto [error, endpoint] = co_await asio::async_connect(connection->stream.socket(), endpoints, awaiting);
    if (error || connection->cancelled || connection->guard.expired())
        co_return failure(
            connection->explain(error, ErrorCode::upstream_unreachable,
                                fmt::format("Could not connect to {}. Is the server running?", connection->key)));
    IoError ignored;
    connection->stream.socket().set_option(tcp::no_delay(true), ignored);

    if (origin.tls) {
        const auto tls_error = co_await connection->stream.start_tls(m_tls, origin.host);
        if (tls_error)
            co_return failure(connection->explain(
                tls_error, ErrorCode::upstream_tls,
                fmt::format("No trusted TLS connection to {} could be made. Check its certificate and name.",
                            connection->key)));
    }
    connection->guard.disarm();
    co_return connection;
}

Task<Result<UpstreamReply>> HttpClient::exchange(const UpstreamRequest& request, ConnectionPtr connection,
                                                 CancelToken cancel)
{
    auto state = std::make_unique<UpstreamReply::State>(*this, connection, request.idle_timeout);
    state->cancellation = cancel.on_cancel([connection] {
        connection->cancelled = true;
        connection->abort();
    });
    // From here on dropping the reply closes the connection.
    UpstreamReply reply(std::move(state));
    auto& parser = reply.m_state->parser;

    connection->guard.arm(request.idle_timeout);
    const auto head = request_head(request);
    const auto written = co_await connection->stream.write(
        std::array<asio::const_buffer, 2>{asio::buffer(head), asio::buffer(request.body)});
    if (!std::get<0>(written) && request.on_sent)
        request.on_sent();
    // An upstream may refuse and close before it has read everything, so a failed write is no reason not to listen.

    while (!parser->is_header_done()) {
        connection->guard.arm(request.idle_timeout);
        auto error = co_await fill(connection->stream, connection->buffer);
        if (error) {
            co_return failure(
                connection->explain(std::get<0>(written) ? std::get<0>(written) : error, ErrorCode::upstream_reset,
                                    fmt::format("{} closed the connection without an answer.", connection->key)));
        }
        if (!connection->answered && request.on_first_byte)
            request.on_first_byte();
        connection->answered = true;
        error = feed(*parser, connection->buffer);
        // Interim answers (100 Continue, 103 Early Hints) only announce the real one.
        while (!error && parser->is_header_done() && parser->get().result_int() < 200) {
            parser = make_parser();
            error = feed(*parser, connection->buffer);
        }
        if (error && !parser->is_header_done())
            co_return failure(connection->explain_bad_reply(error));
        if (error)
            reply.m_state->broken = connection->explain_bad_reply(error);
    }
    connection->guard.disarm();
    for (const auto& field : parser->get().base())
        reply.m_state->headers.emplace_back(field.name_string(), field.value());
    co_return reply;
}

Task<Result<UpstreamReply>> HttpClient::send(UpstreamRequest request, CancelToken cancel)
{
    if (cancel.cancelled())
        co_return failure(ErrorCode::client_gone, "The request was cancelled.");
    auto connection = take_idle(origin_key(request.origin));
    while (true) {
        if (!connection) {
            auto fresh = co_await connect(request, cancel);
            if (!fresh)
                co_return failure(std::move(fresh.error()));
            connection = std::move(*fresh);
        }
        if (request.on_connected)
            request.on_connected();
        auto reply = co_await exchange(request, connection, cancel);
        const bool stale =
            !reply && reply.error().code == ErrorCode::upstream_reset && connection->reused && !connection->answered;
        if (!stale)
            co_return reply;
        connection = nullptr;
    }
}

asio::ssl::context make_client_tls()
{
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_default_verify_paths();
    context.set_verify_mode(asio::ssl::verify_peer);
    return context;
}

} // namespace tokenscope::net
