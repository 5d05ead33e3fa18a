// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tokenscope::llm {

/// `{"error":"message"}`, as all of Ollama's APIs have it.
std::string ollama_error_json(std::string_view message);

/// The same for another upstream's refusal: its words if `body` is an error object as OpenAI has it or close to it; else
/// the status and a part of the body.
std::string ollama_refusal(std::string_view body, unsigned status);

} // namespace tokenscope::llm
