// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/translation.h"

namespace tokenscope::llm {

// Ollama's embeddings by a provider that speaks OpenAI's: here the pivot is Api::embeddings instead of Api::chat, and the
// provider must speak that. Vectors are copied as they are spelled.

/// POST /api/embed: `input` (a string or an array) and `dimensions` are copied; the reply is {"model","embeddings",
/// "prompt_eval_count"}. Dropped: truncate, keep_alive, options. Error: invalid_request without an input.
Result<std::unique_ptr<Translation>> translate_ollama_embed(const ModelRequest& request, WallTime now);

/// The older POST /api/embeddings: `prompt` is the input, and the reply {"embedding"}.
Result<std::unique_ptr<Translation>> translate_ollama_embeddings(const ModelRequest& request, WallTime now);

} // namespace tokenscope::llm
