// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "llm/api.h"
#include "net/exchange.h"

#include <string>
#include <string_view>

namespace tokenscope::gateway {

/// The HTTP status of an error that the gateway itself makes.
unsigned http_status(ErrorCode code);

/// How the clients of an API expect errors to look.
enum class ErrorShape {
    openai,    ///< {"error":{"message","type","code","param"}}
    anthropic, ///< {"type":"error","error":{"type","message"}}
    ollama,    ///< {"error":"message"}
};

/// By path: Anthropic's below /v1/messages, Ollama's below /api, OpenAI's everywhere else.
ErrorShape error_shape_of(std::string_view target);
ErrorShape error_shape_of(llm::Api api);

/// The error's sentence without an upstream's own words, which may repeat the prompt, the reply or a key: for logs and records.
std::string_view recordable_message(const Error& error);

/// As a whole JSON body with a line feed.
std::string error_body(const Error& error, ErrorShape shape);

/// The same for inside a stream that broke, as the API's clients read it: an event, or a line for Ollama's.
std::string error_event(const Error& error, llm::Api api);

net::Response error_reply(const Error& error, ErrorShape shape);

} // namespace tokenscope::gateway
