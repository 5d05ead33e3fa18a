// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/ollama_chat.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace tokenscope::llm {

namespace {

// The body has passed parse_model_request, so the walkers may trust it, and raw slices of it are valid JSON to copy.

using Raw = std::string_view;

class MessagesWriter {
public:
    explicit MessagesWriter(std::string& out) : m_out(out) {}

    Result<void> write(Raw messages)
    {
        m_out += '[';
        Raw message;
        JsonElements elements(messages);
        for (std::size_t i = 0; elements.next(message); ++i) {
            if (i > 0)
                m_out += ',';
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
    /// The members of one message that have a place in Ollama's.
    struct Message {
        std::optional<Raw> role, content, refusal, reasoning, tool_calls, tool_call_id, name;
    };

    static Message read(Raw object)
    {
        Message message;
        Raw key;
        Raw value;
        for (JsonMembers members(object); members.next(key, value);) {
            if (value == "null")
                continue;
            if (json_string_is(key, "role"))
                message.role = value;
            else if (json_string_is(key, "content"))
                message.content = value;
            else if (json_string_is(key, "refusal"))
                message.refusal = value;
            else if (json_string_is(key, "reasoning") || json_string_is(key, "reasoning_content"))
                message.reasoning = value;
            else if (json_string_is(key, "tool_calls"))
                message.tool_calls = value;
            else if (json_string_is(key, "tool_call_id"))
                message.tool_call_id = value;
            else if (json_string_is(key, "name"))
                message.name = value;
        }
        return message;
    }

    Result<void> write_message(Raw object)
    {
        const Message message = read(object);
        if (!message.role || !is_json_string(*message.role))
            return bad_field(m_where + ".role", fmt::format("'{}.role' must be a string.", m_where));
        ObjectWriter out(m_out);
        const bool tool = json_string_is(*message.role, "tool") || json_string_is(*message.role, "function");
        if (json_string_is(*message.role, "developer"))
            out.text("role", "system");
        else if (tool)
            out.text("role", "tool");
        else
            out.raw("role", *message.role);
        if (auto written = write_content(out, message); !written)
            return written;
        if (message.reasoning && is_json_string(*message.reasoning))
            out.raw("thinking", *message.reasoning);
        if (message.tool_calls) {
            if (auto written = write_tool_calls(out, *message.tool_calls); !written)
                return written;
        }
        if (tool)
            write_tool_name(out, message);
        out.end();
        return {};
    }

    Result<void> write_content(ObjectWriter& out, const Message& message)
    {
        if (!message.content) {
            out.raw("content", message.refusal && is_json_string(*message.refusal) ? *message.refusal : R"("")");
            return {};
        }
        if (is_json_string(*message.content)) {
            out.raw("content", *message.content);
            return {};
        }
        if (!is_json_array(*message.content))
            return bad_field(m_where + ".content",
                             fmt::format("'{}.content' must be a string or an array of parts.", m_where));
        std::string text;
        std::string images;
        Raw part;
        JsonElements parts(*message.content);
        for (std::size_t i = 0; parts.next(part); ++i) {
            if (auto read = read_part(part, fmt::format("{}.content[{}]", m_where, i), text, images); !read)
                return read;
        }
        out.text("content", text);
        if (!images.empty())
            out.raw("images", "[" + images + "]");
        return {};
    }

    static Result<void> read_part(Raw part, std::string where, std::string& text, std::string& images)
    {
        const Raw type = find_json_member(part, "type").value_or(Raw());
        if (json_string_is(type, "image_url"))
            return read_image(find_json_member(part, "image_url").value_or(Raw()), where + ".image_url", images);
        const bool refusal = json_string_is(type, "refusal");
        if (!refusal && !json_string_is(type, "text"))
            return bad_field(
                where + ".type",
                fmt::format("'{}' is of a type that Ollama does not take: use 'text' or 'image_url'.", where));
        const Raw words = find_json_member(part, refusal ? "refusal" : "text").value_or(Raw());
        if (!is_json_string(words))
            return bad_field(where + ".text", fmt::format("'{}.text' must be a string.", where));
        if (!text.empty())
            text += '\n';
        text += unescape_json(words);
        return {};
    }

    static Result<void> read_image(Raw image, std::string where, std::string& images)
    {
        const Raw raw = is_json_object(image) ? find_json_member(image, "url").value_or(Raw()) : image;
        if (!is_json_string(raw))
            return bad_field(where, fmt::format("'{}.url' must be a string.", where));
        const std::string url = unescape_json(raw);
        const auto image_data = split_data_url(url);
        if (!image_data)
            return bad_field(where,
                             fmt::format("'{}' must be a data URL (data:image/png;base64,...): Ollama does not fetch "
                                         "images, so download it and send its content.",
                                         where));
        if (!images.empty())
            images += ',';
        append_json_string(images, image_data->data);
        return {};
    }

    Result<void> write_tool_calls(ObjectWriter& out, Raw calls)
    {
        out.begin("tool_calls");
        m_out += '[';
        Raw call;
        JsonElements elements(calls);
        for (std::size_t i = 0; elements.next(call); ++i) {
            if (i > 0)
                m_out += ',';
            if (auto written = write_tool_call(call, fmt::format("{}.tool_calls[{}]", m_where, i)); !written)
                return written;
        }
        m_out += ']';
        return {};
    }

    Result<void> write_tool_call(Raw call, const std::string& where)
    {
        const Raw function = find_json_member(call, "function").value_or(Raw());
        const Raw name = find_json_member(function, "name").value_or(Raw());
        if (!is_json_string(name))
            return bad_field(where + ".function.name", fmt::format("'{}.function.name' must be a string.", where));
        const auto id = find_json_value(call, "id");
        if (id && is_json_string(*id))
            m_calls[unescape_json(*id)] = name;

        const auto arguments = arguments_object(find_json_value(function, "arguments").value_or(R"("")"));
        if (!arguments)
            return bad_field(where + ".function.arguments",
                             fmt::format("'{}.function.arguments' must be a JSON object, written as a string.", where));

        ObjectWriter out(m_out);
        if (id)
            out.raw("id", *id);
        out.begin("function");
        ObjectWriter inner(m_out);
        inner.raw("name", name);
        inner.raw("arguments", *arguments);
        inner.end();
        out.end();
        return {};
    }

    void write_tool_name(ObjectWriter& out, const Message& message) const
    {
        if (message.tool_call_id && is_json_string(*message.tool_call_id)) {
            if (const auto made = m_calls.find(unescape_json(*message.tool_call_id)); made != m_calls.end()) {
                out.raw("tool_name", made->second);
                return;
            }
        }
        if (message.name && is_json_string(*message.name))
            out.raw("tool_name", *message.name);
    }

    std::string& m_out;
    std::string m_where;
    std::map<std::string, Raw> m_calls; ///< id -> name, of the calls made so far
};

struct OptionName {
    std::string_view openai;
    std::string_view ollama;
};

constexpr OptionName option_names[] = {
    {"temperature", "temperature"},
    {"top_p", "top_p"},
    {"top_k", "top_k"},
    {"min_p", "min_p"},
    {"seed", "seed"},
    {"frequency_penalty", "frequency_penalty"},
    {"presence_penalty", "presence_penalty"},
    {"stop", "stop"},
    {"max_completion_tokens", "num_predict"},
    {"max_tokens", "num_predict"},
};

Result<void> write_options(ObjectWriter& body, std::string& out, Raw request)
{
    const Raw own = find_json_value(request, "options").value_or("{}");
    if (!is_json_object(own))
        return bad_field("options", "'options' must be an object.");
    std::string options;
    ObjectWriter writer(options);
    bool limited = false;
    for (const auto& [openai, ollama] : option_names) {
        const auto value = find_json_value(request, openai);
        if (!value || find_json_member(own, ollama) || (ollama == "num_predict" && std::exchange(limited, true)))
            continue;
        writer.raw(ollama,
                   is_json_string(*value) && ollama == "stop" ? fmt::format("[{}]", *value) : std::string(*value));
    }
    Raw key;
    Raw value;
    for (JsonMembers members(own); members.next(key, value);)
        writer.member(key, value);
    writer.end();
    if (options == "{}")
        return {};
    body.begin("options");
    out += options;
    return {};
}

Result<void> write_format(ObjectWriter& body, Raw request)
{
    const auto format = find_json_value(request, "response_format");
    if (!format) {
        if (const auto own = find_json_value(request, "format"))
            body.raw("format", *own);
        return {};
    }
    const Raw type = find_json_member(*format, "type").value_or(Raw());
    if (json_string_is(type, "json_object")) {
        body.text("format", "json");
    } else if (json_string_is(type, "json_schema")) {
        const Raw schema =
            find_json_member(find_json_member(*format, "json_schema").value_or(Raw()), "schema").value_or(Raw());
        if (!is_json_object(schema))
            return bad_field("response_format.json_schema.schema",
                             "'response_format.json_schema.schema' must be an object.");
        body.raw("format", schema);
    } else if (!json_string_is(type, "text")) {
        return bad_field("response_format.type",
                         "'response_format.type' must be 'text', 'json_object' or 'json_schema'.");
    }
    return {};
}

void write_think(ObjectWriter& body, Raw request)
{
    if (const auto own = find_json_value(request, "think"))
        body.raw("think", *own);
    else if (const auto effort = find_json_value(request, "reasoning_effort"))
        body.raw("think", json_string_is(*effort, "none") ? "false" : "true");
}

} // namespace

Result<std::string> ollama_request_body(const ModelRequest& request, std::string_view upstream_model)
{
    const Raw from = Raw(request.body).substr(request.body.find('{'));
    std::string out;
    out.reserve(from.size() + upstream_model.size() + 64);
    ObjectWriter body(out);
    body.text("model", upstream_model);
    body.begin("messages");
    if (auto written = MessagesWriter(out).write(find_json_member(from, "messages").value_or("[]")); !written)
        return failure(std::move(written.error()));
    const auto tools = find_json_value(from, "tools");
    if (tools && !json_string_is(find_json_member(from, "tool_choice").value_or(Raw()), "none"))
        body.raw("tools", *tools);
    if (auto written = write_format(body, from); !written)
        return failure(std::move(written.error()));
    if (auto written = write_options(body, out, from); !written)
        return failure(std::move(written.error()));
    if (const auto keep = find_json_value(from, "keep_alive"))
        body.raw("keep_alive", *keep);
    write_think(body, from);
    body.raw("stream", request.stream ? "true" : "false");
    body.end();
    return out;
}

} // namespace tokenscope::llm
