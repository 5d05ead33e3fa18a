// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/client_connection.h"

#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <utility>

namespace tokenscope::net {

namespace http = boost::beast::http;

ClientConnection::ClientConnection(const boost::asio::any_io_executor& executor, Watchdog& watchdog, std::string label,
                                   std::shared_ptr<std::size_t> open)
    : stream(Stream::Socket(executor)), guard(watchdog, [this] { abort(); }), name(std::move(label)),
      m_open(std::move(open))
{
    ++*m_open;
}

ClientConnection::~ClientConnection()
{
    --*m_open;
}

void ClientConnection::abort()
{
    if (interrupt)
        interrupt();
    stream.close();
}

Error ClientConnection::explain(ErrorCode code, std::string message, std::string detail) const
{
    if (cancelled)
        return {.code = ErrorCode::client_gone, .message = "The request was cancelled."};
    if (guard.expired())
        return {.code = ErrorCode::upstream_timeout,
                .message = fmt::format("No answer from {} in time.", name),
                .detail = std::move(detail)};
    return {.code = code, .message = std::move(message), .detail = std::move(detail)};
}

Error ClientConnection::explain(ErrorCode code, std::string message, const IoError& error) const
{
    return explain(code, std::move(message), error ? error.message() : std::string());
}

Error ClientConnection::explain_bad_reply(const IoError& error) const
{
    if (error == http::error::partial_message)
        return {.code = ErrorCode::upstream_reset,
                .message = fmt::format("{} closed the connection before its reply was complete.", name)};
    return {.code = ErrorCode::upstream_bad_reply,
            .message = fmt::format("{} sent something that is not HTTP.", name),
            .detail = error.message()};
}

} // namespace tokenscope::net
