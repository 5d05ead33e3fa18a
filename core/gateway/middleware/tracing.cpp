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

/// Whether a request's target is this path, which of nearly all of them its length or one letter denies.
bool is_at(std::string_view path, std::string_view target)
{
    const auto size = path.size();
    return size > 0 && size <= target.size() && target[size - 1] == path[size - 1] && path_of(target) == path;
}

void note_error(RequestContext& context, unsigned status)
{
    auto& span = context.span;
    const auto& error = context.error;
    if (status == gone_status)
        span.abandon(to_string(ErrorCode::client_gone), "The client closed the connection.");
    else if (error && (status >= 500 || status < 400)) // below 400: a stream that broke
        telemetry::note_error(span, *error);
    else if (error)
        span.abandon(to_string(error->code), error->message);
    else if (status >= 500)
        span.fail(fmt::to_string(status), fmt::format("The request was answered with {}.", status));
}

void note_end(RequestContext& context)
{
    auto& span = context.span;
    const auto& exchange = context.exchange;
    const auto method = known_method(exchange.method());
    // No status: the handler has thrown or was destroyed before it had an answer.
    const auto counted = counted_status(exchange);
    const auto status = counted == 0 ? 500U : counted;
    span.rename({"HTTP ", method, " ", context.route});
    span.set("http.method", method);
    span.set("http.route", context.route);
    span.set("http.status_code", status);
    span.set("http.request_id", context.request_id);
    note_error(context, status);
}

/// Says on the request's span how it ended.
void finish(RequestContext& context) noexcept
{
    shielded([&context] { note_end(context); });
    context.span.end();
}

} // namespace

Handler with_tracing(const telemetry::Tracer& tracer, std::vector<std::string> untraced, Handler next)
{
    return [&tracer, untraced = std::move(untraced), next = std::move(next)](RequestContext& context) {
        const std::string_view target = context.exchange.target();
        if (!tracer.enabled() || std::any_of(untraced.begin(), untraced.end(), [target](const std::string& path) {
                return is_at(path, target);
            }))
            return next(context);
        context.traced = true;
        context.span =
            tracer.begin(trace_parent(context.exchange.headers()), context.exchange.accepted(), context.trace);
        if (context.span.recording())
            context.at_end = finish;
        return next(context);
    };
}

} // namespace tokenscope::gateway
