// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/upstream_headers.h"

#include "gateway/middleware/key_ring.h"
#include "net/headers.h"

#include <algorithm>
#include <string_view>

namespace tokenscope::gateway {

namespace {

/// Whether a Connection field's list names the field: then it concerns this connection only (RFC 9110, 7.6.1).
bool lists(std::string_view connection, std::string_view name)
{
    while (!connection.empty()) {
        const auto comma = connection.find(',');
        auto option = connection.substr(0, comma);
        connection.remove_prefix(comma == std::string_view::npos ? connection.size() : comma + 1);
        option.remove_prefix(std::min(option.find_first_not_of(" \t"), option.size()));
        option = option.substr(0, option.find_last_not_of(" \t") + 1);
        if (net::same_header(option, name))
            return true;
    }
    return false;
}

} // namespace

providers::Headers upstream_headers(const RequestContext& context, bool hide_credentials)
{
    auto headers = context.exchange.headers();
    const auto connection = context.exchange.header("connection");
    std::erase_if(headers, [&](const auto& field) {
        return lists(connection, field.first) || net::same_header(field.first, "traceparent")
               || net::same_header(field.first, "x-request-id")
               || (hide_credentials && is_client_credential(field.first));
    });
    headers.emplace_back("traceparent", telemetry::traceparent(context.trace));
    headers.emplace_back("x-request-id", context.request_id);
    return headers;
}

} // namespace tokenscope::gateway
