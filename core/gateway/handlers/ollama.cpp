// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/ollama.h"

#include "gateway/error_reply.h"
#include "gateway/upstream_headers.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/ollama_api_embed.h"
#include "llm/ollama_api_request.h"
#include "llm/ollama_api_translation.h"
#include "llm/ollama_api_writer.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace tokenscope::gateway {

namespace asio = boost::asio;

namespace {

using Raw = std::string_view;

/// For an answer about models, not from one.
constexpr std::chrono::seconds side_call_timeout{5};
constexpr unsigned max_depth = 256;
/// Ollama's own way to say that a time is not known (Go's zero value).
constexpr Raw no_time = "0001-01-01T00:00:00Z";

net::Task<void> reply_json(RequestContext& context, std::string body)
{
    net::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
    co_await context.exchange.reply(std::move(response));
}

net::Task<void> reply_error(RequestContext& context, Error error)
{
    if (error.code != ErrorCode::client_gone)
        co_await context.exchange.reply(error_reply(error, context.error_shape()));
    context.error = std::move(error);
}

net::Task<void> reply_running(RequestContext& context)
{
    net::Response response{
        .status = 200, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = "Tokenscope is running"};
    co_await context.exchange.reply(std::move(response));
}

net::Task<void> refuse_managing(RequestContext& context)
{
    Error error{.code = ErrorCode::forbidden,
                .message = "Models are managed on the Ollama server itself, not through Tokenscope: do this with "
                           "OLLAMA_HOST set to that server's address."};
    co_await reply_error(context, std::move(error));
}

/// In Ollama's words, which its clients look for.
Error not_found(std::string_view name, Error error)
{
    if (error.code == ErrorCode::model_not_found)
        error.message = fmt::format("model '{}' not found. {}", name, error.message);
    return error;
}

std::string text_of(Raw object, std::string_view key)
{
    const auto value = llm::find_json_value(object, key);
    return value && llm::is_json_string(*value) ? llm::unescape_json(*value) : std::string();
}

/// The members of `object`, with `name` as the value of those that name the model.
std::string renamed(Raw object, const std::string& name)
{
    std::string out;
    llm::ObjectWriter writer(out);
    Raw key;
    Raw value;
    for (llm::JsonMembers members(object); members.next(key, value);) {
        if (llm::json_string_is(key, "name") || llm::json_string_is(key, "model"))
            writer.text(key.substr(1, key.size() - 2), name);
        else
            writer.member(key, value);
    }
    writer.end();
    return out;
}

/// The entries of {"models": [...]}, for each of them `add(entry, its name)`.
template <typename Add>
void visit_models(Raw answer, Add add)
{
    Raw entry;
    for (llm::JsonElements models(llm::find_json_value(answer, "models").value_or("[]")); models.next(entry);) {
        auto name = text_of(entry, "name");
        if (name.empty())
            name = text_of(entry, "model");
        if (!name.empty())
            add(entry, name);
    }
}

/// What a client has to say to get this model of this provider.
std::string public_name(const std::vector<ModelCatalog::Entry>& all, const std::string& provider,
                        const std::string& model)
{
    auto prefixed = provider + "/" + model;
    for (const auto& entry : all)
        if (entry.owned_by == provider && entry.id == prefixed)
            return prefixed;
    return model;
}

std::string details_of(std::string_view kind)
{
    return fmt::format(R"({{"parent_model":"","format":"","family":"{0}","families":["{0}"],"parameter_size":"",)"
                       R"("quantization_level":""}})",
                       kind);
}

std::string modified_at(std::int64_t created)
{
    return created > 0 ? llm::ollama_time(WallTime(std::chrono::seconds(created))) : std::string(no_time);
}

/// The answer to /api/show for a model that is not Ollama's. Without `model_info`: its command line client takes one that
/// is there to be complete.
std::string known_of(const ModelCatalog::Choice& choice)
{
    std::string out;
    llm::ObjectWriter writer(out);
    writer.raw("details", details_of(choice.provider->kind()));
    writer.raw("capabilities", R"(["completion"])");
    writer.text("remote_model", choice.model);
    writer.text("remote_host", choice.provider->name());
    writer.text("modified_at", no_time);
    writer.end();
    return out;
}

/// The entry of /api/tags for a model that is not Ollama's.
std::string other_model(const ModelCatalog::Entry& entry, std::string_view kind)
{
    std::string out;
    llm::ObjectWriter writer(out);
    writer.text("name", entry.id);
    writer.text("model", entry.id);
    writer.text("remote_model", entry.id);
    writer.text("remote_host", entry.owned_by);
    writer.text("modified_at", modified_at(entry.created));
    writer.raw("size", "0");
    writer.text("digest", std::string(64, '0')); // the command line client cuts its first twelve out
    writer.raw("details", details_of(kind));
    writer.end();
    return out;
}

} // namespace

