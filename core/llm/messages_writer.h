// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/chat_piece.h"
#include "llm/usage.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// Why a reply of Anthropic's ended.
struct MessagesEnd {
    std::string_view reason; ///< end_turn, max_tokens, stop_sequence, tool_use or refusal
    std::string sequence;    ///< of stop_sequence
};

/// What chat's finish reason means to Anthropic: length -> max_tokens, content_filter (or that the model has refused in
/// OpenAI's way) -> refusal, else tool_use where there are calls (not every server says tool_calls then), and end_turn
/// where there are none. A chat completion does not say which stop sequence was hit: that is known only where the server
/// names one of `stops` (vLLM, SGLang).
MessagesEnd messages_end(std::string_view finish_reason, bool called_tools, bool refused, std::string_view stop,
                         const std::vector<std::string>& stops);

/// Writes a reply of Anthropic's Messages API, whole or as events (each with its `event:` line and blank line). Shapes
/// and order of keys after https://docs.anthropic.com/en/api/messages and .../build-with-claude/streaming.
///
/// Chat's prompt tokens include the cached ones, Anthropic's input_tokens do not. A count that nobody reported is null
/// where Anthropic's schema allows that (the cache counts; in message_delta also input_tokens). input_tokens of a whole
/// reply and output_tokens must be numbers, which clients add up, and are 0 then. message_start comes before anything
/// is known, so that its counts are 0; those in message_delta take their place, as in Anthropic's own streams.
struct MessagesWriter {
    std::string id;    ///< "msg_..."
    std::string model; ///< what ran

    void start(std::string& out) const;
    static void start_text(std::string& out, std::size_t index);
    static void start_thinking(std::string& out, std::size_t index);
    static void start_tool(std::string& out, std::size_t index, std::string_view id, std::string_view name);
    static void text(std::string& out, std::size_t index, std::string_view text);
    static void thinking(std::string& out, std::size_t index, std::string_view text);
    static void input(std::string& out, std::size_t index, std::string_view json);
    static void stop_block(std::string& out, std::size_t index);
    static void end(std::string& out, const MessagesEnd& end, const Usage& usage);
    static void error(std::string& out, std::string_view message);

    /// The whole reply. Arguments that are not a JSON object (a model can write anything, and a limit can cut it off)
    /// become {"raw_arguments": "..."}, so that the client can still show its model what it wrote.
    std::string reply(const ChatPiece& piece, const MessagesEnd& end, const Usage& usage) const;

    /// A call's id, or one made up for the `number`th call where the upstream gave none.
    std::string call_id(std::string_view given, std::size_t number) const;
};

} // namespace tokenscope::llm
