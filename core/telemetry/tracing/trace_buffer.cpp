// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/trace_buffer.h"

#include "base/shielded.h"
#include "telemetry/tracing/trace_ids.h"

#include <utility>

namespace tokenscope::telemetry {

namespace {

/// A server span, its queue and its provider, and one more.
constexpr std::size_t usual_spans = 4;

/// Most traces are kept for a while: what is reserved and not used costs memory.
std::size_t usual_attributes(SpanKind kind)
{
    switch (kind) {
    case SpanKind::server: return 5;
    case SpanKind::client: return 12;
    case SpanKind::internal: break;
    }
    return 2;
}

} // namespace

TraceBuffer::TraceBuffer(SpanSink& sink, const Clock& clock, Instant started, const TraceContext& context,
                         const SpanId& parent, SpanKind kind)
    : m_sink(sink), m_clock(clock), m_anchor(clock.unix_time() - clock.now().time_since_epoch()),
      m_spans(std::make_shared<std::vector<SpanData>>())
{
    m_spans->reserve(usual_spans);
    auto& root = m_spans->emplace_back();
    root.trace_id = context.trace_id;
    root.span_id = context.span_id;
    root.parent_id = parent;
    root.parent_is_remote = is_set(parent);
    root.flags = context.flags;
    root.trace_state = context.tracestate;
    root.kind = kind;
    root.start = m_anchor + started.time_since_epoch();
    root.attributes.reserve(usual_attributes(kind));
}

std::optional<TraceBuffer::Index> TraceBuffer::open(Index parent, std::string_view name, SpanKind kind)
{
    if (m_spans->size() >= TraceLimits::spans) {
        ++m_lost;
        return std::nullopt;
    }
    auto& span = m_spans->emplace_back();
    const auto& above = (*m_spans)[parent]; // after emplace_back, which may have moved it
    span.trace_id = above.trace_id;
    span.span_id = new_span_id();
    span.parent_id = above.span_id;
    span.flags = above.flags;
    span.trace_state = above.trace_state;
    span.name = name;
    span.kind = kind;
    span.start = now();
    span.attributes.reserve(usual_attributes(kind));
    ++m_open;
    return static_cast<Index>(m_spans->size() - 1);
}

void TraceBuffer::close(Index index) noexcept
{
    at(index).end = now();
    if (--m_open > 0)
        return;
    const std::unique_ptr<TraceBuffer> last(this);
    shielded([this] { m_sink.finished(std::move(m_spans), m_lost); });
}

} // namespace tokenscope::telemetry
