// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_turns.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;
using Allowed = AnthropicBlocks::Allowed;

/// Anthropic takes letters, digits, '_' and '-'; other makers' ids also have '.' and ':'.
std::string tool_id(Raw raw)
{
    std::string id = unescape_json(raw);
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    std::replace_if(
        id.begin(), id.end(), [&](char c) { return !fits(c); }, '_');
    return id;
}

/// Thinking without its signature would be refused, so it is left out.
bool is_signed_thinking(Raw block)
{
    const auto has = [&](std::string_view key) {
        const Raw value = find_json_member(block, key).value_or(Raw());
        return is_json_string(value) && value != R"("")";
    };
    const Raw type = find_json_member(block, "type").value_or(Raw());
    return (json_string_is(type, "thinking") && has("signature"))
           || (json_string_is(type, "redacted_thinking") && has("data"));
}

bool begins_with_thinking(std::string_view blocks)
{
    const Raw type = find_json_member(blocks, "type").value_or(Raw());
    return json_string_is(type, "thinking") || json_string_is(type, "redacted_thinking");
}

Result<void> add_tool_call(AnthropicBlocks& blocks, Raw call, const std::string& where)
{
    const Raw function = find_json_member(call, "function").value_or(Raw());
    const Raw name = find_json_member(function, "name").value_or(Raw());
    const Raw id = find_json_member(call, "id").value_or(Raw());
    if (!is_json_string(name))
        return bad_field(where + ".function.name", fmt::format("'{}.function.name' must be a string.", where));
    if (!is_json_string(id))
        return bad_field(where + ".id", fmt::format("'{}.id' must be a string.", where));
    const auto arguments = arguments_object(find_json_value(function, "arguments").value_or(R"("")"));
    if (!arguments)
        return bad_field(where + ".function.arguments",
                         fmt::format("'{}.function.arguments' must be a JSON object, written as a string.", where));
    std::string block;
    ObjectWriter out(block);
    out.text("type", "tool_use");
    out.text("id", tool_id(id));
    out.raw("name", name);
    out.raw("input", *arguments);
    if (const auto cache = find_json_value(call, "cache_control"))
        out.raw("cache_control", *cache);
    out.end();
    blocks.add(block);
    return {};
}

} // namespace

Result<void> AnthropicTurns::add(Raw messages)
{
    Raw message;
    JsonElements elements(messages);
    for (std::size_t i = 0; elements.next(message); ++i) {
        const std::string where = fmt::format("messages[{}]", i);
        if (!is_json_object(message))
            return bad_field(where, fmt::format("'{}' must be an object.", where));
        if (auto added = add_message(message, where); !added)
            return added;
    }
    if (!m_json.empty())
        m_json += "]}";
    return {};
}

Result<void> AnthropicTurns::add_message(Raw message, const std::string& where)
{
    const Raw role = find_json_member(message, "role").value_or(Raw());
    const auto cache = find_json_value(message, "cache_control");
    const auto content = find_json_value(message, "content");
    if (json_string_is(role, "assistant"))
        return add_assistant(message, where);
    if (json_string_is(role, "tool"))
        return add_tool_result(message, where);
    if (json_string_is(role, "system") || json_string_is(role, "developer"))
        return m_system.add_content(content, cache, where + ".content", Allowed::text);
    if (!json_string_is(role, "user"))
        return bad_field(where + ".role",
                         fmt::format("'{}.role' must be 'system', 'developer', 'user', 'assistant' or 'tool'.", where));
    AnthropicBlocks blocks;
    if (auto added = blocks.add_content(content, cache, where + ".content", Allowed::any); !added)
        return added;
    take("user", blocks);
    return {};
}

Result<void> AnthropicTurns::add_assistant(Raw message, const std::string& where)
{
    if (find_json_value(message, "function_call"))
        return bad_field(where + ".function_call",
                         fmt::format("'{}.function_call' is not supported: use 'tool_calls'.", where));
    AnthropicBlocks blocks;
    Raw item;
    for (JsonElements thoughts(find_json_value(message, "thinking_blocks").value_or(Raw())); thoughts.next(item);) {
        if (is_signed_thinking(item))
            blocks.add(item);
    }
    const auto cache = find_json_value(message, "cache_control");
    const auto content = find_json_value(message, "content");
    if (auto added = blocks.add_content(content, cache, where + ".content", Allowed::any); !added)
        return added;
    if (const auto refusal = find_json_value(message, "refusal"); refusal && is_json_string(*refusal))
        blocks.add_text(*refusal, std::nullopt);
    const bool thinking_first = begins_with_thinking(blocks.json());

    const auto calls = find_json_value(message, "tool_calls");
    if (calls && !is_json_array(*calls))
        return bad_field(where + ".tool_calls", fmt::format("'{}.tool_calls' must be an array.", where));
    JsonElements elements(calls.value_or(Raw()));
    std::size_t count = 0;
    for (; elements.next(item); ++count) {
        if (auto added = add_tool_call(blocks, item, fmt::format("{}.tool_calls[{}]", where, count)); !added)
            return added;
    }
    if (m_role != "assistant") {
        m_thinking_first = thinking_first;
        m_called_tools = false;
    }
    m_called_tools = m_called_tools || count > 0;
    take("assistant", blocks);
    return {};
}

Result<void> AnthropicTurns::add_tool_result(Raw message, const std::string& where)
{
    const Raw id = find_json_member(message, "tool_call_id").value_or(Raw());
    if (!is_json_string(id))
        return bad_field(where + ".tool_call_id", fmt::format("'{}.tool_call_id' must be a string.", where));
    AnthropicBlocks inner;
    if (auto added = inner.add_content(find_json_value(message, "content"), {}, where + ".content", Allowed::any);
        !added)
        return added;
    std::string block;
    ObjectWriter out(block);
    out.text("type", "tool_result");
    out.text("tool_use_id", tool_id(id));
    if (!inner.empty())
        out.raw("content", "[" + inner.json() + "]");
    for (const std::string_view key : {"is_error", "cache_control"}) {
        if (const auto value = find_json_value(message, key))
            out.raw(key, *value);
    }
    out.end();
    AnthropicBlocks blocks;
    blocks.add(block);
    take("user", blocks);
    return {};
}

void AnthropicTurns::take(std::string_view role, const AnthropicBlocks& blocks)
{
    if (blocks.empty())
        return;
    if (role == m_role) {
        m_json += ',';
    } else {
        m_json += m_json.empty() ? "" : "]},";
        m_json += fmt::format(R"({{"role":"{}","content":[)", role);
        m_role = role;
    }
    m_json += blocks.json();
}

} // namespace tokenscope::llm
