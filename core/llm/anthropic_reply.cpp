// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_reply.h"

#include "llm/anthropic_message.h"
#include "llm/json_text.h"
#include "llm/ollama_line.h"
#include "llm/rfc3339.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::value;

constexpr std::size_t longest_message = 2000;
constexpr std::size_t longest_quote = 500;

tl::unexpected<Error> bad_reply(std::string message, std::string detail = {})
{
    return failure(ErrorCode::upstream_bad_reply, std::move(message), std::move(detail));
}

std::string words_of(const AnthropicMessage& message)
{
    const std::string_view words = message.error.message.empty() ? message.error_type : message.error.message;
    return std::string(utf8_prefix(words, longest_message));
}

void take_block(const AnthropicBlock& block, std::string_view reply_id, OpenAiReply& reply)
{
    if (block.type == "text") {
        reply.content += block.words;
    } else if (block.type == "thinking") {
        reply.reasoning += block.words;
        if (!block.signature.empty())
            reply.thinking_blocks.push_back(thinking_block_json(block.words, block.signature));
    } else if (block.type == "redacted_thinking") {
        reply.thinking_blocks.push_back(redacted_block_json(block.words));
    } else if (block.type == "tool_use") {
        reply.tool_calls.push_back(
            {.id = block.id.empty() ? tool_call_id(reply_id, reply.tool_calls.size()) : std::string(block.id),
             .name = std::string(block.name),
             .arguments = block.input.empty() ? std::string("{}") : std::string(block.input)});
    }
}

std::string_view error_type(unsigned status)
{
    switch (status) {
    case 401: return "authentication_error";
    case 403: return "permission_error";
    case 429: return "rate_limit_error";
    default: return status >= 400 && status < 500 ? "invalid_request_error" : "server_error";
    }
}

bool read_model(value item, std::vector<ModelEntry>& models)
{
    ModelEntry entry;
    bool retired = false;
    const bool whole = visit_value(item, [&](std::string_view key, value member) {
        if (key == "id")
            entry.id = text_or(member);
        else if (key == "created_at")
            entry.created = rfc3339_seconds(text_or(member));
        else if (key == "lifecycle")
            retired = text_or(member) == "retired";
        return true;
    });
    if (!entry.id.empty() && !retired)
        models.push_back(std::move(entry));
    return whole;
}

} // namespace

Result<AnthropicReply> anthropic_reply_to_openai(std::string_view body, const OpenAiChunkWriter& head)
{
    JsonScratch scratch;
    AnthropicMessage message;
    if (!read_anthropic_message(scratch, body, message))
        return bad_reply("The upstream's reply is not a JSON object: check its base URL.");
    if (message.error.present)
        return bad_reply(fmt::format("The upstream answered with an error: {}", words_of(message)), words_of(message));
    if (message.type != "message")
        return bad_reply("The upstream's reply is not in the format of Anthropic's Messages API: check its base URL.");
    OpenAiReply reply{.usage = message.usage.openai()};
    for (const AnthropicBlock& block : message.content)
        take_block(block, head.id, reply);
    reply.finish_reason = openai_finish_reason_of(message.stop_reason, !reply.tool_calls.empty());

    AnthropicReply translated{.body = openai_reply_body(head, reply)};
    translated.facts = {
        .usage = reply.usage, .model = std::string(message.model), .finish_reason = reply.finish_reason};
    return translated;
}

Result<ReplyFacts> read_anthropic_reply(std::string_view body)
{
    JsonScratch scratch;
    AnthropicMessage message;
    if (!read_anthropic_message(scratch, body, message))
        return bad_reply("The upstream's reply is not a JSON object: check its base URL.");
    return ReplyFacts{.usage = message.usage.openai(),
                      .model = std::string(message.model),
                      .finish_reason = std::string(message.stop_reason),
                      .is_error = message.error.present,
                      .error_message = words_of(message)};
}

std::string anthropic_error_to_openai(std::string_view body, unsigned status)
{
    JsonScratch scratch;
    AnthropicMessage read;
    const bool whole = read_anthropic_message(scratch, body, read);
    std::string message = whole ? words_of(read) : std::string();
    if (message.empty() && body.empty())
        message = fmt::format("The upstream answered with status {} and no explanation.", status);
    else if (message.empty())
        message = fmt::format("The upstream answered with status {}: {}", status, utf8_prefix(body, longest_quote));
    const std::string_view type = whole && !read.error_type.empty() ? read.error_type : error_type(status);
    if (status == 404)
        return openai_error_json(message, type, "model_not_found", "model");
    return openai_error_json(message, type, status == 429 ? "rate_limit_exceeded" : "", {});
}

Result<AnthropicModelPage> read_anthropic_models(std::string_view body)
{
    JsonScratch scratch;
    AnthropicModelPage page;
    std::string last;
    bool more = false;
    bool listed = false;
    const bool whole = visit_text(scratch, body, [&](std::string_view key, value item) {
        if (key == "has_more" && item.get_bool().get(more) != simdjson::SUCCESS)
            more = false;
        else if (key == "last_id")
            last = text_or(item);
        simdjson::ondemand::json_type type{};
        if (key != "data" || item.type().get(type) != simdjson::SUCCESS || type != simdjson::ondemand::json_type::array)
            return true;
        listed = true;
        return visit_elements(item, [&](value entry) { return read_model(entry, page.models); });
    });
    if (!whole || !listed)
        return bad_reply("The upstream's list of models is not in Anthropic's format: check its base URL.");
    if (more)
        page.next = std::move(last);
    return page;
}

} // namespace tokenscope::llm
