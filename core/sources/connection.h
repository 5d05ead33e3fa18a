// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tokenscope::sources {

enum class ConnectionKind {
    prometheus, ///< Prometheus' HTTP API, and what speaks it
    page,       ///< a /metrics page, scraped by us
};

enum class AuthKind { none, basic, bearer };

/// How to reach a source over the network. Secrets are kept as they were written: as "${ENV_NAME}", "${keychain:NAME}" or
/// the plain text.
struct Connection {
    std::string id;   ///< made once, never shown: settings refer to it
    std::string name; ///< for people; unique
    ConnectionKind kind = ConnectionKind::prometheus;
    /// Of a Prometheus: what "/api/v1" is appended to, e.g. "https://prom.example/prometheus". Of a page: the page.
    std::string url;
    AuthKind auth = AuthKind::none;
    std::string user;
    std::string secret;                         ///< password or token
    std::map<std::string, std::string> headers; ///< e.g. X-Scope-OrgID; values may be secrets as above
    std::string ca_file;                        ///< PEM; empty: the system's
    std::string certificate_file;               ///< PEM, of the client; empty: none
    std::string key_file;                       ///< PEM; may be the certificate's file
    std::chrono::milliseconds timeout{30'000};
    std::chrono::milliseconds interval{5'000}; ///< of a page: how often it is scraped
    std::int64_t answer_mib = 256; ///< of a Prometheus: a larger answer to a query is given up, MiB unpacked

    bool operator==(const Connection&) const = default;
};

} // namespace tokenscope::sources
