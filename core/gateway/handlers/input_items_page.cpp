// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/input_items_page.h"

#include "llm/chat_fields.h"
#include "llm/json_object_writer.h"
#include "llm/responses_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tokenscope::gateway {

namespace {

constexpr std::size_t default_limit = 20;
constexpr std::size_t most = 100;

Result<std::size_t> limit_of(std::string_view given)
{
    if (given.empty())
        return default_limit;
    const auto limit = llm::whole_number(given).value_or(0);
    if (limit < 1 || limit > most)
        return llm::bad_field("limit", fmt::format("'limit' must be a whole number from 1 to {}.", most));
    return limit;
}

} // namespace

std::string_view query_value(std::string_view target, std::string_view key)
{
    std::string_view value;
    auto query = target.substr(std::min(target.find('?'), target.size() - 1) + 1);
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto field = query.substr(0, end);
        const auto equals = std::min(field.find('='), field.size());
        if (field.substr(0, equals) == key)
            value = field.substr(std::min(equals + 1, field.size()));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return value;
}

Result<std::string> input_items_page(std::vector<std::string> items, std::string_view target)
{
    const auto limit = limit_of(query_value(target, "limit"));
    if (!limit)
        return failure(limit.error());
    const auto order = query_value(target, "order");
    if (!order.empty() && order != "asc" && order != "desc")
        return llm::bad_field("order", "'order' must be 'asc' or 'desc'.");
    if (order != "asc")
        std::reverse(items.begin(), items.end());
    if (const auto after = query_value(target, "after"); !after.empty()) {
        const auto found = std::find_if(items.begin(), items.end(),
                                        [&](const std::string& item) { return llm::item_id(item) == after; });
        if (found == items.end())
            return llm::bad_field("after", fmt::format("There is no input item with id '{}'.", after));
        items.erase(items.begin(), found + 1);
    }
    const bool more = items.size() > *limit;
    items.resize(std::min(items.size(), *limit));

    std::string body;
    llm::ObjectWriter list(body);
    list.text("object", "list");
    list.raw("data", llm::item_array(items));
    const auto name = [&](std::string_view key, bool first) {
        if (items.empty())
            list.raw(key, "null");
        else
            list.text(key, llm::item_id(first ? items.front() : items.back()));
    };
    name("first_id", true);
    name("last_id", false);
    list.raw("has_more", more ? "true" : "false");
    list.end();
    return body;
}

} // namespace tokenscope::gateway
