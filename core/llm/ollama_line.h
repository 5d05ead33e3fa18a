// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/json_scratch.h"
#include "llm/ollama_durations.h"
#include "llm/openai_writer.h"
#include "llm/usage.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// One object of Ollama's /api/chat, /api/generate or /api/embed: a line of the stream, or a whole reply. The views live until the scratch is used
/// again.
struct OllamaLine {
    std::string_view model;
    std::string_view content; ///< of the message, or the `response` of /api/generate
    std::string_view thinking;
    std::vector<ToolCall> tool_calls; ///< the id is empty where Ollama gave none
    bool done = false;
    std::string_view done_reason;
    Usage usage;
    OllamaDurations durations;
    std::optional<std::string> error;
};

/// False if `text` is not a JSON object.
bool read_ollama_line(JsonScratch& scratch, std::string_view text, OllamaLine& line);

/// OpenAI's word for why a reply ended.
std::string_view openai_finish_reason(std::string_view done_reason, bool called_tools);

/// An id for a tool call that has none, the same for the same reply and index.
std::string tool_call_id(std::string_view reply_id, std::size_t index);

} // namespace tokenscope::llm
