// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/server_session.h"

#include "net/request_rules.h"

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iterator>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

std::string describe(const tcp::socket& socket)
{
    IoError error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error)
        return {};
    const auto address = endpoint.address();
    return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), endpoint.port())
                           : fmt::format("{}:{}", address.to_string(), endpoint.port());
}

constexpr std::chrono::milliseconds linger_time{2'000};

Error explain_bad_request(const IoError& error)
{
    if (error == http::error::body_limit)
        return {.code = ErrorCode::body_too_large,
                .message =
                    "The request's body is larger than this server takes. Send less, or raise limits.body_bytes."};
    return {
        .code = ErrorCode::invalid_request, .message = "The request is not valid HTTP/1.1.", .detail = error.message()};
}

Error client_gone(const IoError& error = {})
{
    return {.code = ErrorCode::client_gone,
            .message = "The client closed the connection.",
            .detail = error ? error.message() : std::string()};
}

} // namespace

ServerSession::ServerSession(HttpServer& server, tcp::socket socket)
    : m_server(server), m_stream(std::move(socket)),
      // Cancelled rather than closed: a client that was too slow is still told so.
      m_guard(server.m_watchdog, [this] { cancel_io(); }), m_peer(describe(m_stream.socket()))
{
}

ServerSession::~ServerSession() = default;

void ServerSession::cancel_io()
{
    IoError ignored;
    m_stream.socket().cancel(ignored);
}

Task<void> ServerSession::run()
{
    const auto self = shared_from_this();
    bool more = true;
    while (more) {
        more = co_await read_head();
        if (!more)
            break;
        m_keep_alive = m_parser->is_done() && m_parser->keep_alive();
        co_await m_server.m_handler(*this);
        stop_watching();
        more = m_complete && m_keep_alive && !m_server.m_draining;
        if (m_complete && !more)
            co_await linger();
    }
    m_stream.close();
}

void ServerSession::drain()
{
    if (m_idle)
        cancel_io();
}

void ServerSession::abort()
{
    m_gone.cancel();
    m_stream.close();
}

void ServerSession::reset()
{
    m_parser = std::make_unique<Parser>();
    m_parser->header_limit(static_cast<std::uint32_t>(m_server.m_limits.header_bytes));
    m_parser->body_limit(m_server.m_limits.body_bytes);
    m_extension_check = {};
    m_parser->on_chunk_header(m_extension_check);
    m_method.clear();
    m_target.clear();
    m_headers.clear();
    m_extra_headers.clear();
    m_broken.reset();
    m_gone = {};
    m_status = 0;
    m_streaming = m_chunked = m_keep_alive = m_bodiless = m_complete = false;
    m_bytes_sent = m_bytes_received = 0;
}

/// RFC 9112, 2.2: some clients send a line end too many after a body.
void ServerSession::skip_blank_line()
{
    const auto bytes = buffered();
    if (m_blank_skipped || !bytes.starts_with("\r\n"))
        return;
    m_blank_skipped = true;
    m_buffer.consume(2);
    m_idle = m_buffer.size() == 0;
}

Task<bool> ServerSession::read_head()
{
    reset();
    m_idle = m_buffer.size() == 0;
    m_blank_skipped = false;
    RequestScanner scanner(m_server.m_limits.header_bytes);
    while (true) {
        if (scanner.size() == 0)
            skip_blank_line();
        // A CR of its own may become the blank line.
        if (scanner.size() > 0 || m_blank_skipped || buffered() != "\r")
            scanner.take(buffered().substr(scanner.size()));
        m_broken = scanner.fault();
        if (m_broken || scanner.done())
            break;
        if (m_idle && m_server.m_draining)
            co_return false;
        // The header timeout runs from the request's first byte, so it is armed once and not moved by later bytes.
        if (m_idle)
            m_guard.arm(m_server.m_limits.idle_timeout);
        else if (!m_guard.armed())
            m_guard.arm(m_server.m_limits.header_timeout);
        const auto error = co_await fill(m_stream, m_buffer);
        if (error && !m_idle && m_guard.expired()) {
            m_broken = Error{.code = ErrorCode::client_timeout, .message = "The request's headers took too long."};
            break;
        }
        if (error)
            co_return false;
        if (m_idle) {
            m_idle = false;
            m_guard.disarm();
        }
    }
    m_idle = false;
    m_guard.disarm();
    m_accepted = m_server.m_clock.now();
    parse_head(scanner);
    co_return true;
}

