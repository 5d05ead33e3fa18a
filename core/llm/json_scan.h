// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Why a text is not JSON, e.g. {17, "a value was expected"}.
struct JsonFault {
    std::size_t at = 0; ///< byte offset, from 0
    std::string what;
};

/// Nothing if `text` is exactly one JSON value as RFC 8259 has it (any number of digits, no byte order mark, no lone
/// surrogates in \u escapes), in valid UTF-8, nested no deeper than `max_depth`. Keeps no copy and allocates nothing
/// for good text. simdjson's parser is not used here because it names no position, and refuses valid numbers that do
/// not fit 64 bits.
std::optional<JsonFault> check_json(std::string_view text, unsigned max_depth);

// What follows walks text that check_json has accepted, and hands out raw slices of it: nothing is unescaped, copied or
// re-spelled.

/// The members of an object, in order. Empty for any other value.
class JsonMembers {
public:
    explicit JsonMembers(std::string_view object) : m_text(object) {}
    /// `key` comes with its quotes.
    bool next(std::string_view& key, std::string_view& value);

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

/// The elements of an array, in order. Empty for any other value.
class JsonElements {
public:
    explicit JsonElements(std::string_view array) : m_text(array) {}
    bool next(std::string_view& value);

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

/// True if the raw, quoted string `raw` stands for `plain` (which is ASCII), however it is escaped.
bool json_string_is(std::string_view raw, std::string_view plain);

/// The value of the last member called `key` (a repeated key counts with its last value, as in JSON.parse).
std::optional<std::string_view> find_json_member(std::string_view object, std::string_view key);
/// The same, but a null counts as absent.
std::optional<std::string_view> find_json_value(std::string_view object, std::string_view key);

inline bool is_json_string(std::string_view raw)
{
    return raw.starts_with('"');
}
inline bool is_json_object(std::string_view raw)
{
    return raw.starts_with('{');
}
inline bool is_json_array(std::string_view raw)
{
    return raw.starts_with('[');
}

} // namespace tokenscope::llm
