// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_chat.h"

#include "llm/json_text.h"
#include "llm/ollama_line.h"
#include "llm/openai_facts.h"
#include "llm/rfc3339.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using simdjson::ondemand::value;

tl::unexpected<Error> bad_reply(std::string message, std::string detail = {})
{
    return failure(ErrorCode::upstream_bad_reply, std::move(message), std::move(detail));
}

bool read_model(value item, std::vector<ModelEntry>& models)
{
    ModelEntry entry;
    std::string_view name;
    std::string_view model;
    const bool whole = visit_value(item, [&](std::string_view key, value member) {
        if (key == "name")
            name = text_or(member);
        else if (key == "model")
            model = text_or(member);
        else if (key == "modified_at")
            entry.created = rfc3339_seconds(text_or(member));
        return true;
    });
    entry.id = name.empty() ? model : name;
    if (!entry.id.empty())
        models.push_back(std::move(entry));
    return whole;
}

} // namespace

Result<OllamaReply> ollama_reply_to_openai(std::string_view body, const OpenAiChunkWriter& head)
{
    JsonScratch scratch;
    OllamaLine line;
    if (!read_ollama_line(scratch, body, line))
        return bad_reply("The upstream's reply is not a JSON object: check its base URL.");
    if (line.error)
        return bad_reply(fmt::format("The upstream answered with an error: {}", utf8_prefix(*line.error, 2000)),
                         *line.error);
    if (!line.done)
        return bad_reply("The upstream's reply is not complete: it does not say \"done\": true.");
    for (std::size_t i = 0; i < line.tool_calls.size(); ++i) {
        if (line.tool_calls[i].id.empty())
            line.tool_calls[i].id = tool_call_id(head.id, i);
    }
    OpenAiReply reply{.content = std::string(line.content),
                      .reasoning = std::string(line.thinking),
                      .tool_calls = std::move(line.tool_calls),
                      .usage = line.usage};
    reply.finish_reason = openai_finish_reason(line.done_reason, !reply.tool_calls.empty());

    OllamaReply translated{.body = openai_reply_body(head, reply), .durations = line.durations};
    translated.facts = {.usage = line.usage, .model = std::string(line.model), .finish_reason = reply.finish_reason};
    return translated;
}

Result<std::vector<ModelEntry>> read_ollama_tags(std::string_view body)
{
    JsonScratch scratch;
    std::vector<ModelEntry> models;
    bool listed = false;
    const bool whole = visit_text(scratch, body, [&](std::string_view key, value item) {
        if (key != "models")
            return true;
        listed = true; // null is how Go spells an empty list
        return visit_elements(item, [&](value entry) { return read_model(entry, models); });
    });
    if (!whole || !listed)
        return bad_reply("The upstream's list of models is not in Ollama's format: check its base URL.");
    return models;
}

std::string ollama_error_message(std::string_view body)
{
    JsonScratch scratch;
    OllamaLine line;
    return read_ollama_line(scratch, body, line) ? line.error.value_or(std::string()) : std::string();
}

std::string ollama_error_to_openai(std::string_view body, unsigned status)
{
    std::string message = ollama_error_message(body);
    if (message.empty() && body.empty())
        message = fmt::format("The upstream answered with status {} and no explanation.", status);
    else if (message.empty())
        message = fmt::format("The upstream answered with status {}: {}", status, utf8_prefix(body, 500));
    if (status == 404)
        return openai_error_json(message, "invalid_request_error", "model_not_found", "model");
    if (status == 429)
        return openai_error_json(message, "rate_limit_error", "rate_limit_exceeded", {});
    return openai_error_json(message, status >= 400 && status < 500 ? "invalid_request_error" : "server_error", {}, {});
}

} // namespace tokenscope::llm