/// Also of a head that is broken: its good part says what it was about.
void ServerSession::parse_head(const RequestScanner& scanner)
{
    IoError bad;
    if (scanner.size() > 0) {
        m_parser->put(asio::buffer(m_buffer.data(), scanner.size()), bad);
        m_buffer.consume(scanner.size());
    }
    const auto& head = m_parser->get();
    m_method = head.method_string();
    m_target = head.target();
    for (const auto& field : head.base())
        m_headers.emplace_back(field.name_string(), field.value());
    if (!m_broken)
        m_broken = check_request(m_method, m_target, head.version(), m_headers);
    if (!m_broken && bad)
        m_broken = explain_bad_request(bad);
}

Task<Result<std::string>> ServerSession::read_body()
{
    if (m_broken)
        co_return failure(*m_broken);
    const bool may_ask = m_parser->get().version() >= 11;
    if (may_ask && !m_parser->is_done() && m_buffer.size() == 0 && same_header(header("expect"), "100-continue")) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto sent = co_await send(std::array<asio::const_buffer, 1>{asio::buffer(go_on)});
        if (!sent)
            co_return failure(sent.error());
    }
    while (true) {
        if (const auto error = feed(*m_parser, m_buffer))
            co_return failure(explain_bad_request(error));
        if (m_parser->is_done())
            break;
        // What the parser leaves is a part of a chunk's head or of the trailer, neither of which it limits.
        if (m_buffer.size() > m_server.m_limits.header_bytes)
            co_return failure(ErrorCode::headers_too_large,
                              "The request's chunk extensions or trailer fields are too large.");
        m_guard.arm(m_server.m_limits.body_timeout);
        const auto error = co_await fill(m_stream, m_buffer);
        m_guard.disarm();
        if (error && m_guard.expired())
            co_return failure(ErrorCode::client_timeout, "The request's body took too long to arrive.");
        if (error) {
            m_gone.cancel();
            co_return failure(client_gone(error));
        }
    }
    m_keep_alive = m_parser->keep_alive();
    auto body = std::move(m_parser->get().body());
    m_bytes_received = body.size();
    watch_client();
    co_return body;
}

void ServerSession::watch_client()
{
    const auto generation = ++m_watch_generation;
    m_watching = true;
    m_stream.socket().async_wait(tcp::socket::wait_read, [self = shared_from_this(), generation](const IoError& error) {
        if (generation != self->m_watch_generation)
            return;
        self->m_watching = false;
        if (error)
            return;
        char probe = 0;
        IoError state;
        auto& socket = self->m_stream.socket();
        socket.non_blocking(true, state);
        socket.receive(asio::buffer(&probe, 1), tcp::socket::message_peek, state);
        // Bytes are the next, pipelined request; an end or an error is a client that has left.
        if (state && state != asio::error::would_block)
            self->m_gone.cancel();
    });
}

void ServerSession::stop_watching()
{
    ++m_watch_generation;
    if (std::exchange(m_watching, false))
        cancel_io();
}

Task<void> ServerSession::linger()
{
    // Closing while the client is still sending would reset the connection and could destroy the reply on its way.
    // After a broken request nobody knows whether more of it is on its way.
    if (m_parser->is_done() && m_buffer.size() == 0 && !m_broken)
        co_return;
    IoError error;
    m_stream.socket().shutdown(tcp::socket::shutdown_send, error);
    m_guard.arm(linger_time);
    while (!error && !m_guard.expired()) {
        m_buffer.clear();
        error = co_await fill(m_stream, m_buffer);
    }
    m_guard.disarm();
}

