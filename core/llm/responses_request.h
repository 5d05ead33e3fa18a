// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"

#include <span>
#include <string>

namespace tokenscope::llm {

/// The chat completion that a Responses request (`Api::responses`) asks for. Shapes after
/// https://platform.openai.com/docs/api-reference/responses/create and .../chat/create.
///
/// - instructions -> a system message, before all others. Those of earlier responses are not carried over.
/// - `earlier` and `own`, the items of the conversation and the request's, normalised: see ResponsesTurns.
/// - max_output_tokens -> max_tokens or max_completion_tokens: see token_limit_name.
/// - tools, tool_choice: see read_responses_tools; parallel_tool_calls only where tools are offered.
/// - text.format -> response_format, text.verbosity -> verbosity, reasoning.effort -> reasoning_effort.
/// - top_logprobs, and message.output_text.logprobs in `include` -> logprobs and top_logprobs.
/// - stream gets stream_options.include_usage.
/// - Left out: metadata and store (a chat's mean something else; the gateway keeps both itself), truncation (a request
///   that does not fit is refused by its provider), include, reasoning.summary, max_tool_calls (counts OpenAI's own
///   tools), stream_options, and everything that is null.
/// - Every other member (temperature, top_p, user, safety_identifier, prompt_cache_key, service_tier, seed, ...) is copied
///   as it is, and one that has the name of a member we would write is written instead.
///
/// Errors: invalid_request with `param`; also for what only OpenAI's servers have: background, conversation, prompt.
Result<ModelRequest> responses_to_chat(const ModelRequest& request, std::span<const std::string> earlier,
                                       std::span<const std::string> own);

/// Whether the client wants to know how likely the tokens were.
bool wants_logprobs(const ModelRequest& request);

} // namespace tokenscope::llm
