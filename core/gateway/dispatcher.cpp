// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dispatcher.h"

#include "gateway/client_sink.h"
#include "gateway/error_reply.h"
#include "gateway/request_end.h"
#include "gateway/upstream_headers.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <variant>

namespace tokenscope::gateway {

using providers::ModelCall;
using providers::Reply;
using providers::StreamEnd;
using telemetry::EndReason;
using telemetry::RequestObservation;

namespace {

/// Whether somebody else may have more luck with the request.
bool is_passing(const Error& error)
{
    switch (error.code) {
    case ErrorCode::upstream_unreachable:
    case ErrorCode::upstream_tls:
    case ErrorCode::upstream_reset:
    case ErrorCode::upstream_bad_reply:
    case ErrorCode::upstream_timeout:
    case ErrorCode::unsupported_api:
    case ErrorCode::queue_full:
    case ErrorCode::queue_timeout: return true;
    default: return false;
    }
}

bool is_passing(const Reply& reply)
{
    return reply.status == 429 || reply.status >= 500;
}

net::Response to_response(Reply reply)
{
    return {.status = reply.status, .headers = std::move(reply.headers), .body = std::move(reply.body)};
}

} // namespace

struct Dispatcher::Attempt {
    RequestContext& context;
    RequestObservation& observed;
    const llm::ModelRequest& request;
    Delivery& delivery;
    ModelCatalog::Choice choice;
    std::unique_ptr<llm::Translation> translation; ///< made when first needed
    bool translated = false;                       ///< this attempt uses it
    /// Why the client has been told nothing yet; monostate: it has.
    std::variant<std::monostate, Error, Reply> refusal;

