// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_request.h"

#include "llm/chat_fields.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/messages_turns.h"
#include "llm/json_object_writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

constexpr std::uint64_t medium_budget = 4096;
constexpr std::uint64_t high_budget = 16384;
constexpr std::size_t longest_user = 64;

/// Members with a counterpart of another name or form, or with none.
constexpr std::string_view replaced[] = {
    "model",        "messages",      "system",        "max_tokens",         "stop_sequences", "stream",
    "tools",        "tool_choice",   "thinking",      "output_config",      "output_format",  "metadata",
    "service_tier", "cache_control", "container",     "context_management", "inference_geo",  "speed",
    "diagnostics",  "mcp_servers",   "stream_options"};

bool is_replaced(Raw key)
{
    return std::any_of(std::begin(replaced), std::end(replaced),
                       [key](std::string_view name) { return json_string_is(key, name); });
}

class ChatRequestWriter {
public:
    explicit ChatRequestWriter(const ModelRequest& request)
        : m_request(request), m_from(Raw(request.body).substr(request.body.find('{'))), m_writer(m_out)
    {
        m_out.reserve(m_from.size() + 256);
    }

    Result<std::string> write()
    {
        for (const auto step :
             {&ChatRequestWriter::conversation, &ChatRequestWriter::limits, &ChatRequestWriter::tools,
              &ChatRequestWriter::tool_choice, &ChatRequestWriter::reasoning, &ChatRequestWriter::format}) {
            if (auto written = (this->*step)(); !written)
                return failure(std::move(written.error()));
        }
        user();
        stream();
        rest();
        m_writer.end();
        return std::move(m_out);
    }

private:
    std::optional<Raw> get(std::string_view key) const { return find_json_value(m_from, key); }
    /// The client says itself what the upstream is to get.
    bool own(std::string_view key) const { return get(key).has_value(); }

    Result<void> conversation()
    {
        const Raw body = m_request.body;
        m_writer.raw("model",
                     body.substr(m_request.model_value.begin, m_request.model_value.end - m_request.model_value.begin));
        std::string turns;
        ChatTurnsWriter writer(turns);
        if (auto written = writer.system(get("system").value_or(Raw())); !written)
            return written;
        if (auto written = writer.messages(get("messages").value_or("[]")); !written)
            return written;
        m_writer.begin("messages");
        m_out.append("[").append(turns).append("]");
        return {};
    }

    Result<void> limits()
    {
        const auto limit = get("max_tokens");
        if (!limit)
            return bad_field("max_tokens", "'max_tokens' is missing: the Messages API requires it.");
        if (whole_number(*limit).value_or(0) == 0)
            return bad_field("max_tokens", "'max_tokens' must be a whole number of at least 1.");
        if (!own("max_completion_tokens"))
            m_writer.raw(token_limit_name(m_request.model), *limit);

        const Raw stops = get("stop_sequences").value_or("[]");
        Raw stop;
        bool any = false;
        for (JsonElements elements(stops); elements.next(stop); any = true) {
            if (!is_json_string(stop))
                return bad_field("stop_sequences", "'stop_sequences' may only contain strings.");
        }
        if (!is_json_array(stops))
            return bad_field("stop_sequences", "'stop_sequences' must be an array.");
        if (any && !own("stop"))
            m_writer.raw("stop", stops);
        return {};
    }

    Result<void> tools()
    {
        Raw element;
        if (JsonElements(get("mcp_servers").value_or("[]")).next(element))
            return bad_field("mcp_servers", "'mcp_servers' is for Anthropic's own servers: the model's provider only "
                                            "chats. Offer the servers' tools in 'tools'.");
        const Raw list = get("tools").value_or("[]");
        if (!is_json_array(list))
            return bad_field("tools", "'tools' must be an array.");
        std::string functions;
        JsonElements elements(list);
        for (std::size_t i = 0; elements.next(element); ++i) {
            if (i > 0)
                functions += ',';
            if (auto written = tool(element, fmt::format("tools[{}]", i), functions); !written)
                return written;
        }
        m_has_tools = !functions.empty();
        if (m_has_tools)
            m_writer.raw("tools", "[" + functions + "]");
        return {};
    }

    static Result<void> tool(Raw tool, const std::string& where, std::string& out)
    {
        if (!is_json_object(tool))
            return bad_field(where, fmt::format("'{}' must be an object.", where));
        const auto type = find_json_value(tool, "type");
        if (type && !json_string_is(*type, "custom"))
            return bad_field(where + ".type",
                             fmt::format("'{}' is one of Anthropic's own tools, which the model's provider does not "
                                         "have: offer a tool of your own, with name and input_schema.",
                                         where));
        const auto name = required_string(tool, "name", where);
        if (!name)
            return failure(name.error());
        const auto schema = find_json_value(tool, "input_schema");
        if (!schema || !is_json_object(*schema))
            return bad_field(where + ".input_schema", fmt::format("'{}.input_schema' must be an object.", where));
        ObjectWriter outer(out);
        outer.text("type", "function");
        outer.begin("function");
        ObjectWriter function(out);
        function.raw("name", *name);
        if (const auto description = find_json_value(tool, "description"))
            function.raw("description", *description);
        function.raw("parameters", *schema);
        if (const auto strict = find_json_value(tool, "strict"))
            function.raw("strict", *strict);
        function.end();
        outer.end();
        return {};
    }

