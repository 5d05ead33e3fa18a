// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_api_request.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace tokenscope::llm {

namespace {

// The body has passed parse_model_request, so the walkers may trust it, and raw slices of it are valid JSON to copy.

using Raw = std::string_view;

bool is_text(const std::optional<Raw>& value)
{
    return value && is_json_string(*value) && *value != "\"\"";
}

bool is_empty_array(Raw value)
{
    Raw first;
    return is_json_array(value) && !JsonElements(value).next(first);
}

/// By the beginning of its base64; empty if it is nothing that chat APIs take.
std::string_view media_type(std::string_view base64)
{
    constexpr std::pair<std::string_view, std::string_view> beginnings[] = {
        {"iVBORw0KGgo", "image/png"}, {"/9j/", "image/jpeg"}, {"R0lGOD", "image/gif"}, {"UklGR", "image/webp"}};
    for (const auto& [beginning, type] : beginnings)
        if (base64.starts_with(beginning))
            return type;
    return {};
}

/// The value of `content`: the text alone, or parts where there are images.
Result<void> write_content(std::string& out, Raw text, const std::optional<Raw>& images, const std::string& where)
{
    if (!images || is_empty_array(*images)) {
        out += text;
        return {};
    }
    if (!is_json_array(*images))
        return bad_field(where + "images", fmt::format("'{}images' must be an array of base64 strings.", where));
    out += '[';
    if (text != "\"\"")
        out.append(R"({"type":"text","text":)").append(text).append("},");
    Raw image;
    JsonElements elements(*images);
    for (std::size_t i = 0; elements.next(image); ++i) {
        const std::string data = is_json_string(image) ? unescape_json(image) : std::string();
        const auto type = media_type(data);
        if (type.empty())
            return bad_field(fmt::format("{}images[{}]", where, i),
                             fmt::format("'{}images[{}]' must be a PNG, JPEG, GIF or WebP image in base64.", where, i));
        out += i > 0 ? "," : "";
        out += R"({"type":"image_url","image_url":{"url":)";
        append_json_string(out, fmt::format("data:{};base64,{}", type, data));
        out += "}}";
    }
    out += ']';
    return {};
}

class MessagesWriter {
public:
    explicit MessagesWriter(std::string& out) : m_out(out) {}

    Result<void> write(Raw messages)
    {
        if (!is_json_array(messages))
            return bad_field("messages", "'messages' must be an array.");
        m_out += '[';
        Raw message;
        JsonElements elements(messages);
        for (std::size_t i = 0; elements.next(message); ++i) {
            m_out += i > 0 ? "," : "";
            m_where = fmt::format("messages[{}]", i);
            if (!is_json_object(message))
                return bad_field(m_where, fmt::format("'{}' must be an object.", m_where));
            if (auto written = write_message(message); !written)
                return written;
        }
        m_out += ']';
        return {};
    }

private:
    struct Call {
        std::string id;
        std::string name;
    };

    Result<void> write_message(Raw message)
    {
        const auto role = find_json_value(message, "role");
        if (!role || !is_json_string(*role))
            return bad_field(m_where + ".role", fmt::format("'{}.role' must be a string.", m_where));
        const Raw content = find_json_value(message, "content").value_or("\"\"");
        if (!is_json_string(content))
            return bad_field(m_where + ".content", fmt::format("'{}.content' must be a string.", m_where));
        ObjectWriter out(m_out);
        out.raw("role", *role);
        out.begin("content");
        if (auto written = write_content(m_out, content, find_json_value(message, "images"), m_where + "."); !written)
            return written;
        if (const auto thinking = find_json_value(message, "thinking"); is_text(thinking))
            out.raw("reasoning_content", *thinking);
        if (json_string_is(*role, "tool"))
            out.text("tool_call_id", answered_call(message));
        const auto calls = find_json_value(message, "tool_calls");
        if (calls && !is_empty_array(*calls)) {
            m_open.clear();
            out.begin("tool_calls");
            if (auto written = write_calls(*calls); !written)
                return written;
        }
        out.end();
        return {};
    }

