// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/upstream_headers.h"

#include "gateway/middleware/key_ring.h"
#include "gateway/trace_headers.h"
#include "net/headers.h"

namespace tokenscope::gateway {

providers::Headers upstream_headers(const RequestContext& context, bool hide_credentials)
{
    const auto& client = context.exchange.headers();
    providers::Headers headers;
    headers.reserve(client.size() + 2);
    for (const auto& field : client) {
        const bool stays_here =
            net::is_connection_option(client, field.first) || (context.traced && is_trace_header(field.first))
            || net::same_header(field.first, "x-request-id") || (hide_credentials && is_client_credential(field.first));
        if (!stays_here)
            headers.push_back(field);
    }
    if (context.traced && !context.trace.tracestate.empty())
        headers.emplace_back("tracestate", context.trace.tracestate);
    headers.emplace_back("x-request-id", context.request_id);
    return headers;
}

} // namespace tokenscope::gateway
