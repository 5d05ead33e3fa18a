// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/openai_provider.h"

#include "llm/openai_chat.h"
#include "llm/openai_stream_reader.h"
#include "llm/responses_facts.h"
#include "llm/responses_stream_reader.h"
#include "providers/stream_pump.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::providers {

namespace {

std::string_view target_of(llm::Api api)
{
    switch (api) {
    case llm::Api::completions: return "/completions";
    case llm::Api::embeddings: return "/embeddings";
    case llm::Api::rerank: return "/rerank";
    case llm::Api::responses: return "/responses";
    default: return "/chat/completions";
    }
}

Result<llm::ReplyFacts> read_facts(llm::Api api, std::string_view body)
{
    if (api != llm::Api::responses)
        return llm::read_openai_reply(body);
    llm::ReplyFacts facts;
    llm::ResponseNote note;
    if (!llm::read_responses_reply(body, facts, note))
        return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is not a JSON object: check its base URL.");
    return facts;
}

} // namespace

bool OpenAiProvider::speaks(llm::Api api) const
{
    switch (api) {
    case llm::Api::chat:
    case llm::Api::completions:
    case llm::Api::embeddings:
    case llm::Api::rerank: return true;
    case llm::Api::responses: return !m_no_responses_until || m_clock.now() >= *m_no_responses_until;
    default: return false;
    }
}

std::optional<Error> OpenAiProvider::lacks_api(const ModelCall& call, const Reply& reply)
{
    if (call.request.api != llm::Api::responses || !llm::lacks_responses(reply.status, reply.body, call.upstream_model))
        return std::nullopt;
    m_no_responses_until = m_clock.now() + asked_again;
    return Error{.code = ErrorCode::unsupported_api,
                 .message = fmt::format("{} has no {} API.", name(), llm::to_string(call.request.api)),
                 .detail = {},
                 .param = "model"};
}

Task<Result<Reply>> OpenAiProvider::read(net::UpstreamReply& upstream, const ModelCall& call)
{
    auto reply = co_await read_reply(upstream);
    if (!reply)
        co_return reply;
    if (reply->status >= 400) {
        if (auto lacking = lacks_api(call, *reply))
            co_return failure(std::move(*lacking));
        co_return reply;
    }
    const auto facts = read_facts(call.request.api, reply->body);
    if (!facts)
        co_return failure(facts.error());
    reply->usage = facts->usage;
    reply->response_model = facts->model;
    reply->finish_reason = facts->finish_reason;
    co_return reply;
}

Task<Result<Reply>> OpenAiProvider::generate(ModelCall& call)
{
    auto body = llm::openai_upstream_body(call.request, call.upstream_model, false);
    auto upstream = co_await m_upstream.post(target_of(call.request.api), std::move(body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    co_return co_await read(*upstream, call);
}

Task<Result<StreamOutcome>> OpenAiProvider::plain_reply(net::UpstreamReply& upstream, const ModelCall& call)
{
    auto reply = co_await read(upstream, call);
    if (!reply)
        co_return failure(std::move(reply.error()));
    co_return StreamOutcome(std::move(*reply));
}

Task<Result<StreamOutcome>> OpenAiProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    const bool responses = call.request.api == llm::Api::responses;
    auto body = llm::openai_upstream_body(call.request, call.upstream_model, !responses);
    auto upstream = co_await m_upstream.post(target_of(call.request.api), std::move(body), call);
    if (!upstream)
        co_return failure(std::move(upstream.error()));
    // A refusal, or a server that ignores "stream": passed on as the plain reply it is.
    if (upstream->status() != 200 || !is_event_stream(*upstream))
        co_return co_await plain_reply(*upstream, call);
    const auto headers = end_to_end_headers(*upstream);
    if (responses) {
        llm::ResponsesStreamReader reader;
        co_return co_await pump(*upstream, headers, reader, sink);
    }
    llm::OpenAiStreamReader reader(llm::adds_usage(call.request));
    co_return co_await pump(*upstream, headers, reader, sink);
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
