// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/messages_writer.h"
#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

class JsonScratch;

/// Turns an OpenAI chat event stream, split anywhere, into Anthropic's.
///
/// Anthropic's blocks come one behind the other, each closed before the next; a chat may mix its deltas. So while a tool
/// call is being passed on, the arguments of later calls are kept, until text follows or the stream ends. Usage comes
/// in the chat's last chunk: message_delta waits for `[DONE]`.
///
/// An error event becomes `event: error`, after which nothing more is written. A stream that ends without `[DONE]`, or that
/// cannot be told in Anthropic's way (an event over the size limit, more held back than `hold_limit`, arguments for
/// a call that is over), stays incomplete, and the caller owes the client an error event. Events that are not JSON objects
/// are skipped.
class MessagesStream {
public:
    static constexpr std::size_t default_hold_limit = std::size_t{8} << 20;
    static constexpr std::size_t most_calls = 1024;

    /// `writer.model` is what the client reads if the upstream names no model; `stops` are the request's stop sequences.
    MessagesStream(MessagesWriter writer, std::vector<std::string> stops, std::size_t hold_limit = default_hold_limit);
    ~MessagesStream();
    MessagesStream(MessagesStream&&) noexcept;
    MessagesStream& operator=(MessagesStream&&) noexcept;

    void feed(std::string_view bytes, std::string& out);
    void finish(std::string& out);
    /// message_stop has been written.
    bool complete() const { return m_complete; }

private:
    enum class Block { none, text, thinking, tool };
    struct Call {
        ChatCall so_far; ///< `arguments`: those not passed on yet
        bool over = false;
    };

    void take(const SseParser::Event& event, std::string& out);
    void begin(std::string& out);
    void add_text(Block kind, std::string_view text, std::string& out);
    void add_call(ChatCall piece, std::string& out);
    Call* call_of(const ChatCall& piece);
    void pass_on(std::size_t number, std::string& out);
    void end_calls(std::string& out);
    void close_block(std::string& out);
    void end(std::string& out);

    MessagesWriter m_writer;
    std::vector<std::string> m_stops;
    SseParser m_parser;
    std::unique_ptr<JsonScratch> m_scratch;
    std::unique_ptr<ChatPiece> m_piece;
    StreamFacts m_facts; ///< of the whole stream so far
    std::vector<Call> m_calls;
    std::string m_stop;
    std::size_t m_current_call = 0; ///< the first one that is not over
    std::size_t m_block_index = 0;  ///< of the open block, or the next one
    std::size_t m_held = 0;         ///< bytes of arguments kept
    std::size_t m_hold_limit;
    Block m_block = Block::none;
    bool m_begun = false;
    bool m_called = false; ///< a tool block has been written
    bool m_refused = false;
    bool m_broken = false;
    bool m_complete = false;
};

} // namespace tokenscope::llm
