// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

// Ollama's requests (https://github.com/ollama/ollama/blob/main/docs/api.md) as OpenAI chat completions. Values that mean
// the same in both dialects (numbers, tools, schemas) are copied as the client spelled them.

/// The body for an Api::ollama_chat request:
///
/// - messages: `images` (base64) -> `image_url` parts with data URLs; `thinking` -> `reasoning_content`; tool calls get
///   their arguments as text, and an id ("call_0", "call_1", ... in the order of the calls) where they have none;
///   a tool's result gets the `tool_call_id` of the first open call of its `tool_name`, else of the first open one.
/// - tools are copied; an empty list is left out.
/// - options: temperature, top_p, top_k, min_p, seed, stop, frequency_penalty, presence_penalty, and num_predict ->
///   max_tokens, unless it is 0 or less, which is Ollama's word for unlimited.
/// - format: "json" -> json_object, a schema -> json_schema.
/// - think: false -> reasoning_effort "none", true -> "medium", a level -> itself.
/// - logprobs and top_logprobs are copied. A stream asks for its usage.
///
/// Dropped: keep_alive, truncate, shift, and all other options (repeat_penalty, num_ctx, mirostat, ...): they are for a
/// server that runs models itself. Errors are invalid_request, with param.
Result<std::string> ollama_chat_as_openai(const ModelRequest& request);

/// The same for Api::ollama_generate: `system` and `prompt` (with `images`) become the messages. What a chat cannot do is
/// an error rather than another result: suffix, raw, template, and the token ids of `context`.
Result<std::string> ollama_generate_as_openai(const ModelRequest& request);

/// Whether the request of either API has nothing to answer, which is how clients have Ollama load or unload a model; the
/// reply's done_reason then is "load", or "unload" where keep_alive is 0. Empty: it is a request like any other.
std::string_view ollama_load_reason(const ModelRequest& request);

} // namespace tokenscope::llm
