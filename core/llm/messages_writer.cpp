// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_writer.h"

#include "llm/json_scan.h"
#include "llm/messages_error.h"
#include "llm/json_object_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tokenscope::llm {

namespace {

constexpr unsigned max_argument_depth = 256;

std::string count_or(std::optional<std::uint64_t> count, std::string_view otherwise)
{
    return count ? std::to_string(*count) : std::string(otherwise);
}

/// `unknown_input`: what stands for an input that nobody counted.
void append_usage(std::string& out, const Usage& usage, std::string_view unknown_input)
{
    std::optional<std::uint64_t> input = usage.prompt;
    if (input)
        *input -= std::min(*input, usage.cached.value_or(0));
    ObjectWriter object(out);
    object.raw("input_tokens", count_or(input, unknown_input));
    object.raw("cache_creation_input_tokens", "null");
    object.raw("cache_read_input_tokens", count_or(usage.cached, "null"));
    object.raw("output_tokens", count_or(usage.completion, "0"));
    if (usage.reasoning)
        object.raw("output_tokens_details", fmt::format(R"({{"thinking_tokens":{}}})", *usage.reasoning));
    object.end();
}

void append_end(ObjectWriter& object, const MessagesEnd& end)
{
    object.text("stop_reason", end.reason);
    if (end.reason == "stop_sequence")
        object.text("stop_sequence", end.sequence);
    else
        object.raw("stop_sequence", "null");
}

void append_head(ObjectWriter& object, const MessagesWriter& head)
{
    object.text("id", head.id);
    object.text("type", "message");
    object.text("role", "assistant");
    object.text("model", head.model);
}

/// One event; `type` is both its name and the first member of its data.
class Event {
public:
    Event(std::string& out, std::string_view type) : m_out(out), m_data(begin(out, type)) { m_data.text("type", type); }
    ~Event()
    {
        m_data.end();
        m_out += "\n\n";
    }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ObjectWriter* operator->() { return &m_data; }

private:
    static std::string& begin(std::string& out, std::string_view type)
    {
        return out.append("event: ").append(type).append("\ndata: ");
    }

    std::string& m_out;
    ObjectWriter m_data;
};

void delta(std::string& out, std::size_t index, std::string_view type, std::string_view key, std::string_view text)
{
    Event event(out, "content_block_delta");
    event->raw("index", std::to_string(index));
    event->begin("delta");
    ObjectWriter object(out);
    object.text("type", type);
    object.text(key, text);
    object.end();
}

void start_block(std::string& out, std::size_t index, std::string_view block)
{
    Event event(out, "content_block_start");
    event->raw("index", std::to_string(index));
    event->raw("content_block", block);
}

std::string tool_block(std::string_view id, std::string_view name, std::string_view input)
{
    std::string block;
    ObjectWriter object(block);
    object.text("type", "tool_use");
    object.text("id", id);
    object.text("name", name);
    object.raw("input", input);
    object.end();
    return block;
}

std::string input_object(std::string_view arguments)
{
    const std::size_t begin = arguments.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return "{}";
    if (arguments[begin] == '{' && !check_json(arguments, max_argument_depth))
        return std::string(arguments.substr(begin, arguments.rfind('}') + 1 - begin));
    std::string out;
    ObjectWriter object(out);
    object.text("raw_arguments", arguments);
    object.end();
    return out;
}

void append_content(std::string& out, const MessagesWriter& head, const ChatPiece& piece)
{
    std::string blocks;
    if (!piece.reasoning.empty()) {
        ObjectWriter block(blocks);
        block.text("type", "thinking");
        block.text("thinking", piece.reasoning);
        block.text("signature", "");
        block.end();
        blocks += ',';
    }
    for (const std::string* text : {&piece.content, &piece.refusal}) {
        if (text->empty())
            continue;
        ObjectWriter block(blocks);
        block.text("type", "text");
        block.text("text", *text);
        block.end();
        blocks += ',';
    }
    for (std::size_t i = 0; i < piece.calls.size(); ++i) {
        const ChatCall& call = piece.calls[i];
        blocks += tool_block(head.call_id(call.id, i), call.name, input_object(call.arguments));
        blocks += ',';
    }
    if (!blocks.empty())
        blocks.pop_back();
    out.append("[").append(blocks).append("]");
}

} // namespace

MessagesEnd messages_end(std::string_view finish_reason, bool called_tools, bool refused, std::string_view stop,
                         const std::vector<std::string>& stops)
{
    if (finish_reason == "length")
        return {.reason = "max_tokens", .sequence = {}};
    if (finish_reason == "content_filter" || refused)
        return {.reason = "refusal", .sequence = {}};
    if (called_tools)
        return {.reason = "tool_use", .sequence = {}};
    if (!stop.empty() && std::find(stops.begin(), stops.end(), stop) != stops.end())
        return {.reason = "stop_sequence", .sequence = std::string(stop)};
    return {.reason = "end_turn", .sequence = {}};
}

void MessagesWriter::start(std::string& out) const
{
    Event event(out, "message_start");
    event->begin("message");
    ObjectWriter message(out);
    append_head(message, *this);
    message.raw("content", "[]");
    message.raw("stop_reason", "null");
    message.raw("stop_sequence", "null");
    message.begin("usage");
    append_usage(out, {}, "0");
    message.end();
}

void MessagesWriter::start_text(std::string& out, std::size_t index)
{
    start_block(out, index, R"({"type":"text","text":""})");
}

void MessagesWriter::start_thinking(std::string& out, std::size_t index)
{
    start_block(out, index, R"({"type":"thinking","thinking":"","signature":""})");
}

void MessagesWriter::start_tool(std::string& out, std::size_t index, std::string_view id, std::string_view name)
{
    start_block(out, index, tool_block(id, name, "{}"));
}

void MessagesWriter::text(std::string& out, std::size_t index, std::string_view text)
{
    delta(out, index, "text_delta", "text", text);
}

void MessagesWriter::thinking(std::string& out, std::size_t index, std::string_view text)
{
    delta(out, index, "thinking_delta", "thinking", text);
}

void MessagesWriter::input(std::string& out, std::size_t index, std::string_view json)
{
    delta(out, index, "input_json_delta", "partial_json", json);
}

void MessagesWriter::stop_block(std::string& out, std::size_t index)
{
    Event event(out, "content_block_stop");
    event->raw("index", std::to_string(index));
}

void MessagesWriter::end(std::string& out, const MessagesEnd& end, const Usage& usage)
{
    {
        Event event(out, "message_delta");
        event->begin("delta");
        ObjectWriter object(out);
        append_end(object, end);
        object.end();
        event->begin("usage");
        append_usage(out, usage, "null");
    }
    const Event stop(out, "message_stop");
}

void MessagesWriter::error(std::string& out, std::string_view message)
{
    out.append("event: error\ndata: ").append(messages_error_json(message, "api_error")).append("\n\n");
}

std::string MessagesWriter::reply(const ChatPiece& piece, const MessagesEnd& end, const Usage& usage) const
{
    std::string out;
    out.reserve(piece.content.size() + piece.reasoning.size() + 512);
    ObjectWriter message(out);
    append_head(message, *this);
    message.begin("content");
    append_content(out, *this, piece);
    append_end(message, end);
    message.begin("usage");
    append_usage(out, usage, "0");
    message.end();
    return out;
}

std::string MessagesWriter::call_id(std::string_view given, std::size_t number) const
{
    constexpr std::string_view prefix = "msg_";
    if (!given.empty())
        return std::string(given);
    return fmt::format("toolu_{}_{}", std::string_view(id).substr(prefix.size()), number);
}

} // namespace tokenscope::llm
