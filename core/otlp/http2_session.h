// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct nghttp2_session;

namespace tokenscope::otlp {

/// The client's side of one HTTP/2 connection, without a socket: bytes in, bytes out. One request at a time. nghttp2 does
/// the framing, header compression, flow control and answers to PING and SETTINGS.
class Http2Session {
public:
    static constexpr std::size_t max_fields = 32 * 1024; ///< bytes of a reply's headers and trailers
    static constexpr std::size_t max_body = 64 * 1024;

    struct Request {
        net::Headers fields; ///< pseudo headers first; names in lower case
        std::string body;
    };
    struct Reply {
        unsigned status = 0; ///< 0: none has arrived
        net::Headers fields; ///< headers and then trailers
        std::string body;
        bool complete = false;              ///< ended as it should
        std::optional<std::uint32_t> reset; ///< HTTP/2's code of the end otherwise
        std::string fault;                  ///< why we ended it: e.g. it is too long
    };

    Http2Session();
    ~Http2Session();
    Http2Session(const Http2Session&) = delete;
    Http2Session& operator=(const Http2Session&) = delete;

    /// False where the server takes no further requests on this connection (GOAWAY).
    bool may_submit() const;
    /// Begins a request; false if that is not possible. The one before must have been taken.
    bool submit(Request request);
    /// Whether there is something to take: the reply has ended.
    bool ended() const;
    /// What has arrived of the reply so far; the request is over then, complete or not.
    Reply take();

    /// What came from the server; false when the connection is of no more use.
    bool receive(std::string_view bytes);
    /// What is to be sent, as far as the server has room for it: up to about `limit` bytes, or nothing.
    std::string output(std::size_t limit);
    /// False once both sides are through, e.g. after a breach of protocol.
    bool alive() const;

    /// What is wrong with the connection, or empty.
    const std::string& fault() const { return m_fault; }
    /// Whether the server has sent a frame, so that it speaks HTTP/2.
    bool spoken() const { return m_frames > 0; }
    /// The first bytes that came, at most nine: a server of another protocol is known by them.
    const std::string& first_bytes() const { return m_first; }

private:
    struct Call;
    struct Callbacks;

    std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> m_session;
    std::unique_ptr<Call> m_call;
    std::string m_first;
    std::string m_fault;
    std::size_t m_frames = 0;
};

} // namespace tokenscope::otlp
