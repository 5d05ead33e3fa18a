// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "llm/model_request.h"
#include "llm/openai_stream_reader.h"
#include "llm/openai_writer.h"
#include "llm/reply_facts.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// The body to send to an OpenAI-compatible upstream: the client's own bytes, in which at most two things differ.
/// The value of `model` becomes `upstream_model`, if it is another name; and in a stream whose client does not ask for
/// usage, `stream_options.include_usage` is set to true if `want_usage`.
std::string openai_upstream_body(const ModelRequest& request, std::string_view upstream_model, bool want_usage);

/// True where openai_upstream_body with `want_usage` asks for usage that the client did not ask for.
bool adds_usage(const ModelRequest& request);

/// The facts of a non-streamed reply. What is missing or of a wrong type is absent; only a body that is not a JSON object
/// is an error (upstream_bad_reply).
Result<ReplyFacts> read_openai_reply(std::string_view body);

/// The models of `GET /v1/models`. Entries without an id are left out; a body without a list is upstream_bad_reply.
Result<std::vector<ModelEntry>> read_openai_models(std::string_view body);

} // namespace tokenscope::llm
