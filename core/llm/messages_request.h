// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"

namespace tokenscope::llm {

/// The chat completion that a request of Anthropic's Messages API (`Api::messages`) asks for. Shapes after
/// https://docs.anthropic.com/en/api/messages and https://platform.openai.com/docs/api-reference/chat/create.
///
/// - system, messages: see ChatTurnsWriter and read_content_block.
/// - max_tokens, which Anthropic requires, stays max_tokens: it is the name that every compatible server knows, while some
///   refuse max_completion_tokens or ignore it. Only OpenAI's own reasoning models refuse max_tokens, so for model names
///   of theirs (o1, o3-mini, gpt-5...; with any prefix up to the last '/') it becomes max_completion_tokens.
/// - stop_sequences -> stop. temperature, top_p, top_k stay.
/// - tools -> functions, `strict` included; tool_choice auto, any, tool, none -> auto, required, that function, none;
///   disable_parallel_tool_use -> parallel_tool_calls false. Tools that Anthropic defines or runs itself (web_search_...,
///   bash_..., mcp_servers) are errors: nobody else knows them, and leaving them out would change what was asked.
/// - thinking and output_config.effort -> reasoning_effort. An effort of low, medium or high keeps its name, xhigh and max
///   become high; without one, a budget_tokens below 4096 is low, below 16384 medium, else high. Thinking that is adaptive
///   or disabled says nothing: many servers refuse an effort of "none", and thinking is the model's own default there.
/// - output_config.format (or output_format) -> response_format.
/// - metadata.user_id -> user, unless it is longer than the 64 characters that OpenAI takes.
/// - stream gets stream_options.include_usage, merged into the client's own stream_options if it sent some.
/// - Left out, having no counterpart: service_tier (other words, other prices), cache_control, container,
///   context_management, inference_geo, speed, diagnostics, and everything that is null.
/// - Every other member is copied as it is, and one that has the name of a member we would write is written instead.
///
/// Errors: invalid_request with `param`.
Result<ModelRequest> messages_to_chat(const ModelRequest& request);

} // namespace tokenscope::llm
