// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_api_translation.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/json_scratch.h"
#include "llm/ollama_api_errors.h"
#include "llm/ollama_api_request.h"
#include "llm/ollama_api_writer.h"
#include "llm/openai_facts.h"
#include "llm/sse.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

constexpr unsigned reply_depth = 256;
/// Of the arguments of one reply's tool calls, which are held back until they are complete.
constexpr std::size_t most_argument_bytes = std::size_t{4} << 20;

std::string_view done_reason(std::string_view finish_reason)
{
    if (finish_reason.empty() || finish_reason == "tool_calls" || finish_reason == "function_call")
        return "stop";
    return finish_reason;
}

Raw first_choice(Raw chat)
{
    Raw choice;
    JsonElements elements(find_json_value(chat, "choices").value_or("[]"));
    return elements.next(choice) ? choice : Raw("{}");
}

/// The first of these members that is a string with something in it.
Raw words(Raw object, std::initializer_list<std::string_view> keys)
{
    for (const auto key : keys)
        if (const auto value = find_json_value(object, key); value && is_json_string(*value) && *value != "\"\"")
            return *value;
    return {};
}

/// What a choice says, in its `message` or `delta`; tool calls are another matter.
OllamaApiWriter::Part part_of(Raw choice, Raw message)
{
    OllamaApiWriter::Part part;
    part.content = words(message, {"content", "refusal"});
    part.thinking = words(message, {"reasoning_content", "reasoning"});
    const Raw logprobs = find_json_value(choice, "logprobs").value_or("{}");
    if (const auto tokens = find_json_value(logprobs, "content"); tokens && is_json_array(*tokens))
        part.logprobs = *tokens;
    return part;
}

/// The tool calls of a reply, collected from whole ones and pieces.
class ToolCalls {
public:
    bool empty() const { return m_calls.empty(); }

    /// The `tool_calls` of a whole reply.
    void set(Raw calls)
    {
        Raw call;
        for (JsonElements elements(calls); elements.next(call);)
            fill(m_calls.emplace_back(), call);
    }

    /// Those of a delta. False once there is too much of it.
    bool add(Raw pieces)
    {
        Raw piece;
        for (JsonElements elements(pieces); elements.next(piece);) {
            fill(call_of(piece), piece);
            m_bytes += piece.size();
        }
        return m_bytes <= most_argument_bytes;
    }

    /// As Ollama's `tool_calls`; nothing if the arguments of one are not an object.
    std::optional<std::string> json() const
    {
        std::string out = "[";
        for (const Call& call : m_calls) {
            std::string text;
            append_json_string(text, call.arguments);
            const auto arguments = arguments_object(text);
            if (!arguments)
                return std::nullopt;
            out += out.size() > 1 ? "," : "";
            ObjectWriter object(out);
            if (!call.id.empty())
                object.text("id", call.id);
            object.begin("function");
            ObjectWriter function(out);
            function.raw("index", fmt::to_string(&call - m_calls.data()));
            function.text("name", call.name);
            function.raw("arguments", *arguments);
            function.end();
            object.end();
        }
        return out + ']';
    }

private:
    struct Call {
        std::string index;
        std::string id;
        std::string name;
        std::string arguments;
    };

    static void fill(Call& call, Raw piece)
    {
        const auto append = [](std::string& to, Raw text) {
            if (!text.empty())
                to += unescape_json(text);
        };
        const Raw function = find_json_value(piece, "function").value_or("{}");
        if (call.id.empty())
            append(call.id, words(piece, {"id"}));
        if (call.name.empty())
            append(call.name, words(function, {"name"}));
        append(call.arguments, words(function, {"arguments"}));
    }

    /// Pieces name their call by its index; some servers leave that out, and begin each call with an id.
    Call& call_of(Raw piece)
    {
        const Raw index = find_json_value(piece, "index").value_or("");
        const Raw id = words(piece, {"id"});
        for (Call& call : m_calls)
            if (!index.empty() && call.index == index)
                return call;
        if (index.empty() && !m_calls.empty() && (id.empty() || unescape_json(id) == m_calls.back().id))
            return m_calls.back();
        m_calls.push_back({.index = std::string(index)});
        return m_calls.back();
    }

    std::vector<Call> m_calls;
    std::size_t m_bytes = 0;
};

class OllamaTranslation final : public Translation {
public:
    OllamaTranslation(ModelRequest chat, OllamaApiWriter writer, bool calls_tools)
        : m_chat(std::move(chat)), m_writer(std::move(writer)), m_calls_tools(calls_tools)
    {
    }

    const ModelRequest& chat_request() const override { return m_chat; }
    std::string_view stream_type() const override { return "application/x-ndjson"; }
    bool complete() const override { return m_complete; }
    std::string refusal(std::string_view chat_error, unsigned status) override
    {
        return ollama_refusal(chat_error, status);
    }

