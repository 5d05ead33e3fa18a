// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "llm/usage.h"

#include <cstdint>
#include <optional>
#include <string>

namespace tokenscope::llm {

/// What some bytes of a stream said. A dialect's reader fills it; who records it is somebody else's business.
struct StreamFacts {
    /// Tokens of content, reasoning or tool-call arguments in these bytes. Backends send a delta a token unless they say
    /// otherwise, so a non-empty delta counts as one. Role-only, empty, keep-alive and usage chunks count nothing.
    std::uint32_t tokens = 0;
    std::uint32_t visible_tokens = 0; ///< those of `tokens` that were content, not reasoning or tool calls
    std::optional<Usage> usage;       ///< cumulative; the last one seen
    std::optional<std::string> response_model;
    std::optional<std::string> finish_reason;
    bool done = false; ///< the terminal event was seen ([DONE], or Ollama's "done": true)
    /// An error event was seen (upstream_error_event; the client's bytes contain it), or the stream cannot be read any
    /// further (upstream_bad_reply; the client still has to be told).
    std::optional<Error> error;
};

} // namespace tokenscope::llm
