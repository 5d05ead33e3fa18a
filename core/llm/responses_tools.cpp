// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_tools.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/messages_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

struct Function {
    std::string name;
    std::string json; ///< as a chat offers it
};
using Functions = std::vector<Function>;

Result<Function> read_function(Raw tool, const std::string& where)
{
    const auto type = block_type(tool, where);
    if (!type)
        return failure(type.error());
    if (*type != "function")
        return bad_field(
            where + ".type",
            fmt::format("Tools of type '{}' are run by OpenAI, or known to its models only, and the model's "
                        "provider only chats: offer functions of your own.",
                        *type));
    const auto name = required_string(tool, "name", where);
    if (!name)
        return failure(name.error());
    const auto parameters = find_json_value(tool, "parameters");
    if (parameters && !is_json_object(*parameters))
        return bad_field(where + ".parameters", fmt::format("'{}.parameters' must be an object.", where));
    Function function{.name = unescape_json(*name)};
    ObjectWriter outer(function.json);
    outer.text("type", "function");
    outer.begin("function");
    ObjectWriter inner(function.json);
    inner.raw("name", *name);
    for (const std::string_view key : {"description", "parameters", "strict"})
        if (const auto value = find_json_value(tool, key))
            inner.raw(key, *value);
    inner.end();
    outer.end();
    return function;
}

Result<Functions> read_functions(Raw body)
{
    const Raw list = find_json_value(body, "tools").value_or("[]");
    if (!is_json_array(list))
        return bad_field("tools", "'tools' must be an array.");
    Functions functions;
    Raw tool;
    JsonElements elements(list);
    for (std::size_t i = 0; elements.next(tool); ++i) {
        auto function = read_function(tool, fmt::format("tools[{}]", i));
        if (!function)
            return failure(std::move(function.error()));
        functions.push_back(std::move(*function));
    }
    return functions;
}

const Function* find(const Functions& functions, std::string_view name)
{
    const auto found =
        std::find_if(functions.begin(), functions.end(), [&](const Function& one) { return one.name == name; });
    return found == functions.end() ? nullptr : &*found;
}

/// The function that a choice names.
Result<Function> chosen(Raw choice, const Functions& functions, const std::string& where)
{
    const auto type = block_type(choice, where);
    if (!type)
        return failure(type.error());
    if (*type != "function")
        return bad_field(where + ".type",
                         fmt::format("'{}' may only name functions, not a tool of type '{}': the model's "
                                     "provider has no others.",
                                     where, *type));
    const auto name = required_string(choice, "name", where);
    if (!name)
        return failure(name.error());
    if (const auto* function = find(functions, unescape_json(*name)))
        return *function;
    return bad_field(where + ".name", fmt::format("'{}' names a function that 'tools' does not offer.", where));
}

Result<void> allow_only(Raw choice, Functions& functions, std::string& mode)
{
    const Raw list = find_json_value(choice, "tools").value_or("[]");
    Functions allowed;
    Raw tool;
    JsonElements elements(list);
    for (std::size_t i = 0; elements.next(tool); ++i) {
        auto function = chosen(tool, functions, fmt::format("tool_choice.tools[{}]", i));
        if (!function)
            return failure(std::move(function.error()));
        allowed.push_back(std::move(*function));
    }
    if (allowed.empty())
        return bad_field("tool_choice.tools", "'tool_choice.tools' must name at least one function.");
    const auto given = required_string(choice, "mode", "tool_choice");
    if (!given)
        return failure(given.error());
    mode = *given;
    if (!json_string_is(mode, "auto") && !json_string_is(mode, "required"))
        return bad_field("tool_choice.mode", "'tool_choice.mode' must be 'auto' or 'required'.");
    functions = std::move(allowed);
    return {};
}

Result<std::string> read_choice(Raw choice, Functions& functions)
{
    const bool required = json_string_is(choice, "required");
    if (is_json_string(choice)) {
        if (!required && !json_string_is(choice, "auto") && !json_string_is(choice, "none"))
            return bad_field("tool_choice", "'tool_choice' must be 'auto', 'none', 'required' or an object.");
        if (required && functions.empty())
            return bad_field("tool_choice", "'tool_choice' is 'required', but 'tools' offers none.");
        return std::string(functions.empty() ? Raw() : choice);
    }
    if (is_json_object(choice) && json_string_is(find_json_value(choice, "type").value_or("\"\""), "allowed_tools")) {
        std::string mode;
        if (auto allowed = allow_only(choice, functions, mode); !allowed)
            return failure(std::move(allowed.error()));
        return mode;
    }
    const auto function = chosen(choice, functions, "tool_choice");
    if (!function)
        return failure(function.error());
    std::string out;
    ObjectWriter outer(out);
    outer.text("type", "function");
    outer.begin("function");
    ObjectWriter inner(out);
    inner.text("name", function->name);
    inner.end();
    outer.end();
    return out;
}

} // namespace

Result<ResponsesTools> read_responses_tools(Raw body)
{
    auto functions = read_functions(body);
    if (!functions)
        return failure(std::move(functions.error()));
    ResponsesTools tools;
    if (const auto choice = find_json_value(body, "tool_choice")) {
        auto read = read_choice(*choice, *functions);
        if (!read)
            return failure(std::move(read.error()));
        tools.choice = std::move(*read);
    }
    for (const Function& function : *functions)
        tools.tools.append(tools.tools.empty() ? "[" : ",").append(function.json);
    if (!tools.tools.empty())
        tools.tools += ']';
    return tools;
}

} // namespace tokenscope::llm
