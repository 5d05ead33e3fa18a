// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so that what we write is
/// always JSON.
void append_json_string(std::string& out, std::string_view text);

/// The text of a raw, quoted JSON string that is known to be valid.
std::string unescape_json(std::string_view raw);

/// Four hexadecimal digits at `at`, if they are there.
std::optional<unsigned> json_hex4(std::string_view text, std::size_t at);

/// Where the first byte stands that is not part of a well-formed UTF-8 sequence.
std::optional<std::size_t> invalid_utf8_at(std::string_view text);

/// The longest beginning of `text` of at most `bytes` bytes that cuts no UTF-8 sequence in two.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

} // namespace tokenscope::llm
