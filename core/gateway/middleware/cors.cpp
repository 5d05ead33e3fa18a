// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/cors.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tokenscope::gateway {

namespace {

constexpr std::size_t max_echoed = 2048;
constexpr std::string_view exposed = "x-request-id, retry-after, x-ratelimit-limit-requests, "
                                     "x-ratelimit-remaining-requests, x-ratelimit-reset-requests, "
                                     "x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens";
/// How long a browser may go without asking again, in seconds.
constexpr std::string_view max_age = "600";

bool is_preflight(const net::Exchange& exchange)
{
    return exchange.method() == "OPTIONS" && !exchange.header("access-control-request-method").empty();
}

/// A list of header names and nothing that could be more than that.
bool is_name_list(std::string_view text)
{
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~, ";
    return !text.empty() && text.size() <= max_echoed && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || marks.find(c) != std::string_view::npos;
    });
}

net::Task<void> answer_preflight(RequestContext& context)
{
    auto& exchange = context.exchange;
    net::Response response{.status = 204,
                           .headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE"},
                                       {"Access-Control-Max-Age", std::string(max_age)}}};
    const auto asked = exchange.header("access-control-request-headers");
    if (is_name_list(asked))
        response.headers.emplace_back("Access-Control-Allow-Headers", asked);
    // Browsers ask this where a public page calls a private address.
    if (exchange.header("access-control-request-private-network") == "true")
        response.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
    co_await exchange.reply(std::move(response));
}

} // namespace

Handler with_cors(std::shared_ptr<const OriginPolicy> policy, Handler next)
{
    return [policy = std::move(policy), next = std::move(next)](RequestContext& context) {
        auto& exchange = context.exchange;
        if (!policy->uses_cors())
            return next(context);
        // On every reply: a cache must not hand one origin's reply to another.
        exchange.add_reply_header("Vary", "Origin");
        const auto origin = exchange.header("origin");
        if (origin.empty() || policy->judge(origin) != OriginPolicy::Origin::configured)
            return next(context);
        exchange.add_reply_header("Access-Control-Allow-Origin", std::string(origin));
        if (is_preflight(exchange))
            return answer_preflight(context);
        exchange.add_reply_header("Access-Control-Expose-Headers", std::string(exposed));
        return next(context);
    };
}

} // namespace tokenscope::gateway
