// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_event_facts.h"

namespace tokenscope::llm {

namespace {

void count(std::string_view words, bool visible, StreamFacts& facts)
{
    if (words.empty())
        return;
    ++facts.tokens;
    facts.visible_tokens += visible ? 1 : 0;
}

} // namespace

AnthropicEventFacts::Read AnthropicEventFacts::read(const SseParser::Event& raw, AnthropicEvent& event,
                                                    StreamFacts& facts)
{
    event = {};
    if (!raw.has_data || raw.data.starts_with("[DONE]"))
        return Read::nothing;
    const bool named_error = raw.name == "error";
    const bool whole = read_anthropic_event(*m_scratch, raw.data, event);
    if (!whole && !named_error)
        return Read::garbage;
    if (named_error || event.type == "error" || (event.type.empty() && event.error.present)) {
        if (!whole)
            event = {};
        event.type = "error";
        std::string_view words = event.error.message;
        if (words.empty())
            words = event.error_type.empty() ? raw.data : event.error_type;
        facts.error = error_event(words);
        return Read::event;
    }
    note(event, facts);
    return Read::event;
}

void AnthropicEventFacts::note(const AnthropicEvent& event, StreamFacts& facts)
{
    if (event.type == "message_start") {
        if (!event.message.model.empty() && event.message.model != m_model) {
            m_model = event.message.model;
            facts.response_model = m_model;
        }
        AnthropicUsage usage = event.message.usage;
        usage.output.reset();
        note_usage(usage, facts);
    } else if (event.type == "content_block_start") {
        const bool tool = event.block.type == "tool_use";
        const bool text = event.block.type == "text";
        if (tool || text || event.block.type == "thinking")
            count(tool ? event.block.name : event.block.words, text, facts);
    } else if (event.type == "content_block_delta") {
        const bool text = event.delta_type == "text_delta";
        if (text || event.delta_type == "thinking_delta" || event.delta_type == "input_json_delta")
            count(event.delta, text, facts);
    } else if (event.type == "message_delta") {
        if (!event.stop_reason.empty())
            facts.finish_reason = event.stop_reason;
        note_usage(event.usage, facts);
    } else if (event.type == "message_stop") {
        facts.done = true;
    }
}

void AnthropicEventFacts::note_usage(const AnthropicUsage& usage, StreamFacts& facts)
{
    m_usage.merge(usage);
    if (const Usage known = m_usage.openai(); known.reported())
        facts.usage = known;
}

} // namespace tokenscope::llm