/// Answers of all providers, asked at once.
struct OllamaApi::Asking {
    Answers answers;
    std::size_t left;
    asio::steady_timer done; ///< expires when nobody waits any longer
};

void OllamaApi::add_routes(Router& router, const AddModelRoute& add)
{
    const auto add_model = [&](std::string_view path, llm::Api api, llm::Translator translator) {
        const auto serve = [this, translator](RequestContext& context, telemetry::RequestObservation& observed,
                                              const llm::ModelRequest& request) {
            return run_model(context, observed, request, translator);
        };
        add(path, api, serve);
    };
    add_model("/api/chat", llm::Api::ollama_chat, llm::translate_ollama_chat);
    add_model("/api/generate", llm::Api::ollama_generate, llm::translate_ollama_generate);
    add_model("/api/embed", llm::Api::ollama_embed, llm::translate_ollama_embed);
    add_model("/api/embeddings", llm::Api::ollama_embeddings, llm::translate_ollama_embeddings);

    router.add("GET", "/", reply_running);
    router.add("GET", "/api/tags", [this](RequestContext& context) { return tags(context); });
    router.add("GET", "/api/ps", [this](RequestContext& context) { return running(context); });
    router.add("POST", "/api/show", [this](RequestContext& context) { return show(context); });
    router.add("GET", "/api/version", [this](RequestContext& context) { return version(context); });
    for (const auto* path : {"/api/pull", "/api/push", "/api/create", "/api/copy", "/api/blobs/{id}"})
        router.add("POST", path, refuse_managing);
    router.add("GET", "/api/blobs/{id}", refuse_managing); // clients ask with HEAD whether a blob is there
    router.add("DELETE", "/api/delete", refuse_managing);
}

net::Task<void> OllamaApi::run_model(RequestContext& context, telemetry::RequestObservation& observed,
                                     const llm::ModelRequest& request, llm::Translator translator)
{
    const auto choice = co_await m_catalog.resolve(request.model);
    if (!choice) {
        auto error = not_found(request.model, choice.error());
        co_return co_await refuse(context, observed, std::move(error));
    }
    const bool passes = choice->provider->speaks(request.api);
    if (const auto reason = llm::ollama_load_reason(request); !reason.empty() && !passes) {
        observed.routed({.backend = choice->provider->name(), .model = choice->listed ? choice->model : "unknown"});
        co_return co_await reply_loaded(context, observed, request, reason);
    }
    Delivery delivery(translator, m_clock.wall());
    co_await m_dispatcher.dispatch(context, observed, request, delivery);
}

net::Task<void> OllamaApi::reply_loaded(RequestContext& context, telemetry::RequestObservation& observed,
                                        const llm::ModelRequest& request, std::string_view reason)
{
    std::string body;
    const llm::OllamaApiWriter writer(request.api, request.model, m_clock.wall());
    const llm::OllamaApiWriter::End end{reason, {}};
    writer.write(body, {}, end);
    net::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
    const auto sent = co_await context.exchange.reply(std::move(response));
    if (sent)
        observed.succeed();
}

net::Task<void> OllamaApi::tags(RequestContext& context)
{
    if (!m_catalog.refreshed())
        co_await m_catalog.refresh();
    const auto answers = co_await ask_each(context, "/api/tags");
    const auto all = m_catalog.list();
    std::string models;
    const auto append = [&](Raw entry) { models.append(models.empty() ? "" : ",").append(entry); };
    for (std::size_t i = 0; i < m_providers.size(); ++i) {
        const auto& provider = m_providers[i]->name();
        if (answers[i]) {
            visit_models(*answers[i], [&](Raw entry, const std::string& name) {
                const auto known_as = public_name(all, provider, name);
                append(known_as == name ? std::string(entry) : renamed(entry, known_as));
            });
            continue;
        }
        for (const auto& entry : all)
            if (entry.owned_by == provider)
                append(other_model(entry, m_providers[i]->kind()));
    }
    co_await reply_json(context, fmt::format(R"({{"models":[{}]}})", models));
}

