// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/api.h"

#include <cstddef>
#include <optional>
#include <string>

namespace tokenscope::llm {

/// Half-open byte range of `ModelRequest::body`.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A request to a model: the client's own bytes, which stay the truth, and the few facts the gateway acts on.
struct ModelRequest {
    Api api = Api::chat;
    std::string body;  ///< as received; a valid JSON object in valid UTF-8
    std::string model; ///< as the client wrote it (unescaped)
    bool stream = false;
    /// What the client said in `stream_options.include_usage` (OpenAI's streamed APIs); absent where it said nothing.
    std::optional<bool> include_usage;

    // Where the parts that may have to be replaced stand in `body`.
    Span model_value;                         ///< the value of "model", quotes included
    std::optional<Span> stream_options_value; ///< the value of "stream_options"
};

/// Reads `body`. Errors are `invalid_request` (not JSON, not an object, too deep, invalid UTF-8, a wrong type, and for
/// chat and Anthropic messages no or empty `messages`), with the byte position where the parser gives one, or
/// `model_missing`; `param` names the field. What else is wrong is for the provider to say. Ollama's chat and generate
/// stream unless told otherwise. A repeated key counts with its last value, as in JSON.parse, and is spliced there.
Result<ModelRequest> parse_model_request(Api api, std::string body);

} // namespace tokenscope::llm
