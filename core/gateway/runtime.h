// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "config/config.h"
#include "gateway/dispatcher.h"
#include "gateway/gateway.h"
#include "gateway/handlers/count_tokens.h"
#include "gateway/handlers/metrics_pages.h"
#include "gateway/handlers/models.h"
#include "gateway/handlers/ollama.h"
#include "gateway/handlers/responses.h"
#include "gateway/middleware/key_ring.h"
#include "gateway/middleware/origin_policy.h"
#include "gateway/middleware/rate_limiter.h"
#include "gateway/model_catalog.h"
#include "gateway/reply_keeper.h"
#include "gateway/router.h"
#include "net/http_client.h"
#include "net/watchdog.h"
#include "telemetry/tracing/tracer.h"

#include <functional>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tokenscope::gateway {

/// Everything of the gateway that a configuration decides, from the middleware to the providers. A new configuration
/// makes a new one; requests in flight keep theirs alive until they end. Used on the I/O thread.
class Runtime {
public:
    using Providers = std::vector<std::shared_ptr<providers::Provider>>;

    /// What is there before and after; must outlive every runtime.
    struct Parts {
        boost::asio::any_io_executor executor;
        net::HttpClient& client;
        net::Watchdog& watchdog;
        const GatewayServices& services;
        CancelToken stopping;                     ///< nobody new is asked for models
        CancelToken cut;                          ///< what is in flight ends now
        boost::asio::any_io_executor page_writer; ///< of the thread that writes the metrics pages
        std::function<std::string()> gateway_url; ///< "http://127.0.0.1:8080"
    };

    /// Providers that `previous` (may be null) has with the same settings are taken over, with their queues; so is what
    /// clients have used of an unchanged rate limit.
    static Result<std::shared_ptr<Runtime>> make(config::Config config, const Parts& parts, const Runtime* previous);

    const config::Config& config() const { return m_config; }
    net::Task<void> handle(RequestContext& context)
    {
        context.route = m_router.route_of(context.exchange.target()); // for those that are refused before their route
        return m_pipeline(context);
    }
    /// Of the address that serves the metrics pages alone.
    net::Task<void> handle_pages(RequestContext& context)
    {
        context.route = m_pages.route_of(context.exchange.target());
        return m_pages_pipeline(context);
    }
    ModelCatalog& catalog() { return m_catalog; }
    const Providers& providers() const { return m_providers; } ///< in the order of the configuration's
    /// Begins nothing any more on its own account, so that the I/O context can run out of work.
    void stop() { m_keeper->stop(); }

private:
    /// What of the configuration can be wrong without the loader's knowing, and what outlives one configuration.
    struct Ingredients {
        Providers providers;
        std::shared_ptr<const KeyRing> keys;
        std::shared_ptr<const OriginPolicy> origins;
        std::shared_ptr<const OriginPolicy> page_origins; ///< of the metrics' own address
        std::shared_ptr<RateLimiter> limiter;
        std::shared_ptr<ReplyKeeper> keeper;
    };

    static Result<Providers> make_providers(const config::Config& config, const Parts& parts, const Runtime* previous);
    static Result<Ingredients> make_ingredients(const config::Config& config, const Parts& parts,
                                                const Runtime* previous);

    Runtime(config::Config config, const Parts& parts, Ingredients ingredients);
    Handler make_pipeline(const GatewayServices& services, const Ingredients& ingredients);
    Handler make_pages_pipeline(const GatewayServices& services, const Ingredients& ingredients);
    std::set<std::string, std::less<>> uncounted() const; ///< routes that are no part of the HTTP metrics
    void add_model_routes(const Clock& clock);
    void add_own_routes();

    const config::Config m_config;
    const Providers m_providers; ///< in the order of the configuration's
    const std::shared_ptr<RateLimiter> m_limiter;
    const std::shared_ptr<ReplyKeeper> m_keeper;
    const telemetry::Tracer m_tracer;
    ModelCatalog m_catalog;
    Dispatcher m_dispatcher;
    Models m_models;
    CountTokens m_count_tokens;
    OllamaApi m_ollama;
    ResponsesApi m_responses;
    MetricsPages m_pages;
    Router m_router;
    std::map<std::string, llm::Api, std::less<>> m_model_apis; ///< by route, of those that run a model
    Handler m_pipeline;
    Handler m_pages_pipeline;
};

} // namespace tokenscope::gateway
