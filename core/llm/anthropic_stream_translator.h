// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/anthropic_event_facts.h"
#include "llm/openai_writer.h"
#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Turns an Anthropic Messages stream (server-sent events, split anywhere) into an OpenAI event stream.
///
/// Text -> content. Thinking -> `delta.reasoning`, and at its end the whole block with its signature as one element of
/// `delta.thinking_blocks`, which a client sends back for the model to go on thinking. Tool calls are streamed: id and name
/// first, then the arguments as they come ("{}" where there were none). message_delta and message_stop become the finish
/// chunk, the usage chunk (if the client wants it) and `[DONE]`. Other events, blocks and deltas (pings, citations, tools
/// that run on Anthropic's side and their results) are skipped.
///
/// An error event becomes an OpenAI error event in `out` and facts.error (upstream_error_event). An event that is not a JSON
/// object, or over the size limit, sets facts.error to upstream_bad_reply and writes nothing: the caller still owes the
/// client an error event. After either, and after message_stop, further bytes are ignored. A stream that ends while
/// facts.done was never set is broken.
class AnthropicStreamTranslator {
public:
    static constexpr std::size_t default_limit = std::size_t{4} << 20;
    AnthropicStreamTranslator(OpenAiChunkWriter writer, bool include_usage, std::size_t event_limit = default_limit);

    void feed(std::string_view bytes, std::string& out, StreamFacts& facts);
    /// The stream has ended: reads an event without its blank line.
    void finish(std::string& out, StreamFacts& facts);

private:
    /// A content block that has begun.
    struct Block {
        std::string type;
        std::string words;     ///< the thinking so far
        std::string signature; ///< of the thinking
        std::string input;     ///< of a tool call, as JSON, where it came with the block's start
        std::size_t call = 0;  ///< the tool call's index among them
        bool streamed = false; ///< arguments have been written
    };

    void take(const SseParser::Event& event, std::string& out, StreamFacts& facts);
    void translate(const AnthropicEvent& event, std::string& out);
    void begin_block(const AnthropicEvent& event, std::string& out);
    void continue_block(const AnthropicEvent& event, std::string& out);
    void think(Block& block, std::string_view words, std::string& out);
    void end_block(Block& block, std::string& out);
    void end(std::string& out, StreamFacts& facts);
    void fail(std::string message, StreamFacts& facts);

    OpenAiChunkWriter m_writer;
    SseParser m_parser;
    AnthropicEventFacts m_facts;
    std::map<std::uint64_t, Block> m_blocks; ///< those open, by index
    std::string m_stop_reason;
    std::size_t m_tool_calls = 0;
    const std::size_t m_limit; ///< of an event, and of the thinking that is kept to be handed out whole
    const bool m_include_usage;
    bool m_begun = false;
    bool m_over = false;
    bool m_ended = false; ///< no more bytes will come
};

} // namespace tokenscope::llm
