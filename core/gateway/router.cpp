// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/router.h"

#include "gateway/error_reply.h"

#include <fmt/format.h>

namespace tokenscope::gateway {

namespace {

constexpr std::string_view wildcard = "{id}";

} // namespace

std::string_view path_of(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

void Router::add(std::string_view method, std::string_view path, Handler handler)
{
    m_routes.push_back({std::string(method), std::string(path), std::move(handler)});
}

bool Router::matches(const Route& route, std::string_view path)
{
    const std::string_view pattern = route.path;
    const auto at = pattern.find(wildcard);
    if (at == std::string_view::npos)
        return path == pattern;
    if (!path.starts_with(pattern.substr(0, at)))
        return false;
    path.remove_prefix(at);
    const auto rest = pattern.substr(at + wildcard.size());
    if (!path.ends_with(rest) || path.size() == rest.size())
        return false;
    path.remove_suffix(rest.size());
    return rest.empty() || path.find('/') == std::string_view::npos;
}

std::string_view Router::route_of(std::string_view target) const
{
    for (const auto& route : m_routes)
        if (matches(route, path_of(target)))
            return route.path;
    return "<unmatched>";
}

net::Task<void> Router::operator()(RequestContext& context) const
{
    auto& exchange = context.exchange;
    // A body that is too large is its handler's to refuse, which may have it to count.
    if (exchange.broken() && exchange.broken()->code != ErrorCode::body_too_large) {
        context.route = route_of(exchange.target());
        context.error = exchange.broken();
        co_await exchange.reply(error_reply(*context.error, context.error_shape()));
        co_return;
    }
    const auto path = path_of(exchange.target());
    const auto method = exchange.method() == "HEAD" ? std::string_view("GET") : exchange.method();
    std::string allowed;
    for (const auto& route : m_routes) {
        if (!matches(route, path))
            continue;
        context.route = route.path;
        if (route.method == method) {
            co_await route.handler(context);
            co_return;
        }
        allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
    }
    if (allowed.empty()) {
        context.error = Error{.code = ErrorCode::route_not_found,
                              .message = fmt::format("There is nothing at {}. Chat completions are at POST "
                                                     "/v1/chat/completions, models at GET /v1/models.",
                                                     path)};
        co_await exchange.reply(error_reply(*context.error, context.error_shape()));
        co_return;
    }
    context.error =
        Error{.code = ErrorCode::method_not_allowed,
              .message = fmt::format("{} does not take {}; it takes {}.", path, exchange.method(), allowed)};
    auto response = error_reply(*context.error, context.error_shape());
    response.headers.emplace_back("Allow", allowed);
    co_await exchange.reply(std::move(response));
}

} // namespace tokenscope::gateway