    Result<void> write_calls(Raw calls)
    {
        m_out += '[';
        Raw call;
        JsonElements elements(calls);
        for (std::size_t i = 0; elements.next(call); ++i) {
            m_out += i > 0 ? "," : "";
            if (auto written = write_call(call, fmt::format("{}.tool_calls[{}].function", m_where, i)); !written)
                return written;
        }
        m_out += ']';
        return {};
    }

    Result<void> write_call(Raw call, const std::string& where)
    {
        const Raw function = find_json_value(call, "function").value_or("{}");
        const auto name = find_json_value(function, "name");
        if (!is_text(name))
            return bad_field(where + ".name", fmt::format("'{}.name' must be a string.", where));
        const Raw arguments = find_json_value(function, "arguments").value_or("{}");
        if (!is_json_object(arguments))
            return bad_field(where + ".arguments", fmt::format("'{}.arguments' must be an object.", where));
        const auto id = find_json_value(call, "id");
        m_open.push_back({is_text(id) ? unescape_json(*id) : fmt::format("call_{}", m_calls), unescape_json(*name)});
        ++m_calls;

        ObjectWriter out(m_out);
        out.text("id", m_open.back().id);
        out.text("type", "function");
        out.begin("function");
        ObjectWriter inner(m_out);
        inner.raw("name", *name);
        inner.text("arguments", arguments);
        inner.end();
        out.end();
        return {};
    }

    /// The id of the call whose result the message is, which is open no longer.
    std::string answered_call(Raw message)
    {
        const auto text = [&](std::string_view key) {
            const auto value = find_json_value(message, key);
            return is_text(value) ? unescape_json(*value) : std::string();
        };
        const auto id = text("tool_call_id");
        const auto name = text("tool_name");
        auto open = std::find_if(m_open.begin(), m_open.end(),
                                 [&](const Call& call) { return id.empty() ? call.name == name : call.id == id; });
        if (open == m_open.end() && id.empty())
            open = m_open.begin();
        if (open == m_open.end())
            return id.empty() ? fmt::format("call_{}", m_calls) : id; // of no call: for the provider to refuse
        std::string found = std::move(open->id);
        m_open.erase(open);
        return found;
    }

