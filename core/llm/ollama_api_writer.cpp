// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_api_writer.h"

#include "llm/json_object_writer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tokenscope::llm {

namespace {

void write_words(ObjectWriter& out, std::string_view key, const OllamaApiWriter::Part& part)
{
    out.raw(key, part.content.empty() ? "\"\"" : part.content);
    if (!part.thinking.empty())
        out.raw("thinking", part.thinking);
}

} // namespace

std::string ollama_time(WallTime time)
{
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}000000Z", fmt::gmtime(std::chrono::system_clock::to_time_t(second)),
                       (time - second).count());
}

OllamaApiWriter::OllamaApiWriter(Api api, std::string_view model, WallTime created) : m_api(api)
{
    ObjectWriter head(m_head);
    head.text("model", model);
    head.text("created_at", ollama_time(created));
}

void OllamaApiWriter::write(std::string& out, const Part& part, const std::optional<End>& end) const
{
    std::string rest;
    ObjectWriter object(rest);
    if (m_api == Api::ollama_chat) {
        object.begin("message");
        ObjectWriter message(rest);
        message.text("role", "assistant");
        write_words(message, "content", part);
        if (!part.tool_calls.empty())
            message.raw("tool_calls", part.tool_calls);
        message.end();
    } else {
        write_words(object, "response", part);
    }
    if (!part.logprobs.empty())
        object.raw("logprobs", part.logprobs);
    object.raw("done", end ? "true" : "false");
    if (end) {
        object.text("done_reason", end->reason);
        if (end->usage.prompt)
            object.raw("prompt_eval_count", fmt::to_string(*end->usage.prompt));
        if (end->usage.completion)
            object.raw("eval_count", fmt::to_string(*end->usage.completion));
    }
    object.end();
    rest.front() = ','; // goes on in the object that the head has begun
    // In JSON these stand only between values, as in the arguments that some models print prettily; here they end a line.
    std::replace_if(
        rest.begin(), rest.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    out += m_head;
    out += rest;
}

} // namespace tokenscope::llm
