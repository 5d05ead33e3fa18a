// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace tokenscope::llm {

/// How a model is told to think (https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting).
enum class AnthropicThinking {
    none,     ///< before Claude 3.7
    budget,   ///< {"type":"enabled","budget_tokens":n}: up to Claude 4.5, and other makers' models
    adaptive, ///< {"type":"adaptive"} and output_config.effort: from Claude 4.6; 4.7 refuses budgets
};

/// What a chat request leaves unsaid but the Messages API wants to know, by the generation in the model's name.
struct AnthropicModel {
    AnthropicThinking thinking = AnthropicThinking::adaptive;
    bool knows_xhigh = true; ///< effort "xhigh", from Claude 4.7
    /// max_tokens where the client names none: what every model of the generation can write (a higher value is refused).
    /// 32000, for Claude before 3.5 4096, for 3.5 and other makers' models 8192.
    std::uint64_t default_max_tokens = 32'000;
};

/// Reads "claude-sonnet-4-5-20250929", "claude-3-7-sonnet-latest", "anthropic.claude-opus-4-6-v1", ... A Claude without a
/// number is taken for a new one.
AnthropicModel anthropic_model(std::string_view name);

} // namespace tokenscope::llm
