// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/capturing_exchange.h"

#include "base/shielded.h"

#include <charconv>
#include <utility>

namespace tokenscope::gateway {

namespace {

/// What the head says of the body's length; 0 where it says nothing.
std::uint64_t announced(std::string_view content_length)
{
    std::uint64_t bytes = 0;
    std::from_chars(content_length.data(), content_length.data() + content_length.size(), bytes);
    return bytes;
}

} // namespace

void CapturingExchange::begin()
{
    if (!m_ring.keeps_any())
        return;
    shielded([this] {
        const auto settings = m_ring.settings();
        m_limit = settings.body_bytes;
        telemetry::CapturedExchange captured;
        captured.method = method();
        captured.target = target();
        captured.request_headers = headers();
        captured.request_body.wanted = captured.reply_body.wanted = settings.bodies;
        m_captured = std::move(captured);
    });
}

void CapturingExchange::keep(const std::string& request_id)
{
    if (!m_captured)
        return;
    shielded([&] {
        m_captured->status = m_inner.status();
        m_ring.keep(request_id, std::move(*m_captured));
    });
    m_captured.reset();
}

net::Task<Result<std::string>> CapturingExchange::read_body()
{
    return m_captured ? captured_body() : m_inner.read_body();
}

net::Task<Result<std::string>> CapturingExchange::captured_body()
{
    auto body = co_await m_inner.read_body();
    if (body)
        shielded([&] { append(m_captured->request_body, *body, m_limit); });
    else
        m_captured->request_body.whole = announced(header("content-length"));
    co_return body;
}

void CapturingExchange::add_reply_header(std::string name, std::string value)
{
    shielded([&] { m_added.emplace_back(name, value); });
    m_inner.add_reply_header(std::move(name), std::move(value));
}

/// As the server writes it (ServerSession).
void CapturingExchange::note_reply_head(const net::Headers& headers)
{
    shielded([&] {
        auto& out = m_captured->reply_headers;
        net::for_each_reply_field(m_added, headers, [&out](const std::string& name, const std::string& value) {
            out.emplace_back(name, value);
        });
    });
}

net::Task<Result<void>> CapturingExchange::reply(net::Response response)
{
    return m_captured ? captured_reply(std::move(response)) : m_inner.reply(std::move(response));
}

net::Task<Result<void>> CapturingExchange::captured_reply(net::Response response)
{
    note_reply_head(response.headers);
    telemetry::CapturedBody body{.wanted = m_captured->reply_body.wanted};
    shielded([&] { append(body, response.body, m_limit); });
    const auto sent = co_await m_inner.reply(std::move(response));
    if (sent)
        m_captured->reply_body = std::move(body);
    co_return sent;
}

net::Task<Result<void>> CapturingExchange::begin_stream(unsigned status, net::Headers headers)
{
    if (m_captured)
        note_reply_head(headers);
    return m_inner.begin_stream(status, std::move(headers));
}

net::Task<Result<void>> CapturingExchange::write(std::string_view bytes)
{
    return m_captured ? captured_write(bytes) : m_inner.write(bytes);
}

net::Task<Result<void>> CapturingExchange::captured_write(std::string_view bytes)
{
    const auto sent = co_await m_inner.write(bytes);
    if (sent)
        shielded([&] { append(m_captured->reply_body, bytes, m_limit); });
    co_return sent;
}

} // namespace tokenscope::gateway
