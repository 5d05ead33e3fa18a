// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/anthropic_blocks.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// A chat's messages as Anthropic has them: the system prompt apart, and turns of user and assistant in which neighbours of
/// the same role are one. Used inside this folder.
class AnthropicTurns {
public:
    using Raw = std::string_view;

    /// Errors: invalid_request, naming the message.
    Result<void> add(Raw messages);

    const AnthropicBlocks& system() const { return m_system; }
    /// The elements of `messages`, without brackets; empty if no message said anything.
    const std::string& json() const { return m_json; }
    /// The last assistant turn called tools and does not begin with its thinking, as clients send it that know nothing of
    /// thinking blocks. Anthropic refuses to go on thinking on a fixed budget behind such a turn.
    bool lost_thinking() const { return m_called_tools && !m_thinking_first; }

private:
    Result<void> add_message(Raw message, const std::string& where);
    Result<void> add_assistant(Raw message, const std::string& where);
    Result<void> add_tool_result(Raw message, const std::string& where);
    void take(std::string_view role, const AnthropicBlocks& blocks);

    AnthropicBlocks m_system;
    std::string m_json;
    std::string_view m_role; ///< of the last turn
    bool m_called_tools = false;
    bool m_thinking_first = false;
};

} // namespace tokenscope::llm
