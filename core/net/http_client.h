// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/url.h"
#include "net/connection_pool.h"
#include "net/connector.h"
#include "net/headers.h"
#include "net/proxy.h"
#include "net/task.h"
#include "net/tls.h"
#include "net/upstream_reply.h"
#include "net/watchdog.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace tokenscope::net {

struct UpstreamRequest {
    std::string method = "GET";
    Url origin;                    ///< scheme, host and port; its path is not used
    std::string target;            ///< "/v1/models"
    Headers headers;               ///< Host, Content-Length and Connection are written by the client
    std::string_view ready_fields; ///< more of them, our own, each a line with its end; must outlive send()
    std::string body;
    std::chrono::milliseconds connect_timeout{5'000}; ///< name, TCP and TLS together
    std::chrono::milliseconds idle_timeout{300'000};  ///< longest silence before and between bytes
    // Progress, for whoever measures; each may be empty. A retry on a new connection reports again.
    std::function<void()> on_connected, on_sent, on_first_byte;
};

struct HttpClientOptions {
    ProxyRules proxies;
    PoolLimits pool;
    Resolver::Lookup lookup = Resolver::system_lookup; ///< of host names
    std::chrono::milliseconds head_start =
        Dial::default_head_start; ///< of a connection attempt before the next address
};

/// HTTP/1.1 client with a pool of kept-alive connections per origin, directly or through proxies. One I/O thread.
/// Errors: upstream_unreachable, upstream_tls, upstream_reset, upstream_bad_reply, upstream_timeout, client_gone (cancelled);
/// config for a request that cannot be written (a header with a line break, an unusable proxy).
class HttpClient {
public:
    /// `tls` verifies upstreams; it and `watchdog` must outlive the client.
    HttpClient(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, Watchdog& watchdog,
               HttpClientOptions options = {});
    ~HttpClient();

    /// Sends and waits for the reply's head. A pooled connection that turns out to be dead is replaced by a new one, once,
    /// and only if not one byte of a reply had arrived.
    Task<Result<UpstreamReply>> send(UpstreamRequest request, CancelToken cancel);

    /// Idle connections kept now.
    std::size_t idle_connections() const { return stats().idle; }
    PoolStats stats() const { return m_pool->stats(); }
    /// Closes the idle connections.
    void close_idle() { m_pool->close_all(); }

private:
    struct Plan;

    Task<Result<ConnectionPtr>> connect(const UpstreamRequest& request, const Plan& plan, CancelToken cancel);
    Task<Result<UpstreamReply>> exchange(const UpstreamRequest& request, const Plan& plan, ConnectionPtr connection,
                                         CancelToken cancel);

    const boost::asio::any_io_executor m_executor;
    Watchdog& m_watchdog;
    const ProxyRules m_proxies;
    Connector m_connector;
    const std::shared_ptr<ConnectionPool> m_pool; ///< shared with the replies that give connections back
};

} // namespace tokenscope::net
