// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/runtime.h"

#include "gateway/handlers/model_route.h"
#include "gateway/middleware/logging.h"
#include "gateway/middleware/metrics.h"
#include "gateway/middleware/origin.h"
#include "gateway/middleware/tracing.h"
#include "llm/completions_translation.h"
#include "llm/messages_translation.h"
#include "providers/registry.h"
#include "telemetry/exposition.h"

#include <functional>
#include <set>
#include <utility>

namespace tokenscope::gateway {

namespace {

net::Task<void> reply_text(RequestContext& context, std::string type, std::string body)
{
    net::Response response{.status = 200, .headers = {{"Content-Type", std::move(type)}}, .body = std::move(body)};
    co_await context.exchange.reply(std::move(response));
}

/// A route whose requests go to a provider as they are, or by `translator`.
net::Task<void> dispatch(Dispatcher& dispatcher, llm::Translator translator, const Clock& clock,
                         RequestContext& context, telemetry::RequestObservation& observed,
                         const llm::ModelRequest& request)
{
    Delivery delivery(translator, clock.wall());
    co_await dispatcher.dispatch(context, observed, request, delivery);
}

} // namespace

Result<std::shared_ptr<Runtime>> Runtime::make(config::Config config, const Parts& parts, const Runtime* previous)
{
    const providers::ProviderParts provider_parts{parts.client, parts.watchdog, parts.services.queues,
                                                  parts.services.gateway, parts.services.clock};
    Providers providers;
    for (const auto& settings : config.providers) {
        std::shared_ptr<providers::Provider> kept;
        for (std::size_t i = 0; previous && i < previous->m_providers.size(); ++i)
            if (previous->m_config.providers[i] == settings)
                kept = previous->m_providers[i];
        if (!kept) {
            auto made = providers::make_provider(settings, provider_parts);
            if (!made)
                return failure(std::move(made.error()));
            kept = std::move(*made);
        }
        providers.push_back(std::move(kept));
    }
    return std::shared_ptr<Runtime>(new Runtime(std::move(config), parts, std::move(providers)));
}

Runtime::Runtime(config::Config config, const Parts& parts, Providers providers)
    : m_config(std::move(config)), m_providers(std::move(providers)),
      m_catalog(m_providers, m_config.aliases, parts.services.clock, parts.stopping),
      m_dispatcher(m_catalog, m_config.fallbacks, !m_config.auth.keys.empty(), parts.cut), m_models(m_catalog),
      m_count_tokens(m_catalog, !m_config.auth.keys.empty()),
      m_ollama(m_catalog, m_dispatcher, m_providers, parts.services.clock, !m_config.auth.keys.empty())
{
    add_model_routes(parts);
    add_own_routes(parts);
    std::set<std::string, std::less<>> uncounted;
    if (!m_config.metrics.count_scrapes)
        uncounted.insert("/metrics");
    const auto& services = parts.services;
    m_pipeline = with_logging(
        services.log, services.clock,
        with_tracing(with_metrics(services.http, services.clock, std::move(uncounted),
                                  with_origin_check([this](RequestContext& context) { return m_router(context); }))));
}

void Runtime::add_model_routes(const Parts& parts)
{
    const Observers observers{parts.services.tokens, parts.services.records, parts.services.clock};
    const auto add = [&](std::string_view path, llm::Api api, llm::Translator translator) {
        const auto serve = [this, translator, &clock = parts.services.clock](RequestContext& context,
                                                                             telemetry::RequestObservation& observed,
                                                                             const llm::ModelRequest& request) {
            return dispatch(m_dispatcher, translator, clock, context, observed, request);
        };
        m_router.add("POST", path, model_route(api, observers, serve));
    };
    add("/v1/chat/completions", llm::Api::chat, nullptr);
    add("/v1/completions", llm::Api::completions, llm::translate_completions);
    add("/v1/embeddings", llm::Api::embeddings, nullptr);
    add("/v1/rerank", llm::Api::rerank, nullptr);
    add("/v1/messages", llm::Api::messages, llm::translate_messages);
    m_ollama.add_routes(m_router, observers);
}

void Runtime::add_own_routes(const Parts& parts)
{
    m_router.add("GET", "/v1/models", [this](RequestContext& context) { return m_models.list(context); });
    m_router.add("GET", "/v1/models/{id}", [this](RequestContext& context) { return m_models.one(context); });
    m_router.add("POST", "/v1/messages/count_tokens",
                 [this](RequestContext& context) { return m_count_tokens.handle(context); });
    m_router.add("GET", "/health", [](RequestContext& context) {
        return reply_text(context, "application/json", "{\"status\":\"ok\"}\n");
    });
    m_router.add("GET", "/ready", [this](RequestContext& context) { return m_models.ready(context); });
    m_router.add("GET", "/metrics", [&services = parts.services](RequestContext& context) {
        return reply_text(context, telemetry::text_content_type, services.metrics_page());
    });
}

} // namespace tokenscope::gateway