    Result<void> tool_choice()
    {
        const auto choice = get("tool_choice");
        if (!choice)
            return {};
        const auto type = block_type(*choice, "tool_choice");
        if (!type)
            return failure(type.error());
        std::string name;
        if (*type == "tool") {
            const auto given = required_string(*choice, "name", "tool_choice");
            if (!given)
                return failure(given.error());
            name = *given;
        } else if (*type != "auto" && *type != "any" && *type != "none") {
            return bad_field("tool_choice.type", "'tool_choice.type' must be 'auto', 'any', 'tool' or 'none'.");
        }
        // Servers refuse a choice where there is nothing to choose from.
        if (!m_has_tools)
            return {};
        if (!name.empty())
            m_writer.raw("tool_choice", fmt::format(R"({{"type":"function","function":{{"name":{}}}}})", name));
        else
            m_writer.text("tool_choice", *type == "any" ? std::string_view("required") : *type);
        if (find_json_value(*choice, "disable_parallel_tool_use") == Raw("true") && !own("parallel_tool_calls"))
            m_writer.raw("parallel_tool_calls", "false");
        return {};
    }

    Result<void> reasoning()
    {
        const auto thinking = get("thinking");
        std::string type;
        std::string_view effort;
        if (thinking) {
            auto given = block_type(*thinking, "thinking");
            if (!given)
                return failure(std::move(given.error()));
            type = std::move(*given);
        }
        if (type == "enabled") {
            const auto budget = whole_number(find_json_value(*thinking, "budget_tokens").value_or(Raw()));
            if (!budget)
                return bad_field("thinking.budget_tokens", "'thinking.budget_tokens' must be a whole number.");
            effort = *budget < medium_budget ? "low" : *budget < high_budget ? "medium" : "high";
        }
        const auto said = find_json_value(get("output_config").value_or("{}"), "effort");
        if (said && type != "disabled") {
            const bool plain = json_string_is(*said, "low") || json_string_is(*said, "medium");
            effort = plain ? said->substr(1, said->size() - 2) : "high";
            if (!plain && !json_string_is(*said, "high") && !json_string_is(*said, "xhigh")
                && !json_string_is(*said, "max"))
                return bad_field("output_config.effort",
                                 "'output_config.effort' must be 'low', 'medium', 'high', 'xhigh' or 'max'.");
        }
        if (!effort.empty() && !own("reasoning_effort"))
            m_writer.raw("reasoning_effort", fmt::format("\"{}\"", effort));
        return {};
    }

    Result<void> format()
    {
        auto where = std::string("output_config.format");
        auto format = find_json_value(get("output_config").value_or("{}"), "format");
        if (!format) {
            where = "output_format";
            format = get("output_format");
        }
        if (!format)
            return {};
        const auto type = block_type(*format, where);
        if (!type)
            return failure(type.error());
        const auto schema = find_json_value(*format, "schema");
        if (*type != "json_schema" || !schema || !is_json_object(*schema))
            return bad_field(where, fmt::format("'{}' must be of type 'json_schema' and have a 'schema'.", where));
        if (!own("response_format"))
            m_writer.raw(
                "response_format",
                fmt::format(R"({{"type":"json_schema","json_schema":{{"name":"output","schema":{},"strict":true}}}})",
                            *schema));
        return {};
    }

    void user()
    {
        const auto id = find_json_value(get("metadata").value_or("{}"), "user_id");
        if (id && is_json_string(*id) && !own("user") && unescape_json(*id).size() <= longest_user)
            m_writer.raw("user", *id);
    }

    void stream()
    {
        if (!m_request.stream)
            return;
        m_writer.raw("stream", "true");
        m_writer.begin("stream_options");
        ObjectWriter options(m_out);
        Raw key;
        Raw value;
        for (JsonMembers members(get("stream_options").value_or("{}")); members.next(key, value);)
            if (!json_string_is(key, "include_usage"))
                options.member(key, value);
        options.raw("include_usage", "true");
        options.end();
    }

    void rest()
    {
        Raw key;
        Raw value;
        for (JsonMembers members(m_from); members.next(key, value);)
            if (!is_replaced(key) && value != "null")
                m_writer.member(key, value);
    }

    const ModelRequest& m_request;
    const Raw m_from;
    std::string m_out;
    ObjectWriter m_writer;
    bool m_has_tools = false;
};

} // namespace

Result<ModelRequest> messages_to_chat(const ModelRequest& request)
{
    auto body = ChatRequestWriter(request).write();
    if (!body)
        return failure(std::move(body.error()));
    return parse_model_request(Api::chat, std::move(*body));
}

} // namespace tokenscope::llm
