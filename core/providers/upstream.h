// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/url.h"
#include "config/config.h"
#include "net/http_client.h"
#include "providers/provider.h"

#include <string>
#include <string_view>

namespace tokenscope::providers {

/// How a provider that lives behind HTTP talks to its server: addresses, credentials, headers and progress marks.
class Upstream {
public:
    /// `base` is the provider's base_url; its path is put before every target.
    Upstream(net::HttpClient& client, config::Provider settings, Url base);

    const config::Provider& settings() const { return m_settings; }
    const std::string& host() const { return m_base.host; }
    /// The same server, with `path` ("/v1") put behind the base_url's.
    Upstream below(std::string_view path) const;

    Task<Result<net::UpstreamReply>> post(std::string_view target, std::string body, ModelCall& call);
    /// The whole body of a GET; a status other than 200 is an `upstream_bad_reply`.
    Task<Result<std::string>> get(std::string_view target, CancelToken cancel);
    /// Whether the server at least answers GET `target`, and takes our key.
    Task<Result<void>> probe(std::string_view target, CancelToken cancel);
    /// Whatever the server answers.
    Task<Result<Reply>> ask(SideCall call);

private:
    /// A request with the headers that every request has, and those of the client's that may go on.
    net::UpstreamRequest prepare(std::string_view method, std::string_view target, Headers client) const;
    Task<Result<net::UpstreamReply>> send_listing(std::string_view target, CancelToken cancel);

    net::HttpClient& m_client;
    const config::Provider m_settings;
    const Url m_base;
};

/// What of the upstream's reply headers concerns the client.
Headers end_to_end_headers(const net::UpstreamReply& reply);

/// Whether the reply's body is server-sent events.
bool is_event_stream(const net::UpstreamReply& reply);

/// A reply that is not a stream, as it came.
Task<Result<Reply>> read_reply(net::UpstreamReply& upstream);

} // namespace tokenscope::providers
