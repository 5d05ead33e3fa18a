// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_store.h"

#include "telemetry/tracing/trace_ids.h"

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

namespace {

std::size_t text_bytes(const std::vector<Attribute>& attributes)
{
    std::size_t bytes = attributes.capacity() * sizeof(Attribute);
    for (const auto& attribute : attributes)
        if (const auto* text = std::get_if<std::string>(&attribute.value))
            bytes += text->capacity();
    return bytes;
}

std::size_t bytes_of(const std::vector<SpanData>& spans)
{
    std::size_t bytes = spans.capacity() * sizeof(SpanData);
    for (const auto& span : spans) {
        bytes += span.name.capacity() + span.trace_state.capacity() + span.status_message.capacity()
                 + text_bytes(span.attributes) + span.events.capacity() * sizeof(SpanEvent);
        for (const auto& event : span.events)
            bytes += text_bytes(event.attributes);
    }
    return bytes;
}

} // namespace

void SpanStore::finished(TraceSpans spans, std::size_t)
{
    if (!spans || spans->empty())
        return;
    const auto bytes = bytes_of(*spans);
    std::vector<TraceSpans> forgotten; // freed without the lock
    const std::lock_guard lock(m_mutex);
    m_entries.push_back({++m_last, std::move(spans), bytes});
    m_bytes += bytes;
    while (!m_entries.empty() && (m_entries.size() > m_limits.traces || m_bytes > m_limits.bytes)) {
        m_bytes -= m_entries.front().bytes;
        forgotten.push_back(std::move(m_entries.front().spans));
        m_entries.pop_front();
    }
}

TraceSpans SpanStore::trace(std::string_view trace_id) const
{
    const auto id = parse_trace_id(trace_id);
    if (!id)
        return nullptr;
    std::vector<TraceSpans> found;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& entry : m_entries)
            if (entry.spans->front().trace_id == *id)
                found.push_back(entry.spans);
    }
    if (found.size() < 2)
        return found.empty() ? nullptr : found.front();
    std::vector<SpanData> all;
    for (const auto& spans : found)
        all.insert(all.end(), spans->begin(), spans->end());
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
    return std::make_shared<const std::vector<SpanData>>(std::move(all));
}

std::vector<SpanStore::Entry> SpanStore::since(std::uint64_t sequence) const
{
    const std::lock_guard lock(m_mutex);
    const auto first = std::find_if(m_entries.begin(), m_entries.end(),
                                    [sequence](const Entry& entry) { return entry.sequence > sequence; });
    return {first, m_entries.end()};
}

} // namespace tokenscope::telemetry
