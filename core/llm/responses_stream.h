// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/chat_piece.h"
#include "llm/responses_events.h"
#include "llm/responses_items.h"
#include "llm/responses_object.h"
#include "llm/sse.h"
#include "llm/stream_facts.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// Turns an OpenAI chat event stream, split anywhere, into the events of a response; or a whole chat completion into a
/// Response object.
///
/// Items come one behind the other, each done before the next is added, as OpenAI has it: reasoning, messages, calls. Only
/// a call whose arguments are not yet a JSON object stays open beside the next one, because there are no rules for
/// the order in which a chat's calls grow. Usage comes in the chat's last chunk: the end waits for `[DONE]`. A reply that
/// ran into its limit, or a filter, is "incomplete", as is its last item.
///
/// An error event becomes response.failed, after which nothing more is written. A stream that ends without `[DONE]`, or
/// that cannot be told any further (an event over the size limit, a response over `limit`), stays incomplete, and the
/// caller owes the client an error event. Events that are not JSON objects are skipped.
class ResponsesStream {
public:
    static constexpr std::size_t default_limit = std::size_t{32} << 20;
    static constexpr std::size_t most_calls = 1024;

    /// `logprobs`: the client wants them.
    ResponsesStream(ResponseObject object, ResponseIds ids, bool logprobs, std::size_t limit = default_limit);
    ~ResponsesStream();
    ResponsesStream(ResponsesStream&&) noexcept;
    ResponsesStream& operator=(ResponsesStream&&) noexcept;

    void feed(std::string_view bytes, std::string& out);
    void finish(std::string& out);
    /// A whole chat completion and what it says about itself. Afterwards response() is the reply.
    void take_whole(ChatPiece piece, std::string_view chat_reply, const StreamFacts& facts);

    /// response.completed or response.incomplete has been written.
    bool complete() const { return m_complete; }
    /// The Response object as the client got it last, once it is complete.
    const std::string& response() const { return m_response; }

private:
    struct Call {
        ChatCall so_far; ///< `arguments`: those not passed on yet
        std::optional<std::size_t> item;
    };

    void take(const SseParser::Event& event, std::string& out);
    void add(ChatPiece& piece, std::string_view json, std::string& out);
    void begin(std::string& out);
    void add_text(OutputItem::Kind kind, bool refusal, std::string_view text, std::string logprobs, std::string& out);
    void add_call(ChatCall piece, std::string& out);
    Call* call_of(const ChatCall& piece);
    void pass_on(Call& call, std::string& out);
    OutputItem& open_item(OutputItem::Kind kind);
    void close(OutputItem& item, std::string_view status, std::string& out);
    /// All but calls that may still grow, unless those are over too.
    void close_open(bool calls_over, std::string& out);
    void end(std::string& out);
    void fail(std::string_view message, std::string& out);
    std::vector<std::string> output(std::string_view status_of_open) const;

    ResponseObject m_object;
    ResponseIds m_ids;
    ResponsesEvents m_events;
    SseParser m_parser;
    std::unique_ptr<JsonScratch> m_scratch;
    StreamFacts m_facts; ///< of the whole stream so far
    std::vector<OutputItem> m_items;
    std::vector<std::string> m_statuses; ///< of the items that are done
    std::vector<Call> m_calls;
    std::string m_response;
    std::size_t m_kept = 0; ///< bytes of text and arguments
    std::size_t m_limit;
    bool m_logprobs;
    bool m_begun = false;
    bool m_broken = false;
    bool m_complete = false;
};

} // namespace tokenscope::llm
