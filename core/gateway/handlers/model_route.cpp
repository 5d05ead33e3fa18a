// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/model_route.h"

#include "gateway/dispatcher.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace tokenscope::gateway {

using telemetry::EndReason;
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

/// gen_ai.operation.name, as AI gateways and OpenTelemetry write it.
std::string_view operation_name(llm::Api api)
{
    using llm::Api;
    switch (api) {
    case Api::chat:
    case Api::ollama_chat: return "chat";
    case Api::completions:
    case Api::ollama_generate: return "completion";
    case Api::embeddings:
    case Api::ollama_embed:
    case Api::ollama_embeddings: return "embeddings";
    case Api::rerank: return "rerank";
    case Api::responses: return "responses";
    case Api::messages: return "messages";
    }
    return {};
}

net::Task<void> read_and_serve(llm::Api api, const Serve& serve, RequestContext& context, RequestObservation& observed)
{
    auto& exchange = context.exchange;
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

net::Task<void> run(llm::Api api, const telemetry::Observers& observers, const Serve& serve, RequestContext& context)
{
    telemetry::RequestBeginning beginning{.route = std::string(context.route),
                                          .operation = operation_name(api),
                                          .request_id = context.request_id,
                                          .trace_id = context.trace.trace_id,
                                          .sampled = context.trace.sampled(),
                                          .client = context.client};
    RequestObservation observed(observers, std::move(beginning));
    co_await read_and_serve(api, serve, context, observed);
    if (context.exchange.gone().cancelled() && !context.exchange.reply_complete())
        observed.fail(EndReason::client_gone, "The client closed the connection before the reply was complete.");
    observed.http_status(counted_status(context.exchange));
    const auto& record = observed.so_far();
    context.provider = record.target.backend;
    context.model = record.target.model;
    context.usage = record.usage;
}

} // namespace

Handler model_route(llm::Api api, const telemetry::Observers& observers, Serve serve)
{
    return [api, observers, serve = std::move(serve)](RequestContext& context) {
        return run(api, observers, serve, context);
    };
}

} // namespace tokenscope::gateway
