// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/translation.h"

namespace tokenscope::llm {

/// Ollama's POST /api/chat by a provider that speaks chat completions; for the request see ollama_chat_as_openai().
///
/// The reply, whole or an object a line: `reasoning_content` or `reasoning` -> `thinking`; a refusal is content; tool calls
/// come whole, with their arguments as an object, in one line before the last; finish_reason -> done_reason, where
/// tool_calls is "stop"; usage -> prompt_eval_count and eval_count; logprobs are copied. `model` is the client's name
/// for it, `created_at` everywhere the time at which the reply was begun. An error event becomes a line {"error": ...}.
///
/// Tool arguments that are not a JSON object, and events over the size limit, cannot be told: the reply is then
/// upstream_bad_reply, the stream never complete.
Result<std::unique_ptr<Translation>> translate_ollama_chat(const ModelRequest& request, WallTime now);

/// The same for POST /api/generate, whose words come as `response`; tool calls are left out.
Result<std::unique_ptr<Translation>> translate_ollama_generate(const ModelRequest& request, WallTime now);

} // namespace tokenscope::llm
