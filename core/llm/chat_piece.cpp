// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/chat_piece.h"

#include "llm/openai_facts.h"

#include <utility>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

json_type type_of(value item)
{
    json_type type{};
    return item.type().get(type) == simdjson::SUCCESS ? type : json_type::null;
}

/// A string's text, or the JSON text of an object: not every server writes arguments as a string.
std::string arguments_text(value item)
{
    const auto type = type_of(item);
    if (type == json_type::string)
        return std::string(text_or(item));
    std::string_view raw;
    if (type == json_type::object && simdjson::to_json_string(item).get(raw) == simdjson::SUCCESS)
        return std::string(raw);
    return {};
}

bool read_function(value function, ChatCall& call)
{
    return visit_value(function, [&](std::string_view key, value item) {
        if (key == "name")
            call.name = text_or(item);
        else if (key == "arguments")
            call.arguments = arguments_text(item);
        return true;
    });
}

bool read_call(value item, std::vector<ChatCall>& calls)
{
    ChatCall call;
    const bool whole = visit_value(item, [&](std::string_view key, value member) {
        if (key == "function")
            return read_function(member, call);
        if (std::uint64_t index = 0; key == "index" && member.get_uint64().get(index) == simdjson::SUCCESS)
            call.index = index;
        else if (key == "id")
            call.id = text_or(member);
        return true;
    });
    calls.push_back(std::move(call));
    return whole;
}

/// `{"type":"text","text"}`, and Mistral's `{"type":"thinking","thinking":[...]}`.
bool read_part(value item, std::string& content, std::string& thinking)
{
    return visit_value(item, [&](std::string_view key, value member) {
        if (key == "text")
            content += text_or(member);
        else if (key == "thinking" && type_of(member) == json_type::array)
            return visit_elements(member, [&](value inner) { return read_part(inner, thinking, thinking); });
        return true;
    });
}

class MessageReader {
public:
    explicit MessageReader(ChatPiece& piece) : m_piece(piece) {}

    bool read(value message)
    {
        const bool whole = visit_value(message, [this](std::string_view key, value item) { return member(key, item); });
        // Servers that are changing from one name to the other send the same text in both.
        for (std::string* text : {&m_reasoning_content, &m_reasoning, &m_thinking}) {
            if (!text->empty()) {
                m_piece.reasoning = std::move(*text);
                break;
            }
        }
        return whole;
    }

private:
    bool member(std::string_view key, value item)
    {
        if (key == "content" && type_of(item) == json_type::array)
            return visit_elements(item, [this](value part) { return read_part(part, m_piece.content, m_thinking); });
        if (key == "content")
            m_piece.content = text_or(item);
        else if (key == "reasoning_content")
            m_reasoning_content = text_or(item);
        else if (key == "reasoning")
            m_reasoning = text_or(item);
        else if (key == "refusal")
            m_piece.refusal = text_or(item);
        else if (key == "tool_calls" && type_of(item) == json_type::array)
            return visit_elements(item, [this](value call) { return read_call(call, m_piece.calls); });
        else if (key == "function_call" && type_of(item) == json_type::object)
            return read_function(item, m_piece.calls.emplace_back());
        return true;
    }

    ChatPiece& m_piece;
    std::string m_reasoning_content;
    std::string m_reasoning;
    std::string m_thinking;
};

bool read_choice(value item, ChatPiece& piece)
{
    if (type_of(item) != json_type::object)
        return true;
    ChatPiece found;
    std::uint64_t index = 0;
    const bool whole = visit_value(item, [&](std::string_view key, value member) {
        if (key == "message" || key == "delta")
            return MessageReader(found).read(member);
        if (std::uint64_t number = 0; key == "index" && member.get_uint64().get(number) == simdjson::SUCCESS)
            index = number;
        else if (key == "finish_reason")
            found.finish_reason = text_or(member);
        else if (key == "stop_reason" || key == "matched_stop")
            found.stop = text_or(member, found.stop);
        return true;
    });
    if (index == 0 && !piece.has_choice) {
        piece = std::move(found);
        piece.has_choice = true;
    }
    return whole;
}

} // namespace

bool continues_call(const ChatCall& so_far, const ChatCall& piece)
{
    if (piece.index && piece.index != so_far.index)
        return false;
    if (piece.name.empty())
        return true;
    return piece.id.empty() ? piece.index || so_far.name.empty() : so_far.id.empty() || piece.id == so_far.id;
}

bool read_chat_piece(JsonScratch& scratch, std::string_view json, ChatPiece& piece)
{
    piece = {};
    return visit_text(scratch, json, [&](std::string_view key, value item) {
        if (key != "choices" || type_of(item) != json_type::array)
            return true;
        return visit_elements(item, [&](value choice) { return read_choice(choice, piece); });
    });
}

Result<void> read_chat_completion(std::string_view json, ReplyFacts& facts, ChatPiece& piece)
{
    JsonScratch scratch;
    if (!read_openai_facts(json, facts) || !read_chat_piece(scratch, json, piece))
        return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is not a JSON object: check its base URL.");
    if (facts.is_error)
        return failure(ErrorCode::upstream_bad_reply, "The upstream reported an error in place of a reply.",
                       facts.error_message);
    if (!piece.has_choice)
        return failure(ErrorCode::upstream_bad_reply,
                       "The upstream's reply is not a chat completion: it has no choices.");
    return {};
}

} // namespace tokenscope::llm
