// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/json_scratch.h"
#include "llm/openai_facts.h"
#include "llm/usage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

// What Anthropic's server sends, taken apart. Used inside this folder. Views live until the scratch is used again.

/// Token counts as Anthropic gives them: what was read from and written to the prompt cache is not part of `input`.
struct AnthropicUsage {
    std::optional<std::uint64_t> input, cache_written, cache_read, output, thinking;

    /// A later report of the same stream. Counts are cumulative and never shrink; some servers send 0 for "as before".
    void merge(const AnthropicUsage& later);
    /// prompt = input + cache_written + cache_read; total where both sides are known.
    Usage openai() const;
};

struct AnthropicBlock {
    std::string_view type; ///< text, thinking, redacted_thinking, tool_use, ...
    std::string_view id, name;
    std::string_view words; ///< of `text`, `thinking` or `data`
    std::string_view signature;
    std::string_view input; ///< raw JSON
};

/// A whole reply, or what a stream's message_start says of it.
struct AnthropicMessage {
    std::string_view type; ///< "message", or "error"
    std::string_view model;
    std::string_view stop_reason;
    std::vector<AnthropicBlock> content;
    AnthropicUsage usage;
    UpstreamError error;
    std::string_view error_type;
};

/// The data of one event of a stream.
struct AnthropicEvent {
    std::string_view type; ///< message_start, content_block_delta, ...
    std::uint64_t index = 0;
    AnthropicMessage message;     ///< of message_start
    AnthropicBlock block;         ///< of content_block_start
    std::string_view delta_type;  ///< text_delta, thinking_delta, signature_delta, input_json_delta, ...
    std::string_view delta;       ///< its text, thinking, signature or partial_json
    std::string_view stop_reason; ///< of message_delta
    AnthropicUsage usage;         ///< of message_delta
    UpstreamError error;
    std::string_view error_type;
};

/// False if the text is not a JSON object. Members of an unexpected type count as absent.
bool read_anthropic_message(JsonScratch& scratch, std::string_view text, AnthropicMessage& message);
bool read_anthropic_event(JsonScratch& scratch, std::string_view data, AnthropicEvent& event);

/// OpenAI's word for why a reply ended: refusal -> content_filter; max_tokens, model_context_window_exceeded and pause_turn,
/// after all of which the reply is not complete, -> length.
std::string_view openai_finish_reason_of(std::string_view stop_reason, bool called_tools);

/// A block as clients send it back in `thinking_blocks`. `words` is the thinking, or the data of redacted thinking.
std::string thinking_block_json(std::string_view words, std::string_view signature);
std::string redacted_block_json(std::string_view words);

} // namespace tokenscope::llm