net::Task<void> OllamaApi::running(RequestContext& context)
{
    const auto answers = co_await ask_each(context, "/api/ps");
    const auto all = m_catalog.list();
    std::string models;
    for (std::size_t i = 0; i < m_providers.size(); ++i) {
        if (!answers[i])
            continue;
        visit_models(*answers[i], [&](Raw entry, const std::string& name) {
            const auto known_as = public_name(all, m_providers[i]->name(), name);
            models.append(models.empty() ? "" : ",");
            models += known_as == name ? std::string(entry) : renamed(entry, known_as);
        });
    }
    co_await reply_json(context, fmt::format(R"({{"models":[{}]}})", models));
}

net::Task<void> OllamaApi::show(RequestContext& context)
{
    auto body = co_await context.exchange.read_body();
    if (!body)
        co_return co_await reply_error(context, std::move(body.error()));
    const auto begin = body->find_first_not_of(" \t\r\n");
    const bool valid = !llm::check_json(*body, max_depth) && (*body)[begin] == '{';
    const auto object = valid ? Raw(*body).substr(begin) : Raw("{}");
    auto name = text_of(object, "model");
    if (name.empty())
        name = text_of(object, "name"); // as older clients have it
    if (name.empty()) {
        Error error{.code = valid ? ErrorCode::model_missing : ErrorCode::invalid_request,
                    .message = valid ? "The request names no model: set 'model'." : "The body is not a JSON object."};
        co_return co_await reply_error(context, std::move(error));
    }
    const auto choice = co_await m_catalog.resolve(name);
    if (!choice) {
        auto error = not_found(name, choice.error());
        co_return co_await reply_error(context, std::move(error));
    }
    if (choice->provider->kind() != "ollama")
        co_return co_await reply_json(context, known_of(*choice));
    providers::SideCall call{.method = "POST",
                             .target = "/api/show",
                             .body = renamed(object, choice->model),
                             .headers = upstream_headers(context, m_hide_credentials),
                             .cancel = context.exchange.gone(),
                             .trace = context.trace_parent()};
    auto reply = co_await choice->provider->side_call(std::move(call));
    if (!reply)
        co_return co_await reply_error(context, std::move(reply.error()));
    net::Response response{
        .status = reply->status, .headers = std::move(reply->headers), .body = std::move(reply->body)};
    co_await context.exchange.reply(std::move(response));
}

net::Task<void> OllamaApi::version(RequestContext& context)
{
    const auto answers = co_await ask_each(context, "/api/version");
    for (const auto& answer : answers)
        if (answer && !text_of(*answer, "version").empty())
            co_return co_await reply_json(context, *answer);
    co_await reply_json(context, R"({"version":")" TOKENSCOPE_VERSION R"("})");
}

// Holds what it needs: the request, and with it this object, may be gone before the answer comes.
net::Task<void> OllamaApi::ask(std::shared_ptr<providers::Provider> provider, providers::SideCall call,
                               std::shared_ptr<Asking> asking, std::size_t index)
{
    auto reply = co_await provider->side_call(std::move(call));
    if (reply && reply->status == 200 && !llm::check_json(reply->body, max_depth)) {
        reply->body.erase(0, reply->body.find_first_not_of(" \t\r\n"));
        asking->answers[index] = std::move(reply->body);
    }
    if (--asking->left == 0)
        asking->done.cancel();
}

net::Task<OllamaApi::Answers> OllamaApi::ask_each(RequestContext& context, std::string_view target)
{
    // There is none to speak of, but only from then on is it noticed when the client leaves.
    co_await context.exchange.read_body();
    const auto executor = co_await asio::this_coro::executor;
    const auto asking = std::make_shared<Asking>(
        Asking{Answers(m_providers.size()), 0, asio::steady_timer(executor, side_call_timeout)});
    CancelSource enough;
    const auto client_left = context.exchange.gone().on_cancel([&enough, &asking] {
        enough.cancel();
        asking->done.cancel();
    });
    for (std::size_t i = 0; i < m_providers.size(); ++i)
        asking->left += is_ollama(i) ? 1 : 0;
    for (std::size_t i = 0; i < m_providers.size(); ++i) {
        if (!is_ollama(i))
            continue;
        providers::SideCall call{.method = "GET",
                                 .target = std::string(target),
                                 .body = {},
                                 .headers = upstream_headers(context, m_hide_credentials),
                                 .cancel = enough.token(),
                                 .trace = context.trace_parent()};
        asio::co_spawn(executor, ask(m_providers[i], std::move(call), asking, i), asio::detached);
    }
    if (asking->left > 0 && !enough.cancelled())
        co_await asking->done.async_wait(net::awaiting);
    auto answers = std::move(asking->answers);
    asking->answers.assign(m_providers.size(), std::nullopt); // for those that come too late
    enough.cancel();
    co_return answers;
}

} // namespace tokenscope::gateway
