// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/chunk_head.h"

#include "base/ids.h"

#include <chrono>

namespace tokenscope::providers {

llm::OpenAiChunkWriter chunk_head(const ModelCall& call, const Clock& clock)
{
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch());
    return {.id = "chatcmpl-" + random_hex(12),
            .created = now.count(),
            .model = call.upstream_model,
            .announce_usage = call.request.include_usage.value_or(false)};
}

} // namespace tokenscope::providers
