// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_translation.h"

#include "llm/openai_facts.h"
#include "llm/responses_request.h"
#include "llm/responses_stream.h"

#include <utility>

namespace tokenscope::llm {

namespace {

class ChatResponses final : public ResponsesTranslation {
public:
    ChatResponses(ModelRequest chat, std::string id, std::string input, ResponsesStream stream)
        : m_chat(std::move(chat)), m_id(std::move(id)), m_input(std::move(input)), m_stream(std::move(stream))
    {
    }

    const ModelRequest& chat_request() const override { return m_chat; }
    const std::string& id() const override { return m_id; }
    const std::string& input() const override { return m_input; }
    const std::string& response() const override { return m_stream.response(); }

    Result<std::string> reply(std::string_view chat_reply) override
    {
        ReplyFacts facts;
        ChatPiece piece;
        if (auto read = read_chat_completion(chat_reply, facts, piece); !read)
            return failure(std::move(read.error()));
        StreamFacts said;
        said.usage = facts.usage;
        said.finish_reason = facts.finish_reason;
        if (!facts.model.empty())
            said.response_model = facts.model;
        m_stream.take_whole(std::move(piece), chat_reply, said);
        if (!m_stream.complete())
            return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is too large to be translated.");
        return m_stream.response();
    }

    std::string refusal(std::string_view chat_error, unsigned) override { return std::string(chat_error); }
    std::string_view stream_type() const override { return "text/event-stream"; }
    void feed(std::string_view chat_events, std::string& out) override { m_stream.feed(chat_events, out); }
    void finish(std::string& out) override { m_stream.finish(out); }
    bool complete() const override { return m_stream.complete(); }

private:
    const ModelRequest m_chat;
    const std::string m_id;
    const std::string m_input;
    ResponsesStream m_stream;
};

} // namespace

Result<std::unique_ptr<ResponsesTranslation>> translate_responses(const ModelRequest& request,
                                                                  const ResponsesHistory& history, WallTime now)
{
    ResponseIds ids;
    const auto own = read_input_items(request, history.known, ids);
    if (!own)
        return failure(own.error());
    auto chat = responses_to_chat(request, history.earlier, *own);
    if (!chat)
        return failure(std::move(chat.error()));
    const auto id = ids.response();
    ResponsesStream stream(ResponseObject(request, id, now), std::move(ids), wants_logprobs(request));
    return std::make_unique<ChatResponses>(std::move(*chat), id, item_array(*own), std::move(stream));
}

} // namespace tokenscope::llm
