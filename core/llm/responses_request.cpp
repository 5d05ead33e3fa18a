// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_request.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/responses_tools.h"
#include "llm/responses_turns.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

/// Members with a counterpart of another name or form, or with none.
constexpr std::string_view replaced[] = {"model",
                                         "input",
                                         "instructions",
                                         "max_output_tokens",
                                         "tools",
                                         "tool_choice",
                                         "text",
                                         "reasoning",
                                         "stream",
                                         "metadata",
                                         "previous_response_id",
                                         "store",
                                         "parallel_tool_calls",
                                         "truncation",
                                         "include",
                                         "background",
                                         "conversation",
                                         "prompt",
                                         "stream_options",
                                         "top_logprobs",
                                         "messages",
                                         "max_tool_calls"};

bool is_replaced(Raw key)
{
    return std::any_of(std::begin(replaced), std::end(replaced),
                       [key](std::string_view name) { return json_string_is(key, name); });
}

Raw object_of(const ModelRequest& request)
{
    return Raw(request.body).substr(request.body.find('{'));
}

class ChatWriter {
public:
    ChatWriter(const ModelRequest& request, std::span<const std::string> earlier, std::span<const std::string> own)
        : m_request(request), m_from(object_of(request)), m_earlier(earlier), m_own(own), m_writer(m_out)
    {
    }

    Result<std::string> write()
    {
        for (const auto step : {&ChatWriter::refuse_servers_own, &ChatWriter::conversation, &ChatWriter::limits,
                                &ChatWriter::tools, &ChatWriter::text, &ChatWriter::reasoning})
            if (auto written = (this->*step)(); !written)
                return failure(std::move(written.error()));
        logprobs();
        m_writer.raw("stream", m_request.stream ? "true" : "false");
        if (m_request.stream)
            m_writer.raw("stream_options", R"({"include_usage":true})");
        Raw key;
        Raw value;
        for (JsonMembers members(m_from); members.next(key, value);)
            if (value != "null" && !is_replaced(key))
                m_writer.member(key, value);
        m_writer.end();
        return std::move(m_out);
    }

private:
    std::optional<Raw> get(std::string_view key) const { return find_json_value(m_from, key); }
    /// The client says itself what the upstream is to get.
    bool own(std::string_view key) const { return get(key).has_value(); }

    /// A member that must be an object where it is there.
    Result<Raw> object(std::string_view key) const
    {
        const Raw value = get(key).value_or("{}");
        if (!is_json_object(value))
            return bad_field(std::string(key), fmt::format("'{}' must be an object.", key));
        return value;
    }

    Result<void> refuse_servers_own()
    {
        if (get("background").value_or("false") != "false")
            return bad_field("background", "Responses in the background need a provider that has the Responses API "
                                           "itself. Leave 'background' out, and stream the response.");
        if (own("conversation"))
            return bad_field("conversation",
                             "Conversations are kept by OpenAI's servers, which the model's provider is "
                             "none of. Continue with 'previous_response_id'.");
        if (own("prompt"))
            return bad_field("prompt",
                             "Prompt templates are kept by OpenAI's servers, which the model's provider is none "
                             "of. Send 'instructions' and 'input'.");
        return {};
    }

    Result<void> conversation()
    {
        m_writer.raw("model",
                     Raw(m_request.body)
                         .substr(m_request.model_value.begin, m_request.model_value.end - m_request.model_value.begin));
        ResponsesTurns turns;
        if (auto read = instructions(turns); !read)
            return read;
        for (const std::string& item : m_earlier)
            if (auto added = turns.add(item, "previous_response_id"); !added)
                return bad_field("previous_response_id", std::move(added.error().message));
        for (std::size_t i = 0; i < m_own.size(); ++i)
            if (auto added = turns.add(m_own[i], fmt::format("input[{}]", i)); !added)
                return added;
        const auto messages = turns.finish();
        if ((m_earlier.empty() && m_own.empty()) || messages == "[]")
            return bad_field("input", "The request has no 'input': send a string, or at least one item.");
        m_writer.raw("messages", messages);
        return {};
    }

    Result<void> instructions(ResponsesTurns& turns)
    {
        const auto given = get("instructions");
        if (!given)
            return {};
        if (!is_json_string(*given))
            return bad_field("instructions", "'instructions' must be a string.");
        turns.instructions(*given);
        return {};
    }

