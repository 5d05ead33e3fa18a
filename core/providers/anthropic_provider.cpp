// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/anthropic_provider.h"

#include "llm/anthropic_reply.h"
#include "llm/anthropic_request.h"
#include "llm/anthropic_stream_reader.h"
#include "llm/anthropic_stream_translator.h"
#include "llm/openai_chat.h"
#include "providers/chunk_head.h"
#include "providers/stream_pump.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::providers {

namespace {

constexpr std::string_view messages_target = "/v1/messages";
/// Of 1000 models each; a server that always says there are more must come to an end.
constexpr int most_pages = 10;

/// Clients of OpenAI's API carry their key as a bearer token, which Anthropic takes only for OAuth tokens.
Headers with_api_key(Headers headers)
{
    constexpr std::string_view scheme = "bearer ";
    constexpr std::string_view oauth = "sk-ant-oat";
    if (!net::find_header(headers, "x-api-key").empty())
        return headers;
    for (auto& [name, value] : headers) {
        if (!net::same_header(name, "authorization") || value.size() <= scheme.size()
            || !net::same_header(std::string_view(value).substr(0, scheme.size()), scheme))
            continue;
        std::string key = value.substr(scheme.size());
        if (key.starts_with(oauth))
            return headers;
        name = "x-api-key";
        value = std::move(key);
        break;
    }
    return headers;
}

/// What a client can use of the upstream's headers where the body is not the upstream's.
Headers translated_headers(const Headers& upstream, std::string_view content_type)
{
    Headers headers = {{"Content-Type", std::string(content_type)}};
    const auto useful = [](std::string_view name) {
        constexpr std::string_view own = "anthropic-"; // rate limits and the like
        return net::same_header(name, "retry-after") || net::same_header(name, "request-id")
               || net::same_header(name.substr(0, own.size()), own);
    };
    std::copy_if(upstream.begin(), upstream.end(), std::back_inserter(headers),
                 [&](const auto& field) { return useful(field.first); });
    return headers;
}

/// A model's id as part of a query. It comes from the upstream, so anything may be in it.
std::string percent_encoded(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                           || c == '_' || c == '.' || c == '~';
        if (plain)
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

} // namespace

Url AnthropicProvider::without_version(Url base)
{
    constexpr std::string_view version = "/v1";
    if (base.path.ends_with(version))
        base.path.resize(base.path.size() - version.size());
    return base;
}

Task<Result<net::UpstreamReply>> AnthropicProvider::send(ModelCall& call)
{
    if (call.request.api == llm::Api::messages) {
        auto native = llm::openai_upstream_body(call.request, call.upstream_model, false);
        co_return co_await m_upstream.post(messages_target, std::move(native), call);
    }
    auto body = llm::anthropic_request_body(call.request, call.upstream_model);
    if (!body)
        co_return failure(std::move(body.error()));
    ModelCall keyed = call;
    keyed.headers = with_api_key(std::move(keyed.headers));
    co_return co_await m_upstream.post(messages_target, std::move(*body), keyed);
}

Task<Result<Reply>> AnthropicProvider::read_native(net::UpstreamReply& upstream) const
{
    auto reply = co_await read_reply(upstream);
    if (!reply || reply->status >= 400)
        co_return reply;
    auto facts = llm::read_anthropic_reply(reply->body);
    if (!facts)
        co_return failure(std::move(facts.error()));
    reply->usage = facts->usage;
    reply->response_model = std::move(facts->model);
    reply->finish_reason = std::move(facts->finish_reason);
    co_return reply;
}

Task<Result<Reply>> AnthropicProvider::read_translated(net::UpstreamReply& upstream, const ModelCall& call) const
{
    auto reply = co_await read_reply(upstream);
    if (!reply)
        co_return reply;
    reply->headers = translated_headers(reply->headers, "application/json");
    if (reply->status != 200) {
        reply->body = llm::anthropic_error_to_openai(reply->body, reply->status);
        co_return reply;
    }
    auto translated = llm::anthropic_reply_to_openai(reply->body, chunk_head(call, m_clock));
    if (!translated)
        co_return failure(std::move(translated.error()));
    reply->body = std::move(translated->body);
    reply->usage = translated->facts.usage;
    reply->response_model = std::move(translated->facts.model);
    reply->finish_reason = std::move(translated->facts.finish_reason);
    co_return reply;
}

Task<Result<Reply>> AnthropicProvider::read(net::UpstreamReply& upstream, const ModelCall& call) const
{
    return call.request.api == llm::Api::messages ? read_native(upstream) : read_translated(upstream, call);
}

Task<Result<Reply>> AnthropicProvider::generate(ModelCall& call)
{
    auto upstream = co_await send(call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    co_return co_await read(*upstream, call);
}

Task<Result<StreamOutcome>> AnthropicProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    auto upstream = co_await send(call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    // A refusal, or a server that ignores "stream".
    if (upstream->status() != 200 || !is_event_stream(*upstream)) {
        auto reply = co_await read(*upstream, call);
        if (!reply)
            co_return failure(std::move(reply.error()));
        co_return StreamOutcome(std::move(*reply));
    }
    Headers headers = end_to_end_headers(*upstream);
    if (call.request.api == llm::Api::messages) {
        llm::AnthropicStreamReader reader;
        co_return co_await pump(*upstream, std::move(headers), reader, sink);
    }
    headers = translated_headers(headers, "text/event-stream");
    llm::AnthropicStreamTranslator translator(chunk_head(call, m_clock), call.request.include_usage.value_or(false));
    co_return co_await pump(*upstream, std::move(headers), translator, sink);
}

Task<Result<std::vector<ModelInfo>>> AnthropicProvider::models(CancelToken cancel)
{
    std::vector<ModelInfo> models;
    std::string target(listing_target);
    for (int page = 0; page < most_pages; ++page) {
        auto body = co_await m_upstream.get(target, cancel);
        if (!body)
            co_return failure(std::move(body.error()));
        auto read = llm::read_anthropic_models(*body);
        if (!read)
            co_return failure(std::move(read.error()));
        std::move(read->models.begin(), read->models.end(), std::back_inserter(models));
        if (read->next.empty())
            break;
        target = fmt::format("{}&after_id={}", listing_target, percent_encoded(read->next));
    }
    co_return models;
}

} // namespace tokenscope::providers
