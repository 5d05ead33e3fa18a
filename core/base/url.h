// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tokenscope {

/// The base URL of an HTTP server, already checked: its parts may go into a request line and a Host header as they are.
struct Url {
    std::string scheme;     ///< "http" or "https"
    std::string host;       ///< lower case; IPv6 without brackets
    std::uint16_t port = 0; ///< never 0: 80 or 443 where the text names none
    std::string path;       ///< prefix for request targets: "" or "/v1", without a trailing slash
    bool tls = false;

    /// "host", or "host:port" where the port is not the scheme's own; IPv6 in brackets.
    std::string host_header() const;
    /// The shortest text that parses to the same value, e.g. "http://127.0.0.1:11434".
    std::string to_string() const;

    bool operator==(const Url&) const = default;
};

/// Accepts http and https with a host name, an IPv4 or a bracketed IPv6 address, a port of 1 to 65535 and a path. Refuses
/// user info, query, fragment, IPv6 zones, control characters and anything not ASCII. Errors have ErrorCode::config and
/// never repeat user info.
Result<Url> parse_url(std::string_view text);

/// An address to listen on.
struct HostPort {
    std::string host;       ///< lower case; IPv6 without brackets
    std::uint16_t port = 0; ///< 0: any free one

    std::string to_string() const;

    bool operator==(const HostPort&) const = default;
};

/// "host:port" or "[ipv6]:port"; both parts are required. Errors have ErrorCode::config.
Result<HostPort> parse_host_port(std::string_view text);

/// Whether only this machine can reach the host: "localhost", 127.0.0.0/8, ::1 and their mapped forms. `host` has no
/// brackets. Names are not looked up.
bool is_loopback_host(std::string_view host);

} // namespace tokenscope
