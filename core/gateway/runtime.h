// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "config/config.h"
#include "gateway/dispatcher.h"
#include "gateway/gateway.h"
#include "gateway/handlers/count_tokens.h"
#include "gateway/handlers/models.h"
#include "gateway/handlers/ollama.h"
#include "gateway/model_catalog.h"
#include "gateway/router.h"
#include "net/http_client.h"
#include "net/watchdog.h"

#include <memory>
#include <string>
#include <vector>

namespace tokenscope::gateway {

/// Everything of the gateway that a configuration decides, from the middleware to the providers. A new configuration
/// makes a new one; requests in flight keep theirs alive until they end. Used on the I/O thread.
class Runtime {
public:
    /// What is there before and after; must outlive every runtime.
    struct Parts {
        net::HttpClient& client;
        net::Watchdog& watchdog;
        const GatewayServices& services;
        CancelToken stopping; ///< nobody new is asked for models
        CancelToken cut;      ///< what is in flight ends now
    };

    /// Providers that `previous` (may be null) has with the same settings are taken over, with their queues.
    static Result<std::shared_ptr<Runtime>> make(config::Config config, const Parts& parts, const Runtime* previous);

    const config::Config& config() const { return m_config; }
    net::Task<void> handle(RequestContext& context) { return m_pipeline(context); }
    ModelCatalog& catalog() { return m_catalog; }

private:
    using Providers = std::vector<std::shared_ptr<providers::Provider>>;

    Runtime(config::Config config, const Parts& parts, Providers providers);
    void add_model_routes(const Parts& parts);
    void add_own_routes(const Parts& parts);

    const config::Config m_config;
    const Providers m_providers; ///< in the order of the configuration's
    ModelCatalog m_catalog;
    Dispatcher m_dispatcher;
    Models m_models;
    CountTokens m_count_tokens;
    OllamaApi m_ollama;
    Router m_router;
    Handler m_pipeline;
};

} // namespace tokenscope::gateway