    llm::Translation* used_translation() const { return translated ? translation.get() : nullptr; }
    /// The request cannot be put to this provider.
    bool is_unfit() const
    {
        const auto* error = std::get_if<Error>(&refusal);
        return error
               && (error->code == ErrorCode::unsupported_api || error->code == ErrorCode::invalid_request
                   || error->code == ErrorCode::previous_response_not_found);
    }
    bool may_pass_on() const
    {
        if (const auto* error = std::get_if<Error>(&refusal))
            return is_passing(*error);
        const auto* reply = std::get_if<Reply>(&refusal);
        return reply && is_passing(*reply);
    }
};

net::Task<void> refuse(RequestContext& context, RequestObservation& observed, Error error)
{
    observed.fail(end_reason(error.code), std::string(recordable_message(error)), error_type(error.code));
    if (error.code != ErrorCode::client_gone)
        co_await context.exchange.reply(error_reply(error, context.error_shape()));
    context.error = std::move(error);
}

net::Task<void> Dispatcher::dispatch(RequestContext& context, RequestObservation& observed,
                                     const llm::ModelRequest& request, Delivery& delivery)
{
    const auto wanted = delivery.target(request);
    auto choice = co_await m_catalog.resolve(wanted);
    if (!choice)
        co_return co_await refuse(context, observed, std::move(choice.error()));
    const auto fallbacks = fallbacks_of(wanted, *choice);
    Attempt attempt{context, observed, request, delivery, std::move(*choice), nullptr, false, {}};
    co_await this->attempt(attempt);
    for (auto next = fallbacks.begin(); next != fallbacks.end() && attempt.may_pass_on(); ++next) {
        auto other = co_await m_catalog.resolve(*next);
        if (!other)
            continue;
        auto before = std::exchange(attempt.refusal, {});
        const auto choice_before = std::exchange(attempt.choice, std::move(*other));
        const bool translated_before = attempt.translated;
        co_await this->attempt(attempt);
        if (!attempt.is_unfit())
            continue;
        // One that cannot even be asked does not hide what went wrong with those that could.
        attempt.refusal = std::move(before);
        attempt.choice = choice_before;
        attempt.translated = translated_before;
    }
    co_await tell_refusal(attempt);
}

net::Task<void> Dispatcher::attempt(Attempt& attempt)
{
    const auto& [provider, model, listed] = attempt.choice;
    // A name that the backend has not listed may be anything the client made up: no label until the backend accepts it.
    attempt.observed.routed({.backend = provider->name(), .model = listed ? model : "unknown"}, provider->genai_name());
    attempt.refusal = {};
    attempt.translated = !attempt.delivery.passes_through(attempt.request, *provider);
    if (!attempt.translated) {
        co_await run(attempt, attempt.request);
        // Some find out only by asking that they do not speak the API.
        const auto* error = std::get_if<Error>(&attempt.refusal);
        attempt.translated = error && error->code == ErrorCode::unsupported_api
                             && !attempt.delivery.passes_through(attempt.request, *provider);
        if (!attempt.translated)
            co_return;
    }
    if (!attempt.translation) {
        auto made = attempt.delivery.translate(attempt.request, *provider);
        if (made && !provider->speaks((*made)->chat_request().api))
            made = failure(unsupported(attempt.request.api, *provider));
        if (!made) {
            attempt.translated = false;
            attempt.refusal = std::move(made.error());
            co_return;
        }
        attempt.translation = std::move(*made);
    }
    co_await run(attempt, attempt.translation->chat_request());
}

net::Task<void> Dispatcher::run(Attempt& attempt, const llm::ModelRequest& request)
{
    auto& provider = *attempt.choice.provider;
    auto& exchange = attempt.context.exchange;
    attempt.refusal = {};
    CancelSource ended;
    const auto on_gone = exchange.gone().on_cancel([&ended] { ended.cancel(); });
    const auto on_cut = m_cut.on_cancel([&ended] { ended.cancel(); });
    ModelCall call{.request = request,
                   .upstream_model = attempt.choice.model,
                   .headers = upstream_headers(attempt.context, m_hide_credentials),
                   .cancel = ended.token(),
                   .observed = attempt.observed,
                   .client_key = attempt.context.client,
                   .span = &attempt.context.span,
                   .trace = attempt.context.trace_parent()};
    if (!request.stream) {
        auto reply = co_await provider.generate(call);
        if (reply)
            co_await relay_reply(attempt, std::move(*reply));
        else
            attempt.refusal = std::move(reply.error());
        co_return;
    }
    ClientSink sink(exchange, provider, attempt.delivery, attempt.used_translation());
    auto outcome = co_await provider.generate_stream(call, sink);
    if (!outcome)
        attempt.refusal = std::move(outcome.error());
    else if (auto* reply = std::get_if<Reply>(&*outcome))
        co_await relay_reply(attempt, std::move(*reply));
    else
        co_await end_stream(attempt, sink, std::move(std::get<StreamEnd>(*outcome)));
}

net::Task<void> Dispatcher::relay_reply(Attempt& attempt, Reply reply)
{
    if (reply.status >= 400) {
        attempt.refusal = std::move(reply);
        co_return;
    }
    if (attempt.translated && reply.status >= 300) {
        attempt.refusal = Error{.code = ErrorCode::upstream_bad_reply,
                                .message = "The upstream answered with a redirection. Check its base URL."};
        co_return;
    }
    if (auto* translation = attempt.used_translation()) {
        auto body = translation->reply(reply.body);
        if (!body) {
            attempt.refusal = std::move(body.error());
            co_return;
        }
        reply.body = std::move(*body);
        net::set_header(reply.headers, "Content-Type", "application/json");
    }
    const Delivery::Part part{*attempt.choice.provider, reply.body, attempt.used_translation(), true};
    co_await attempt.delivery.before(part);
    const auto sent = co_await attempt.context.exchange.reply(to_response(std::move(reply)));
    if (sent)
        attempt.observed.succeed();
}

net::Task<void> Dispatcher::end_stream(Attempt& attempt, const ClientSink& sink, StreamEnd end)
{
    auto& exchange = attempt.context.exchange;
    auto error = std::move(end.error);
    if (error)
        error = explained(std::move(*error), attempt.context);
    // Nobody is left to be told how it ended.
    const bool gone = error && error->code == ErrorCode::client_gone;
    if (auto* translation = attempt.used_translation(); translation && !gone) {
        std::string rest;
        translation->finish(rest);
        if (!rest.empty()) {
            const Delivery::Part part{*attempt.choice.provider, rest, translation, false};
            co_await attempt.delivery.before(part);
            co_await exchange.write(rest);
        }
        if (!error && !translation->complete())
            error = Error{.code = ErrorCode::upstream_bad_reply,
                          .message = "The upstream's stream ended before its reply was complete."};
    }
    if (error)
        attempt.observed.fail(end_reason(error->code), std::string(recordable_message(*error)),
                              error_type(error->code));
    attempt.context.error = error;
    if (gone)
        co_return;
    if (error && error->code != ErrorCode::upstream_error_event) {
        const auto event =
            std::string(sink.separator(attempt.request.api)).append(error_event(*error, attempt.request.api));
        co_await exchange.write(event);
    }
    const auto sent = co_await exchange.end_stream();
    if (!error && sent)
        attempt.observed.succeed();
}

net::Task<void> Dispatcher::tell_refusal(Attempt& attempt)
{
    if (auto* error = std::get_if<Error>(&attempt.refusal)) {
        auto told = explained(std::move(*error), attempt.context);
        co_await refuse(attempt.context, attempt.observed, std::move(told));
    } else if (auto* reply = std::get_if<Reply>(&attempt.refusal)) {
        if (attempt.context.exchange.gone().cancelled())
            co_return; // nobody is left to be told
        attempt.observed.fail(EndReason::upstream_error,
                              fmt::format("{} answered {}.", attempt.choice.provider->name(), reply->status),
                              reply->status >= 500 ? "upstream_5xx" : "upstream_4xx");
        if (auto* translation = attempt.used_translation()) {
            reply->body = translation->refusal(reply->body, reply->status);
            net::set_header(reply->headers, "Content-Type", "application/json");
        }
        co_await attempt.context.exchange.reply(to_response(std::move(*reply)));
    }
}

std::vector<std::string> Dispatcher::fallbacks_of(const std::string& asked, const ModelCatalog::Choice& choice) const
{
    for (const auto& name : {asked, choice.provider->name() + "/" + choice.model, choice.model})
        if (const auto found = m_fallbacks.find(name); found != m_fallbacks.end())
            return found->second;
    return {};
}

Error Dispatcher::explained(Error error, const RequestContext& context) const
{
    if (error.code != ErrorCode::client_gone || !m_cut.cancelled() || context.exchange.gone().cancelled())
        return error;
    return {.code = ErrorCode::shutting_down, .message = "The gateway is stopping. Send the request again later."};
}

} // namespace tokenscope::gateway
