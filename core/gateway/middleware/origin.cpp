// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/origin.h"

#include "gateway/middleware/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace tokenscope::gateway {

namespace {

std::ptrdiff_t count(const net::Exchange& exchange, std::string_view name)
{
    const auto& headers = exchange.headers();
    return std::count_if(headers.begin(), headers.end(),
                         [name](const auto& field) { return net::same_header(field.first, name); });
}

Error forbidden(std::string message)
{
    return {.code = ErrorCode::forbidden, .message = std::move(message)};
}

std::optional<Error> check_host(const OriginPolicy& policy, const net::Exchange& exchange)
{
    if (count(exchange, "host") > 1)
        return Error{.code = ErrorCode::invalid_request, .message = "The request has more than one Host."};
    // HTTP/1.0 clients, and no browser, leave the Host out.
    const auto host = exchange.header("host");
    if (host.empty() || policy.allows_host(host))
        return std::nullopt;
    return forbidden(
        fmt::format("The Host {} is not a name of this gateway. Use localhost or 127.0.0.1, or add the name "
                    "to auth.allowed_hosts in its configuration.",
                    quoted(host)));
}

std::optional<Error> check_origin(const OriginPolicy& policy, const net::Exchange& exchange)
{
    const auto origins = count(exchange, "origin");
    const auto origin = exchange.header("origin");
    if (origins > 1 || (origins == 1 && policy.judge(origin) == OriginPolicy::Origin::foreign))
        return forbidden(fmt::format("Pages of {} may not use this gateway. If they should, add their origin to "
                                     "auth.allowed_origins in its configuration.",
                                     quoted(origin)));
    if (origins == 0 && net::same_header(exchange.header("sec-fetch-site"), "cross-site"))
        return forbidden(
            "A page of another site may not use this gateway. To see this answer yourself, type its address "
            "into the browser.");
    return std::nullopt;
}

} // namespace

Handler with_origin_check(std::shared_ptr<const OriginPolicy> policy, Handler next)
{
    return [policy = std::move(policy), next = std::move(next)](RequestContext& context) {
        // What is not even HTTP is refused as that.
        if (is_unreadable(context.exchange))
            return next(context);
        auto error = check_host(*policy, context.exchange);
        if (!error)
            error = check_origin(*policy, context.exchange);
        return error ? refuse(context, std::move(*error)) : next(context);
    };
}

} // namespace tokenscope::gateway
