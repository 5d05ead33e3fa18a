// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/shown.h"

#include <simdjson.h>

namespace tokenscope::scrape {

namespace {

/// Bytes of the character at the start of `text`, which is not empty; 0 where there is no whole one.
std::size_t character_length(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return length <= text.size() && simdjson::validate_utf8(text.data(), length) ? length : 0;
}

} // namespace

std::string shown(std::string_view text, std::size_t longest)
{
    std::string out;
    while (!text.empty()) {
        const auto length = character_length(text);
        if (out.size() + (length > 0 ? length : 1) > longest)
            return out + "...";
        const auto byte = static_cast<unsigned char>(text.front());
        if (length == 0 || byte < 0x20 || byte == 0x7F)
            out += '?';
        else
            out += text.substr(0, length);
        text.remove_prefix(length > 0 ? length : 1);
    }
    return out;
}

} // namespace tokenscope::scrape
