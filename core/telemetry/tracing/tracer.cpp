// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/tracer.h"

#include "telemetry/tracing/trace_ids.h"

#include <memory>
#include <utility>

namespace tokenscope::telemetry {

Span Tracer::begin(const std::optional<TraceContext>& parent, Instant started, TraceContext& context) const
{
    if (parent) {
        context = child_of(*parent);
    } else {
        renew(context.trace_id, context.span_id);
        context.flags = m_sampler.samples(context.trace_id) ? TraceContext::sampled_flag : 0;
        context.tracestate.clear();
    }
    if (!context.sampled())
        return {};
    auto trace = std::make_unique<TraceBuffer>(m_sink, m_clock, context, parent ? parent->span_id : SpanId{});
    return {std::move(trace), SpanKind::server, started, context.span_id};
}

} // namespace tokenscope::telemetry