    Result<void> limits()
    {
        const auto limit = get("max_output_tokens");
        if (!limit)
            return {};
        if (whole_number(*limit).value_or(0) == 0)
            return bad_field("max_output_tokens", "'max_output_tokens' must be a whole number of at least 1.");
        if (!own("max_tokens") && !own("max_completion_tokens"))
            m_writer.raw(token_limit_name(m_request.model), *limit);
        return {};
    }

    Result<void> tools()
    {
        const auto tools = read_responses_tools(m_from);
        if (!tools)
            return failure(tools.error());
        if (tools->tools.empty())
            return {};
        m_writer.raw("tools", tools->tools);
        if (!tools->choice.empty())
            m_writer.raw("tool_choice", tools->choice);
        if (const auto parallel = get("parallel_tool_calls"))
            m_writer.raw("parallel_tool_calls", *parallel);
        return {};
    }

    Result<void> text()
    {
        const auto text = object("text");
        if (!text)
            return failure(text.error());
        if (const auto verbosity = find_json_value(*text, "verbosity"); verbosity && !own("verbosity"))
            m_writer.raw("verbosity", *verbosity);
        const auto format = find_json_value(*text, "format");
        if (!format || own("response_format"))
            return {};
        const Raw type = find_json_value(*format, "type").value_or("\"\"");
        if (json_string_is(type, "text"))
            return {};
        if (json_string_is(type, "json_object")) {
            m_writer.raw("response_format", R"({"type":"json_object"})");
            return {};
        }
        if (!json_string_is(type, "json_schema"))
            return bad_field("text.format.type", "'text.format.type' must be 'text', 'json_object' or 'json_schema'.");
        return schema(*format);
    }

    Result<void> schema(Raw format)
    {
        const auto schema = find_json_value(format, "schema");
        if (!schema || !is_json_object(*schema))
            return bad_field("text.format.schema", "'text.format.schema' must be an object.");
        const auto name = find_json_value(format, "name");
        if (!name || !is_json_string(*name))
            return bad_field("text.format.name", "'text.format.name' must be a string.");
        m_writer.begin("response_format");
        ObjectWriter outer(m_out);
        outer.text("type", "json_schema");
        outer.begin("json_schema");
        ObjectWriter inner(m_out);
        for (const std::string_view key : {"name", "description", "schema", "strict"})
            if (const auto value = find_json_value(format, key))
                inner.raw(key, *value);
        inner.end();
        outer.end();
        return {};
    }

    Result<void> reasoning()
    {
        const auto reasoning = object("reasoning");
        if (!reasoning)
            return failure(reasoning.error());
        if (const auto effort = find_json_value(*reasoning, "effort"); effort && !own("reasoning_effort"))
            m_writer.raw("reasoning_effort", *effort);
        return {};
    }

    void logprobs()
    {
        if (!wants_logprobs(m_request))
            return;
        if (!own("logprobs"))
            m_writer.raw("logprobs", "true");
        if (const auto top = get("top_logprobs"))
            m_writer.raw("top_logprobs", *top);
    }

    const ModelRequest& m_request;
    const Raw m_from;
    const std::span<const std::string> m_earlier;
    const std::span<const std::string> m_own;
    std::string m_out;
    ObjectWriter m_writer;
};

} // namespace

bool wants_logprobs(const ModelRequest& request)
{
    const Raw body = object_of(request);
    if (const auto top = find_json_value(body, "top_logprobs"); top && whole_number(*top).value_or(0) > 0)
        return true;
    Raw wanted;
    for (JsonElements include(find_json_value(body, "include").value_or("[]")); include.next(wanted);)
        if (is_json_string(wanted) && json_string_is(wanted, "message.output_text.logprobs"))
            return true;
    return false;
}

Result<ModelRequest> responses_to_chat(const ModelRequest& request, std::span<const std::string> earlier,
                                       std::span<const std::string> own)
{
    auto body = ChatWriter(request, earlier, own).write();
    if (!body)
        return failure(std::move(body.error()));
    return parse_model_request(Api::chat, std::move(*body));
}

} // namespace tokenscope::llm
