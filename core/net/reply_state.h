// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "net/append_body.h"
#include "net/connection_pool.h"
#include "net/http_io.h"
#include "net/upstream_reply.h"

#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tokenscope::net {

/// Reads one reply off a connection. An upstream is trusted no more than a client: what it sends in front of, between and
/// behind the bytes of the body is bounded, and a framing that could be read in two ways is an error.
class UpstreamReply::State {
public:
    static constexpr std::size_t max_head = 64 * 1024;
    static constexpr unsigned max_interim = 16; ///< 1xx answers before the real one

    State(std::shared_ptr<ConnectionPool> pool, ConnectionPtr connection, std::chrono::milliseconds idle_timeout,
          bool without_body, CancelToken cancel);
    ~State();

    /// `written`: how sending the request ended, which explains a missing reply best.
    Task<Result<void>> read_head(IoError written, std::function<void()> on_first_byte);
    Task<Result<std::string_view>> read_some();

    unsigned status() const { return m_parser->get().result_int(); }
    const Headers& headers() const { return m_headers; }

private:
    using Parser = boost::beast::http::response_parser<AppendBody>;

    void begin_message();
    bool begins_like_http();
    Result<bool> parse_head();
    std::optional<Error> check_head() const;
    void finish();
    Error bad_reply(std::string why) const;

    const std::shared_ptr<ConnectionPool> m_pool;
    ConnectionPtr m_connection; ///< empty once it has been given back or closed
    const std::chrono::milliseconds m_idle_timeout;
    const bool m_without_body;             ///< the answer to HEAD
    ChunkExtensionCheck m_extension_check; ///< the parser refers to it
    std::unique_ptr<Parser> m_parser;
    CancelRegistration m_cancellation;
    Headers m_headers;
    std::string m_chunk;
    std::size_t m_head_bytes = 0;
    unsigned m_interim = 0;
    bool m_begun = false;          ///< the message has been seen to begin like one
    std::optional<Error> m_broken; ///< what comes after the bytes already decoded
    bool m_complete = false;
};

} // namespace tokenscope::net
