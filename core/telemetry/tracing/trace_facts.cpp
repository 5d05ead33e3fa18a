// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/trace_facts.h"

#include "telemetry/text.h"
#include "telemetry/tracing/trace_ids.h"

#include <cstring>
#include <string>
#include <utility>

namespace tokenscope::telemetry {

namespace {

template <typename Value>
Value read(std::string_view bytes)
{
    Value value{};
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

void begin_span(std::vector<SpanData>& out, std::size_t first, const TraceHead& head, std::string_view state,
                const FactReader& facts)
{
    const auto begun = read<Begun>(facts.payload());
    const bool is_first = out.size() == first;
    auto& span = out.emplace_back();
    span.trace_id = head.id;
    span.span_id = begun.id;
    span.parent_id = is_first ? head.parent : out[first + begun.parent].span_id;
    span.parent_is_remote = is_first && is_set(head.parent);
    span.flags = head.flags;
    span.trace_state = state;
    span.name = facts.fact().key();
    span.kind = begun.kind;
    span.start = begun.at;
}

void add_fact(SpanData& span, std::string_view key, FactKind kind, std::string_view payload)
{
    switch (kind) {
    case FactKind::begun: break;
    case FactKind::ended: span.end = read<UnixNanos>(payload); break;
    case FactKind::renamed: span.name = valid_utf8(payload); break;
    case FactKind::failed:
        span.status = SpanStatus::error;
        span.status_message = valid_utf8(payload);
        break;
    case FactKind::text: span.attributes.push_back({key, valid_utf8(payload)}); break;
    case FactKind::list: span.attributes.push_back({key, std::vector{valid_utf8(payload)}}); break;
    case FactKind::integer: span.attributes.push_back({key, read<std::int64_t>(payload)}); break;
    case FactKind::real: span.attributes.push_back({key, read<double>(payload)}); break;
    case FactKind::truth: span.attributes.push_back({key, read<bool>(payload)}); break;
    case FactKind::event: span.events.push_back({.name = key, .at = read<UnixNanos>(payload), .attributes = {}}); break;
    case FactKind::detail: span.events.back().attributes.push_back({key, valid_utf8(payload)}); break;
    }
}

} // namespace

bool FactReader::next()
{
    if (m_rest.empty())
        return false;
    m_fact = read<Fact>(m_rest);
    m_payload = m_rest.substr(sizeof m_fact, m_fact.payload_bytes());
    m_rest.remove_prefix(sizeof m_fact + m_fact.payload_bytes());
    return true;
}

TraceId TraceFacts::id() const
{
    return read<TraceHead>(m_bytes).id;
}

std::size_t TraceFacts::count() const
{
    return read<TraceHead>(m_bytes).spans;
}

std::size_t TraceFacts::lost() const
{
    return read<TraceHead>(m_bytes).lost;
}

void TraceFacts::append_spans(std::vector<SpanData>& out) const
{
    const auto head = read<TraceHead>(m_bytes);
    const auto first = out.size();
    const auto state = m_bytes.substr(sizeof head, head.state_bytes);
    for (FactReader facts(m_bytes.substr(sizeof head + head.state_bytes)); facts.next();) {
        const auto& fact = facts.fact();
        if (fact.kind() == FactKind::begun)
            begin_span(out, first, head, state, facts);
        else
            add_fact(out[first + fact.span()], fact.key(), fact.kind(), facts.payload());
    }
}

TraceSpans TraceFacts::spans() const
{
    std::vector<SpanData> spans;
    spans.reserve(count());
    append_spans(spans);
    return std::make_shared<const std::vector<SpanData>>(std::move(spans));
}

} // namespace tokenscope::telemetry
