// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/dispatcher.h"
#include "gateway/handlers/model_route.h"
#include "gateway/model_catalog.h"
#include "gateway/router.h"
#include "llm/translation.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// Ollama's native API (https://github.com/ollama/ollama/blob/main/docs/api.md) for its own clients:
///
/// - POST /api/chat, /api/generate, /api/embed and the older /api/embeddings run models: passed through to an Ollama
///   provider, translated for others. A request that only loads or unloads a model is answered here where the model's
///   provider is no Ollama: there is nothing to load.
/// - GET /api/tags and /api/ps: the union over providers. Ollama's entries are its own, unchanged but for a name that an
///   earlier provider also has ("provider/model"). Models of others have what its clients cannot do without: a digest of
///   zeros, the size 0, year 1 where the time is unknown; `remote_host` names their provider.
/// - POST /api/show: Ollama's own answer, or what is known of another's model.
/// - GET /api/version: the first Ollama's that answers, else Tokenscope's. GET and HEAD /: it is running.
/// - Managing models (pull, push, create, copy, delete, blobs) is refused with 403: whoever may chat through the gateway
///   must not be able to delete models, or to fill a disk with them.
class OllamaApi {
public:
    using Providers = std::vector<std::shared_ptr<providers::Provider>>;

    /// `hide_credentials`: the client's keys are ours, and not for providers.
    OllamaApi(ModelCatalog& catalog, Dispatcher& dispatcher, Providers providers, const Clock& clock,
              bool hide_credentials)
        : m_catalog(catalog), m_dispatcher(dispatcher), m_providers(std::move(providers)), m_clock(clock),
          m_hide_credentials(hide_credentials)
    {
    }

    /// Must outlive the router's use of the handlers.
    void add_routes(Router& router, const AddModelRoute& add);

private:
    struct Asking;
    /// By provider; absent for those that are no Ollama, or gave no good answer in time.
    using Answers = std::vector<std::optional<std::string>>;

    net::Task<void> run_model(RequestContext& context, telemetry::RequestObservation& observed,
                              const llm::ModelRequest& request, llm::Translator translator);
    net::Task<void> reply_loaded(RequestContext& context, telemetry::RequestObservation& observed,
                                 const llm::ModelRequest& request, std::string_view reason);
    net::Task<void> tags(RequestContext& context);
    net::Task<void> running(RequestContext& context);
    net::Task<void> show(RequestContext& context);
    net::Task<void> version(RequestContext& context);

    net::Task<Answers> ask_each(RequestContext& context, std::string_view target);
    static net::Task<void> ask(std::shared_ptr<providers::Provider> provider, providers::SideCall call,
                               std::shared_ptr<Asking> asking, std::size_t index);
    bool is_ollama(std::size_t index) const { return m_providers[index]->kind() == "ollama"; }

    ModelCatalog& m_catalog;
    Dispatcher& m_dispatcher;
    const Providers m_providers;
    const Clock& m_clock;
    const bool m_hide_credentials;
};

} // namespace tokenscope::gateway
