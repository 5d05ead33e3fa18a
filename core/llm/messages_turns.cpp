// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_turns.h"

#include "llm/chat_fields.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/json_object_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

std::string& next(std::string& list)
{
    if (!list.empty())
        list += ',';
    return list;
}

void add_message(std::string& list, std::string_view role, Raw content)
{
    ObjectWriter message(next(list));
    message.text("role", role);
    message.raw("content", content);
    message.end();
}

std::string json_string(std::string_view text)
{
    std::string out;
    append_json_string(out, text);
    return out;
}

Result<Raw> content_of(Raw message, const std::string& where)
{
    const auto content = find_json_value(message, "content");
    if (content && (is_json_string(*content) || is_json_array(*content)))
        return *content;
    return bad_field(where + ".content", fmt::format("'{}.content' must be a string or an array of blocks.", where));
}

} // namespace

struct ChatTurnsWriter::Assistant {
    ChatParts text;
    ChatParts thinking;
    std::string calls;
};

Result<void> ChatTurnsWriter::system(Raw system, const std::string& where)
{
    ChatParts parts;
    if (auto read = read_content(system, where, parts); !read)
        return read;
    if (!std::all_of(parts.begin(), parts.end(), [](const ChatPart& part) { return part.text; }))
        return bad_field(where, fmt::format("'{}' may only consist of text.", where));
    if (!parts.empty())
        add_message(m_out, "system", chat_content(parts));
    return {};
}

Result<void> ChatTurnsWriter::messages(Raw messages)
{
    Raw element;
    JsonElements elements(messages);
    for (std::size_t i = 0; elements.next(element); ++i) {
        if (auto written = message(element, fmt::format("messages[{}]", i)); !written)
            return written;
    }
    flush();
    return {};
}

Result<void> ChatTurnsWriter::message(Raw message, const std::string& where)
{
    if (!is_json_object(message))
        return bad_field(where, fmt::format("'{}' must be an object.", where));
    const auto role = required_string(message, "role", where);
    if (!role)
        return failure(role.error());
    const auto content = content_of(message, where);
    if (!content)
        return failure(content.error());
    if (json_string_is(*role, "user"))
        return user(*content, where + ".content");
    flush();
    if (json_string_is(*role, "assistant"))
        return assistant(*content, where + ".content");
    if (json_string_is(*role, "system"))
        return system(*content, where + ".content");
    return bad_field(where + ".role", fmt::format("'{}.role' must be 'user', 'assistant' or 'system'.", where));
}

void ChatTurnsWriter::flush()
{
    if (!m_later.empty())
        next(m_out) += std::exchange(m_later, {});
}

Result<void> ChatTurnsWriter::user(Raw content, const std::string& where)
{
    if (is_json_string(content)) {
        add_message(m_later, "user", content);
        return {};
    }
    ChatParts parts;
    bool results = false;
    Raw block;
    JsonElements blocks(content);
    for (std::size_t i = 0; blocks.next(block); ++i) {
        const std::string at = fmt::format("{}[{}]", where, i);
        const bool result = json_string_is(find_json_value(block, "type").value_or(Raw()), "tool_result");
        results = results || result;
        auto read = result ? tool_result(block, at, parts) : read_content_block(block, at, parts);
        if (!read)
            return read;
    }
    if (!parts.empty() || !results)
        add_message(m_later, "user", chat_content(parts));
    return {};
}

Result<void> ChatTurnsWriter::tool_result(Raw block, const std::string& where, ChatParts& user_parts)
{
    const auto id = required_string(block, "tool_use_id", where);
    if (!id)
        return failure(id.error());
    ChatParts parts;
    if (auto read = read_content(find_json_value(block, "content").value_or(Raw()), where + ".content", parts); !read)
        return read;
    const auto media =
        std::stable_partition(parts.begin(), parts.end(), [](const ChatPart& part) { return part.text; });
    if (media != parts.end()) {
        user_parts.push_back(
            {.text = true,
             .json = json_string(fmt::format("Attached to the result of tool call {}:", unescape_json(*id)))});
        user_parts.insert(user_parts.end(), std::move_iterator(media), std::move_iterator(parts.end()));
        parts.erase(media, parts.end());
    }
    std::string text = chat_content(parts);
    if (find_json_value(block, "is_error") == Raw("true"))
        text.insert(1, "Error: ");
    ObjectWriter message(next(m_out));
    message.text("role", "tool");
    message.raw("tool_call_id", *id);
    message.raw("content", text);
    message.end();
    return {};
}

Result<void> ChatTurnsWriter::assistant(Raw content, const std::string& where)
{
    if (is_json_string(content)) {
        add_message(m_out, "assistant", content);
        return {};
    }
    Assistant turn;
    Raw block;
    JsonElements blocks(content);
    for (std::size_t i = 0; blocks.next(block); ++i) {
        if (auto read = assistant_block(block, fmt::format("{}[{}]", where, i), turn); !read)
            return read;
    }
    ObjectWriter message(next(m_out));
    message.text("role", "assistant");
    message.raw("content", turn.text.empty() && !turn.calls.empty() ? "null" : chat_content(turn.text));
    if (!turn.thinking.empty())
        message.raw("reasoning_content", chat_content(turn.thinking));
    if (!turn.calls.empty())
        message.raw("tool_calls", "[" + turn.calls + "]");
    message.end();
    return {};
}

Result<void> ChatTurnsWriter::assistant_block(Raw block, const std::string& where, Assistant& turn)
{
    const auto type = block_type(block, where);
    if (!type)
        return failure(type.error());
    if (*type == "tool_use")
        return tool_use(block, where, turn);
    if (*type == "redacted_thinking")
        return {};
    if (*type == "thinking") {
        const auto text = required_string(block, "thinking", where);
        if (!text)
            return failure(text.error());
        if (*text != "\"\"")
            turn.thinking.push_back({.text = true, .json = std::string(*text)});
        return {};
    }
    if (auto read = read_content_block(block, where, turn.text); !read)
        return read;
    if (!turn.text.empty() && !turn.text.back().text)
        return bad_field(where + ".type", fmt::format("'{}' is not something an assistant can have said.", where));
    return {};
}

Result<void> ChatTurnsWriter::tool_use(Raw block, const std::string& where, Assistant& turn)
{
    const auto id = required_string(block, "id", where);
    if (!id)
        return failure(id.error());
    const auto name = required_string(block, "name", where);
    if (!name)
        return failure(name.error());
    const Raw input = find_json_value(block, "input").value_or("{}");
    if (!is_json_object(input))
        return bad_field(where + ".input", fmt::format("'{}.input' must be an object.", where));
    ObjectWriter call(next(turn.calls));
    call.raw("id", *id);
    call.text("type", "function");
    call.begin("function");
    ObjectWriter function(turn.calls);
    function.raw("name", *name);
    function.text("arguments", input);
    function.end();
    call.end();
    return {};
}

} // namespace tokenscope::llm
