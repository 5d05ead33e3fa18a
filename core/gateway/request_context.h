// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "gateway/error_reply.h"
#include "llm/usage.h"
#include "net/exchange.h"
#include "telemetry/trace_context.h"
#include "telemetry/tracing/span.h"
#include "telemetry/tracing/trace_ids.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {
class RequestObservation;
}

namespace tokenscope::gateway {

class CapturingExchange;

/// What the middleware and the handler of one request tell each other.
struct RequestContext {
    ~RequestContext()
    {
        if (at_end)
            at_end(*this);
    }

    net::Exchange& exchange;
    std::string request_id;
    std::string_view route = "<unmatched>"; ///< the matched route's template

    bool traced = false;           ///< tracing is on; where not, the request belongs to no trace of ours
    telemetry::TraceContext trace; ///< of the request's own span
    telemetry::Span span;          ///< the request's; empty where the trace is not sampled
    void (*at_end)(RequestContext&) noexcept = nullptr; ///< on every way out, a destroyed coroutine included

    CapturingExchange* capturing = nullptr; ///< the exchange, where requests are captured

    telemetry::RequestObservation* observation = nullptr; ///< of a request that is to run a model, while it is served

    std::string client; ///< name of the client key it came with; empty where none is asked for

    // For the log line; whatever is not known stays empty.
    std::string provider;
    std::string model;
    llm::Usage usage;
    std::optional<Error> error;

    /// 32 hex digits; empty where tracing is off.
    telemetry::TraceText trace_id() const
    {
        return traced ? telemetry::TraceText(trace.trace_id) : telemetry::TraceText();
    }
    /// For what is asked upstream; none where tracing is off.
    telemetry::TraceParent trace_parent() const
    {
        return traced ? telemetry::TraceParent(trace) : telemetry::TraceParent();
    }
    /// Whether the trace is recorded.
    bool sampled() const { return traced && trace.sampled(); }

    ErrorShape error_shape() const { return error_shape_of(exchange.target()); }
};

using Handler = std::function<net::Task<void>(RequestContext&)>;

/// The status to count and log: what the client got, or 499 where it left before it had the whole reply.
inline unsigned counted_status(const net::Exchange& exchange)
{
    return exchange.reply_complete() || !exchange.gone().cancelled() ? exchange.status() : 499;
}

} // namespace tokenscope::gateway
