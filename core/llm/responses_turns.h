// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/messages_parts.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Writes the messages of a chat for the items of a Responses conversation.
///
/// - message: role `developer` becomes `system`, which every server knows; input_text, output_text and refusal are text,
///   input_image an `image_url` part, input_file with file_data a `file` part, input_audio stays. A detail of "original",
///   which chats do not have, becomes "high".
/// - reasoning, an assistant's message and function_calls that follow each other are one assistant message, with
///   reasoning_content (what the item's content says, else its summary), content and tool_calls. Once a call is in it,
///   it goes on until an output or a user's message comes: chats want outputs directly behind their calls. Reasoning that
///   only OpenAI could decrypt, or that nothing follows, is dropped.
/// - function_call_output -> a tool message. Images and files in it follow, as a user's, once all outputs are there.
///
/// Items of OpenAI's own tools, custom tools and compaction, and files by id or URL, are errors (invalid_request with
/// `param`): nobody else has them, and leaving them out would change what was asked.
class ResponsesTurns {
public:
    /// `where` names the item in errors.
    Result<void> add(std::string_view item, const std::string& where);
    /// A system message, before all others. Blank text is none.
    void instructions(std::string_view quoted);
    /// As a JSON array.
    std::string finish();

private:
    /// The assistant's message that is being put together.
    struct Turn {
        ChatParts text;
        ChatParts reasoning;
        std::string calls;
        bool any = false; ///< a message or call: more than reasoning
        bool said = false;
    };

    Result<void> message(std::string_view item, const std::string& where);
    Result<void> reasoning(std::string_view item, const std::string& where);
    Result<void> call(std::string_view item, const std::string& where);
    Result<void> output(std::string_view item, const std::string& where);
    std::string& next();
    void end_turn();
    void end_outputs();

    std::string m_messages;
    ChatParts m_attached; ///< media of outputs, for after the last of them
    Turn m_turn;
};

} // namespace tokenscope::llm
