// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "net/client_connection.h"
#include "net/dial.h"
#include "net/proxy.h"
#include "net/resolver.h"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tokenscope::net {

/// Makes connections: name, TCP, the proxy's tunnel and TLS. Everything together is bounded by the timeout and ends at once
/// when cancelled. Errors name the proxy where there is one, and never its password. Used on one I/O thread.
class Connector {
public:
    /// `tls` must outlive it.
    Connector(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, Resolver::Lookup lookup,
              std::chrono::milliseconds head_start);

    /// `connection` is a new one. To an http origin behind a proxy it leads to the proxy, to an https one through it.
    Task<Result<void>> connect(ConnectionPtr connection, Url origin, std::optional<Proxy> proxy,
                               std::chrono::milliseconds timeout, CancelToken cancel);

    /// What a connection is called: "https://host:port", and the proxy.
    static std::string name(const Url& origin, const std::optional<Proxy>& proxy);

private:
    Task<Result<void>> open_socket(ClientConnection& connection, const Url& server, bool is_proxy);
    Task<Result<void>> open_tunnel(ClientConnection& connection, const Url& origin, const Proxy& proxy);
    Task<Result<void>> start_tls(ClientConnection& connection, const Url& origin);

    const boost::asio::any_io_executor m_executor;
    boost::asio::ssl::context& m_tls;
    Resolver m_resolver;
    const std::chrono::milliseconds m_head_start;
};

/// What a proxy's 407 means, with what to do.
Error proxy_wants_credentials(const Proxy& proxy);

} // namespace tokenscope::net
