// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/openai_writer.h"
#include "llm/reply_facts.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// A whole, non-streamed reply in the OpenAI dialect.
struct AnthropicReply {
    std::string body;
    ReplyFacts facts;
};

/// Text blocks are joined; thinking -> `reasoning`, and signed or redacted also -> `thinking_blocks`; tool_use ->
/// `tool_calls`. Other blocks and citations are dropped. `head` gives id, creation time and the model the client reads. A
/// body that is not a message is upstream_bad_reply.
Result<AnthropicReply> anthropic_reply_to_openai(std::string_view body, const OpenAiChunkWriter& head);

/// The facts of a reply that goes to the client as it is; finish_reason is Anthropic's own word. Only a body that is not a
/// JSON object is an error (upstream_bad_reply).
Result<ReplyFacts> read_anthropic_reply(std::string_view body);

/// An OpenAI error body for Anthropic's refusal ({"type":"error","error":{"type","message"}}), whose type is kept. 404 of a
/// model -> code model_not_found, 429 -> rate_limit_exceeded, otherwise no code. A body without an error is quoted in part.
std::string anthropic_error_to_openai(std::string_view body, unsigned status);

/// A page of GET /v1/models. Models that are retired, which can no longer be used, are left out.
struct AnthropicModelPage {
    std::vector<ModelEntry> models;
    std::string next; ///< the last one's id, if there are more pages
};

/// A body without a list is upstream_bad_reply. `created` is when the model came out.
Result<AnthropicModelPage> read_anthropic_models(std::string_view body);

} // namespace tokenscope::llm
