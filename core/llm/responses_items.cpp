// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_items.h"

#include "base/ids.h"
#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::llm {

namespace {

using Raw = std::string_view;

constexpr std::size_t core_bytes = 24;
constexpr std::size_t core_digits = 2 * core_bytes;
constexpr unsigned max_depth = 256;

Raw body_of(const ModelRequest& request)
{
    return Raw(request.body).substr(request.body.find('{'));
}

std::string_view prefix_of(std::string_view type)
{
    if (type == "message")
        return "msg";
    if (type == "function_call")
        return "fc";
    if (type == "function_call_output")
        return "fco";
    return type == "reasoning" ? "rs" : "item";
}

/// A string member's text; absent where it is null or missing.
Result<std::optional<std::string>> optional_text(Raw body, std::string_view key)
{
    const auto value = find_json_value(body, key);
    if (!value)
        return std::nullopt;
    if (!is_json_string(*value))
        return bad_field(std::string(key), fmt::format("'{}' must be a string.", key));
    return unescape_json(*value);
}

Result<bool> optional_flag(Raw body, std::string_view key, bool otherwise)
{
    const auto value = find_json_value(body, key);
    if (!value)
        return otherwise;
    if (*value != "true" && *value != "false")
        return bad_field(std::string(key), fmt::format("'{}' must be true or false.", key));
    return *value == "true";
}

std::string text_member(Raw object, std::string_view key)
{
    const auto value = find_json_value(object, key);
    return value && is_json_string(*value) ? unescape_json(*value) : std::string();
}

/// A message may leave its type out, and a reference too, as OpenAI's own schema has it.
std::string type_of(Raw item)
{
    auto type = text_member(item, "type");
    if (!type.empty() || find_json_value(item, "type"))
        return type;
    return find_json_value(item, "role") ? "message" : find_json_value(item, "id") ? "item_reference" : "";
}

bool is_one_of(Raw key, std::initializer_list<std::string_view> names)
{
    return std::any_of(names.begin(), names.end(), [key](std::string_view name) { return json_string_is(key, name); });
}

/// A message's content that is a string, as a list of one part.
std::string listed_content(Raw text, std::string_view role)
{
    const bool said = role == "assistant";
    std::string out = "[";
    ObjectWriter part(out);
    part.text("type", said ? "output_text" : "input_text");
    part.raw("text", text);
    if (said)
        part.raw("annotations", "[]");
    part.end();
    return out + "]";
}

std::string normalised(Raw item, const std::string& type, ResponseIds& ids)
{
    std::string out;
    ObjectWriter object(out);
    const auto id = text_member(item, "id");
    object.text("type", type);
    object.text("id", id.empty() ? ids.next_item(type) : id);
    const bool message = type == "message";
    if (message && !find_json_value(item, "status"))
        object.text("status", "completed");
    Raw key;
    Raw value;
    for (JsonMembers members(item); members.next(key, value);) {
        if (is_one_of(key, {"type", "id"}) || (value == "null" && is_one_of(key, {"status"})))
            continue;
        if (message && is_json_string(value) && is_one_of(key, {"content"}))
            object.raw("content", listed_content(value, text_member(item, "role")));
        else
            object.member(key, value);
    }
    object.end();
    return out;
}

Result<std::string> resolve(Raw reference, const std::string& where, const ItemsById& known)
{
    const auto id = item_id(reference);
    if (const auto found = known.find(id); found != known.end())
        return found->second;
    return bad_field(
        where + ".id",
        fmt::format("Item with id '{}' not found. References reach the items of responses that were stored; "
                    "send the item itself.",
                    id));
}

} // namespace

ResponseIds::ResponseIds() : m_core(random_hex(core_bytes)) {}

std::string ResponseIds::next(std::string_view prefix)
{
    return fmt::format("{}_{}{:04x}", prefix, m_core, m_items++);
}

std::string ResponseIds::next_item(std::string_view type)
{
    return next(prefix_of(type));
}

std::string ResponseIds::next_call()
{
    return next("call");
}

std::optional<std::string> response_of_item(std::string_view item)
{
    const auto underscore = item.find('_');
    if (underscore == std::string_view::npos)
        return std::nullopt;
    const auto core = item.substr(underscore + 1);
    constexpr std::string_view hex = "0123456789abcdef";
    if (core.size() < core_digits + 4 || core.find_first_not_of(hex) != std::string_view::npos)
        return std::nullopt;
    return "resp_" + std::string(core.substr(0, core_digits));
}

bool append_items(std::string_view array, std::vector<std::string>& items)
{
    const auto begin = array.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || array[begin] != '[' || check_json(array, max_depth))
        return false;
    Raw item;
    for (JsonElements elements(array.substr(begin)); elements.next(item);) {
        if (!is_json_object(item))
            return false;
        items.emplace_back(item);
    }
    return true;
}

std::string item_array(const std::vector<std::string>& items)
{
    std::string out = "[";
    for (const auto& item : items)
        out.append(out.size() > 1 ? "," : "").append(item);
    return out + "]";
}

std::string item_id(std::string_view item)
{
    return text_member(item, "id");
}

Result<ResponsesLinks> read_responses_links(const ModelRequest& request)
{
    const Raw body = body_of(request);
    ResponsesLinks links;
    auto previous = optional_text(body, "previous_response_id");
    if (!previous)
        return failure(std::move(previous.error()));
    links.previous = std::move(*previous);
    const auto store = optional_flag(body, "store", true);
    if (!store)
        return failure(store.error());
    links.store = *store;
    const auto background = optional_flag(body, "background", false);
    if (!background)
        return failure(background.error());
    links.background = *background;
    Raw item;
    for (JsonElements items(find_json_value(body, "input").value_or("[]")); items.next(item);)
        if (type_of(item) == "item_reference")
            links.referenced.push_back(item_id(item));
    return links;
}

Result<std::vector<std::string>> read_input_items(const ModelRequest& request, const ItemsById& known, ResponseIds& ids)
{
    const auto input = find_json_value(body_of(request), "input");
    std::vector<std::string> items;
    if (!input)
        return items;
    if (is_json_string(*input)) {
        std::string message = R"({"role":"user","content":)";
        message.append(*input).append("}");
        items.push_back(normalised(message, "message", ids));
        return items;
    }
    if (!is_json_array(*input))
        return bad_field("input", "'input' must be a string or an array of items.");
    Raw item;
    JsonElements elements(*input);
    for (std::size_t i = 0; elements.next(item); ++i) {
        const auto where = fmt::format("input[{}]", i);
        if (!is_json_object(item))
            return bad_field(where, fmt::format("'{}' must be an object.", where));
        const auto type = type_of(item);
        if (type.empty())
            return bad_field(where + ".type", fmt::format("'{}' has no type: name one, e.g. \"message\".", where));
        if (type != "item_reference") {
            items.push_back(normalised(item, type, ids));
            continue;
        }
        auto found = resolve(item, where, known);
        if (!found)
            return failure(std::move(found.error()));
        items.push_back(std::move(*found));
    }
    return items;
}

} // namespace tokenscope::llm
