// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/anthropic_event_facts.h"
#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Reads an Anthropic Messages stream on its way to a client that speaks the same API. The client gets every byte, at
/// once, wherever the stream is cut; events over the size limit, and what is not JSON, are passed on uncounted.
///
/// Facts are as AnthropicEventFacts has them; finish_reason is Anthropic's own word. After message_stop, which ends the
/// reply, nothing is read any more.
class AnthropicStreamReader {
public:
    explicit AnthropicStreamReader(std::size_t event_limit = SseParser::default_limit) : m_parser(event_limit) {}

    void feed(std::string_view bytes, std::string& out, StreamFacts& facts);
    /// The stream has ended: reads an event without its blank line.
    void finish(std::string& out, StreamFacts& facts);

private:
    void take(const SseParser::Event& event, StreamFacts& facts);

    SseParser m_parser;
    AnthropicEventFacts m_facts;
    bool m_over = false;
};

} // namespace tokenscope::llm
