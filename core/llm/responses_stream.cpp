// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_stream.h"

#include "llm/json_scan.h"
#include "llm/json_scratch.h"
#include "llm/openai_facts.h"

#include <utility>

namespace tokenscope::llm {

namespace {

using Kind = OutputItem::Kind;

constexpr unsigned max_depth = 256;

/// Why a chat ended early, in OpenAI's words for responses; empty if it did not.
std::string_view incomplete_reason(std::string_view finish_reason)
{
    if (finish_reason == "length" || finish_reason == "max_tokens")
        return "max_output_tokens";
    return finish_reason == "content_filter" ? "content_filter" : "";
}

bool is_json_object_text(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && text[begin] == '{' && !check_json(text, max_depth);
}

/// The elements of the first choice's logprobs.content, which both APIs write alike, without the brackets.
std::string logprobs_of(std::string_view chat)
{
    const auto begin = chat.find_first_not_of(" \t\r\n");
    std::string_view choice;
    if (begin == std::string_view::npos || check_json(chat, max_depth)
        || !JsonElements(find_json_value(chat.substr(begin), "choices").value_or("[]")).next(choice))
        return {};
    const auto content = find_json_value(find_json_value(choice, "logprobs").value_or("{}"), "content");
    if (!content || !is_json_array(*content))
        return {};
    return std::string(content->substr(1, content->size() - 2));
}

} // namespace

ResponsesStream::ResponsesStream(ResponseObject object, ResponseIds ids, bool logprobs, std::size_t limit)
    : m_object(std::move(object)), m_ids(std::move(ids)), m_scratch(std::make_unique<JsonScratch>()), m_limit(limit),
      m_logprobs(logprobs)
{
}

ResponsesStream::~ResponsesStream() = default;
ResponsesStream::ResponsesStream(ResponsesStream&&) noexcept = default;
ResponsesStream& ResponsesStream::operator=(ResponsesStream&&) noexcept = default;

void ResponsesStream::feed(std::string_view bytes, std::string& out)
{
    while (!bytes.empty() && !m_broken && !m_complete) {
        const SseParser::Step step = m_parser.take(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.found == SseParser::Found::event)
            take(step.event, out);
    }
}

void ResponsesStream::finish(std::string& out)
{
    if (!m_broken && !m_complete)
        take(m_parser.finish(), out);
}

void ResponsesStream::take(const SseParser::Event& event, std::string& out)
{
    m_broken = event.oversized;
    if (m_broken || !event.has_data)
        return;
    read_openai_event(*m_scratch, event.name, event.data, m_facts);
    if (m_facts.error)
        return fail(m_facts.error->message, out);
    if (m_facts.done)
        return end(out);
    ChatPiece piece;
    if (read_chat_piece(*m_scratch, event.data, piece))
        add(piece, event.data, out);
}

void ResponsesStream::take_whole(ChatPiece piece, std::string_view chat_reply, const StreamFacts& facts)
{
    m_facts = facts;
    std::erase_if(piece.calls, [](const ChatCall& call) { return call.is_empty(); });
    // Of a whole reply no call continues another, whatever their numbers say.
    for (std::size_t i = 0; i < piece.calls.size(); ++i)
        piece.calls[i].index = i;
    std::string events;
    add(piece, chat_reply, events);
    if (!m_broken)
        end(events);
}

void ResponsesStream::add(ChatPiece& piece, std::string_view json, std::string& out)
{
    begin(out);
    add_text(Kind::reasoning, false, piece.reasoning, {}, out);
    add_text(Kind::message, false, piece.content, m_logprobs ? logprobs_of(json) : std::string(), out);
    add_text(Kind::message, true, piece.refusal, {}, out);
    for (ChatCall& call : piece.calls)
        add_call(std::move(call), out);
    m_broken = m_broken || m_kept > m_limit;
}

void ResponsesStream::begin(std::string& out)
{
    if (m_facts.response_model && !m_begun)
        m_object.set_model(*m_facts.response_model);
    if (std::exchange(m_begun, true))
        return;
    const auto response = m_object.write({});
    m_events.response(out, "created", response);
    m_events.response(out, "in_progress", response);
}

OutputItem& ResponsesStream::open_item(Kind kind)
{
    constexpr std::string_view types[] = {"message", "function_call", "reasoning"};
    OutputItem& item = m_items.emplace_back();
    item.kind = kind;
    item.id = m_ids.next_item(types[static_cast<std::size_t>(kind)]);
    item.index = m_items.size() - 1;
    m_statuses.emplace_back();
    return item;
}

void ResponsesStream::add_text(Kind kind, bool refusal, std::string_view text, std::string logprobs, std::string& out)
{
    if (text.empty())
        return;
    if (m_items.empty() || !m_items.back().open || m_items.back().kind != kind) {
        close_open(true, out);
        m_events.item_added(out, open_item(kind));
    }
    OutputItem& item = m_items.back();
    if (item.parts.empty() || item.parts.back().refusal != refusal) {
        if (!item.parts.empty())
            m_events.part_done(out, item);
        item.parts.push_back({.refusal = refusal});
        m_events.part_added(out, item);
    }
    OutputItem::Part& part = item.parts.back();
    part.text += text;
    if (!logprobs.empty())
        part.logprobs.append(part.logprobs.empty() ? "" : ",").append(logprobs);
    m_kept += text.size() + logprobs.size();
    m_events.part_delta(out, item, text, logprobs);
}

/// The call that a delta adds to, perhaps a new one. Null if there are too many.
ResponsesStream::Call* ResponsesStream::call_of(const ChatCall& piece)
{
    for (auto call = m_calls.rbegin(); call != m_calls.rend(); ++call) {
        if (continues_call(call->so_far, piece))
            return &*call;
        if (!piece.index)
            break;
    }
    if (m_calls.size() == most_calls)
        return nullptr;
    m_calls.emplace_back().so_far.index = piece.index;
    return &m_calls.back();
}

void ResponsesStream::add_call(ChatCall piece, std::string& out)
{
    Call* call = m_broken ? nullptr : call_of(piece);
    m_broken = !call;
    if (m_broken)
        return;
    if (call->so_far.id.empty())
        call->so_far.id = std::move(piece.id);
    if (call->so_far.name.empty())
        call->so_far.name = std::move(piece.name);
    call->so_far.arguments += piece.arguments;
    m_kept += piece.arguments.size();
    if (!call->so_far.name.empty())
        pass_on(*call, out);
}

/// Writes what is known of a call.
void ResponsesStream::pass_on(Call& call, std::string& out)
{
    if (!call.item) {
        close_open(false, out);
        OutputItem& item = open_item(Kind::call);
        item.call_id = call.so_far.id.empty() ? m_ids.next_call() : call.so_far.id;
        item.name = call.so_far.name;
        call.item = item.index;
        m_events.item_added(out, item);
    }
    const auto text = std::exchange(call.so_far.arguments, {});
    OutputItem& item = m_items[*call.item];
    // Complete JSON can only be followed by blanks; anything else has been closed too early to be told.
    if (!item.open) {
        m_broken = text.find_first_not_of(" \t\r\n") != std::string::npos;
        return;
    }
    if (text.empty())
        return;
    m_events.arguments_delta(out, item, text);
    item.arguments += text;
}

void ResponsesStream::close(OutputItem& item, std::string_view status, std::string& out)
{
    if (item.kind == Kind::call)
        m_events.arguments_done(out, item);
    else
        m_events.part_done(out, item);
    m_events.item_done(out, item, status);
    item.open = false;
    m_statuses[item.index] = status;
}

void ResponsesStream::close_open(bool calls_over, std::string& out)
{
    for (OutputItem& item : m_items) {
        const bool growing = item.kind == Kind::call && !calls_over && !is_json_object_text(item.arguments);
        if (item.open && !growing)
            close(item, "completed", out);
    }
}

std::vector<std::string> ResponsesStream::output(std::string_view status_of_open) const
{
    std::vector<std::string> items;
    for (const OutputItem& item : m_items)
        items.push_back(item.json(item.open ? status_of_open : std::string_view(m_statuses[item.index])));
    return items;
}

void ResponsesStream::end(std::string& out)
{
    begin(out);
    for (Call& call : m_calls)
        if (!call.item && !call.so_far.is_empty())
            pass_on(call, out); // a call without a name is the client's to refuse
    if (m_items.empty()) {
        OutputItem& item = open_item(Kind::message);
        m_events.item_added(out, item);
        item.parts.emplace_back();
        m_events.part_added(out, item);
    }
    const auto reason = incomplete_reason(m_facts.finish_reason.value_or(std::string()));
    for (OutputItem& item : m_items)
        if (item.open)
            close(item, reason.empty() || &item != &m_items.back() ? "completed" : "incomplete", out);
    const auto items = output({});
    m_response = m_object.write({.status = reason.empty() ? "completed" : "incomplete",
                                 .incomplete_reason = reason,
                                 .error = {},
                                 .output = &items,
                                 .usage = m_facts.usage.value_or(Usage{})});
    m_events.response(out, reason.empty() ? "completed" : "incomplete", m_response);
    m_complete = true;
}

void ResponsesStream::fail(std::string_view message, std::string& out)
{
    begin(out);
    m_broken = true;
    const auto items = output("incomplete");
    const auto response = m_object.write({.status = "failed",
                                          .incomplete_reason = {},
                                          .error = message,
                                          .output = &items,
                                          .usage = m_facts.usage.value_or(Usage{})});
    m_events.response(out, "failed", response);
}

} // namespace tokenscope::llm
