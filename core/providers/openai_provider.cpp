// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/openai_provider.h"

#include "llm/openai_chat.h"
#include "providers/stream_pump.h"

#include <utility>

namespace tokenscope::providers {

namespace {

std::string_view target_of(llm::Api api)
{
    switch (api) {
    case llm::Api::completions: return "/completions";
    case llm::Api::embeddings: return "/embeddings";
    case llm::Api::rerank: return "/rerank";
    default: return "/chat/completions";
    }
}

Task<Result<Reply>> read_openai(net::UpstreamReply& upstream)
{
    auto reply = co_await read_reply(upstream);
    if (!reply || reply->status >= 400)
        co_return reply;
    const auto facts = llm::read_openai_reply(reply->body);
    if (!facts)
        co_return failure(facts.error());
    reply->usage = facts->usage;
    reply->response_model = facts->model;
    reply->finish_reason = facts->finish_reason;
    co_return reply;
}

} // namespace

Task<Result<Reply>> OpenAiProvider::generate(ModelCall& call)
{
    auto body = llm::openai_upstream_body(call.request, call.upstream_model, false);
    auto upstream = co_await m_upstream.post(target_of(call.request.api), std::move(body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    co_return co_await read_openai(*upstream);
}

Task<Result<StreamOutcome>> OpenAiProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    auto body = llm::openai_upstream_body(call.request, call.upstream_model, true);
    auto upstream = co_await m_upstream.post(target_of(call.request.api), std::move(body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    // A refusal, or a server that ignores "stream": passed on as the plain reply it is.
    if (upstream->status() != 200 || !is_event_stream(*upstream)) {
        auto reply = co_await read_openai(*upstream);
        if (!reply)
            co_return failure(std::move(reply.error()));
        co_return StreamOutcome(std::move(*reply));
    }
    llm::OpenAiStreamReader reader(llm::adds_usage(call.request));
    auto end = co_await pump(*upstream, end_to_end_headers(*upstream), reader, sink);
    co_return StreamOutcome(std::move(end));
}

Task<Result<std::vector<ModelInfo>>> OpenAiProvider::models(CancelToken cancel)
{
    auto body = co_await m_upstream.get(listing_target, std::move(cancel));
    if (!body)
        co_return failure(std::move(body.error()));
    co_return llm::read_openai_models(*body);
}

Task<Result<Reply>> OpenAiProvider::side_call(SideCall call)
{
    // base_url ends with the API's prefix already.
    constexpr std::string_view prefix = "/v1";
    if (call.target.starts_with(prefix))
        call.target.erase(0, prefix.size());
    return m_upstream.ask(std::move(call));
}

} // namespace tokenscope::providers
