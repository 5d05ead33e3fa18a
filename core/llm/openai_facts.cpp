// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/openai_facts.h"

#include "llm/json_text.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

constexpr std::size_t longest_message = 2000;

/// A count, or nothing for what cannot be one (negative, broken, a string).
std::optional<std::uint64_t> read_count(value number)
{
    std::uint64_t count = 0;
    return number.get_uint64().get(count) == simdjson::SUCCESS ? std::optional(count) : std::nullopt;
}

bool read_detail(value details, std::string_view name, std::optional<std::uint64_t>& into)
{
    return visit_value(details, [&](std::string_view key, value item) {
        if (key == name)
            into = read_count(item);
        return true;
    });
}

bool is_object(value item)
{
    json_type type{};
    return item.type().get(type) == simdjson::SUCCESS && type == json_type::object;
}

struct Delta {
    bool visible = false; ///< content or refusal: what a person is shown
    bool hidden = false;  ///< reasoning or tool calls
};

bool read_function(value call, bool& seen)
{
    return visit_value(call, [&](std::string_view key, value item) {
        if (key == "arguments" || key == "name")
            seen = seen || has_text(item);
        return true;
    });
}

bool read_tool_call(value call, bool& seen)
{
    return visit_value(
        call, [&](std::string_view key, value item) { return key != "function" || read_function(item, seen); });
}

bool read_delta(value object, Delta& delta)
{
    return visit_value(object, [&](std::string_view key, value item) {
        if (key == "content" || key == "refusal")
            delta.visible = delta.visible || has_text(item);
        else if (key == "reasoning_content" || key == "reasoning")
            delta.hidden = delta.hidden || has_text(item);
        else if (key == "tool_calls")
            return visit_elements(item, [&](value call) { return read_tool_call(call, delta.hidden); });
        else if (key == "function_call")
            return read_function(item, delta.hidden);
        return true;
    });
}

/// One event, read in one pass; merged into the caller's facts only if it was whole.
struct Event {
    std::uint32_t choices = 0;
    std::uint32_t tokens = 0;
    std::uint32_t visible_tokens = 0;
    std::optional<Usage> usage;
    std::string_view model;
    std::string_view finish_reason;
    std::string_view object;
    std::string_view message;
    std::optional<std::string> detail;
    UpstreamError error;

    bool choice(value item)
    {
        ++choices;
        Delta delta;
        const bool whole = visit_value(item, [&](std::string_view key, value member) {
            if (key == "delta")
                return read_delta(member, delta);
            if (key == "text") // of the older completions
                delta.visible = delta.visible || has_text(member);
            else if (key == "finish_reason")
                finish_reason = text_or(member, finish_reason);
            return true;
        });
        tokens += delta.visible || delta.hidden ? 1 : 0;
        visible_tokens += delta.visible ? 1 : 0;
        return whole;
    }

    bool member(std::string_view key, value item)
    {
        if (key == "choices")
            return visit_elements(item, [this](value one) { return choice(one); });
        if (key == "model")
            model = text_or(item);
        else if (key == "object")
            object = text_or(item);
        else if (key == "message")
            message = text_or(item);
        else if (key == "error")
            error = read_error_member(item);
        else if (key == "usage" && is_object(item))
            return read_usage(item, chat_usage, usage.emplace());
        else if (key == "detail") {
            auto found = read_error_member(item);
            if (found.present)
                detail = std::move(found.message);
        }
        return true;
    }

    /// The words of an error event; nothing if this is none.
    std::optional<std::string> error_words(bool named_error, std::string_view data) const
    {
        if (error.present)
            return error.message;
        if (object == "error" || (named_error && !message.empty()))
            return std::string(message);
        if (detail && choices == 0)
            return *detail;
        return named_error ? std::optional<std::string>(data) : std::nullopt;
    }
};

void merge(const Event& event, StreamFacts& facts)
{
    facts.tokens += event.tokens;
    facts.visible_tokens += event.visible_tokens;
    if (event.usage && event.usage->reported())
        facts.usage = event.usage;
    if (!event.model.empty())
        facts.response_model = event.model;
    if (!event.finish_reason.empty())
        facts.finish_reason = event.finish_reason;
}

} // namespace

bool read_usage(value object, const UsageNames& names, Usage& usage)
{
    return visit_value(object, [&](std::string_view key, value item) {
        if (key == names.prompt)
            usage.prompt = read_count(item);
        else if (key == names.completion)
            usage.completion = read_count(item);
        else if (key == "total_tokens")
            usage.total = read_count(item);
        else if (key == names.prompt_details)
            return read_detail(item, "cached_tokens", usage.cached);
        else if (key == names.completion_details)
            return read_detail(item, "reasoning_tokens", usage.reasoning);
        return true;
    });
}

UpstreamError read_error_member(value item)
{
    UpstreamError error;
    json_type type{};
    if (item.type().get(type) != simdjson::SUCCESS)
        return error;
    if (type == json_type::object) {
        visit_value(item, [&](std::string_view key, value member) {
            error.present = true;
            if (key == "message")
                error.message = text_or(member);
            return true;
        });
        return error;
    }
    std::string_view raw;
    if (type == json_type::string)
        error.message = text_or(item);
    else if (simdjson::to_json_string(item).get(raw) == simdjson::SUCCESS)
        error.message = raw;
    error.present = !error.message.empty() && raw != "null" && raw != "false" && raw != "0" && raw != "[]";
    return error;
}

Error error_event(std::string_view message)
{
    const std::string_view words = utf8_prefix(message, longest_message);
    return {.code = ErrorCode::upstream_error_event,
            .message = words.empty() ? std::string("The upstream broke off the stream with an error.")
                                     : fmt::format("The upstream broke off the stream with an error: {}", words),
            .detail = std::string(words)};
}

ChunkKind read_openai_event(JsonScratch& scratch, std::string_view name, std::string_view data, StreamFacts& facts)
{
    const bool named_error = name == "error";
    if (data.starts_with("[DONE]")) {
        facts.done = true;
        return ChunkKind::other;
    }
    Event event;
    const bool whole =
        visit_text(scratch, data, [&](std::string_view key, value item) { return event.member(key, item); });
    if (!whole) {
        if (named_error)
            facts.error = error_event(data);
        return ChunkKind::other;
    }
    merge(event, facts);
    if (auto words = event.error_words(named_error, data)) {
        facts.error = error_event(*words);
        return ChunkKind::other;
    }
    return event.usage && event.choices == 0 ? ChunkKind::usage_only : ChunkKind::other;
}

bool read_openai_facts(std::string_view body, ReplyFacts& facts)
{
    JsonScratch scratch;
    Event event;
    if (!visit_text(scratch, body, [&](std::string_view key, value item) { return event.member(key, item); }))
        return false;
    facts.usage = event.usage.value_or(Usage{});
    facts.model = event.model;
    facts.finish_reason = event.finish_reason;
    if (auto words = event.error_words(false, body)) {
        facts.is_error = true;
        facts.error_message = utf8_prefix(*words, longest_message);
    }
    return true;
}

} // namespace tokenscope::llm
