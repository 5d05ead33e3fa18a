// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "llm/api.h"
#include "llm/usage.h"

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// A time as Ollama writes it, e.g. "2026-01-05T10:15:30.102000000Z".
std::string ollama_time(WallTime time);

/// Writes one reply as Ollama's /api/chat or /api/generate has it, for replies that come from elsewhere: whole, or an
/// object a line. Durations are left out, since nobody has measured them, and `context` too.
class OllamaApiWriter {
public:
    /// `api`: ollama_chat or ollama_generate. `created` stands in every object.
    OllamaApiWriter(Api api, std::string_view model, WallTime created);

    /// Each member is JSON, or empty for none.
    struct Part {
        std::string_view content;    ///< a string
        std::string_view thinking;   ///< a string
        std::string_view tool_calls; ///< an array; /api/generate has none
        std::string_view logprobs;   ///< an array
    };
    struct End {
        std::string_view reason = "stop"; ///< stop, length, load, unload
        Usage usage;                      ///< absent counts are left out
    };
    /// Appends one object, without a line feed in or behind it. With `end` it is the last one, or the whole reply.
    void write(std::string& out, const Part& part, const std::optional<End>& end = std::nullopt) const;

private:
    Api m_api;
    std::string m_head;
};

} // namespace tokenscope::llm
