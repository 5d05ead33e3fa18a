// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/tracing.h"

#include <utility>

namespace tokenscope::gateway {

Handler with_tracing(Handler next)
{
    return [next = std::move(next)](RequestContext& context) {
        const auto& exchange = context.exchange;
        const auto parent =
            telemetry::parse_trace_context(exchange.header("traceparent"), exchange.header("tracestate"));
        context.trace = parent ? telemetry::child_of(*parent) : telemetry::new_trace(false);
        return next(context);
    };
}

} // namespace tokenscope::gateway
