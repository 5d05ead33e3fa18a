// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/ollama_provider.h"

#include "llm/ollama_chat.h"
#include "llm/ollama_stream_translator.h"
#include "providers/chunk_head.h"
#include "providers/stream_pump.h"

#include <utility>

namespace tokenscope::providers {

namespace {

constexpr std::string_view chat_target = "/api/chat";

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

} // namespace

Task<Result<Reply>> OllamaProvider::generate(ModelCall& call)
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

Task<Result<StreamOutcome>> OllamaProvider::generate_stream(ModelCall& call, StreamSink& sink)
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
    auto end = co_await pump(*upstream, std::move(headers), translator, sink);
    co_return StreamOutcome(std::move(end));
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
