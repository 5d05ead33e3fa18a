// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/url.h"
#include "config/environment.h"
#include "net/no_proxy.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::net {

/// An HTTP proxy that is itself spoken to without TLS.
struct Proxy {
    Url url;                   ///< scheme, host and port; safe to show
    std::string authorization; ///< the value of Proxy-Authorization, "Basic ..."; empty: none. Secret

    bool operator==(const Proxy&) const = default;
};

/// "http://user:password@host:port", or without scheme or user info; the port is 80 where none is named, and a path is
/// ignored. User name and password may be percent-encoded. Errors have ErrorCode::config and never repeat user info.
Result<Proxy> parse_proxy(std::string_view text);

/// Which upstreams are reached through which proxy. Immutable; the default has none.
///
/// Read from the environment as curl and Go do: https_proxy or HTTPS_PROXY for https upstreams, http_proxy or HTTP_PROXY for
/// http ones, all_proxy or ALL_PROXY for both where those are not set, no_proxy or NO_PROXY for the exceptions (see
/// NoProxy). Lower case goes first; an empty value counts as not set. HTTP_PROXY in upper case is ignored inside a CGI (where
/// REQUEST_METHOD is set), because there a client's "Proxy:" header would set it. Hosts of this machine (loopback
/// addresses, localhost and the names below it) are never proxied.
class ProxyRules {
public:
    ProxyRules() = default;
    static ProxyRules from_environment(const config::Env& env);

    /// Nothing: connect directly. An error where the variable that counts for `origin` names a proxy that cannot be used
    /// (e.g. SOCKS): going around a proxy that somebody demands is worse than failing.
    Result<std::optional<Proxy>> proxy_for(const Url& origin) const;

    /// One sentence for each variable that names no usable proxy, without its value; for the log at the start.
    std::vector<std::string> problems() const;

private:
    using Choice = std::optional<Result<Proxy>>;

    Choice m_http, m_https;
    NoProxy m_exceptions;
};

} // namespace tokenscope::net
