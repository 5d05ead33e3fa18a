// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"
#include "llm/ollama_durations.h"
#include "llm/ollama_stream_translator.h"
#include "llm/openai_writer.h"
#include "llm/reply_facts.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// The body of Ollama's POST /api/chat for an OpenAI chat request. Values that mean the same in both dialects (numbers,
/// tools, schemas) are copied as the client spelled them.
///
/// - messages: role `developer` -> `system`, `function` -> `tool`; text parts are joined with a line break; `image_url`
///   data URLs -> `images`; `reasoning_content` or `reasoning` -> `thinking`; tool calls get their arguments as an
///   object; `tool_call_id` -> `tool_name`, if an earlier message has made that call.
/// - tools are copied, unless `tool_choice` is "none".
/// - temperature, top_p, top_k, min_p, seed, stop, frequency_penalty, presence_penalty, and max_completion_tokens (else
///   max_tokens, as num_predict) -> `options`. A client's own `options` object is merged in, and wins.
/// - response_format: json_object -> format "json", json_schema -> the schema; else a client's own `format`.
/// - reasoning_effort: "none" -> think false, anything else -> think true (the levels are known to few models, and the
///   others refuse them). A client's own `think` wins. `keep_alive` is copied.
///
/// Dropped, because Ollama's chat has no place for them: n, logprobs, top_logprobs, logit_bias, user, metadata, store,
/// tool_choice (but "none"), parallel_tool_calls, service_tier, modalities, prediction, and every unknown field.
///
/// Errors are invalid_request with `param`: images by http(s) URL, audio and file parts, an unknown response_format,
/// tool arguments that are not a JSON object, a member of the wrong type.
Result<std::string> ollama_request_body(const ModelRequest& request, std::string_view upstream_model);

/// A whole, non-streamed reply in the OpenAI dialect.
struct OllamaReply {
    std::string body;
    ReplyFacts facts;
    OllamaDurations durations;
};

/// `head` gives id and creation time; its model is what the client will read. A body that is not a JSON object, that is
/// not done, or that is an error is upstream_bad_reply.
Result<OllamaReply> ollama_reply_to_openai(std::string_view body, const OpenAiChunkWriter& head);

/// The models of GET /api/tags; `created` is when the model was last modified. A body without a list is
/// upstream_bad_reply.
Result<std::vector<ModelEntry>> read_ollama_tags(std::string_view body);

/// The text of `{"error": "..."}`; empty if there is none.
std::string ollama_error_message(std::string_view body);

/// An OpenAI error body for Ollama's refusal. 404 -> code model_not_found, 429 -> rate_limit_error, other 4xx ->
/// invalid_request_error, else server_error. A body without an error is quoted in part.
std::string ollama_error_to_openai(std::string_view body, unsigned status);

} // namespace tokenscope::llm
