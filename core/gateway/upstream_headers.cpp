// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/upstream_headers.h"

#include "gateway/middleware/key_ring.h"
#include "gateway/trace_headers.h"
#include "net/headers.h"

namespace tokenscope::gateway {

providers::Headers upstream_headers(const RequestContext& context, bool hide_credentials)
{
    auto headers = context.exchange.headers();
    std::erase_if(headers, [&](const auto& field) {
        return net::is_connection_option(context.exchange.headers(), field.first)
               || (context.traced && is_trace_header(field.first)) || net::same_header(field.first, "x-request-id")
               || (hide_credentials && is_client_credential(field.first));
    });
    if (context.traced) {
        headers.emplace_back("traceparent", telemetry::traceparent(context.trace));
        if (!context.trace.tracestate.empty())
            headers.emplace_back("tracestate", context.trace.tracestate);
    }
    headers.emplace_back("x-request-id", context.request_id);
    return headers;
}

} // namespace tokenscope::gateway
