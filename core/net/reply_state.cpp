// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/reply_state.h"

#include <boost/asio/ssl/error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;

UpstreamReply::State::State(std::shared_ptr<ConnectionPool> pool, ConnectionPtr connection,
                            std::chrono::milliseconds idle_timeout, bool without_body, CancelToken cancel)
    : m_pool(std::move(pool)), m_connection(std::move(connection)), m_idle_timeout(idle_timeout),
      m_without_body(without_body), m_cancellation(cancel.on_cancel([used = m_connection] {
          used->cancelled = true;
          used->abort();
      }))
{
    begin_message();
}

UpstreamReply::State::~State()
{
    if (m_connection)
        m_connection->abort();
}

void UpstreamReply::State::begin_message()
{
    m_parser = std::make_unique<Parser>();
    m_parser->eager(true);
    m_parser->header_limit(static_cast<std::uint32_t>(max_head));
    m_parser->body_limit(boost::none);
    m_parser->skip(m_without_body);
    m_extension_check = {};
    m_parser->on_chunk_header(m_extension_check);
    m_begun = false;
}

/// Until the status line is whole the buffer begins with it. The parser would wait for more of what is none.
bool UpstreamReply::State::begins_like_http()
{
    static constexpr std::string_view start = "HTTP/1.";
    const auto bytes = m_connection->buffer.data();
    const auto size = std::min(bytes.size(), start.size());
    if (!m_begun && start.substr(0, size) != std::string_view(static_cast<const char*>(bytes.data()), size))
        return false;
    m_begun = m_begun || size == start.size();
    return true;
}

Error UpstreamReply::State::bad_reply(std::string why) const
{
    return {.code = ErrorCode::upstream_bad_reply,
            .message = fmt::format("{} sent something that is not HTTP.", m_connection->name),
            .detail = std::move(why)};
}

/// Whether the head of the real answer is complete.
Result<bool> UpstreamReply::State::parse_head()
{
    auto& buffer = m_connection->buffer;
    if (!begins_like_http())
        return failure(bad_reply("It does not begin with HTTP/1."));
    auto error = feed(*m_parser, buffer);
    while (!error && m_parser->is_header_done() && status() < 200) {
        // Interim answers (100 Continue, 103 Early Hints) only announce the real one; 101 would end HTTP here.
        if (status() == 101 || ++m_interim > max_interim)
            return failure(bad_reply("Too many interim answers, or a change of protocol that was not asked for."));
        m_head_bytes = buffer.size();
        begin_message();
        if (!begins_like_http())
            return failure(bad_reply("Something stands between its interim answer and the real one."));
        error = feed(*m_parser, buffer);
    }
    if (!m_parser->is_header_done()) {
        if (error)
            return failure(m_connection->explain_bad_reply(error));
        // The parser's own limit counts from the last whole field.
        if (m_head_bytes > max_head)
            return failure(bad_reply("Its headers are too large."));
        return false;
    }
    if (error)
        m_broken = m_connection->explain_bad_reply(error);
    return true;
}

/// A body whose coding nobody undoes would be taken for its end, or for text.
std::optional<Error> UpstreamReply::State::check_head() const
{
    const auto count = [&](std::string_view wanted) {
        return std::count_if(m_headers.begin(), m_headers.end(),
                             [&](const auto& field) { return same_header(field.first, wanted); });
    };
    const auto codings = count("transfer-encoding");
    if (codings == 0)
        return std::nullopt;
    if (codings > 1 || count("content-length") > 0
        || !same_header(find_header(m_headers, "transfer-encoding"), "chunked"))
        return bad_reply("Its Transfer-Encoding is not just \"chunked\".");
    return std::nullopt;
}

Task<Result<void>> UpstreamReply::State::read_head(IoError written, std::function<void()> on_first_byte)
{
    bool done = false;
    while (!done) {
        m_connection->guard.arm(m_idle_timeout);
        const auto before = m_connection->buffer.size();
        const auto error = co_await fill(m_connection->stream, m_connection->buffer);
        m_head_bytes += m_connection->buffer.size() - before;
        if (error)
            co_return failure(
                m_connection->explain(ErrorCode::upstream_reset,
                                      fmt::format("{} closed the connection {} an answer.", m_connection->name,
                                                  m_connection->answered ? "inside" : "without"),
                                      written ? written : error));
        if (!m_connection->answered && on_first_byte)
            on_first_byte();
        m_connection->answered = true;
        const auto parsed = parse_head();
        if (!parsed)
            co_return failure(parsed.error());
        done = *parsed;
    }
    m_connection->guard.disarm();
    for (const auto& field : m_parser->get().base())
        m_headers.emplace_back(field.name_string(), field.value());
    if (auto error = check_head())
        co_return failure(std::move(*error));
    co_return Result<void>();
}

void UpstreamReply::State::finish()
{
    m_complete = true;
    m_cancellation = {};
    m_connection->guard.disarm();
    // Bytes behind the reply's end belong to no request of ours.
    if (m_parser->get().keep_alive() && m_connection->buffer.size() == 0)
        m_pool->give(std::move(m_connection), std::chrono::steady_clock::now());
    else
        m_connection->stream.close();
    m_connection.reset();
}

Task<Result<std::string_view>> UpstreamReply::State::read_some()
{
    auto& body = m_parser->get().body();
    m_chunk.clear();
    while (true) {
        if (!body.empty()) {
            std::swap(m_chunk, body);
            if (m_parser->is_done())
                finish();
            co_return std::string_view(m_chunk);
        }
        if (!m_complete && m_parser->is_done())
            finish();
        if (m_complete)
            co_return std::string_view();
        if (m_broken)
            co_return failure(*m_broken);

        const auto connection = m_connection;
        connection->guard.arm(m_idle_timeout);
        auto error = co_await fill(connection->stream, connection->buffer);
        connection->guard.disarm();
        const bool ended = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
        if (error && !ended)
            co_return failure(
                connection->explain(ErrorCode::upstream_reset,
                                    fmt::format("{} broke the connection inside its reply.", connection->name), error));
        error = feed(*m_parser, connection->buffer);
        if (!error && ended && !m_parser->is_done())
            m_parser->put_eof(error);
        if (error)
            m_broken = connection->explain_bad_reply(error);
        // What the parser leaves is a part of a chunk's head or of the trailer, neither of which it limits.
        else if (!m_parser->is_done() && connection->buffer.size() > max_head)
            m_broken = bad_reply("Its chunk extensions or trailer fields are too large.");
    }
}

} // namespace tokenscope::net
