// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/logging.h"

#include "base/ids.h"
#include "gateway/error_reply.h"
#include "gateway/router.h"

#include <exception>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

using telemetry::Field;
using telemetry::Level;

namespace {

Level level_for(unsigned status)
{
    if (status >= 500)
        return Level::error;
    return status >= 400 && status != 499 ? Level::warn : Level::info;
}

/// What a client or an upstream wrote goes into a line only as far as this: one request must not flush the log's history.
std::string_view bounded(std::string_view text)
{
    return text.substr(0, 1'024);
}

void write_line(telemetry::Logger& log, const RequestContext& context, Nanos duration)
{
    const auto& exchange = context.exchange;
    const auto status = counted_status(exchange);
    // An error inside a stream leaves the status at 200, and is no less an error.
    const auto level = context.error && status < 400 ? Level::error : level_for(status);
    if (!log.enabled(level))
        return;
    const auto peer = exchange.peer();
    std::vector<Field> fields = {
        {"request_id", context.request_id},
        {"method", exchange.method()},
        {"path", bounded(path_of(exchange.target()))},
        {"route", context.route},
        {"status", status},
        {"duration_ms", seconds(duration) * 1e3},
        {"peer", peer},
        {"bytes_in", exchange.bytes_received()},
        {"bytes_out", exchange.bytes_sent()},
    };
    const telemetry::HexId trace_id(context.trace.trace_id);
    const telemetry::HexId span_id(context.trace.span_id);
    if (context.traced) {
        const auto after_request_id = fields.begin() + 1;
        fields.insert(after_request_id, {Field{"trace_id", trace_id.view()}, Field{"span_id", span_id.view()}});
    }
    if (!context.provider.empty()) {
        fields.push_back({"provider", context.provider});
        fields.push_back({"model", bounded(context.model)});
    }
    if (context.usage.prompt)
        fields.push_back({"input_tokens", *context.usage.prompt});
    if (context.usage.completion)
        fields.push_back({"output_tokens", *context.usage.completion});
    if (context.error) {
        fields.push_back({"error", to_string(context.error->code)});
        fields.push_back({"error_message", bounded(recordable_message(*context.error))});
    }
    log.log(level, "request", fields);
}

net::Task<void> run(telemetry::Logger& log, const Clock& clock, const Handler& next, RequestContext& context)
{
    auto& exchange = context.exchange;
    const auto offered = exchange.header("x-request-id");
    context.request_id = is_usable_request_id(offered) ? std::string(offered) : random_hex(16);
    exchange.add_reply_header("x-request-id", context.request_id);
    bool threw = false;
    try {
        co_await next(context);
    } catch (const std::exception& exception) {
        threw = true;
        context.error = Error{.code = ErrorCode::internal,
                              .message = "The gateway failed at this request. Please report it with its request id.",
                              .detail = exception.what()};
    }
    if (threw && exchange.status() == 0)
        co_await exchange.reply(error_reply(*context.error, context.error_shape()));
    write_line(log, context, clock.now() - exchange.accepted());
}

} // namespace

Handler with_logging(telemetry::Logger& log, const Clock& clock, Handler next)
{
    return [&log, &clock, next = std::move(next)](RequestContext& context) { return run(log, clock, next, context); };
}

} // namespace tokenscope::gateway
