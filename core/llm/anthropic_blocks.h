// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Content blocks of Anthropic's Messages API, made from the parts of a chat message, as JSON objects with commas between
/// them. Used inside this folder; raw values are slices of a request that has been checked.
class AnthropicBlocks {
public:
    using Raw = std::string_view;

    enum class Allowed {
        text, ///< a system prompt
        any,
    };

    /// A message's `content`: a string, an array of parts, or nothing. `cache_control` is the message's own and goes to the
    /// block of a string. Blank text makes no block: Anthropic refuses it. Errors name `where`, e.g. "messages[3].content".
    Result<void> add_content(std::optional<Raw> content, std::optional<Raw> cache_control, const std::string& where,
                             Allowed allowed);
    void add_text(Raw text, std::optional<Raw> cache_control);
    /// One whole block.
    void add(std::string_view block);

    const std::string& json() const { return m_json; } ///< without brackets
    bool empty() const { return m_json.empty(); }

private:
    Result<void> add_part(Raw part, const std::string& where, Allowed allowed);
    Result<void> add_image(Raw part, const std::string& where);
    Result<void> add_file(Raw part, const std::string& where);

    std::string m_json;
};

} // namespace tokenscope::llm
