// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/weighted_list.h"

#include <algorithm>
#include <optional>

namespace tokenscope::net {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// Takes what stands before the next `separator` that is not inside quotes off `rest`.
std::string_view take(std::string_view& rest, char separator)
{
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size() && (quoted || rest[at] != separator); ++at) {
        if (rest[at] == '"')
            quoted = !quoted;
        else if (quoted && rest[at] == '\\')
            ++at;
    }
    at = std::min(at, rest.size());
    const auto part = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return trimmed(part);
}

/// 0 or 1 with up to three decimals.
std::optional<double> parse_weight(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
        return std::nullopt;
    double weight = text[0] - '0';
    double place = 0.1;
    for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (c < '0' || c > '9')
            return std::nullopt;
        weight += place * (c - '0');
        place /= 10;
    }
    return weight <= 1 ? std::optional(weight) : std::nullopt;
}

std::optional<WeightedItem> parse_item(std::string_view text)
{
    WeightedItem item;
    item.name = take(text, ';');
    if (item.name.empty())
        return std::nullopt;
    while (!text.empty()) {
        auto value = take(text, ';');
        const auto name = take(value, '=');
        if (name.empty())
            continue;
        if (same_header(name, "q")) {
            const auto weight = parse_weight(value);
            if (!weight)
                return std::nullopt;
            item.weight = *weight;
            continue;
        }
        value = trimmed(value);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        item.parameters.emplace_back(name, value);
    }
    return item;
}

} // namespace

std::string_view WeightedItem::parameter(std::string_view wanted) const
{
    for (const auto& [name, value] : parameters)
        if (same_header(name, wanted))
            return value;
    return {};
}

std::vector<WeightedItem> weighted_list(std::string_view field)
{
    std::vector<WeightedItem> items;
    while (!field.empty())
        if (auto item = parse_item(take(field, ',')))
            items.push_back(std::move(*item));
    return items;
}

std::string joined_fields(const Headers& headers, std::string_view name)
{
    std::string joined;
    for (const auto& [field, value] : headers)
        if (same_header(field, name))
            joined.append(joined.empty() ? "" : ",").append(value);
    return joined;
}

bool accepts_gzip(std::string_view accept_encoding)
{
    bool any = false;
    for (const auto& item : weighted_list(accept_encoding)) {
        if (same_header(item.name, "gzip") || same_header(item.name, "x-gzip"))
            return item.weight > 0;
        if (item.name == "*")
            any = item.weight > 0;
    }
    return any;
}

} // namespace tokenscope::net
