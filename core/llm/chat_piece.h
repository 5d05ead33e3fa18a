// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/json_scratch.h"
#include "llm/reply_facts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// A tool call in a chat completion, or what one chunk of a stream adds to it.
struct ChatCall {
    std::optional<std::uint64_t> index; ///< which call a delta belongs to; some servers leave it out
    std::string id;
    std::string name;
    std::string arguments; ///< text that should come to JSON; an upstream's object is given as its text

    /// Nothing anybody could act on.
    bool is_empty() const { return name.empty() && arguments.empty(); }
};

/// Whether a stream's `piece` adds to the call `so_far`, or begins one of its own: it does that where it is the first of its
/// index, or names a tool under another id (some servers number all calls 0), or names one without index and id.
bool continues_call(const ChatCall& so_far, const ChatCall& piece);

/// What a chat completion, or a chunk of one, says in its first choice (`message` or `delta`). Other choices are not read:
/// the APIs that are translated from know only one.
struct ChatPiece {
    bool has_choice = false;
    std::string content;   ///< also the text parts of a content that is an array, as Mistral sends them
    std::string reasoning; ///< `reasoning_content` (DeepSeek, vLLM, llama.cpp), else `reasoning`, else thinking parts
    std::string refusal;
    std::vector<ChatCall> calls; ///< `tool_calls`, or the one of the older `function_call`
    std::string finish_reason;   ///< may be empty
    std::string stop;            ///< the stop sequence that was hit: vLLM's `stop_reason`, SGLang's `matched_stop`
};

/// False if `json` is not a JSON object; members of a wrong type count as absent.
bool read_chat_piece(JsonScratch& scratch, std::string_view json, ChatPiece& piece);

/// What a whole chat completion says. Error: upstream_bad_reply for anything else, an error object and no choices included.
Result<void> read_chat_completion(std::string_view json, ReplyFacts& facts, ChatPiece& piece);

} // namespace tokenscope::llm
