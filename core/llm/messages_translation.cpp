// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_translation.h"

#include "base/ids.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/messages_error.h"
#include "llm/messages_request.h"
#include "llm/messages_stream.h"
#include "llm/openai_facts.h"

#include <utility>
#include <vector>

namespace tokenscope::llm {

namespace {

constexpr std::size_t id_bytes = 12;

/// Of a request that messages_to_chat has accepted.
std::vector<std::string> stop_sequences(const ModelRequest& request)
{
    std::vector<std::string> stops;
    const std::string_view body = std::string_view(request.body).substr(request.body.find('{'));
    std::string_view stop;
    for (JsonElements elements(find_json_value(body, "stop_sequences").value_or("[]")); elements.next(stop);)
        stops.push_back(unescape_json(stop));
    return stops;
}

class MessagesTranslation final : public Translation {
public:
    MessagesTranslation(ModelRequest chat, std::vector<std::string> stops)
        : m_chat(std::move(chat)),
          m_stops(std::move(stops)), m_writer{.id = "msg_" + random_hex(id_bytes), .model = m_chat.model},
          m_stream(m_writer, m_stops)
    {
    }

    const ModelRequest& chat_request() const override { return m_chat; }

    Result<std::string> reply(std::string_view chat_reply) override
    {
        ReplyFacts facts;
        ChatPiece piece;
        if (auto read = read_chat_completion(chat_reply, facts, piece); !read)
            return failure(std::move(read.error()));
        if (!facts.model.empty())
            m_writer.model = facts.model;
        std::erase_if(piece.calls, [](const ChatCall& call) { return call.is_empty(); });
        m_complete = true;
        const auto end =
            messages_end(piece.finish_reason, !piece.calls.empty(), !piece.refusal.empty(), piece.stop, m_stops);
        return m_writer.reply(piece, end, facts.usage);
    }

    std::string refusal(std::string_view chat_error, unsigned status) override
    {
        return messages_refusal(chat_error, status);
    }

    std::string_view stream_type() const override { return "text/event-stream"; }
    void feed(std::string_view chat_events, std::string& out) override { m_stream.feed(chat_events, out); }
    void finish(std::string& out) override { m_stream.finish(out); }
    bool complete() const override { return m_complete || m_stream.complete(); }

private:
    const ModelRequest m_chat;
    const std::vector<std::string> m_stops;
    MessagesWriter m_writer;
    MessagesStream m_stream;
    bool m_complete = false;
};

} // namespace

Result<std::unique_ptr<Translation>> translate_messages(const ModelRequest& request, WallTime)
{
    auto chat = messages_to_chat(request);
    if (!chat)
        return failure(std::move(chat.error()));
    return std::make_unique<MessagesTranslation>(std::move(*chat), stop_sequences(request));
}

} // namespace tokenscope::llm
