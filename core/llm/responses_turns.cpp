// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_turns.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/responses_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

void write_message(std::string& out, std::string_view role, std::string_view content)
{
    ObjectWriter message(out);
    message.text("role", role);
    message.raw("content", content);
    message.end();
}

/// The texts of a reasoning item's `content` or `summary`.
void add_texts(Raw item, std::string_view key, ChatParts& parts)
{
    Raw part;
    for (JsonElements elements(find_json_value(item, key).value_or("[]")); elements.next(part);)
        if (const auto text = find_json_value(part, "text"); text && is_json_string(*text) && *text != "\"\"")
            parts.push_back({.text = true, .json = std::string(*text)});
}

} // namespace

std::string& ResponsesTurns::next()
{
    if (!m_messages.empty())
        m_messages += ',';
    return m_messages;
}

void ResponsesTurns::instructions(Raw quoted)
{
    if (quoted != "\"\"")
        write_message(next(), "system", quoted);
}

Result<void> ResponsesTurns::add(Raw item, const std::string& where)
{
    const auto type = block_type(item, where);
    if (!type)
        return failure(type.error());
    if (*type == "message")
        return message(item, where);
    if (*type == "reasoning")
        return reasoning(item, where);
    if (*type == "function_call")
        return call(item, where);
    if (*type == "function_call_output")
        return output(item, where);
    return bad_field(
        where + ".type",
        fmt::format("Items of type '{}' cannot be passed on: the model's provider only chats. Use message, "
                    "reasoning, function_call, function_call_output and item_reference.",
                    *type));
}

Result<void> ResponsesTurns::message(Raw item, const std::string& where)
{
    const auto role = required_string(item, "role", where);
    if (!role)
        return failure(role.error());
    const auto content = find_json_value(item, "content");
    if (!content || (!is_json_string(*content) && !is_json_array(*content)))
        return bad_field(where + ".content", fmt::format("'{}.content' must be a string or an array.", where));
    const bool assistant = json_string_is(*role, "assistant");
    const bool system = json_string_is(*role, "system") || json_string_is(*role, "developer");
    if (!assistant && !system && !json_string_is(*role, "user"))
        return bad_field(where + ".role",
                         fmt::format("'{}.role' must be 'user', 'assistant', 'system' or 'developer'.", where));
    ChatParts parts;
    if (auto read = read_response_content(*content, where + ".content", parts); !read)
        return read;
    const bool only_text = std::all_of(parts.begin(), parts.end(), [](const ChatPart& part) { return part.text; });
    if (!only_text && (assistant || system))
        return bad_field(where + ".content", fmt::format("'{}.content' may only be text in this role.", where));
    end_outputs();
    if (assistant) {
        if (m_turn.said && m_turn.calls.empty())
            end_turn();
        m_turn.any = m_turn.said = true;
        m_turn.text.insert(m_turn.text.end(), std::move_iterator(parts.begin()), std::move_iterator(parts.end()));
        return {};
    }
    end_turn();
    write_message(next(), system ? "system" : "user", chat_content(parts));
    return {};
}

Result<void> ResponsesTurns::reasoning(Raw item, const std::string&)
{
    end_outputs();
    if (m_turn.any && m_turn.calls.empty())
        end_turn();
    const auto before = m_turn.reasoning.size();
    add_texts(item, "content", m_turn.reasoning);
    if (m_turn.reasoning.size() == before)
        add_texts(item, "summary", m_turn.reasoning);
    return {};
}

Result<void> ResponsesTurns::call(Raw item, const std::string& where)
{
    const auto id = required_string(item, "call_id", where);
    if (!id)
        return failure(id.error());
    const auto name = required_string(item, "name", where);
    if (!name)
        return failure(name.error());
    const auto arguments = required_string(item, "arguments", where);
    if (!arguments)
        return failure(arguments.error());
    end_outputs();
    m_turn.any = true;
    if (!m_turn.calls.empty())
        m_turn.calls += ',';
    ObjectWriter object(m_turn.calls);
    object.raw("id", *id);
    object.text("type", "function");
    object.begin("function");
    ObjectWriter function(m_turn.calls);
    function.raw("name", *name);
    function.raw("arguments", *arguments);
    function.end();
    object.end();
    return {};
}

Result<void> ResponsesTurns::output(Raw item, const std::string& where)
{
    const auto id = required_string(item, "call_id", where);
    if (!id)
        return failure(id.error());
    const auto output = find_json_value(item, "output");
    if (!output || (!is_json_string(*output) && !is_json_array(*output)))
        return bad_field(where + ".output", fmt::format("'{}.output' must be a string or an array.", where));
    ChatParts parts;
    if (auto read = read_response_content(*output, where + ".output", parts); !read)
        return read;
    end_turn();
    const auto media =
        std::stable_partition(parts.begin(), parts.end(), [](const ChatPart& part) { return part.text; });
    if (media != parts.end()) {
        std::string note;
        append_json_string(note, fmt::format("Attached to the result of tool call {}:", unescape_json(*id)));
        m_attached.push_back({.text = true, .json = std::move(note)});
        m_attached.insert(m_attached.end(), std::move_iterator(media), std::move_iterator(parts.end()));
        parts.erase(media, parts.end());
    }
    ObjectWriter message(next());
    message.text("role", "tool");
    message.raw("tool_call_id", *id);
    message.raw("content", chat_content(parts));
    message.end();
    return {};
}

void ResponsesTurns::end_turn()
{
    const Turn turn = std::exchange(m_turn, {});
    if (!turn.any)
        return;
    ObjectWriter message(next());
    message.text("role", "assistant");
    message.raw("content", turn.said ? chat_content(turn.text) : std::string("null"));
    if (!turn.reasoning.empty())
        message.raw("reasoning_content", chat_content(turn.reasoning));
    if (!turn.calls.empty())
        message.raw("tool_calls", "[" + turn.calls + "]");
    message.end();
}

void ResponsesTurns::end_outputs()
{
    if (m_attached.empty())
        return;
    const auto content = chat_content(std::exchange(m_attached, {}));
    write_message(next(), "user", content);
}

std::string ResponsesTurns::finish()
{
    end_turn();
    end_outputs();
    return "[" + m_messages + "]";
}

} // namespace tokenscope::llm
