// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>

namespace tokenscope::llm {

/// Half-open byte range of `ChatRequest::body`.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// An OpenAI chat completion request: the client's own bytes, which stay the truth, and the few facts the gateway acts on.
struct ChatRequest {
    std::string body;  ///< as received; a valid JSON object in valid UTF-8
    std::string model; ///< as the client wrote it (unescaped)
    bool stream = false;
    /// What the client said in `stream_options.include_usage`; absent where it said nothing.
    std::optional<bool> include_usage;

    // Where the parts that may have to be replaced stand in `body`.
    Span model_value;                         ///< the value of "model", quotes included
    std::optional<Span> stream_options_value; ///< the value of "stream_options"
};

/// Reads `body`. Errors are `invalid_request` (not JSON, not an object, too deep, invalid UTF-8, no or empty `messages`, a
/// wrong type), with the byte position where the parser gives one, or `model_missing`; `param` names the field.
/// A repeated key counts with its last value, as in JSON.parse, and is spliced there.
Result<ChatRequest> parse_chat_request(std::string body);

} // namespace tokenscope::llm
