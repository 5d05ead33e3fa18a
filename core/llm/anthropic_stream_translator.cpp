// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/anthropic_stream_translator.h"

#include "llm/ollama_line.h"

#include <utility>

namespace tokenscope::llm {

AnthropicStreamTranslator::AnthropicStreamTranslator(OpenAiChunkWriter writer, bool include_usage,
                                                     std::size_t event_limit)
    : m_writer(std::move(writer)), m_parser(event_limit), m_limit(event_limit), m_include_usage(include_usage)
{
    m_writer.announce_usage = include_usage;
}

void AnthropicStreamTranslator::feed(std::string_view bytes, std::string& out, StreamFacts& facts)
{
    while (!bytes.empty() && !m_over) {
        const SseParser::Step step = m_parser.take(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.found == SseParser::Found::event)
            take(step.event, out, facts);
        else if (m_parser.oversized())
            fail("The upstream sent an event that is too long.", facts);
    }
}

void AnthropicStreamTranslator::finish(std::string& out, StreamFacts& facts)
{
    m_ended = true;
    if (!m_over)
        take(m_parser.finish(), out, facts);
}

void AnthropicStreamTranslator::take(const SseParser::Event& event, std::string& out, StreamFacts& facts)
{
    if (event.oversized)
        return fail("The upstream sent an event that is too long.", facts);
    AnthropicEvent read;
    switch (m_facts.read(event, read, facts)) {
    case AnthropicEventFacts::Read::nothing: return;
    case AnthropicEventFacts::Read::garbage:
        if (m_ended) // an event cut off in its middle: the stream has ended too early, rather than talked nonsense
            return;
        return fail("The upstream sent an event that is not a JSON object.", facts);
    case AnthropicEventFacts::Read::event: break;
    }
    if (facts.finish_reason)
        m_stop_reason = std::move(*facts.finish_reason);
    facts.finish_reason.reset();
    if (facts.error) {
        m_over = true;
        m_writer.error(out, *facts.error);
    } else if (facts.done) {
        end(out, facts);
    } else {
        translate(read, out);
    }
}

void AnthropicStreamTranslator::translate(const AnthropicEvent& event, std::string& out)
{
    const bool start = event.type == "content_block_start";
    if ((start || event.type == "message_start") && !std::exchange(m_begun, true))
        m_writer.role(out);
    if (start) {
        begin_block(event, out);
    } else if (event.type == "content_block_delta") {
        continue_block(event, out);
    } else if (event.type == "content_block_stop") {
        if (const auto open = m_blocks.find(event.index); open != m_blocks.end()) {
            end_block(open->second, out);
            m_blocks.erase(open);
        }
    }
}

void AnthropicStreamTranslator::begin_block(const AnthropicEvent& event, std::string& out)
{
    const AnthropicBlock& given = event.block;
    Block& block = m_blocks[event.index];
    block = {.type = std::string(given.type)};
    if (given.type == "text" && !given.words.empty()) {
        m_writer.content(out, given.words);
    } else if (given.type == "thinking") {
        think(block, given.words, out);
        block.signature = given.signature;
    } else if (given.type == "redacted_thinking") {
        m_writer.thinking_block(out, redacted_block_json(given.words));
    } else if (given.type == "tool_use") {
        block.input = given.input;
        block.call = m_tool_calls++;
        std::string id = given.id.empty() ? tool_call_id(m_writer.id, block.call) : std::string(given.id);
        m_writer.tool_call(out, block.call, {.id = std::move(id), .name = std::string(given.name), .arguments = {}});
    }
}

void AnthropicStreamTranslator::continue_block(const AnthropicEvent& event, std::string& out)
{
    const auto open = m_blocks.find(event.index);
    if (open == m_blocks.end() || event.delta.empty())
        return;
    Block& block = open->second;
    if (block.type == "text" && event.delta_type == "text_delta") {
        m_writer.content(out, event.delta);
    } else if (block.type == "thinking" && event.delta_type == "thinking_delta") {
        think(block, event.delta, out);
    } else if (block.type == "thinking" && event.delta_type == "signature_delta") {
        block.signature += event.delta;
    } else if (block.type == "tool_use" && event.delta_type == "input_json_delta") {
        block.streamed = true;
        m_writer.tool_arguments(out, block.call, event.delta);
    }
}

void AnthropicStreamTranslator::think(Block& block, std::string_view words, std::string& out)
{
    if (words.empty())
        return;
    m_writer.reasoning(out, words);
    if (block.words.size() <= m_limit) // more is not kept: without all of it the signature is worth nothing
        block.words += words;
}

void AnthropicStreamTranslator::end_block(Block& block, std::string& out)
{
    if (block.type == "thinking" && !block.signature.empty() && block.words.size() <= m_limit)
        m_writer.thinking_block(out, thinking_block_json(block.words, block.signature));
    if (block.type == "tool_use" && !block.streamed)
        m_writer.tool_arguments(out, block.call, block.input.empty() ? "{}" : block.input);
}

void AnthropicStreamTranslator::end(std::string& out, StreamFacts& facts)
{
    m_over = true;
    if (!std::exchange(m_begun, true))
        m_writer.role(out);
    for (auto& [index, block] : m_blocks)
        end_block(block, out);
    m_blocks.clear();
    const std::string_view reason = openai_finish_reason_of(m_stop_reason, m_tool_calls > 0);
    m_writer.finish(out, reason);
    if (m_include_usage)
        m_writer.usage(out, m_facts.usage().openai());
    m_writer.done(out);
    facts.finish_reason = reason;
}

void AnthropicStreamTranslator::fail(std::string message, StreamFacts& facts)
{
    m_over = true;
    facts.error = Error{.code = ErrorCode::upstream_bad_reply, .message = std::move(message)};
}

} // namespace tokenscope::llm
