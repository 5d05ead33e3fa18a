// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/anthropic_message.h"
#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <memory>
#include <string>

namespace tokenscope::llm {

/// Reads the events of one Anthropic stream and notes what they say about it. Used inside this folder.
class AnthropicEventFacts {
public:
    enum class Read {
        event,
        nothing, ///< a comment, or the [DONE] that some servers add
        garbage, ///< not a JSON object
    };

    /// `event` is what `raw` says, its views valid until the next call. Adds to `facts`: tokens (a non-empty delta counts as
    /// one, and so does the start of a tool call), usage, model, Anthropic's stop reason, done on message_stop, and an error
    /// event. The output count of message_start is left out: it is not the reply's.
    Read read(const SseParser::Event& raw, AnthropicEvent& event, StreamFacts& facts);

    const AnthropicUsage& usage() const { return m_usage; }

private:
    void note(const AnthropicEvent& event, StreamFacts& facts);
    void note_usage(const AnthropicUsage& usage, StreamFacts& facts);

    std::unique_ptr<JsonScratch> m_scratch = std::make_unique<JsonScratch>();
    AnthropicUsage m_usage;
    std::string m_model;
};

} // namespace tokenscope::llm
