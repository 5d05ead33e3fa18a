// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// The body of Anthropic's POST /v1/messages (https://platform.claude.com/docs/en/api/messages) for an OpenAI chat request.
/// Values that mean the same in both dialects (numbers, schemas, cache_control) are copied as the client spelled them.
///
/// - messages: system and developer messages, wherever they stand, -> `system`, in order; tool messages -> tool_result
///   blocks of a user turn; neighbours of the same role become one turn; blank text makes no block. Images by data or http(s)
///   URL, PDFs as `file` parts; parts of Anthropic's own types are copied. `refusal` -> text. `thinking_blocks` of an
///   assistant message go before its text, if signed; `reasoning` and `reasoning_content` are dropped, as Anthropic takes no
///   thinking without its signature. Characters in tool call ids that Anthropic does not take become '_'.
/// - tools: functions -> name, description, input_schema, strict, cache_control; Anthropic's own tools are copied.
///   tool_choice auto, none, required, named -> auto, none, any, tool; parallel_tool_calls false ->
///   disable_parallel_tool_use.
/// - max_completion_tokens, else max_tokens, else a default by model (see AnthropicModel).
/// - temperature over 1 is lowered to 1, Anthropic's highest; top_p, top_k, stop -> stop_sequences.
/// - reasoning_effort: for Claude 4.6 and later thinking adaptive and output_config.effort, "none" disabled. Before that a
///   thinking budget: 1024, 2048, 8192, 12288, 32000 tokens for minimal, low, medium, high, xhigh, but at most half of
///   max_tokens; no thinking where that leaves less than 1024, where a tool is forced, or where an earlier turn's tool calls
///   came without their thinking (Anthropic refuses these). With thinking, temperature, top_p and top_k are dropped, which do
///   not go with it. A client's own `thinking` wins, and is copied.
/// - response_format json_schema -> output_config.format. A client's own `output_config` is merged in, and wins.
/// - user, safety_identifier or metadata.user_id -> metadata.user_id. service_tier: auto and priority -> auto, default and
///   standard_only -> standard_only.
/// - copied: cache_control, container, context_management, inference_geo, mcp_servers.
///
/// Dropped, as hints that Anthropic has no place for: frequency_penalty, presence_penalty, logit_bias, seed, prediction,
/// store, verbosity, other metadata and service tiers, and every unknown field.
///
/// Errors are invalid_request with `param`, where dropping would change what the client gets: n over 1, logprobs, audio,
/// web_search_options, functions and function_call, response_format json_object, tools and tool calls that are no functions,
/// arguments that are not a JSON object, no message but system ones, a member of the wrong type.
Result<std::string> anthropic_request_body(const ModelRequest& request, std::string_view upstream_model);

} // namespace tokenscope::llm
