// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/responses.h"

#include "conversations/owned_store.h"
#include "gateway/error_reply.h"
#include "gateway/handlers/input_items_page.h"
#include "gateway/upstream_headers.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace tokenscope::gateway {

namespace {

constexpr std::string_view path_prefix = "/v1/responses/";
/// Other responses that one request may refer to items of.
constexpr std::size_t most_referenced = 256;
constexpr unsigned most_depth = 512;

/// The id in ".../v1/responses/{id}[/...]".
std::string id_of(std::string_view target)
{
    auto path = path_of(target);
    path.remove_prefix(std::min(path.size(), path_prefix.size()));
    return std::string(path.substr(0, path.find('/')));
}

Error not_found(const std::string& id)
{
    return {.code = ErrorCode::response_not_found,
            .message =
                fmt::format("Response with id '{}' not found. It may have been deleted, have expired, or been made "
                            "with \"store\": false.",
                            id)};
}

net::Response json_reply(std::string body)
{
    return {.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

/// What a response added to its conversation: its own input and its output. False if the store's text is not ours.
bool append_conversation(const conversations::StoredResponse& stored, std::vector<std::string>& items)
{
    if (llm::check_json(stored.body, most_depth))
        return false;
    const auto output = llm::find_json_value(stored.body, "output");
    return llm::append_items(stored.input, items) && output && llm::append_items(*output, items);
}

Error unreadable(const std::string& id)
{
    return {.code = ErrorCode::internal,
            .message = fmt::format("What is stored of the response '{}' cannot be read. Send the conversation in "
                                   "\"input\".",
                                   id)};
}

} // namespace

ResponsesApi::ResponsesApi(Parts parts, Providers providers, std::map<std::string, std::string> aliases,
                           bool hide_credentials)
    : m_parts(parts), m_providers(std::move(providers)), m_aliases(std::move(aliases)),
      m_hide_credentials(hide_credentials)
{
    for (const auto& provider : m_providers)
        m_names.insert(provider->name());
}

void ResponsesApi::add_routes(Router& router, const AddModelRoute& add_model)
{
    const auto serve = [this](RequestContext& context, telemetry::RequestObservation& observed,
                              const llm::ModelRequest& request) { return create(context, observed, request); };
    add_model("/v1/responses", llm::Api::responses, serve);
    const auto add = [&](std::string_view method, std::string_view path, Local local) {
        router.add(method, path, [this, local](RequestContext& context) { return with_stored(context, local); });
    };
    add("GET", "/v1/responses/{id}/input_items", &ResponsesApi::input_items);
    add("POST", "/v1/responses/{id}/cancel", &ResponsesApi::cancel);
    add("GET", "/v1/responses/{id}", &ResponsesApi::retrieve);
    add("DELETE", "/v1/responses/{id}", &ResponsesApi::erase);
}

net::Task<void> ResponsesApi::create(RequestContext& context, telemetry::RequestObservation& observed,
                                     const llm::ModelRequest& request)
{
    conversations::OwnedStore owned(m_parts.store, context.client);
    Store store(owned, context.span);
    auto basis = co_await basis_of(request, store);
    if (!basis)
        co_return co_await refuse(context, observed, std::move(basis.error()));
    // Providers know us, not our clients: only what a client is known to have made itself is continued there.
    if (basis->unknown && !context.client.empty())
        co_return co_await refuse(context, observed, std::move(*basis->unknown));
    const ResponsesDelivery::Parts parts{store, m_parts.log, m_parts.clock, m_aliases, m_names};
    ResponsesDelivery delivery(parts, std::move(*basis));
    co_await m_parts.dispatcher.dispatch(context, observed, request, delivery);
}

net::Task<Result<ResponsesBasis>> ResponsesApi::basis_of(const llm::ModelRequest& request, Store& store)
{
    ResponsesBasis basis;
    auto links = llm::read_responses_links(request);
    if (!links)
        co_return failure(std::move(links.error()));
    basis.links = std::move(*links);
    if (basis.links.previous)
        if (auto loaded = co_await load_previous(*basis.links.previous, basis, store); !loaded)
            co_return failure(std::move(loaded.error()));
    if (auto loaded = co_await load_referenced(basis, store); !loaded)
        co_return failure(std::move(loaded.error()));
    co_return basis;
}

net::Task<Result<void>> ResponsesApi::load_previous(const std::string& id, ResponsesBasis& basis, Store& store)
{
    auto chain = co_await store.chain(id);
    if (!chain) {
        if (chain.error().code != ErrorCode::previous_response_not_found)
            co_return failure(std::move(chain.error()));
        // Of one that is here itself, something before it has gone: nobody else has that.
        const auto head = co_await store.get(id);
        if (!head || *head)
            co_return failure(std::move(chain.error()));
        basis.unknown = std::move(chain.error());
        co_return Result<void>();
    }
    if (chain->back().held_upstream()) {
        basis.holder = chain->back().provider;
        co_return Result<void>();
    }
    for (const Stored& link : *chain)
        if (!append_conversation(link, basis.history.earlier))
            co_return failure(unreadable(link.id));
    co_return Result<void>();
}

net::Task<Result<void>> ResponsesApi::load_referenced(ResponsesBasis& basis, Store& store)
{
    auto& history = basis.history;
    std::set<std::string> wanted;
    for (const std::string& item : history.earlier)
        if (std::find(basis.links.referenced.begin(), basis.links.referenced.end(), llm::item_id(item))
            != basis.links.referenced.end())
            history.known.emplace(llm::item_id(item), item);
    for (const std::string& item : basis.links.referenced)
        if (const auto response = llm::response_of_item(item); response && !history.known.contains(item))
            wanted.insert(*response);
    if (wanted.size() > most_referenced)
        co_return failure(Error{.code = ErrorCode::invalid_request,
                                .message = fmt::format("The input refers to items of more than {} responses. Send the "
                                                       "items themselves, or continue with 'previous_response_id'.",
                                                       most_referenced),
                                .detail = {},
                                .param = "input"});
    for (const std::string& response : wanted) {
        auto found = co_await store.get(response);
        if (!found)
            co_return failure(std::move(found.error()));
        std::vector<std::string> items;
        if (!*found || (*found)->held_upstream() || !append_conversation(**found, items))
            continue;
        for (std::string& item : items)
            history.known.emplace(llm::item_id(item), std::move(item));
    }
    co_return Result<void>();
}

net::Task<void> ResponsesApi::with_stored(RequestContext& context, Local local)
{
    auto response = co_await answer(context, local);
    if (response) {
        co_await context.exchange.reply(std::move(*response));
        co_return;
    }
    if (response.error().code != ErrorCode::client_gone)
        co_await context.exchange.reply(error_reply(response.error(), context.error_shape()));
    context.error = std::move(response.error());
}

net::Task<Result<net::Response>> ResponsesApi::answer(RequestContext& context, Local local)
{
    const auto id = id_of(context.exchange.target());
    conversations::OwnedStore owned(m_parts.store, context.client);
    Store store(owned, context.span);
    auto found = co_await store.get(id);
    if (!found)
        co_return failure(std::move(found.error()));
    if (!*found)
        co_return failure(not_found(id));
    const Stored& stored = **found;
    context.provider = stored.provider;
    if (stored.held_upstream())
        co_return co_await ask_holder(context, stored);
    co_return co_await (this->*local)(context, stored);
}

net::Task<Result<net::Response>> ResponsesApi::ask_holder(RequestContext& context, const Stored& stored)
{
    auto& exchange = context.exchange;
    const auto holder = std::find_if(m_providers.begin(), m_providers.end(),
                                     [&](const auto& provider) { return provider->name() == stored.provider; });
    if (holder == m_providers.end())
        co_return failure(Error{.code = ErrorCode::response_not_found,
                                .message = fmt::format("The response '{}' is kept by the provider '{}', which is no "
                                                       "longer configured.",
                                                       stored.id, stored.provider)});
    auto body = co_await exchange.read_body();
    if (!body)
        co_return failure(std::move(body.error()));
    const bool erases = exchange.method() == "DELETE";
    providers::SideCall call{.method = exchange.method() == "HEAD" ? "GET" : std::string(exchange.method()),
                             .target = std::string(exchange.target()),
                             .body = std::move(*body),
                             .headers = upstream_headers(context, m_hide_credentials),
                             .cancel = exchange.gone(),
                             .trace = context.trace_parent()};
    auto reply = co_await (*holder)->side_call(std::move(call));
    if (!reply)
        co_return failure(std::move(reply.error()));
    if (erases && (reply->status < 300 || reply->status == 404)) {
        conversations::OwnedStore owned(m_parts.store, context.client);
        Store store(owned, context.span);
        if (const auto erased = co_await store.erase(stored.id); !erased)
            co_return failure(erased.error());
    }
    co_return net::Response{
        .status = reply->status, .headers = std::move(reply->headers), .body = std::move(reply->body)};
}

net::Task<Result<net::Response>> ResponsesApi::retrieve(RequestContext& context, const Stored& stored)
{
    if (query_value(context.exchange.target(), "stream") == "true")
        co_return failure(Error{.code = ErrorCode::invalid_request,
                                .message = "This response is complete, and its stream is over. Leave 'stream' out.",
                                .detail = {},
                                .param = "stream"});
    co_return json_reply(stored.body);
}

net::Task<Result<net::Response>> ResponsesApi::erase(RequestContext& context, const Stored& stored)
{
    conversations::OwnedStore owned(m_parts.store, context.client);
    Store store(owned, context.span);
    const auto erased = co_await store.erase(stored.id);
    if (!erased)
        co_return failure(erased.error());
    std::string body;
    llm::ObjectWriter object(body);
    object.text("id", stored.id);
    object.text("object", "response");
    object.raw("deleted", "true");
    object.end();
    co_return json_reply(std::move(body));
}

net::Task<Result<net::Response>> ResponsesApi::input_items(RequestContext& context, const Stored& stored)
{
    std::vector<std::string> items;
    if (!llm::append_items(stored.input, items))
        co_return failure(unreadable(stored.id));
    auto page = input_items_page(std::move(items), context.exchange.target());
    if (!page)
        co_return failure(std::move(page.error()));
    co_return json_reply(std::move(*page));
}

net::Task<Result<net::Response>> ResponsesApi::cancel(RequestContext&, const Stored&)
{
    co_return failure(ErrorCode::invalid_request,
                      "Only responses that run in the background can be cancelled, and this "
                      "one is complete.");
}

} // namespace tokenscope::gateway
