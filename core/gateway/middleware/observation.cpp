// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/middleware/observation.h"

#include "gateway/capturing_exchange.h"
#include "gateway/error_reply.h"
#include "gateway/middleware/refusal.h"
#include "gateway/request_end.h"
#include "telemetry/request_observation.h"

#include <string>
#include <utility>

namespace tokenscope::gateway {

using telemetry::EndReason;
using telemetry::RequestObservation;

namespace {

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

/// The observation that further handlers find, for as long as it is there.
class Current {
public:
    Current(RequestContext& context, RequestObservation& observed) : m_context(context)
    {
        m_context.observation = &observed;
    }
    ~Current() { m_context.observation = nullptr; }
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;

private:
    RequestContext& m_context;
};

/// Keeps what went over the wire before the record of the request says that it has ended.
class Capture {
public:
    explicit Capture(const RequestContext& context) : m_context(context)
    {
        if (m_context.capturing)
            m_context.capturing->begin();
    }
    ~Capture()
    {
        if (m_context.capturing)
            m_context.capturing->keep(m_context.request_id);
    }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

private:
    const RequestContext& m_context;
};

net::Task<void> run(const telemetry::Observers& observers, llm::Api api, const Handler& next, RequestContext& context)
{
    telemetry::RequestBeginning beginning{.route = std::string(context.route),
                                          .operation = operation_name(api),
                                          .request_id = context.request_id,
                                          .trace_id = context.trace_id(),
                                          .sampled = context.sampled()};
    RequestObservation observed(observers, std::move(beginning));
    const Current current(context, observed);
    const Capture capture(context);
    co_await next(context);
    const auto& exchange = context.exchange;
    if (exchange.gone().cancelled() && !exchange.reply_complete())
        observed.fail(EndReason::client_gone, "The client closed the connection before the reply was complete.");
    else if (context.error && exchange.status() >= 400) // refused before its handler; else the handler has said so
        observed.fail(end_reason(context.error->code), std::string(recordable_message(*context.error)),
                      error_type(context.error->code));
    observed.client(context.client);
    observed.http_status(counted_status(exchange));
    const auto& record = observed.so_far();
    context.provider = record.target.backend;
    context.model = record.target.model;
    context.usage = record.usage;
}

} // namespace

Handler with_observation(const telemetry::Observers& observers, ApiOf api_of, Handler next)
{
    return [observers, api_of = std::move(api_of), next = std::move(next)](RequestContext& context) {
        const auto api = is_unreadable(context.exchange) ? std::nullopt : api_of(context);
        return api ? run(observers, *api, next, context) : next(context);
    };
}

} // namespace tokenscope::gateway
