// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/origin.h"

#include "base/url.h"
#include "gateway/error_reply.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace tokenscope::gateway {

namespace {

std::optional<Error> check(const net::Exchange& exchange)
{
    // HTTP/1.0 clients, and no browser, leave the Host out.
    const auto host = exchange.header("host");
    if (!host.empty() && !is_local_host_header(host))
        return Error{.code = ErrorCode::forbidden,
                     .message = fmt::format("The Host \"{}\" is not this machine. Use localhost or 127.0.0.1.", host)};
    const auto origin = exchange.header("origin");
    if (origin.empty())
        return std::nullopt;
    const auto url = parse_url(origin);
    if (url && is_loopback_host(url->host))
        return std::nullopt;
    return Error{.code = ErrorCode::forbidden,
                 .message = fmt::format("Pages of \"{}\" may not use this gateway.", origin)};
}

net::Task<void> refuse(RequestContext& context, Error error)
{
    context.error = std::move(error);
    co_await context.exchange.reply(error_reply(*context.error, context.error_shape()));
}

} // namespace

bool is_local_host_header(std::string_view host)
{
    const auto bracket = host.find(']');
    if (host.starts_with('[') && bracket != std::string_view::npos)
        return is_loopback_host(host.substr(1, bracket - 1));
    return is_loopback_host(host.substr(0, host.find(':')));
}

Handler with_origin_check(Handler next)
{
    return [next = std::move(next)](RequestContext& context) {
        // What is not even HTTP is refused as that.
        if (!context.exchange.broken())
            if (auto error = check(context.exchange))
                return refuse(context, std::move(*error));
        return next(context);
    };
}

} // namespace tokenscope::gateway
