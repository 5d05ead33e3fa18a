// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_tools.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

Result<void> write_function(std::string& out, Raw tool, const std::string& where)
{
    const Raw function = find_json_member(tool, "function").value_or(Raw());
    const Raw name = find_json_member(function, "name").value_or(Raw());
    if (!is_json_string(name))
        return bad_field(where + ".function.name", fmt::format("'{}.function.name' must be a string.", where));
    const Raw schema = find_json_value(function, "parameters").value_or(R"({"type":"object","properties":{}})");
    if (!is_json_object(schema))
        return bad_field(where + ".function.parameters",
                         fmt::format("'{}.function.parameters' must be an object.", where));
    ObjectWriter body(out);
    body.raw("name", name);
    if (const auto description = find_json_value(function, "description"))
        body.raw("description", *description);
    body.raw("input_schema", schema);
    if (find_json_value(function, "strict") == "true")
        body.raw("strict", "true");
    auto cache = find_json_value(tool, "cache_control");
    if (!cache)
        cache = find_json_value(function, "cache_control");
    if (cache)
        body.raw("cache_control", *cache);
    body.end();
    return {};
}

Result<void> write_tool(std::string& out, Raw tool, const std::string& where)
{
    const Raw type = find_json_member(tool, "type").value_or(Raw());
    if (json_string_is(type, "function") || find_json_value(tool, "function"))
        return write_function(out, tool, where);
    if (!is_json_object(tool) || find_json_value(tool, "custom") || !find_json_value(tool, "name"))
        return bad_field(where, fmt::format("'{}' is of a kind that Anthropic does not have: use a function.", where));
    out += tool; // one of Anthropic's own
    return {};
}

struct Choice {
    std::string_view type; ///< auto, any, none, tool; empty for none given
    Raw name;              ///< of the tool
};

Result<Choice> read_choice(std::optional<Raw> given)
{
    if (!given)
        return Choice{};
    const Raw type = is_json_object(*given) ? find_json_member(*given, "type").value_or(Raw()) : *given;
    if (json_string_is(type, "auto"))
        return Choice{.type = "auto"};
    if (json_string_is(type, "none"))
        return Choice{.type = "none"};
    if (json_string_is(type, "required") || json_string_is(type, "any"))
        return Choice{.type = "any"};
    const bool own = json_string_is(type, "tool");
    if (!own && !json_string_is(type, "function"))
        return bad_field("tool_choice", "'tool_choice' must be 'auto', 'none', 'required' or name a function.");
    const Raw named = own ? *given : find_json_member(*given, "function").value_or(Raw());
    const Raw name = find_json_member(named, "name").value_or(Raw());
    if (!is_json_string(name))
        return bad_field("tool_choice.function.name", "'tool_choice.function.name' must be a string.");
    return Choice{.type = "tool", .name = name};
}

std::string write_choice(const Choice& choice, bool one_at_a_time)
{
    if (choice.type.empty() && !one_at_a_time)
        return {};
    std::string out;
    ObjectWriter body(out);
    body.text("type", choice.type.empty() ? "auto" : choice.type);
    if (!choice.name.empty())
        body.raw("name", choice.name);
    if (one_at_a_time && choice.type != "none")
        body.raw("disable_parallel_tool_use", "true");
    body.end();
    return out;
}

} // namespace

Result<AnthropicTools> anthropic_tools(std::optional<Raw> tools, std::optional<Raw> given_choice,
                                       std::optional<Raw> parallel)
{
    AnthropicTools made;
    if (tools && !is_json_array(*tools))
        return bad_field("tools", "'tools' must be an array.");
    Raw tool;
    JsonElements elements(tools.value_or(Raw()));
    for (std::size_t i = 0; elements.next(tool); ++i) {
        made.tools += i == 0 ? '[' : ',';
        if (auto written = write_tool(made.tools, tool, fmt::format("tools[{}]", i)); !written)
            return failure(std::move(written.error()));
    }
    if (!made.tools.empty())
        made.tools += ']';

    const auto choice = read_choice(given_choice);
    if (!choice)
        return failure(choice.error());
    made.forced = choice->type == "any" || choice->type == "tool";
    if (made.forced && made.tools.empty())
        return bad_field("tool_choice", "'tool_choice' wants a tool, but there are no 'tools'.");
    if (!made.tools.empty())
        made.choice = write_choice(*choice, parallel == "false");
    return made;
}

} // namespace tokenscope::llm
