// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/json_scratch.h"
#include "llm/reply_facts.h"
#include "llm/stream_facts.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// What an upstream's own Response object says about where it is kept.
struct ResponseNote {
    std::string id; ///< empty: not named yet
    bool stored = true;
};

/// Adds what one event of a Responses stream says to `facts` and `note`. A delta of text, reasoning or arguments counts as
/// a token. The terminal events are response.completed, incomplete, failed and cancelled, and `error`; a failed response
/// sets facts.error. Finish reasons are told in a chat's words: stop, tool_calls, length, content_filter.
/// `facts.response_model` is set by every event that has a response.
void read_responses_event(JsonScratch& scratch, std::string_view name, std::string_view data, StreamFacts& facts,
                          ResponseNote& note);

/// The same of a whole Response object. False if `body` is not a JSON object.
bool read_responses_reply(std::string_view body, ReplyFacts& facts, ResponseNote& note);

/// Whether an upstream's refusal of POST /responses means that it has no Responses API, and not that it has no such
/// model or response. `model` is the one it was asked for. Read after what servers without it answer: FastAPI's and
/// Go's plain 404, OpenAI's unknown_url, llama.cpp's "File Not Found", 405 and 501.
bool lacks_responses(unsigned status, std::string_view body, std::string_view model);

} // namespace tokenscope::llm
