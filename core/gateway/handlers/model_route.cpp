// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/model_route.h"

#include "gateway/dispatcher.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace tokenscope::gateway {

using telemetry::RequestObservation;

namespace {

std::optional<Error> check_content_type(std::string_view type, llm::Api api)
{
    const auto media = type.substr(0, type.find(';'));
    const auto last = media.find_last_not_of(" \t");
    const auto trimmed = media.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (trimmed.empty() || net::same_header(trimmed, "application/json"))
        return std::nullopt;
    // Ollama's own server does not look, and its users' curl calls send curl's default.
    const bool form = net::same_header(trimmed, "application/x-www-form-urlencoded");
    if (form && error_shape_of(api) == ErrorShape::ollama)
        return std::nullopt;
    return Error{.code = ErrorCode::unsupported_media_type,
                 .message = fmt::format("The body must be sent as application/json, not {}.", trimmed)};
}

net::Task<void> read_and_serve(llm::Api api, const Serve& serve, RequestContext& context, RequestObservation& observed)
{
    auto& exchange = context.exchange;
    observed.client(context.client);
    if (auto wrong = check_content_type(exchange.header("content-type"), api))
        co_return co_await refuse(context, observed, std::move(*wrong));
    auto body = co_await exchange.read_body();
    if (!body)
        co_return co_await refuse(context, observed, std::move(body.error()));
    const auto request = llm::parse_model_request(api, std::move(*body));
    if (!request)
        co_return co_await refuse(context, observed, request.error());
    observed.parsed(request->model, request->stream);
    co_await serve(context, observed, *request);
}

} // namespace

Handler model_route(llm::Api api, Serve serve)
{
    return [api, serve = std::move(serve)](RequestContext& context) {
        return read_and_serve(api, serve, context, *context.observation);
    };
}

} // namespace tokenscope::gateway
