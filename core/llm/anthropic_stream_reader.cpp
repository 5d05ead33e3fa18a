// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_stream_reader.h"

namespace tokenscope::llm {

void AnthropicStreamReader::take(const SseParser::Event& event, StreamFacts& facts)
{
    if (m_over)
        return;
    AnthropicEvent read;
    m_facts.read(event, read, facts);
    m_over = read.type == "message_stop" || read.type == "error";
}

void AnthropicStreamReader::feed(std::string_view bytes, std::string& out, StreamFacts& facts)
{
    out += bytes;
    while (!bytes.empty()) {
        const SseParser::Step step = m_parser.take(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.found == SseParser::Found::event)
            take(step.event, facts);
    }
}

void AnthropicStreamReader::finish(std::string&, StreamFacts& facts)
{
    take(m_parser.finish(), facts);
}

} // namespace tokenscope::llm
