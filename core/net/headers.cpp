// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/headers.h"

#include <algorithm>
#include <array>

namespace tokenscope::net {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool same_header(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

void set_header(Headers& headers, std::string_view name, std::string_view value)
{
    std::erase_if(headers, [name](const auto& field) { return same_header(field.first, name); });
    headers.emplace_back(name, value);
}

std::string_view find_header(const Headers& headers, std::string_view name)
{
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& field) { return same_header(field.first, name); });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool is_connection_option(const Headers& headers, std::string_view name)
{
    for (const auto& [field, value] : headers) {
        if (!same_header(field, "connection"))
            continue;
        for (std::string_view rest = value; !rest.empty();) {
            const auto comma = std::min(rest.find(','), rest.size());
            auto option = rest.substr(0, comma);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            option.remove_prefix(std::min(option.find_first_not_of(" \t"), option.size()));
            option = option.substr(0, option.find_last_not_of(" \t") + 1);
            if (same_header(option, name))
                return true;
        }
    }
    return false;
}

bool is_hop_by_hop(std::string_view name)
{
    static constexpr std::array<std::string_view, 11> names = {"connection",
                                                               "keep-alive",
                                                               "proxy-authenticate",
                                                               "proxy-authorization",
                                                               "proxy-connection",
                                                               "te",
                                                               "trailer",
                                                               "transfer-encoding",
                                                               "upgrade",
                                                               "content-length",
                                                               "expect"};
    return std::any_of(names.begin(), names.end(), [&](std::string_view other) { return same_header(name, other); });
}

bool is_token_char(char c)
{
    static constexpr std::string_view punctuation = "!#$%&'*+-.^_`|~";
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || punctuation.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_char(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

bool is_field_value(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), is_field_char);
}

bool append_field(std::string& head, std::string_view name, std::string_view value)
{
    if (!is_token(name) || !is_field_value(value))
        return false;
    head.append(name).append(": ").append(value).append("\r\n");
    return true;
}

} // namespace tokenscope::net
