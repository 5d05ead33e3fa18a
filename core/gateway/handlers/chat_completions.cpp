// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/chat_completions.h"

#include "gateway/error_reply.h"
#include "llm/model_request.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace tokenscope::gateway {

using providers::ModelCall;
using providers::Provider;
using providers::Reply;
using providers::StreamChunk;
using providers::StreamEnd;
using telemetry::EndReason;
using telemetry::RequestObservation;

namespace {

/// Refuses the request with one of the gateway's own errors.
net::Task<void> refuse(RequestContext& context, RequestObservation& observed, Error error)
{
    observed.fail(error.code == ErrorCode::client_gone ? EndReason::client_gone : EndReason::rejected, error.message);
    if (error.code != ErrorCode::client_gone)
        co_await context.exchange.reply(error_reply(error, context.error_shape()));
    context.error = std::move(error);
}

std::optional<Error> check_content_type(std::string_view type)
{
    const auto media = type.substr(0, type.find(';'));
    const auto last = media.find_last_not_of(" \t");
    const auto trimmed = media.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (trimmed.empty() || net::same_header(trimmed, "application/json"))
        return std::nullopt;
    return Error{.code = ErrorCode::unsupported_media_type,
                 .message = fmt::format("The body must be sent as application/json, not {}.", trimmed)};
}

net::Response to_response(Reply reply)
{
    return {.status = reply.status, .headers = std::move(reply.headers), .body = std::move(reply.body)};
}

class ClientSink final : public providers::StreamSink {
public:
    explicit ClientSink(net::Exchange& exchange) : m_exchange(exchange) {}

    net::Task<Result<void>> begin(const providers::Headers& headers) override
    {
        net::Headers all = headers;
        // Proxies in between must neither buffer nor rewrite a stream.
        if (net::find_header(all, "cache-control").empty())
            all.emplace_back("Cache-Control", "no-cache, no-transform");
        if (net::find_header(all, "x-accel-buffering").empty())
            all.emplace_back("X-Accel-Buffering", "no");
        return m_exchange.begin_stream(200, std::move(all));
    }

    net::Task<Result<void>> write(StreamChunk chunk) override { return m_exchange.write(chunk.bytes); }

private:
    net::Exchange& m_exchange;
};

} // namespace

net::Task<void> ChatCompletions::handle(RequestContext& context)
{
    RequestObservation observed(m_metrics, m_records, m_clock, std::string(context.route), context.request_id,
                                context.trace.trace_id);
    co_await serve(context, observed);
    if (context.exchange.gone().cancelled() && !context.exchange.reply_complete())
        observed.fail(EndReason::client_gone, "The client closed the connection before the reply was complete.");
    observed.http_status(counted_status(context.exchange));
    const auto& record = observed.so_far();
    context.provider = record.target.backend;
    context.model = record.target.model;
    context.usage = record.usage;
}

net::Task<void> ChatCompletions::serve(RequestContext& context, RequestObservation& observed)
{
    auto& exchange = context.exchange;
    if (auto wrong = check_content_type(exchange.header("content-type")))
        co_return co_await refuse(context, observed, std::move(*wrong));
    auto body = co_await exchange.read_body();
    if (!body)
        co_return co_await refuse(context, observed, std::move(body.error()));
    auto request = llm::parse_model_request(llm::Api::chat, std::move(*body));
    if (!request)
        co_return co_await refuse(context, observed, std::move(request.error()));
    observed.parsed(request->model, request->stream);
    auto choice = co_await m_catalog.resolve(request->model);
    if (!choice)
        co_return co_await refuse(context, observed, std::move(choice.error()));
    // A name that the backend has not listed may be anything the client made up: no label until the backend accepts it.
    observed.routed({.backend = choice->provider->name(), .model = choice->listed ? choice->model : "unknown"});

    ModelCall call{*request, choice->model, exchange.headers(), exchange.gone(), observed};
    std::erase_if(call.headers, [](const auto& field) {
        return net::same_header(field.first, "traceparent") || net::same_header(field.first, "x-request-id");
    });
    call.headers.emplace_back("traceparent", telemetry::traceparent(context.trace));
    call.headers.emplace_back("x-request-id", context.request_id);
    if (request->stream)
        co_await relay_stream(context, *choice->provider, call);
    else
        co_await relay_reply(context, *choice->provider, call);
}

net::Task<void> ChatCompletions::relay_reply(RequestContext& context, Provider& provider, ModelCall& call)
{
    auto reply = co_await provider.generate(call);
    if (!reply)
        co_return co_await refuse(context, call.observed, std::move(reply.error()));
    const bool good = reply->status < 400;
    const auto sent = co_await context.exchange.reply(to_response(std::move(*reply)));
    if (good && sent)
        call.observed.succeed();
}

net::Task<void> ChatCompletions::relay_stream(RequestContext& context, Provider& provider, ModelCall& call)
{
    auto& exchange = context.exchange;
    ClientSink sink(exchange);
    auto outcome = co_await provider.generate_stream(call, sink);
    if (!outcome)
        co_return co_await refuse(context, call.observed, std::move(outcome.error()));
    if (auto* refusal = std::get_if<Reply>(&*outcome)) {
        co_await exchange.reply(to_response(std::move(*refusal)));
        co_return;
    }
    auto& end = std::get<StreamEnd>(*outcome);
    context.error = end.error;
    // Nobody is left to be told how it ended.
    if (end.error && end.error->code == ErrorCode::client_gone)
        co_return;
    if (end.error && end.error->code != ErrorCode::upstream_error_event) {
        const auto event = error_event(*end.error, llm::Api::chat);
        co_await exchange.write(event);
    }
    const auto sent = co_await exchange.end_stream();
    if (!end.error && sent)
        call.observed.succeed();
}

} // namespace tokenscope::gateway
