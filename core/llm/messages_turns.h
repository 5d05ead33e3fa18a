// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/messages_parts.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Writes Anthropic's `system` and `messages` as the elements of a chat's `messages` (comma-separated, no brackets).
///
/// A chat wants the results of tools right behind the calls, each as a message of its own, and in them nothing but text:
/// so the tool_results of a run of user messages come first, whatever else the user said after them, and images and
/// documents in a result go into the user's message, behind a line that names the call.
///
/// A chat has no word for a failed tool: the result of one (is_error) begins with "Error: ".
///
/// Of the assistant's thinking the text goes into `reasoning_content`, which is where most servers that take it look for
/// it; signatures and redacted thinking mean something only to who made them, and are left out.
///
/// Errors: invalid_request with `param`, such as "messages[1].content[0].type".
class ChatTurnsWriter {
public:
    explicit ChatTurnsWriter(std::string& out) : m_out(out) {}

    /// A string or an array of text blocks.
    Result<void> system(std::string_view system, const std::string& where = "system");
    Result<void> messages(std::string_view messages);

private:
    struct Assistant;

    Result<void> message(std::string_view message, const std::string& where);
    Result<void> user(std::string_view content, const std::string& where);
    Result<void> tool_result(std::string_view block, const std::string& where, ChatParts& user_parts);
    Result<void> assistant(std::string_view content, const std::string& where);
    static Result<void> assistant_block(std::string_view block, const std::string& where, Assistant& turn);
    static Result<void> tool_use(std::string_view block, const std::string& where, Assistant& turn);
    void flush();

    std::string& m_out;
    std::string m_later; ///< user messages that have to wait for tool results
};

} // namespace tokenscope::llm
