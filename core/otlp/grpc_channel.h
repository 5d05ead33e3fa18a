// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "net/client_connection.h"
#include "otlp/http2_session.h"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tokenscope::otlp {

/// An HTTP/2 connection to a collector. Reading and writing go on side by side, also between two calls whenever the loop
/// runs, so that the server's wish to close is known before the next call. Kept alive by its own coroutines until it is
/// closed. Used on one I/O thread, one call at a time.
class GrpcChannel : public std::enable_shared_from_this<GrpcChannel> {
public:
    /// What became of a call. `broken` says why the connection ended before the reply did.
    struct Answer {
        Http2Session::Reply reply;
        bool ended = false;
        bool heard = false; ///< something of the reply has come: the server has begun to work on it
        std::string broken;
    };

    /// `connection` is open.
    explicit GrpcChannel(net::ConnectionPtr connection);

    void start();
    /// Whether another call may be made.
    bool usable() const { return !m_closed && m_session.may_submit(); }
    /// Ends when there is an answer or the connection breaks; once `stop` is cancelled, the connection is closed.
    net::Task<Answer> call(Http2Session::Request request, CancelToken stop);
    void close();

    /// For explaining a server that does not speak HTTP/2.
    const Http2Session& session() const { return m_session; }

private:
    static net::Task<void> read_all(std::shared_ptr<GrpcChannel> self);
    static net::Task<void> write_all(std::shared_ptr<GrpcChannel> self);
    net::Task<void> changed();
    void signal() { m_changed.cancel(); }

    const net::ConnectionPtr m_connection;
    Http2Session m_session;
    boost::asio::steady_timer m_changed; ///< cancelled to wake whoever waits
    std::vector<char> m_input;
    std::string m_output;
    std::string m_broken;
    bool m_closed = false;
};

} // namespace tokenscope::otlp
