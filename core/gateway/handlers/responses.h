// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/traced_store.h"
#include "gateway/dispatcher.h"
#include "gateway/handlers/model_route.h"
#include "gateway/handlers/responses_delivery.h"
#include "gateway/router.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// OpenAI's Responses API (https://platform.openai.com/docs/api-reference/responses): POST /v1/responses, and what can be
/// done with a response that is stored: GET and DELETE /v1/responses/{id}, GET .../input_items, POST .../cancel. Responses
/// that a provider keeps itself are asked of that provider. Those that the gateway keeps are over when they are stored, so
/// that there is nothing to cancel and no stream to take up again.
class ResponsesApi {
public:
    using Providers = std::vector<std::shared_ptr<providers::Provider>>;

    /// What outlives the API.
    struct Parts {
        Dispatcher& dispatcher;
        conversations::ConversationStore& store;
        telemetry::Logger& log;
        const Clock& clock;
    };

    /// `hide_credentials`: the client's keys are ours, and not for providers.
    ResponsesApi(Parts parts, Providers providers, std::map<std::string, std::string> aliases, bool hide_credentials);

    /// Must outlive the router's use of the handlers.
    void add_routes(Router& router, const AddModelRoute& add_model);

private:
    using Store = conversations::TracedStore;
    using Stored = conversations::StoredResponse;
    /// Answers for a response that the gateway keeps itself.
    using Local = net::Task<Result<net::Response>> (ResponsesApi::*)(RequestContext&, const Stored&);

    net::Task<void> create(RequestContext& context, telemetry::RequestObservation& observed,
                           const llm::ModelRequest& request);
    net::Task<Result<ResponsesBasis>> basis_of(const llm::ModelRequest& request, Store& store);
    net::Task<Result<void>> load_previous(const std::string& id, ResponsesBasis& basis, Store& store);
    net::Task<Result<void>> load_referenced(ResponsesBasis& basis, Store& store);

    /// Finds the response that the path names, and answers here or by its provider.
    net::Task<void> with_stored(RequestContext& context, Local local);
    net::Task<Result<net::Response>> answer(RequestContext& context, Local local);
    net::Task<Result<net::Response>> ask_holder(RequestContext& context, const Stored& stored);
    net::Task<Result<net::Response>> retrieve(RequestContext& context, const Stored& stored);
    net::Task<Result<net::Response>> erase(RequestContext& context, const Stored& stored);
    net::Task<Result<net::Response>> input_items(RequestContext& context, const Stored& stored);
    net::Task<Result<net::Response>> cancel(RequestContext& context, const Stored& stored);

    const Parts m_parts;
    const Providers m_providers;
    const std::map<std::string, std::string> m_aliases;
    std::set<std::string> m_names; ///< of the providers
    const bool m_hide_credentials;
};

} // namespace tokenscope::gateway
