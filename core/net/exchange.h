// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/headers.h"
#include "net/task.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::net {

/// A whole reply. Content-Length, Date and Connection are written by the server.
struct Response {
    unsigned status = 200;
    Headers headers;
    std::string body;
};

/// One request as the server sees it, and the way to answer it. Every write ends with an error once the client has gone.
/// Used on the connection's I/O thread, and only until its handler returns.
class Exchange {
public:
    virtual ~Exchange() = default;

    // The request's head. Views hold as long as the exchange.
    virtual std::string_view method() const = 0;                      ///< as sent, e.g. "POST"
    virtual std::string_view target() const = 0;                      ///< path and query, as sent
    virtual std::string_view header(std::string_view name) const = 0; ///< first value, or empty
    virtual const Headers& headers() const = 0;
    virtual std::string peer() const = 0; ///< "127.0.0.1:50314"
    virtual Instant accepted() const = 0; ///< when the headers had been read
    /// Set where the request was not valid HTTP or too large: the handler only has to refuse it.
    virtual const std::optional<Error>& broken() const = 0;

    virtual Task<Result<std::string>> read_body() = 0;

    /// Fields added to whatever is answered, e.g. x-request-id.
    virtual void add_reply_header(std::string name, std::string value) = 0;
    virtual Task<Result<void>> reply(Response response) = 0;
    /// Sends the head of a streamed reply; its body follows by write() and ends with end_stream(). A handler that returns
    /// without end_stream() breaks the connection, so that the client can tell a cut stream from a complete one.
    virtual Task<Result<void>> begin_stream(unsigned status, Headers headers) = 0;
    virtual Task<Result<void>> write(std::string_view bytes) = 0;
    virtual Task<Result<void>> end_stream() = 0;

    /// Cancelled when the client closes its connection, or the server stops, before the reply is complete.
    virtual CancelToken gone() const = 0;

    virtual unsigned status() const = 0;              ///< of the reply; 0 before there is one
    virtual bool reply_complete() const = 0;          ///< all of it has been handed to the system
    virtual std::uint64_t bytes_sent() const = 0;     ///< of reply body
    virtual std::uint64_t bytes_received() const = 0; ///< of request body
};

} // namespace tokenscope::net
