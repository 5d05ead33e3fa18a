// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/url.h"
#include "net/headers.h"
#include "net/task.h"
#include "net/watchdog.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::net {

struct ClientConnection;

struct UpstreamRequest {
    std::string method = "GET";
    Url origin;         ///< scheme, host and port; its path is not used
    std::string target; ///< "/v1/models"
    Headers headers;    ///< Host, Content-Length and Connection are written by the client
    std::string body;
    std::chrono::milliseconds connect_timeout{5'000}; ///< name, TCP and TLS together
    std::chrono::milliseconds idle_timeout{300'000};  ///< longest silence before and between bytes
    // Progress, for whoever measures; each may be empty. A retry on a new connection reports again.
    std::function<void()> on_connected, on_sent, on_first_byte;
};

/// An upstream's reply: its head, and a body to be pulled. Dropping it before the body's end closes the connection, which
/// is how an upstream learns that nobody wants the rest; at the end the connection goes back to the pool.
class UpstreamReply {
public:
    UpstreamReply(UpstreamReply&&) noexcept;
    UpstreamReply& operator=(UpstreamReply&&) noexcept;
    ~UpstreamReply();

    unsigned status() const;
    const Headers& headers() const;

    /// What has arrived since the last call, decoded from its transfer coding, at least one byte; empty at the body's
    /// end. Waits for nothing more than the next bytes. The view holds until the next call.
    Task<Result<std::string_view>> read_some();
    /// The whole body; `upstream_bad_reply` if it is longer than `limit`.
    Task<Result<std::string>> read_all(std::size_t limit);

private:
    friend class HttpClient;
    struct State;
    explicit UpstreamReply(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// HTTP/1.1 client with a pool of kept-alive connections per origin. One I/O thread.
/// Errors: upstream_unreachable, upstream_tls, upstream_reset, upstream_bad_reply, upstream_timeout, client_gone (cancelled).
class HttpClient {
public:
    /// `tls` verifies upstreams; both arguments must outlive the client.
    HttpClient(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, Watchdog& watchdog);
    ~HttpClient();

    /// Sends and waits for the reply's head. A pooled connection that turns out to be dead is replaced by a new one, once,
    /// and only if not one byte of a reply had arrived.
    Task<Result<UpstreamReply>> send(UpstreamRequest request, CancelToken cancel);

    /// Idle connections kept now.
    std::size_t idle_connections() const;
    /// Closes the idle connections.
    void close_idle();

private:
    friend class UpstreamReply;
    using ConnectionPtr = std::shared_ptr<ClientConnection>;

    Task<Result<ConnectionPtr>> connect(const UpstreamRequest& request, CancelToken cancel);
    Task<Result<UpstreamReply>> exchange(const UpstreamRequest& request, ConnectionPtr connection, CancelToken cancel);
    ConnectionPtr take_idle(const std::string& key);
    void give_back(ConnectionPtr connection);

    boost::asio::any_io_executor m_executor;
    boost::asio::ssl::context& m_tls;
    Watchdog& m_watchdog;
    std::map<std::string, std::vector<ConnectionPtr>> m_idle;
};

/// A TLS context for clients that trusts the system's authorities.
boost::asio::ssl::context make_client_tls();

} // namespace tokenscope::net
