// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/json_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <iterator>

namespace tokenscope::llm {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/// The length of the well-formed sequence at `at`; 0 if there is none (table 3-7 of the Unicode standard).
std::size_t sequence_length(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : static_cast<unsigned char>(0);
    };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return is_continuation(byte(1)) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool second = byte(1) >= (lead == 0xE0 ? 0xA0 : 0x80) && byte(1) <= (lead == 0xED ? 0x9F : 0xBF);
        return second && is_continuation(byte(2)) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool second = byte(1) >= (lead == 0xF0 ? 0x90 : 0x80) && byte(1) <= (lead == 0xF4 ? 0x8F : 0xBF);
        return second && is_continuation(byte(2)) && is_continuation(byte(3)) ? 4 : 0;
    }
    return 0;
}

void append_escaped(std::string& out, char c)
{
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
}

void append_utf8(std::string& out, unsigned point)
{
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | (point >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Appends what the escape at `at` (just behind the backslash) stands for; returns where it ends.
std::size_t append_unescaped(std::string& out, std::string_view raw, std::size_t at)
{
    switch (raw[at]) {
    case 'n': out += '\n'; return at + 1;
    case 'r': out += '\r'; return at + 1;
    case 't': out += '\t'; return at + 1;
    case 'b': out += '\b'; return at + 1;
    case 'f': out += '\f'; return at + 1;
    case 'u': break;
    default: out += raw[at]; return at + 1;
    }
    const unsigned unit = json_hex4(raw, at + 1).value_or(0xFFFD);
    if (unit < 0xD800 || unit > 0xDBFF) {
        append_utf8(out, unit);
        return at + 5;
    }
    const unsigned low = json_hex4(raw, at + 7).value_or(0xDC00);
    append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    return at + 11;
}

} // namespace

void append_json_string(std::string& out, std::string_view text)
{
    const bool valid = simdjson::validate_utf8(text.data(), text.size());
    out += '"';
    std::size_t from = 0; // what stands before it has been written
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::size_t length = valid || byte < 0x80 ? 1 : sequence_length(text, at);
        if (length > 0 && byte >= 0x20 && byte != '"' && byte != '\\') {
            at += length;
            continue;
        }
        out += text.substr(from, at - from);
        if (length == 0)
            out += replacement;
        else
            append_escaped(out, text[at]);
        from = ++at;
    }
    out += text.substr(from);
    out += '"';
}

std::string unescape_json(std::string_view raw)
{
    raw = raw.substr(1, raw.size() - 2);
    std::string out;
    out.reserve(raw.size());
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t slash = std::min(raw.find('\\', at), raw.size());
        out += raw.substr(at, slash - at);
        at = slash < raw.size() ? append_unescaped(out, raw, slash + 1) : slash;
    }
    return out;
}

std::optional<unsigned> json_hex4(std::string_view text, std::size_t at)
{
    if (at > text.size() || text.size() - at < 4)
        return std::nullopt;
    unsigned unit = 0;
    for (const char c : text.substr(at, 4)) {
        unit <<= 4;
        if (c >= '0' && c <= '9')
            unit |= static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            unit |= static_cast<unsigned>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            unit |= static_cast<unsigned>(c - 'A' + 10);
        else
            return std::nullopt;
    }
    return unit;
}

std::optional<std::size_t> invalid_utf8_at(std::string_view text)
{
    if (simdjson::validate_utf8(text.data(), text.size()))
        return std::nullopt;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = sequence_length(text, at);
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && is_continuation(static_cast<unsigned char>(text[bytes])))
        --bytes;
    return text.substr(0, bytes);
}

} // namespace tokenscope::llm
