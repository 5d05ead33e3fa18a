// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/ollama_provider.h"

#include "llm/ollama_api_reader.h"
#include "llm/ollama_chat.h"
#include "llm/ollama_stream_translator.h"
#include "llm/openai_chat.h"
#include "providers/chunk_head.h"
#include "providers/stream_pump.h"

#include <utility>

namespace tokenscope::providers {

namespace {

constexpr std::string_view chat_target = "/api/chat";

/// Of the APIs that are passed through.
std::string_view native_target(llm::Api api)
{
    switch (api) {
    case llm::Api::ollama_generate: return "/api/generate";
    case llm::Api::ollama_embed: return "/api/embed";
    case llm::Api::ollama_embeddings: return "/api/embeddings";
    default: return chat_target;
    }
}

bool is_compatible(llm::Api api)
{
    return api == llm::Api::completions || api == llm::Api::embeddings;
}

/// Whether the reply's body is to be relayed as it comes. Some servers that follow Ollama call their lines plain JSON, and
/// so does Ollama itself where there is only one of them.
bool is_stream(const net::UpstreamReply& reply, llm::Api api)
{
    const auto type = net::find_header(reply.headers(), "content-type");
    const bool lines = type.starts_with("application/x-ndjson") || type.starts_with("application/json");
    return reply.status() == 200 && lines && (api == llm::Api::ollama_chat || api == llm::Api::ollama_generate);
}

/// Ollama's refusal with its own status, reworded into the dialect the client speaks.
Task<Result<Reply>> read_refusal(net::UpstreamReply& upstream)
{
    auto reply = co_await read_reply(upstream);
    if (!reply)
        co_return failure(std::move(reply.error()));
    reply->body = llm::ollama_error_to_openai(reply->body, reply->status);
    reply->headers = {{"Content-Type", "application/json"}};
    co_return reply;
}

/// A native reply, or a refusal, as it came.
Task<Result<Reply>> read_native(net::UpstreamReply& upstream)
{
    auto reply = co_await read_reply(upstream);
    if (!reply || reply->status >= 400)
        co_return reply;
    auto read = llm::read_ollama_api_reply(reply->body);
    if (!read)
        co_return failure(std::move(read.error()));
    reply->usage = read->facts.usage;
    reply->response_model = std::move(read->facts.model);
    reply->finish_reason = std::move(read->facts.finish_reason);
    co_return reply;
}

} // namespace

bool OllamaProvider::speaks(llm::Api api) const
{
    switch (api) {
    case llm::Api::chat:
    case llm::Api::completions:
    case llm::Api::embeddings:
    case llm::Api::ollama_chat:
    case llm::Api::ollama_generate:
    case llm::Api::ollama_embed:
    case llm::Api::ollama_embeddings: return true;
    default: return false;
    }
}

Task<Result<Reply>> OllamaProvider::generate(ModelCall& call)
{
    if (is_compatible(call.request.api))
        return m_compatible.generate(call);
    return call.request.api == llm::Api::chat ? chat(call) : pass(call);
}

Task<Result<StreamOutcome>> OllamaProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    if (is_compatible(call.request.api))
        return m_compatible.generate_stream(call, sink);
    return call.request.api == llm::Api::chat ? stream_chat(call, sink) : stream_pass(call, sink);
}

Task<Result<Reply>> OllamaProvider::pass(ModelCall& call)
{
    auto body = llm::openai_upstream_body(call.request, call.upstream_model, false);
    auto upstream = co_await m_upstream.post(native_target(call.request.api), std::move(body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    co_return co_await read_native(*upstream);
}

Task<Result<StreamOutcome>> OllamaProvider::stream_pass(ModelCall& call, StreamSink& sink)
{
    auto body = llm::openai_upstream_body(call.request, call.upstream_model, false);
    auto upstream = co_await m_upstream.post(native_target(call.request.api), std::move(body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    if (!is_stream(*upstream, call.request.api)) {
        auto reply = co_await read_native(*upstream);
        if (!reply)
            co_return failure(std::move(reply.error()));
        co_return StreamOutcome(std::move(*reply));
    }
    llm::OllamaApiReader reader;
    co_return co_await pump(*upstream, end_to_end_headers(*upstream), reader, sink);
}

Task<Result<Reply>> OllamaProvider::chat(ModelCall& call)
{
    auto body = llm::ollama_request_body(call.request, call.upstream_model);
    if (!body)
        co_return failure(std::move(body.error()));
    auto upstream = co_await m_upstream.post(chat_target, std::move(*body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    if (upstream->status() != 200)
        co_return co_await read_refusal(*upstream);
    auto reply = co_await read_reply(*upstream);
    if (!reply)
        co_return failure(std::move(reply.error()));
    auto translated = llm::ollama_reply_to_openai(reply->body, chunk_head(call, m_clock));
    if (!translated)
        co_return failure(std::move(translated.error()));
    reply->headers = {{"Content-Type", "application/json"}};
    reply->body = std::move(translated->body);
    reply->usage = translated->facts.usage;
    reply->response_model = std::move(translated->facts.model);
    reply->finish_reason = std::move(translated->facts.finish_reason);
    co_return reply;
}

Task<Result<StreamOutcome>> OllamaProvider::stream_chat(ModelCall& call, StreamSink& sink)
{
    auto body = llm::ollama_request_body(call.request, call.upstream_model);
    if (!body)
        co_return failure(std::move(body.error()));
    auto upstream = co_await m_upstream.post(chat_target, std::move(*body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    if (upstream->status() != 200) {
        auto refusal = co_await read_refusal(*upstream);
        if (!refusal)
            co_return failure(std::move(refusal.error()));
        co_return StreamOutcome(std::move(*refusal));
    }
    Headers headers = {{"Content-Type", "text/event-stream"}};
    llm::OllamaStreamTranslator translator(chunk_head(call, m_clock), call.request.include_usage.value_or(false));
    co_return co_await pump(*upstream, std::move(headers), translator, sink);
}

Task<Result<std::vector<ModelInfo>>> OllamaProvider::models(CancelToken cancel)
{
    auto body = co_await m_upstream.get(listing_target, std::move(cancel));
    if (!body)
        co_return failure(std::move(body.error()));
    co_return llm::read_ollama_tags(*body);
}

Task<Result<Reply>> OllamaProvider::side_call(SideCall call)
{
    return m_upstream.ask(std::move(call));
}

} // namespace tokenscope::providers
