// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/rate_limit.h"

#include "gateway/middleware/refusal.h"
#include "gateway/router.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tokenscope::gateway {

namespace ip = boost::asio::ip;

namespace {

using Paths = std::set<std::string, std::less<>>;

bool is_free(const net::Exchange& exchange, const Paths& free_paths)
{
    return only_reads(exchange) && free_paths.contains(path_of(exchange.target()));
}

void tell_state(net::Exchange& exchange, const RateLimiter::Verdict& verdict)
{
    exchange.add_reply_header("x-ratelimit-limit-requests", std::to_string(verdict.limit));
    exchange.add_reply_header("x-ratelimit-remaining-requests", std::to_string(verdict.remaining));
    exchange.add_reply_header("x-ratelimit-reset-requests", short_duration(verdict.reset));
}

} // namespace

Handler with_rate_limit(std::shared_ptr<const KeyRing> keys, RateLimiter& limiter, telemetry::GatewayMetrics& metrics,
                        Paths free_paths, Handler next)
{
    free_paths.insert({"/health", "/ready"});
    return [keys = std::move(keys), &limiter, &metrics, free = std::move(free_paths),
            next = std::move(next)](RequestContext& context) {
        auto& exchange = context.exchange;
        if (!limiter.enabled() || is_unreadable(exchange) || is_free(exchange, free))
            return next(context);
        const auto found = keys->find(exchange.headers());
        const bool known = found.verdict == KeyRing::Verdict::known;
        const auto verdict = known ? limiter.take(RateLimiter::Owner::key, found.name)
                                   : limiter.take(RateLimiter::Owner::address, rate_limit_address(exchange.peer()));
        tell_state(exchange, verdict);
        if (verdict.admitted)
            return next(context);
        metrics.rate_limited(known ? found.name : "anonymous");
        context.client = found.name;
        const auto wait =
            std::max(std::chrono::ceil<std::chrono::seconds>(verdict.retry_after), std::chrono::seconds(1));
        return refuse(context, {.code = ErrorCode::rate_limited,
                                .message = fmt::format("Too many requests. Send the next one in {} s.", wait.count()),
                                .retry_after = wait});
    };
}

std::string rate_limit_address(std::string_view peer)
{
    auto text = std::string(peer.substr(0, peer.rfind(':')));
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    boost::system::error_code error;
    const auto address = ip::make_address(text, error);
    if (error || !address.is_v6())
        return text;
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return ip::address_v6(bytes).to_string() + "/64";
}

std::string short_duration(Nanos duration)
{
    const auto total = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
    if (total > 0 && total < 1000)
        return fmt::format("{}ms", total);
    const auto hours = total / 3'600'000;
    const auto minutes = total / 60'000 % 60;
    std::string out = hours > 0 ? fmt::format("{}h{}m", hours, minutes) : std::string();
    if (hours == 0 && minutes > 0)
        out = fmt::format("{}m", minutes);
    auto rest = fmt::format("{}.{:03}", total / 1000 % 60, total % 1000);
    rest.erase(rest.find_last_not_of('0') + 1);
    if (rest.ends_with('.'))
        rest.pop_back();
    return out + rest + "s";
}

} // namespace tokenscope::gateway
