// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::net {

/// Header fields in order, names as written.
using Headers = std::vector<std::pair<std::string, std::string>>;

bool same_letters(std::string_view a, std::string_view b);
/// ASCII case-insensitive comparison, as header names want it.
inline bool same_header(std::string_view a, std::string_view b)
{
    // Nearly all that are not the same differ in length.
    return a.size() == b.size() && same_letters(a, b);
}

/// The first value of `name`, or an empty view.
std::string_view find_header(const Headers& headers, std::string_view name);

/// Gives `name` this one value.
void set_header(Headers& headers, std::string_view name, std::string_view value);

/// Whether a Connection field of `headers` names the field: then it concerns that connection only (RFC 9110, 7.6.1).
bool is_connection_option(const Headers& headers, std::string_view name);

/// True for fields that belong to one connection and must not be passed on (RFC 9110, 7.6.1), and for those that frame
/// the body, which each side writes anew.
bool is_hop_by_hop(std::string_view name);

/// The fields of a reply as the server writes them: first what was `added` to whatever is replied, then the reply's own.
/// What we say of ourselves (limits, origins) wins over what a provider says of itself; both may vary by something.
template <typename Take>
void for_each_reply_field(const Headers& added, const Headers& own, Take&& take)
{
    for (const auto& [name, value] : added)
        if (!is_hop_by_hop(name))
            take(name, value);
    for (const auto& [name, value] : own)
        if (!is_hop_by_hop(name) && (same_header(name, "vary") || find_header(added, name).empty()))
            take(name, value);
}

/// RFC 9110, 5.6.2: what a method or a field's name is made of.
bool is_token_char(char c);
bool is_token(std::string_view text);
/// RFC 9110, 5.5: visible characters, bytes from 0x80, spaces and tabs. CR, LF, NUL and the other controls would let whoever
/// chose the value write header fields, or a whole message, of his own.
bool is_field_char(char c);
bool is_field_value(std::string_view text);

/// Appends "name: value\r\n". The one place where a field is written: false, and nothing appended, for one that could
/// break out of its line.
bool append_field(std::string& head, std::string_view name, std::string_view value);

} // namespace tokenscope::net