void ServerSession::add_reply_header(std::string name, std::string value)
{
    m_extra_headers.emplace_back(std::move(name), std::move(value));
}

std::string ServerSession::start_reply(unsigned status, const Headers& headers, std::optional<std::size_t> length)
{
    m_status = status;
    if (m_broken || m_server.m_draining)
        m_keep_alive = false;
    const bool no_content = status < 200 || status == 204 || status == 304;
    m_bodiless = no_content || m_method == "HEAD";
    std::string head;
    head.reserve(512);
    const auto out = std::back_inserter(head);
    fmt::format_to(out, "HTTP/1.1 {} {}\r\n", status,
                   std::string_view(http::obsolete_reason(http::int_to_status(status))));
    for_each_reply_field(m_extra_headers, headers, [&head](const std::string& name, const std::string& value) {
        append_field(head, name, value);
    });
    fmt::format_to(out, "Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                   fmt::gmtime(std::chrono::system_clock::to_time_t(m_server.m_clock.wall())));
    const bool http_1_1 = m_parser->get().version() >= 11;
    if (length && !no_content)
        fmt::format_to(out, "Content-Length: {}\r\n", *length);
    m_chunked = !length && !no_content && http_1_1;
    if (m_chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (!length && !no_content)
        m_keep_alive = false; // HTTP/1.0: the end of the connection ends the body
    if (!m_keep_alive)
        head += "Connection: close\r\n";
    else if (!http_1_1)
        head += "Connection: keep-alive\r\n";
    head += "\r\n";
    return head;
}

template <class Buffers>
Task<Result<void>> ServerSession::send(Buffers buffers)
{
    m_guard.arm(m_server.m_limits.write_timeout);
    const auto written = co_await m_stream.write(buffers);
    m_guard.disarm();
    if (const auto& error = std::get<0>(written)) {
        m_gone.cancel();
        co_return failure(client_gone(error));
    }
    co_return Result<void>();
}

Task<Result<void>> ServerSession::reply(Response response)
{
    const auto head = start_reply(response.status, response.headers, response.body.size());
    const auto body = m_bodiless ? asio::const_buffer() : asio::buffer(response.body);
    const auto sent = co_await send(std::array<asio::const_buffer, 2>{asio::buffer(head), body});
    if (sent) {
        m_bytes_sent = body.size();
        m_complete = true;
    }
    co_return sent;
}

Task<Result<void>> ServerSession::begin_stream(unsigned status, Headers headers)
{
    const auto head = start_reply(status, headers, std::nullopt);
    m_streaming = true;
    co_return co_await send(std::array<asio::const_buffer, 1>{asio::buffer(head)});
}

Task<Result<void>> ServerSession::write(std::string_view bytes)
{
    // A chunk of length 0 would end the body.
    if (bytes.empty() || m_bodiless)
        co_return Result<void>();
    m_bytes_sent += bytes.size();
    const auto body = asio::buffer(bytes);
    if (!m_chunked)
        co_return co_await send(std::array<asio::const_buffer, 1>{body});
    const auto size = fmt::format("{:x}\r\n", bytes.size());
    static constexpr std::string_view end = "\r\n";
    co_return co_await send(std::array<asio::const_buffer, 3>{asio::buffer(size), body, asio::buffer(end)});
}

Task<Result<void>> ServerSession::end_stream()
{
    Result<void> sent;
    static constexpr std::string_view last_chunk = "0\r\n\r\n";
    if (m_chunked && !m_bodiless)
        sent = co_await send(std::array<asio::const_buffer, 1>{asio::buffer(last_chunk)});
    m_complete = sent.has_value();
    co_return sent;
}

} // namespace tokenscope::net
