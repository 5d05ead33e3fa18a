// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Anthropic's name for what an HTTP status means (https://docs.anthropic.com/en/api/errors). Statuses that Anthropic does
/// not use itself get the nearest name: 503 counts as overloaded, other 4xx as invalid_request_error, 5xx as api_error.
std::string_view messages_error_type(unsigned status);

/// `{"type":"error","error":{"type","message"}}`: a refusal's body, and the data of an `error` event.
std::string messages_error_json(std::string_view message, std::string_view type);

/// Anthropic's error body for the refusal of an upstream that speaks OpenAI: its own words where its body has any, else a
/// sentence that quotes the beginning of the body.
std::string messages_refusal(std::string_view chat_error, unsigned status);

} // namespace tokenscope::llm
