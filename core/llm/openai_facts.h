// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/json_scratch.h"
#include "llm/reply_facts.h"
#include "llm/stream_facts.h"
#include "llm/usage.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// What the gateway may do with a chunk of a stream.
enum class ChunkKind {
    other,
    usage_only, ///< the extra chunk that include_usage adds: a usage object, and no choices
};

/// What an API calls the members of its usage object.
struct UsageNames {
    std::string_view prompt, completion, prompt_details, completion_details;
};
inline constexpr UsageNames chat_usage{"prompt_tokens", "completion_tokens", "prompt_tokens_details",
                                       "completion_tokens_details"};
inline constexpr UsageNames responses_usage{"input_tokens", "output_tokens", "input_tokens_details",
                                            "output_tokens_details"};

/// False where the JSON is broken; anything but an object, and counts that are none, say nothing.
bool read_usage(simdjson::ondemand::value object, const UsageNames& names, Usage& usage);

/// Adds what one event of an OpenAI stream says to `facts`. `facts.response_model` is set for every chunk that names one.
ChunkKind read_openai_event(JsonScratch& scratch, std::string_view name, std::string_view data, StreamFacts& facts);

/// The facts of a whole reply; false if it is not a JSON object.
bool read_openai_facts(std::string_view body, ReplyFacts& facts);

/// What an `error` member says: a string, or an object with `message` and perhaps `code` or `type`.
struct UpstreamError {
    bool present = false; ///< the value is truthy, as clients test it
    std::string message;  ///< may be empty
};
UpstreamError read_error_member(simdjson::ondemand::value value);

/// The error of a stream that was broken by an event of its own.
Error error_event(std::string_view message);

} // namespace tokenscope::llm
