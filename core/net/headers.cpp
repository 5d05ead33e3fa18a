// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/headers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace tokenscope::net {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// By byte: whether it is a token's.
constexpr auto token_chars = [] {
    std::array<bool, 256> chars{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        chars[static_cast<unsigned char>(c)] = true;
    return chars;
}();

/// Not 0 where one of the word's eight bytes is a control character, tabs included: below 0x20, or 0x7F.
std::uint64_t controls(std::uint64_t word)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    const auto deletes = word ^ 0x7F * ones;
    return (((word - 0x20 * ones) & ~word) | ((deletes - ones) & ~deletes)) & highs;
}

} // namespace

bool same_letters(std::string_view a, std::string_view b)
{
    return a == b
           || std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
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
    // Nearly all that are none of them have a length that none of them has.
    static constexpr auto lengths = [] {
        std::uint32_t bits = 0;
        for (const auto known : names)
            bits |= std::uint32_t{1} << known.size();
        return bits;
    }();
    if (name.size() > 31 || (lengths >> name.size() & 1) == 0)
        return false;
    return std::any_of(names.begin(), names.end(), [&](std::string_view other) { return same_header(name, other); });
}

bool is_token_char(char c)
{
    return token_chars[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view text)
{
    return !text.empty()
           && std::all_of(text.begin(), text.end(), [](char c) { return token_chars[static_cast<unsigned char>(c)]; });
}

bool is_field_char(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

bool is_field_value(std::string_view text)
{
    // Eight bytes at a time, since they are many: hardly any value has a tab, for which a second look is needed.
    constexpr auto step = sizeof(std::uint64_t);
    const auto controls_at = [text](std::size_t i) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, step);
        return controls(word);
    };
    if (text.size() >= step) {
        auto found = controls_at(text.size() - step); // some of them once more
        for (std::size_t i = 0; i + step < text.size(); i += step)
            found |= controls_at(i);
        if (found == 0)
            return true;
    }
    return std::all_of(text.begin(), text.end(), is_field_char);
}

bool append_field(std::string& head, std::string_view name, std::string_view value)
{
    if (!is_token(name) || !is_field_value(value))
        return false;
    const auto end = head.size();
    head.resize(end + name.size() + value.size() + 4);
    auto* at = std::copy(name.begin(), name.end(), head.data() + end);
    *at++ = ':';
    *at++ = ' ';
    at = std::copy(value.begin(), value.end(), at);
    *at++ = '\r';
    *at = '\n';
    return true;
}

} // namespace tokenscope::net
