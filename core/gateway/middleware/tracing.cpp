// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/tracing.h"

#include "base/shielded.h"
#include "gateway/router.h"
#include "gateway/trace_headers.h"
#include "telemetry/tracing/span_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::gateway {

namespace {

constexpr unsigned gone_status = 499;

/// Says on the request's span how it ended, on every way out, an exception and a destroyed coroutine included.
class ServerSpan {
public:
    explicit ServerSpan(RequestContext& context) : m_context(context) {}
    ~ServerSpan()
    {
        shielded([this] { finish(); });
        m_context.span.end();
    }
    ServerSpan(const ServerSpan&) = delete;
    ServerSpan& operator=(const ServerSpan&) = delete;

private:
    void finish()
    {
        auto& span = m_context.span;
        const auto& exchange = m_context.exchange;
        const auto method = known_method(exchange.method());
        // No status yet: an exception on its way out, which logging turns into a 500.
        const auto counted = counted_status(exchange);
        const auto status = counted == 0 ? 500U : counted;
        span.rename({"HTTP ", method, " ", m_context.route});
        span.set("http.method", method);
        span.set("http.route", m_context.route);
        span.set("http.status_code", status);
        span.set("http.request_id", m_context.request_id);
        note_end(status);
    }

    void note_end(unsigned status)
    {
        auto& span = m_context.span;
        const auto& error = m_context.error;
        if (status == gone_status)
            span.abandon(to_string(ErrorCode::client_gone), "The client closed the connection.");
        else if (error && (status >= 500 || status < 400)) // below 400: a stream that broke
            telemetry::note_error(span, *error);
        else if (error)
            span.abandon(to_string(error->code), error->message);
        else if (status >= 500)
            span.fail(fmt::to_string(status), fmt::format("The request was answered with {}.", status));
    }

    RequestContext& m_context;
};

net::Task<void> run(const Handler& next, RequestContext& context)
{
    const ServerSpan ending(context);
    co_await next(context);
}

} // namespace

Handler with_tracing(const telemetry::Tracer& tracer, std::vector<std::string> untraced, Handler next)
{
    return [&tracer, untraced = std::move(untraced), next = std::move(next)](RequestContext& context) {
        if (!tracer.enabled()
            || std::find(untraced.begin(), untraced.end(), path_of(context.exchange.target())) != untraced.end())
            return next(context);
        auto begun = tracer.begin(trace_parent(context.exchange.headers()), context.exchange.accepted());
        context.traced = true;
        context.trace = std::move(begun.context);
        context.span = std::move(begun.span);
        return context.span.recording() ? run(next, context) : next(context);
    };
}

} // namespace tokenscope::gateway
