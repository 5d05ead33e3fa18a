// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "llm/openai_writer.h"
#include "providers/provider.h"

namespace tokenscope::providers {

/// What begins every chunk of one reply that is translated into OpenAI's dialect: an id of its own, and the time.
llm::OpenAiChunkWriter chunk_head(const ModelCall& call, const Clock& clock);

} // namespace tokenscope::providers
