// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/upstream.h"

#include "telemetry/request_observation.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace tokenscope::providers {

namespace {

constexpr std::size_t max_reply_bytes = std::size_t{64} << 20;
constexpr std::chrono::milliseconds listing_timeout{5'000};
constexpr std::string_view cors_prefix = "access-control-";

/// Not forwarded: the client's connection is not the upstream's, cookies and origins are a browser's business with us, and
/// a compressed reply could not be measured.
bool stays_here(std::string_view name)
{
    return net::is_hop_by_hop(name) || net::same_header(name, "host") || net::same_header(name, "accept-encoding")
           || net::same_header(name, "cookie") || net::same_header(name, "origin") || net::same_header(name, "referer")
           || net::same_header(name, "content-type");
}

} // namespace

Upstream::Upstream(net::HttpClient& client, config::Provider settings, Url base)
    : m_client(client), m_settings(std::move(settings)), m_base(std::move(base))
{
}

Upstream Upstream::below(std::string_view path) const
{
    Url base = m_base;
    base.path += path;
    return {m_client, m_settings, std::move(base)};
}

net::UpstreamRequest Upstream::prepare(std::string_view method, std::string_view target, Headers client) const
{
    net::UpstreamRequest request;
    request.method = method;
    request.origin = m_base;
    request.target = m_base.path + std::string(target);
    request.connect_timeout = m_settings.connect_timeout;
    request.idle_timeout = m_settings.idle_timeout;
    request.headers.reserve(client.size() + 4);
    request.headers.emplace_back("Accept-Encoding", "identity");
    const bool own_key = !m_settings.api_key.empty();
    const bool anthropic = m_settings.kind == config::ProviderKind::anthropic;
    const bool without_version = net::find_header(client, "anthropic-version").empty();
    // Clients of Anthropic's API send their key as that wants it.
    std::string key;
    if (!own_key && !anthropic && net::find_header(client, "authorization").empty())
        key = net::find_header(client, "x-api-key");
    for (auto& [name, value] : client) {
        const bool replaced =
            own_key && (net::same_header(name, "authorization") || net::same_header(name, "x-api-key"));
        if (!stays_here(name) && !replaced)
            request.headers.emplace_back(std::move(name), std::move(value));
    }
    // Required; a client that speaks the API itself may want another version.
    if (anthropic && without_version)
        request.headers.emplace_back("anthropic-version", "2023-06-01");
    if (own_key && anthropic)
        request.headers.emplace_back("x-api-key", m_settings.api_key);
    else if (own_key)
        request.headers.emplace_back("Authorization", "Bearer " + m_settings.api_key);
    if (!key.empty())
        request.headers.emplace_back("Authorization", "Bearer " + key);
    return request;
}

Task<Result<net::UpstreamReply>> Upstream::post(std::string_view target, std::string body, ModelCall& call)
{
    auto request = prepare("POST", target, call.headers);
    request.body = std::move(body);
    request.headers.emplace_back("Content-Type", "application/json");
    request.ready_fields = call.trace.field();
    auto& observed = call.observed;
    request.on_connected = [&observed] { observed.connected(); };
    request.on_sent = [&observed] { observed.sent(); };
    request.on_first_byte = [&observed] { observed.first_byte(); };
    co_return co_await m_client.send(std::move(request), call.cancel);
}

Task<Result<net::UpstreamReply>> Upstream::send_listing(std::string_view target, CancelToken cancel)
{
    auto request = prepare("GET", target, {});
    request.connect_timeout = std::min(m_settings.connect_timeout, listing_timeout);
    request.idle_timeout = std::min(m_settings.idle_timeout, listing_timeout);
    co_return co_await m_client.send(std::move(request), std::move(cancel));
}

Task<Result<std::string>> Upstream::get(std::string_view target, CancelToken cancel)
{
    auto reply = co_await send_listing(target, std::move(cancel));
    if (!reply)
        co_return failure(std::move(reply.error()));
    auto body = co_await reply->read_all(max_reply_bytes);
    if (body && reply->status() != 200)
        co_return failure(ErrorCode::upstream_bad_reply,
                          fmt::format("{} answered {} to GET {}.", m_settings.name, reply->status(), target));
    co_return body;
}

Task<Result<void>> Upstream::probe(std::string_view target, CancelToken cancel)
{
    auto reply = co_await send_listing(target, std::move(cancel));
    if (!reply)
        co_return failure(std::move(reply.error()));
    const auto status = reply->status();
    // Not every compatible server lists its models, and without a key of ours clients bring their own.
    const bool key_refused = (status == 401 || status == 403) && !m_settings.api_key.empty();
    if (status >= 500 || key_refused)
        co_return failure(ErrorCode::upstream_bad_reply,
                          fmt::format("{} answered {} to GET {}.", m_settings.name, status, target));
    co_return Result<void>();
}

Task<Result<Reply>> Upstream::ask(SideCall call)
{
    auto request = prepare(call.method, call.target, std::move(call.headers));
    if (!call.body.empty())
        request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(call.body);
    request.ready_fields = call.trace.field();
    auto upstream = co_await m_client.send(std::move(request), std::move(call.cancel));
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    co_return co_await read_reply(*upstream);
}

Headers end_to_end_headers(const net::UpstreamReply& reply)
{
    Headers headers;
    for (const auto& [name, value] : reply.headers()) {
        // Date and x-request-id are written by our own server; which pages may read a reply is for us to say.
        const bool ours = net::same_header(name, "date") || net::same_header(name, "x-request-id")
                          || net::same_header(std::string_view(name).substr(0, cors_prefix.size()), cors_prefix);
        if (!net::is_hop_by_hop(name) && !net::is_connection_option(reply.headers(), name) && !ours)
            headers.emplace_back(name, value);
    }
    return headers;
}

bool is_event_stream(const net::UpstreamReply& reply)
{
    return net::find_header(reply.headers(), "content-type").starts_with("text/event-stream");
}

Task<Result<Reply>> read_reply(net::UpstreamReply& upstream)
{
    Reply reply;
    reply.status = upstream.status();
    reply.headers = end_to_end_headers(upstream);
    auto body = co_await upstream.read_all(max_reply_bytes);
    if (!body)
        co_return failure(std::move(body.error()));
    reply.body = std::move(*body);
    co_return reply;
}

} // namespace tokenscope::providers
