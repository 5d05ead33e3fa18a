// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/count_tokens.h"

#include "gateway/error_reply.h"
#include "gateway/upstream_headers.h"
#include "llm/openai_chat.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::gateway {

net::Task<void> CountTokens::handle(RequestContext& context)
{
    auto reply = co_await ask(context);
    if (reply) {
        net::Response response{
            .status = reply->status, .headers = std::move(reply->headers), .body = std::move(reply->body)};
        co_await context.exchange.reply(std::move(response));
        co_return;
    }
    if (reply.error().code != ErrorCode::client_gone)
        co_await context.exchange.reply(error_reply(reply.error(), context.error_shape()));
    context.error = std::move(reply.error());
}

net::Task<Result<providers::Reply>> CountTokens::ask(RequestContext& context)
{
    auto& exchange = context.exchange;
    auto body = co_await exchange.read_body();
    if (!body)
        co_return failure(std::move(body.error()));
    const auto request = llm::parse_model_request(llm::Api::messages, std::move(*body));
    if (!request)
        co_return failure(request.error());
    const auto choice = co_await m_catalog.resolve(request->model);
    if (!choice)
        co_return failure(choice.error());
    auto& provider = *choice->provider;
    context.provider = provider.name();
    context.model = choice->model;
    auto cannot = Error{.code = ErrorCode::unsupported_api,
                        .message = fmt::format("The provider '{}' cannot count tokens: it does not speak Anthropic's "
                                               "API. Go on without the count; a reply reports its usage.",
                                               provider.name()),
                        .detail = {},
                        .param = "model"};
    if (!provider.speaks(llm::Api::messages))
        co_return failure(std::move(cannot));
    providers::SideCall call{.method = "POST",
                             .target = std::string(exchange.target()),
                             .body = llm::openai_upstream_body(*request, choice->model, false),
                             .headers = upstream_headers(context, m_hide_credentials),
                             .cancel = exchange.gone(),
                             .trace = context.trace_parent()};
    auto reply = co_await provider.side_call(std::move(call));
    if (!reply && reply.error().code == ErrorCode::unsupported_api)
        co_return failure(std::move(cannot));
    co_return reply;
}

} // namespace tokenscope::gateway
