// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/messages_stream.h"

#include "llm/json_scratch.h"
#include "llm/openai_facts.h"

#include <utility>

namespace tokenscope::llm {

MessagesStream::MessagesStream(MessagesWriter writer, std::vector<std::string> stops, std::size_t hold_limit)
    : m_writer(std::move(writer)), m_stops(std::move(stops)), m_scratch(std::make_unique<JsonScratch>()),
      m_piece(std::make_unique<ChatPiece>()), m_hold_limit(hold_limit)
{
}

MessagesStream::~MessagesStream() = default;
MessagesStream::MessagesStream(MessagesStream&&) noexcept = default;
MessagesStream& MessagesStream::operator=(MessagesStream&&) noexcept = default;

void MessagesStream::feed(std::string_view bytes, std::string& out)
{
    while (!bytes.empty() && !m_broken && !m_complete) {
        const SseParser::Step step = m_parser.take(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.found == SseParser::Found::event)
            take(step.event, out);
    }
}

void MessagesStream::finish(std::string& out)
{
    if (!m_broken && !m_complete)
        take(m_parser.finish(), out);
}

void MessagesStream::take(const SseParser::Event& event, std::string& out)
{
    m_broken = event.oversized;
    if (m_broken || !event.has_data)
        return;
    read_openai_event(*m_scratch, event.name, event.data, m_facts);
    if (m_facts.error) {
        m_broken = true;
        MessagesWriter::error(out, m_facts.error->message);
        return;
    }
    if (m_facts.done)
        return end(out);
    ChatPiece& piece = *m_piece;
    if (!read_chat_piece(*m_scratch, event.data, piece))
        return;
    begin(out);
    add_text(Block::thinking, piece.reasoning, out);
    add_text(Block::text, piece.content, out);
    m_refused = m_refused || !piece.refusal.empty();
    add_text(Block::text, piece.refusal, out);
    for (ChatCall& call : piece.calls)
        add_call(std::move(call), out);
    if (!piece.stop.empty())
        m_stop = std::move(piece.stop);
}

void MessagesStream::begin(std::string& out)
{
    if (std::exchange(m_begun, true))
        return;
    m_writer.model = m_facts.response_model.value_or(std::move(m_writer.model));
    m_writer.start(out);
}

void MessagesStream::add_text(Block kind, std::string_view text, std::string& out)
{
    if (text.empty() || m_broken)
        return;
    if (m_block != kind) {
        end_calls(out);
        close_block(out);
        m_block = kind;
        if (kind == Block::text)
            MessagesWriter::start_text(out, m_block_index);
        else
            MessagesWriter::start_thinking(out, m_block_index);
    }
    if (kind == Block::text)
        MessagesWriter::text(out, m_block_index, text);
    else
        MessagesWriter::thinking(out, m_block_index, text);
}

/// The call that a delta adds to, perhaps a new one. Null if there are too many.
MessagesStream::Call* MessagesStream::call_of(const ChatCall& piece)
{
    for (std::size_t i = m_calls.size(); i > 0; --i) {
        if (continues_call(m_calls[i - 1].so_far, piece))
            return &m_calls[i - 1];
        if (!piece.index)
            break;
    }
    if (m_calls.size() == most_calls)
        return nullptr;
    m_calls.emplace_back().so_far.index = piece.index;
    return &m_calls.back();
}

void MessagesStream::add_call(ChatCall piece, std::string& out)
{
    Call* call = m_broken ? nullptr : call_of(piece);
    m_broken = !call || (call->over && !piece.arguments.empty());
    if (m_broken || call->over)
        return;
    if (call->so_far.id.empty())
        call->so_far.id = std::move(piece.id);
    if (call->so_far.name.empty())
        call->so_far.name = std::move(piece.name);
    call->so_far.arguments += piece.arguments;
    m_held += piece.arguments.size();
    if (!m_calls[m_current_call].so_far.name.empty())
        pass_on(m_current_call, out);
    m_broken = m_held > m_hold_limit;
}

/// Writes what is known of a call, in a block of its own.
void MessagesStream::pass_on(std::size_t number, std::string& out)
{
    ChatCall& call = m_calls[number].so_far;
    if (m_block != Block::tool) {
        close_block(out);
        m_block = Block::tool;
        m_called = true;
        MessagesWriter::start_tool(out, m_block_index, m_writer.call_id(call.id, number), call.name);
    }
    if (!call.arguments.empty())
        MessagesWriter::input(out, m_block_index, call.arguments);
    m_held -= call.arguments.size();
    call.arguments.clear();
}

/// The calls so far are as complete as they will get.
void MessagesStream::end_calls(std::string& out)
{
    for (; m_current_call < m_calls.size(); ++m_current_call) {
        Call& call = m_calls[m_current_call];
        call.over = true;
        if (call.so_far.is_empty())
            continue;
        pass_on(m_current_call, out);
        close_block(out);
    }
}

void MessagesStream::close_block(std::string& out)
{
    if (std::exchange(m_block, Block::none) != Block::none)
        MessagesWriter::stop_block(out, m_block_index++);
}

void MessagesStream::end(std::string& out)
{
    begin(out);
    end_calls(out);
    close_block(out);
    MessagesWriter::end(
        out, messages_end(m_facts.finish_reason.value_or(std::string()), m_called, m_refused, m_stop, m_stops),
        m_facts.usage.value_or(Usage{}));
    m_complete = true;
}

} // namespace tokenscope::llm
