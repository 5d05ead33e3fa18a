// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_line.h"

#include "llm/openai_facts.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::value;

void read_duration(value number, std::optional<std::chrono::nanoseconds>& into)
{
    std::int64_t count = 0;
    if (number.get_int64().get(count) == simdjson::SUCCESS && count >= 0)
        into = std::chrono::nanoseconds(count);
}

void read_count(value number, std::optional<std::uint64_t>& into)
{
    std::uint64_t count = 0;
    if (number.get_uint64().get(count) == simdjson::SUCCESS)
        into = count;
}

bool read_function(value function, ToolCall& call)
{
    return visit_value(function, [&](std::string_view key, value item) {
        std::string_view raw;
        if (key == "name")
            call.name = text_or(item);
        else if (key == "arguments" && simdjson::to_json_string(item).get(raw) == simdjson::SUCCESS && raw != "null")
            call.arguments = raw;
        return true;
    });
}

bool read_tool_call(value item, std::vector<ToolCall>& calls)
{
    ToolCall& call = calls.emplace_back();
    call.arguments = "{}";
    return visit_value(item, [&](std::string_view key, value member) {
        if (key == "id")
            call.id = text_or(member);
        return key != "function" || read_function(member, call);
    });
}

bool read_message(value message, OllamaLine& line)
{
    return visit_value(message, [&](std::string_view key, value item) {
        if (key == "content")
            line.content = text_or(item);
        else if (key == "thinking")
            line.thinking = text_or(item);
        else if (key == "tool_calls")
            return visit_elements(item, [&](value call) { return read_tool_call(call, line.tool_calls); });
        return true;
    });
}

bool read_member(std::string_view key, value item, OllamaLine& line)
{
    if (key == "message")
        return read_message(item, line);
    if (key == "model")
        line.model = text_or(item);
    else if (key == "response")
        line.content = text_or(item);
    else if (key == "thinking")
        line.thinking = text_or(item);
    else if (key == "done") {
        if (item.get_bool().get(line.done) != simdjson::SUCCESS)
            line.done = false;
    } else if (key == "done_reason")
        line.done_reason = text_or(item);
    else if (key == "prompt_eval_count")
        read_count(item, line.usage.prompt);
    else if (key == "eval_count")
        read_count(item, line.usage.completion);
    else if (key == "total_duration")
        read_duration(item, line.durations.total);
    else if (key == "load_duration")
        read_duration(item, line.durations.load);
    else if (key == "prompt_eval_duration")
        read_duration(item, line.durations.prompt_eval);
    else if (key == "eval_duration")
        read_duration(item, line.durations.eval);
    else if (key == "error") {
        auto error = read_error_member(item);
        if (error.present)
            line.error = std::move(error.message);
    }
    return true;
}

} // namespace

bool read_ollama_line(JsonScratch& scratch, std::string_view text, OllamaLine& line)
{
    line = {};
    if (!visit_text(scratch, text, [&](std::string_view key, value item) { return read_member(key, item, line); }))
        return false;
    if (line.usage.prompt && line.usage.completion)
        line.usage.total = *line.usage.prompt + *line.usage.completion;
    return true;
}

std::string_view openai_finish_reason(std::string_view done_reason, bool called_tools)
{
    if (done_reason == "length")
        return "length";
    return called_tools ? "tool_calls" : "stop";
}

std::string tool_call_id(std::string_view reply_id, std::size_t index)
{
    constexpr std::string_view prefix = "chatcmpl-";
    if (reply_id.starts_with(prefix))
        reply_id.remove_prefix(prefix.size());
    return fmt::format("call_{}_{}", reply_id, index);
}

} // namespace tokenscope::llm