    std::string& m_out;
    std::string m_where;
    std::vector<Call> m_open; ///< of the last message with calls: those without a result so far
    std::size_t m_calls = 0;
};

Result<void> write_options(ObjectWriter& out, Raw request)
{
    const Raw options = find_json_value(request, "options").value_or("{}");
    if (!is_json_object(options))
        return bad_field("options", "'options' must be an object.");
    for (const auto* name :
         {"temperature", "top_p", "top_k", "min_p", "seed", "stop", "frequency_penalty", "presence_penalty"})
        if (const auto value = find_json_value(options, name); value && !is_empty_array(*value))
            out.raw(name, *value);
    const Raw limit = find_json_value(options, "num_predict").value_or("0");
    if (!limit.starts_with('-') && limit.find_first_of("123456789") != Raw::npos)
        out.raw("max_tokens", limit);
    return {};
}

Result<void> write_format(ObjectWriter& out, Raw request)
{
    const auto format = find_json_value(request, "format");
    if (!format || *format == "\"\"")
        return {};
    if (json_string_is(*format, "json"))
        out.raw("response_format", R"({"type":"json_object"})");
    else if (is_json_object(*format))
        out.raw("response_format",
                fmt::format(R"({{"type":"json_schema","json_schema":{{"name":"response","schema":{}}}}})", *format));
    else
        return bad_field("format", "'format' must be \"json\" or a JSON schema.");
    return {};
}

Result<void> write_think(ObjectWriter& out, Raw request)
{
    const auto think = find_json_value(request, "think");
    if (!think || *think == "\"\"")
        return {};
    if (*think == "true")
        out.text("reasoning_effort", "medium");
    else if (*think == "false")
        out.text("reasoning_effort", "none");
    else if (is_json_string(*think))
        out.raw("reasoning_effort", *think);
    else
        return bad_field("think", "'think' must be true, false, or a level such as \"low\".");
    return {};
}

/// What both APIs have besides their messages.
Result<void> write_rest(ObjectWriter& out, const ModelRequest& request, Raw from)
{
    for (const auto write : {write_options, write_format, write_think})
        if (auto written = write(out, from); !written)
            return written;
    for (const auto* name : {"logprobs", "top_logprobs"})
        if (const auto value = find_json_value(from, name))
            out.raw(name, *value);
    if (request.stream)
        out.raw("stream_options", R"({"include_usage":true})");
    out.raw("stream", request.stream ? "true" : "false");
    out.end();
    return {};
}

/// What a prompt for a chat cannot be given.
Result<void> check_generate(Raw from)
{
    const auto refuse = [](std::string param, std::string_view why) {
        return bad_field(param, fmt::format("'{}': {}", param, why));
    };
    if (is_text(find_json_value(from, "suffix")))
        return refuse("suffix", "the model's provider only chats, and cannot fill in a middle.");
    if (find_json_value(from, "raw").value_or("false") != "false")
        return refuse("raw", "the model's provider only chats, and formats every prompt.");
    if (is_text(find_json_value(from, "template")))
        return refuse("template", "the model's provider only chats, and has a template of its own.");
    const auto context = find_json_value(from, "context");
    if (context && !is_empty_array(*context))
        return refuse("context", "only the Ollama server that made it can read it; use POST /api/chat with messages.");
    return {};
}

Result<void> write_prompt(std::string& out, Raw from)
{
    const Raw prompt = find_json_value(from, "prompt").value_or("\"\"");
    if (!is_json_string(prompt))
        return bad_field("prompt", "'prompt' must be a string.");
    out += '[';
    if (const auto system = find_json_value(from, "system"); is_text(system))
        out.append(R"({"role":"system","content":)").append(*system).append("},");
    out += R"({"role":"user","content":)";
    if (auto written = write_content(out, prompt, find_json_value(from, "images"), {}); !written)
        return written;
    out += "}]";
    return {};
}

Raw object_of(const ModelRequest& request)
{
    return Raw(request.body).substr(request.body.find('{'));
}

} // namespace

Result<std::string> ollama_chat_as_openai(const ModelRequest& request)
{
    const Raw from = object_of(request);
    std::string out;
    ObjectWriter body(out);
    body.text("model", request.model);
    body.begin("messages");
    if (auto written = MessagesWriter(out).write(find_json_value(from, "messages").value_or("[]")); !written)
        return failure(std::move(written.error()));
    // Several clients always send a list, and chat APIs refuse an empty one.
    if (const auto tools = find_json_value(from, "tools"); tools && !is_empty_array(*tools))
        body.raw("tools", *tools);
    if (auto written = write_rest(body, request, from); !written)
        return failure(std::move(written.error()));
    return out;
}

Result<std::string> ollama_generate_as_openai(const ModelRequest& request)
{
    const Raw from = object_of(request);
    if (auto checked = check_generate(from); !checked)
        return failure(std::move(checked.error()));
    std::string out;
    ObjectWriter body(out);
    body.text("model", request.model);
    body.begin("messages");
    if (auto written = write_prompt(out, from); !written)
        return failure(std::move(written.error()));
    if (auto written = write_rest(body, request, from); !written)
        return failure(std::move(written.error()));
    return out;
}

std::string_view ollama_load_reason(const ModelRequest& request)
{
    const Raw from = object_of(request);
    const auto none = [&](std::string_view key) {
        const auto value = find_json_value(from, key);
        return !value || *value == "\"\"" || is_empty_array(*value);
    };
    const bool loads = request.api == Api::ollama_chat
                           ? none("messages")
                           : request.api == Api::ollama_generate && none("prompt") && none("images") && none("suffix");
    if (!loads)
        return {};
    const Raw keep = find_json_value(from, "keep_alive").value_or("1");
    return keep == "0" || keep == "\"0\"" || keep == "\"0s\"" ? "unload" : "load";
}

} // namespace tokenscope::llm
