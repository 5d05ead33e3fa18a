// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/runtime.h"

#include "base/url.h"
#include "gateway/handlers/model_route.h"
#include "gateway/middleware/auth.h"
#include "gateway/middleware/cors.h"
#include "gateway/middleware/logging.h"
#include "gateway/middleware/metrics.h"
#include "gateway/middleware/observation.h"
#include "gateway/middleware/origin.h"
#include "gateway/middleware/rate_limit.h"
#include "gateway/middleware/tracing.h"
#include "llm/completions_translation.h"
#include "llm/messages_translation.h"
#include "providers/registry.h"

#include <functional>
#include <utility>

namespace tokenscope::gateway {

namespace {

/// Under which names the metrics' own address may be addressed. One that is open to the network is asked by the machine's
/// name and address, whether or not the gateway itself is.
OriginPolicy page_policy(const OriginPolicy& policy, const config::Metrics& metrics)
{
    const auto address = parse_host_port(metrics.address);
    return address && !is_loopback_host(address->host) ? policy.open_to_network(own_host_name()) : policy;
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

Result<Runtime::Providers> Runtime::make_providers(const config::Config& config, const Parts& parts,
                                                   const Runtime* previous)
{
    const auto& services = parts.services;
    const providers::ProviderParts provider_parts{.client = parts.client,
                                                  .watchdog = parts.watchdog,
                                                  .queues = services.queues,
                                                  .gateway = services.gateway,
                                                  .provider_metrics = services.providers,
                                                  .pipeline = services.pipeline,
                                                  .clock = services.clock};
    // One that is kept goes on recording where it did.
    const bool kept_record =
        previous && previous->m_config.observability.metrics_on() == config.observability.metrics_on();
    Providers providers;
    for (const auto& settings : config.providers) {
        std::shared_ptr<providers::Provider> kept;
        for (std::size_t i = 0; kept_record && i < previous->m_providers.size(); ++i)
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
    return providers;
}

Result<Runtime::Ingredients> Runtime::make_ingredients(const config::Config& config, const Parts& parts,
                                                       const Runtime* previous)
{
    auto providers = make_providers(config, parts, previous);
    if (!providers)
        return failure(std::move(providers.error()));
    auto keys = KeyRing::make(config.auth.keys);
    if (!keys)
        return failure(std::move(keys.error()));
    auto origins = OriginPolicy::make(config.auth, own_host_name());
    if (!origins)
        return failure(std::move(origins.error()));
    auto page_origins = std::make_shared<const OriginPolicy>(page_policy(*origins, config.observability.metrics));
    auto keeper = previous && previous->m_config.conversations == config.conversations
                      ? Result<std::shared_ptr<ReplyKeeper>>(previous->m_keeper)
                      : ReplyKeeper::make(config.conversations, parts.executor, parts.services);
    if (!keeper)
        return failure(std::move(keeper.error()));
    const bool same_limit = previous && previous->m_config.rate_limit == config.rate_limit;
    return Ingredients{.providers = std::move(*providers),
                       .keys = std::make_shared<const KeyRing>(std::move(*keys)),
                       .origins = std::make_shared<const OriginPolicy>(std::move(*origins)),
                       .page_origins = std::move(page_origins),
                       .limiter = same_limit ? previous->m_limiter
                                             : std::make_shared<RateLimiter>(config.rate_limit, parts.services.clock),
                       .keeper = std::move(*keeper)};
}

Result<std::shared_ptr<Runtime>> Runtime::make(config::Config config, const Parts& parts, const Runtime* previous)
{
    auto ingredients = make_ingredients(config, parts, previous);
    if (!ingredients)
        return failure(std::move(ingredients.error()));
    return std::shared_ptr<Runtime>(new Runtime(std::move(config), parts, std::move(*ingredients)));
}

Runtime::Runtime(config::Config config, const Parts& parts, Ingredients ingredients)
    : m_config(std::move(config)), m_providers(std::move(ingredients.providers)), m_limiter(ingredients.limiter),
      m_keeper(ingredients.keeper), m_tracer(m_config.observability, parts.services.spans, parts.services.clock),
      m_catalog(m_providers, m_config.aliases, parts.services.clock, parts.stopping),
      m_dispatcher(m_catalog, m_config.fallbacks, !m_config.auth.keys.empty(), parts.cut), m_models(m_catalog),
      m_count_tokens(m_catalog, !m_config.auth.keys.empty()),
      m_ollama(m_catalog, m_dispatcher, m_providers, parts.services.clock, !m_config.auth.keys.empty()),
      m_responses({m_dispatcher, m_keeper->store(), parts.services.log, parts.services.clock}, m_providers,
                  m_config.aliases, !m_config.auth.keys.empty()),
      m_pages(m_config.observability,
              {parts.services.snapshot, *m_keeper, parts.services.clock, parts.page_writer, parts.gateway_url})
{
    add_model_routes(parts.services.clock);
    add_own_routes();
    m_pipeline = make_pipeline(parts.services, ingredients);
    m_pages_pipeline = make_pages_pipeline(parts.services, ingredients);
}

Handler Runtime::make_pipeline(const GatewayServices& services, const Ingredients& ingredients)
{
    const auto api_of = [this](const RequestContext& context) {
        const auto found = context.exchange.method() == "POST" ? m_model_apis.find(context.route) : m_model_apis.end();
        return found == m_model_apis.end() ? std::nullopt : std::optional(found->second);
    };
    // From the inside out. Pages are judged before keys, so that they learn nothing of them.
    Handler handler = [this](RequestContext& context) { return m_router(context); };
    handler = with_auth(ingredients.keys, std::move(handler));
    handler = with_rate_limit(ingredients.keys, *m_limiter, services.gateway, m_pages.paths(), std::move(handler));
    handler = with_cors(ingredients.origins, std::move(handler));
    handler = with_origin_check(ingredients.origins, std::move(handler));
    const telemetry::Observers observers{services.tokens,  services.requests, services.pricing,
                                         services.records, services.clock,    services.live};
    handler = with_observation(observers, api_of, std::move(handler));
    handler = with_metrics(services.http, services.clock, uncounted(), std::move(handler));
    const auto untraced = uncounted();
    handler = with_tracing(m_tracer, {untraced.begin(), untraced.end()}, std::move(handler));
    return with_logging(services.log, services.clock, std::move(handler));
}

std::set<std::string, std::less<>> Runtime::uncounted() const
{
    return m_config.observability.metrics.count_scrapes ? std::set<std::string, std::less<>>() : m_pages.paths();
}

Handler Runtime::make_pages_pipeline(const GatewayServices& services, const Ingredients& ingredients)
{
    Handler handler = [this](RequestContext& context) { return m_pages.serve_alone(context); };
    handler = with_origin_check(ingredients.page_origins, std::move(handler));
    handler = with_metrics(services.http, services.clock, uncounted(), std::move(handler));
    return with_logging(services.log, services.clock, std::move(handler));
}

void Runtime::add_model_routes(const Clock& clock)
{
    const AddModelRoute add = [this](std::string_view path, llm::Api api, Serve serve) {
        m_model_apis.emplace(path, api);
        m_router.add("POST", path, model_route(api, std::move(serve)));
    };
    const auto add_plain = [&](std::string_view path, llm::Api api, llm::Translator translator) {
        add(path, api,
            [this, translator, &clock](RequestContext& context, telemetry::RequestObservation& observed,
                                       const llm::ModelRequest& request) {
                return dispatch(m_dispatcher, translator, clock, context, observed, request);
            });
    };
    add_plain("/v1/chat/completions", llm::Api::chat, nullptr);
    add_plain("/v1/completions", llm::Api::completions, llm::translate_completions);
    add_plain("/v1/embeddings", llm::Api::embeddings, nullptr);
    add_plain("/v1/rerank", llm::Api::rerank, nullptr);
    add_plain("/v1/messages", llm::Api::messages, llm::translate_messages);
    m_ollama.add_routes(m_router, add);
    m_responses.add_routes(m_router, add);
}

void Runtime::add_own_routes()
{
    m_router.add("GET", "/v1/models", [this](RequestContext& context) { return m_models.list(context); });
    m_router.add("GET", "/v1/models/{id}", [this](RequestContext& context) { return m_models.one(context); });
    m_router.add("POST", "/v1/messages/count_tokens",
                 [this](RequestContext& context) { return m_count_tokens.handle(context); });
    m_router.add("GET", "/health", reply_healthy);
    m_router.add("GET", "/ready", [this](RequestContext& context) { return m_models.ready(context); });
    m_pages.add_routes(m_router);
}

} // namespace tokenscope::gateway
