// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_message.h"

#include "llm/json_object_writer.h"

#include <algorithm>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::value;

void read_count(value number, std::optional<std::uint64_t>& into)
{
    std::uint64_t count = 0;
    if (number.get_uint64().get(count) == simdjson::SUCCESS)
        into = count;
}

bool read_usage(value object, AnthropicUsage& usage)
{
    return visit_value(object, [&](std::string_view key, value item) {
        if (key == "input_tokens")
            read_count(item, usage.input);
        else if (key == "cache_creation_input_tokens")
            read_count(item, usage.cache_written);
        else if (key == "cache_read_input_tokens")
            read_count(item, usage.cache_read);
        else if (key == "output_tokens")
            read_count(item, usage.output);
        else if (key == "output_tokens_details")
            return visit_value(item, [&](std::string_view name, value detail) {
                if (name == "thinking_tokens")
                    read_count(detail, usage.thinking);
                return true;
            });
        return true;
    });
}

bool read_block(value object, AnthropicBlock& block)
{
    return visit_value(object, [&](std::string_view key, value item) {
        if (key == "type")
            block.type = text_or(item);
        else if (key == "id")
            block.id = text_or(item);
        else if (key == "name")
            block.name = text_or(item);
        else if (key == "text" || key == "thinking" || key == "data")
            block.words = text_or(item);
        else if (key == "signature")
            block.signature = text_or(item);
        else if (key == "input")
            return simdjson::to_json_string(item).get(block.input) == simdjson::SUCCESS;
        return true;
    });
}

/// Like read_error_member(), and keeps the error's type.
bool read_error(value item, UpstreamError& error, std::string_view& type)
{
    simdjson::ondemand::object object;
    if (item.get_object().get(object) != simdjson::SUCCESS) {
        error = read_error_member(item);
        return true;
    }
    return visit_members(object, [&](std::string_view key, value member) {
        error.present = true;
        if (key == "type")
            type = text_or(member);
        else if (key == "message")
            error.message = text_or(member);
        return true;
    });
}

bool read_message_member(std::string_view key, value item, AnthropicMessage& message)
{
    if (key == "type")
        message.type = text_or(item);
    else if (key == "model")
        message.model = text_or(item);
    else if (key == "stop_reason")
        message.stop_reason = text_or(item);
    else if (key == "usage")
        return read_usage(item, message.usage);
    else if (key == "error")
        return read_error(item, message.error, message.error_type);
    else if (key == "content")
        return visit_elements(item, [&](value block) { return read_block(block, message.content.emplace_back()); });
    return true;
}

bool read_delta(value object, AnthropicEvent& event)
{
    return visit_value(object, [&](std::string_view key, value item) {
        if (key == "type")
            event.delta_type = text_or(item);
        else if (key == "text" || key == "thinking" || key == "signature" || key == "partial_json")
            event.delta = text_or(item);
        else if (key == "stop_reason")
            event.stop_reason = text_or(item);
        return true;
    });
}

bool read_event_member(std::string_view key, value item, AnthropicEvent& event)
{
    if (key == "type")
        event.type = text_or(item);
    else if (key == "index") {
        if (item.get_uint64().get(event.index) != simdjson::SUCCESS)
            event.index = 0;
    } else if (key == "message")
        return visit_value(item, [&](std::string_view name, value member) {
            return read_message_member(name, member, event.message);
        });
    else if (key == "content_block")
        return read_block(item, event.block);
    else if (key == "delta")
        return read_delta(item, event);
    else if (key == "usage")
        return read_usage(item, event.usage);
    else if (key == "error")
        return read_error(item, event.error, event.error_type);
    return true;
}

void keep_larger(std::optional<std::uint64_t>& known, std::optional<std::uint64_t> later)
{
    if (later)
        known = std::max(known.value_or(0), *later);
}

} // namespace

void AnthropicUsage::merge(const AnthropicUsage& later)
{
    keep_larger(input, later.input);
    keep_larger(cache_written, later.cache_written);
    keep_larger(cache_read, later.cache_read);
    keep_larger(output, later.output);
    keep_larger(thinking, later.thinking);
}

Usage AnthropicUsage::openai() const
{
    Usage usage{.completion = output, .cached = cache_read, .reasoning = thinking, .cache_creation = cache_written};
    if (input)
        usage.prompt = *input + cache_written.value_or(0) + cache_read.value_or(0);
    if (usage.prompt && usage.completion)
        usage.total = *usage.prompt + *usage.completion;
    return usage;
}

bool read_anthropic_message(JsonScratch& scratch, std::string_view text, AnthropicMessage& message)
{
    return visit_text(scratch, text,
                      [&](std::string_view key, value item) { return read_message_member(key, item, message); });
}

bool read_anthropic_event(JsonScratch& scratch, std::string_view data, AnthropicEvent& event)
{
    return visit_text(scratch, data,
                      [&](std::string_view key, value item) { return read_event_member(key, item, event); });
}

std::string_view openai_finish_reason_of(std::string_view stop_reason, bool called_tools)
{
    if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded" || stop_reason == "pause_turn")
        return "length";
    if (stop_reason == "refusal")
        return "content_filter";
    return stop_reason == "tool_use" || called_tools ? "tool_calls" : "stop";
}

std::string thinking_block_json(std::string_view words, std::string_view signature)
{
    std::string out;
    ObjectWriter block(out);
    block.text("type", "thinking");
    block.text("thinking", words);
    block.text("signature", signature);
    block.end();
    return out;
}

std::string redacted_block_json(std::string_view words)
{
    std::string out;
    ObjectWriter block(out);
    block.text("type", "redacted_thinking");
    block.text("data", words);
    block.end();
    return out;
}

} // namespace tokenscope::llm
