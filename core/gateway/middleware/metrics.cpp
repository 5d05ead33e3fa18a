// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/metrics.h"

#include "gateway/router.h"

#include <optional>
#include <string>
#include <utility>

namespace tokenscope::gateway {

namespace {

/// Ends the count on every way out, an exception and a destroyed coroutine included.
class Counting {
public:
    Counting(telemetry::HttpMetrics& metrics, const Clock& clock, const RequestContext& context)
        : m_metrics(metrics), m_clock(clock), m_context(context)
    {
        m_metrics.started();
    }
    ~Counting()
    {
        const auto& exchange = m_context.exchange;
        // No status yet: an exception on its way out, which logging turns into a 500.
        const auto status = counted_status(exchange);
        std::optional<telemetry::HexId<std::tuple_size_v<telemetry::TraceId>>> trace_id;
        if (m_context.sampled())
            trace_id.emplace(m_context.trace.trace_id);
        m_metrics.finished({.method = exchange.method(),
                            .route = m_context.route,
                            .status = status == 0 ? 500 : status,
                            .duration = m_clock.now() - exchange.accepted(),
                            .request_bytes = exchange.bytes_received(),
                            .response_bytes = exchange.bytes_sent(),
                            .trace_id = trace_id ? trace_id->view() : std::string_view()});
    }
    Counting(const Counting&) = delete;
    Counting& operator=(const Counting&) = delete;

private:
    telemetry::HttpMetrics& m_metrics;
    const Clock& m_clock;
    const RequestContext& m_context;
};

net::Task<void> run(telemetry::HttpMetrics& metrics, const Clock& clock, const Handler& next, RequestContext& context)
{
    const Counting counting(metrics, clock, context);
    co_await next(context);
}

} // namespace

Handler with_metrics(telemetry::HttpMetrics& metrics, const Clock& clock, std::set<std::string, std::less<>> uncounted,
                     Handler next)
{
    return [&metrics, &clock, uncounted = std::move(uncounted), next = std::move(next)](RequestContext& context) {
        if (uncounted.contains(path_of(context.exchange.target())))
            return next(context);
        return run(metrics, clock, next, context);
    };
}

} // namespace tokenscope::gateway
