// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span.h"

#include "telemetry/tracing/trace_ids.h"

namespace tokenscope::telemetry {

Span::Span(std::unique_ptr<TraceBuffer> trace, SpanKind kind, Instant started, const SpanId& id)
    : Span(trace.get(), {}, {.id = id, .at = trace->at(started), .kind = kind})
{
    static_cast<void>(trace.release()); // now it has an open span
}

Span::Span(TraceBuffer* trace, std::string_view name, const Begun& begun)
    : m_state{.keys = 0, .id = begun.id, .start = begun.at, .index = 0, .attributes = 0, .events = 0, .failed = false}
{
    if (const auto index = trace->open(name, begun)) {
        m_trace = trace;
        m_state.index = *index;
    }
}

Span Span::open_child(std::string_view name, SpanKind kind) const
{
    return {m_trace, name, {.id = new_span_id(), .at = m_trace->now(), .kind = kind, .parent = m_state.index}};
}

void Span::add_event(std::string_view name, std::initializer_list<Detail> details)
{
    if (m_state.events >= TraceLimits::events)
        return;
    m_trace->add({FactKind::event, m_state.index, name}, m_trace->now());
    ++m_state.events;
    std::size_t taken = 0;
    for (const auto& detail : details)
        if (taken++ < TraceLimits::attributes)
            m_trace->add_text({FactKind::detail, m_state.index, detail.key}, detail.text);
}

void Span::fail(std::string_view type, std::string_view message)
{
    if (!m_trace || std::exchange(m_state.failed, true))
        return;
    m_trace->add_text({FactKind::failed, m_state.index}, message);
    abandon(type, message);
}

void Span::abandon(std::string_view type, std::string_view message)
{
    set("error.type", type);
    event("error", {{"error.type", type}, {"error.message", message}});
}

} // namespace tokenscope::telemetry