    Result<std::string> reply(std::string_view chat) override;
    void feed(std::string_view bytes, std::string& out) override;
    void finish(std::string& out) override { take(m_events.finish(), out); }

private:
    void take(const SseParser::Event& event, std::string& out);
    void take_choice(Raw choice, std::string& out);
    bool tell_calls(std::string& out);
    void end(std::string& out);

    const ModelRequest m_chat;
    const OllamaApiWriter m_writer;
    const bool m_calls_tools;
    SseParser m_events;
    JsonScratch m_scratch;
    ToolCalls m_calls;
    Usage m_usage;
    std::string m_finish_reason;
    bool m_over = false;
    bool m_complete = false;
};

Result<std::string> OllamaTranslation::reply(std::string_view chat)
{
    ReplyFacts facts;
    if (check_json(chat, reply_depth) || !read_openai_facts(chat, facts))
        return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is not a JSON object: check its base URL.");
    if (facts.is_error)
        return failure(ErrorCode::upstream_bad_reply, "The upstream answered with an error.", facts.error_message);
    chat.remove_prefix(chat.find('{'));
    Raw choice;
    if (!JsonElements(find_json_value(chat, "choices").value_or("[]")).next(choice))
        return failure(ErrorCode::upstream_bad_reply,
                       "The upstream's reply is not a chat completion: it has no choices.");
    const Raw message = find_json_value(choice, "message").value_or("{}");
    auto part = part_of(choice, message);
    std::string calls;
    if (const auto made = find_json_value(message, "tool_calls"); made && m_calls_tools) {
        m_calls.set(*made);
        auto json = m_calls.json();
        if (!json)
            return failure(ErrorCode::upstream_bad_reply,
                           "The model called a tool with arguments that are not a JSON object.");
        calls = std::move(*json);
        if (!m_calls.empty())
            part.tool_calls = calls;
    }
    std::string out;
    m_writer.write(out, part, OllamaApiWriter::End{done_reason(facts.finish_reason), facts.usage});
    m_complete = true;
    return out;
}

void OllamaTranslation::feed(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        const auto step = m_events.take(bytes);
        if (step.found == SseParser::Found::event)
            take(step.event, out);
        bytes.remove_prefix(step.consumed);
    }
}

void OllamaTranslation::take(const SseParser::Event& event, std::string& out)
{
    m_over = m_over || event.oversized; // its words are lost, and nobody must take the rest for the whole
    if (m_over || !event.has_data)
        return;
    StreamFacts facts;
    read_openai_event(m_scratch, event.name, event.data, facts);
    if (facts.usage)
        m_usage = *facts.usage;
    if (facts.finish_reason)
        m_finish_reason = *facts.finish_reason;
    if (facts.error) {
        m_over = true;
        out += ollama_error_json(facts.error->detail.empty() ? facts.error->message : facts.error->detail) + '\n';
    } else if (facts.done) {
        end(out);
    } else if (!check_json(event.data, reply_depth)) {
        take_choice(first_choice(event.data.substr(event.data.find_first_not_of(" \t\r\n"))), out);
    }
}

void OllamaTranslation::take_choice(Raw choice, std::string& out)
{
    const Raw delta = find_json_value(choice, "delta").value_or("{}");
    const auto part = part_of(choice, delta);
    if (!part.content.empty() || !part.thinking.empty()) {
        m_writer.write(out, part);
        out += '\n';
    }
    if (const auto calls = find_json_value(delta, "tool_calls"); calls && m_calls_tools)
        m_over = !m_calls.add(*calls);
}

/// False if they cannot be told.
bool OllamaTranslation::tell_calls(std::string& out)
{
    if (m_calls.empty())
        return true;
    const auto json = m_calls.json();
    if (!json)
        return false;
    OllamaApiWriter::Part part;
    part.tool_calls = *json;
    m_writer.write(out, part);
    out += '\n';
    return true;
}

void OllamaTranslation::end(std::string& out)
{
    m_over = true;
    if (!tell_calls(out))
        return;
    m_writer.write(out, {}, OllamaApiWriter::End{done_reason(m_finish_reason), m_usage});
    out += '\n';
    m_complete = true;
}

Result<std::unique_ptr<Translation>> translate(const ModelRequest& request, Result<std::string> body, WallTime now)
{
    if (!body)
        return failure(std::move(body.error()));
    auto chat = parse_model_request(Api::chat, std::move(*body));
    if (!chat)
        return failure(std::move(chat.error()));
    OllamaApiWriter writer(request.api, request.model, now);
    return std::make_unique<OllamaTranslation>(std::move(*chat), std::move(writer), request.api == Api::ollama_chat);
}

} // namespace

Result<std::unique_ptr<Translation>> translate_ollama_chat(const ModelRequest& request, WallTime now)
{
    return translate(request, ollama_chat_as_openai(request), now);
}

Result<std::unique_ptr<Translation>> translate_ollama_generate(const ModelRequest& request, WallTime now)
{
    return translate(request, ollama_generate_as_openai(request), now);
}

} // namespace tokenscope::llm
