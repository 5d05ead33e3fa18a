// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/refusal.h"

#include "gateway/error_reply.h"

#include <utility>

namespace tokenscope::gateway {

namespace {

constexpr std::size_t max_quoted = 80;

} // namespace

net::Task<void> refuse(RequestContext& context, Error error, net::Headers more_headers)
{
    context.error = std::move(error);
    auto response = error_reply(*context.error, context.error_shape());
    for (auto& field : more_headers)
        response.headers.push_back(std::move(field));
    co_await context.exchange.reply(std::move(response));
}

bool is_unreadable(const net::Exchange& exchange)
{
    return exchange.broken() && exchange.broken()->code != ErrorCode::body_too_large;
}

bool only_reads(const net::Exchange& exchange)
{
    return exchange.method() == "GET" || exchange.method() == "HEAD";
}

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text.substr(0, max_quoted))
        out += c >= ' ' && c < 0x7F ? c : '?';
    return out + (text.size() > max_quoted ? "...\"" : "\"");
}

} // namespace tokenscope::gateway
