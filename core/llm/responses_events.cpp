// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/responses_events.h"

#include <fmt/format.h>

namespace tokenscope::llm {

namespace {

using Kind = OutputItem::Kind;

std::string part_json(Kind kind, const OutputItem::Part& part)
{
    std::string out;
    ObjectWriter object(out);
    if (kind == Kind::reasoning) {
        object.text("type", "reasoning_text");
        object.text("text", part.text);
    } else if (part.refusal) {
        object.text("type", "refusal");
        object.text("refusal", part.text);
    } else {
        object.text("type", "output_text");
        object.raw("annotations", "[]");
        object.raw("logprobs", "[" + part.logprobs + "]");
        object.text("text", part.text);
    }
    object.end();
    return out;
}

/// What the events of a part are called: "response.<name>.delta".
std::string_view part_name(const OutputItem& item)
{
    if (item.kind == Kind::reasoning)
        return "reasoning_text";
    return item.parts.back().refusal ? "refusal" : "output_text";
}

} // namespace

std::string OutputItem::json(std::string_view status) const
{
    std::string out;
    ObjectWriter object(out);
    object.text("id", id);
    if (kind == Kind::call) {
        object.text("type", "function_call");
        object.text("status", status);
        object.text("arguments", arguments);
        object.text("call_id", call_id);
        object.text("name", name);
        object.end();
        return out;
    }
    object.text("type", kind == Kind::message ? "message" : "reasoning");
    object.text("status", status);
    if (kind == Kind::reasoning)
        object.raw("summary", "[]");
    object.begin("content");
    out += '[';
    for (const Part& part : parts)
        out.append(&part == &parts.front() ? "" : ",").append(part_json(kind, part));
    out += ']';
    if (kind == Kind::message)
        object.text("role", "assistant");
    object.end();
    return out;
}

/// One event; it is whole when this goes out of scope.
class ResponsesEvents::Event {
public:
    Event(std::string& out, std::string_view type, std::size_t number) : m_out(out), m_writer(begin(out, type))
    {
        m_writer.text("type", type);
        m_writer.raw("sequence_number", std::to_string(number));
    }
    Event(std::string& out, std::string_view type, std::size_t number, const OutputItem& item)
        : Event(out, type, number)
    {
        m_writer.text("item_id", item.id);
        m_writer.raw("output_index", std::to_string(item.index));
        if (!item.parts.empty())
            m_writer.raw("content_index", std::to_string(item.parts.size() - 1));
    }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event()
    {
        m_writer.end();
        m_out += "\n\n";
    }
    ObjectWriter* operator->() { return &m_writer; }

private:
    static ObjectWriter begin(std::string& out, std::string_view type)
    {
        out.append("event: ").append(type).append("\ndata: ");
        return ObjectWriter(out);
    }

    std::string& m_out;
    ObjectWriter m_writer;
};

void ResponsesEvents::response(std::string& out, std::string_view what, std::string_view response)
{
    Event event(out, fmt::format("response.{}", what), m_number++);
    event->raw("response", response);
}

void ResponsesEvents::item_added(std::string& out, const OutputItem& item)
{
    Event event(out, "response.output_item.added", m_number++);
    event->raw("output_index", std::to_string(item.index));
    event->raw("item", item.json("in_progress"));
}

void ResponsesEvents::item_done(std::string& out, const OutputItem& item, std::string_view status)
{
    Event event(out, "response.output_item.done", m_number++);
    event->raw("output_index", std::to_string(item.index));
    event->raw("item", item.json(status));
}

void ResponsesEvents::part_added(std::string& out, const OutputItem& item)
{
    Event event(out, "response.content_part.added", m_number++, item);
    event->raw("part", part_json(item.kind, item.parts.back()));
}

void ResponsesEvents::part_delta(std::string& out, const OutputItem& item, std::string_view text,
                                 std::string_view logprobs)
{
    Event event(out, fmt::format("response.{}.delta", part_name(item)), m_number++, item);
    event->text("delta", text);
    if (part_name(item) == "output_text")
        event->raw("logprobs", fmt::format("[{}]", logprobs));
}

void ResponsesEvents::part_done(std::string& out, const OutputItem& item)
{
    const OutputItem::Part& part = item.parts.back();
    {
        Event event(out, fmt::format("response.{}.done", part_name(item)), m_number++, item);
        event->text(part.refusal ? "refusal" : "text", part.text);
        if (part_name(item) == "output_text")
            event->raw("logprobs", fmt::format("[{}]", part.logprobs));
    }
    Event event(out, "response.content_part.done", m_number++, item);
    event->raw("part", part_json(item.kind, part));
}

void ResponsesEvents::arguments_delta(std::string& out, const OutputItem& item, std::string_view text)
{
    Event event(out, "response.function_call_arguments.delta", m_number++, item);
    event->text("delta", text);
}

void ResponsesEvents::arguments_done(std::string& out, const OutputItem& item)
{
    Event event(out, "response.function_call_arguments.done", m_number++, item);
    event->text("arguments", item.arguments);
    event->text("name", item.name);
}

} // namespace tokenscope::llm
