// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/translation.h"

namespace tokenscope::llm {

/// OpenAI's older completions (https://platform.openai.com/docs/api-reference/completions) by a provider that only chats:
/// the prompt becomes a user's message, what the assistant says the text. All other members are copied.
///
/// Errors are invalid_request with `param` for what a chat cannot do: several prompts or token ids, suffix, echo,
/// best_of above 1, logprobs.
Result<std::unique_ptr<Translation>> translate_completions(const ModelRequest& request, WallTime now);

} // namespace tokenscope::llm
