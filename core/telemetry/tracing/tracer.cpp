// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/tracer.h"

#include <memory>
#include <utility>

namespace tokenscope::telemetry {

Tracer::Request Tracer::begin(const std::optional<TraceContext>& parent, Instant started) const
{
    Request request{.context = parent ? child_of(*parent) : new_trace(), .span = {}};
    auto& context = request.context;
    if (!parent && m_sampler.samples(context.trace_id))
        context.flags = TraceContext::sampled_flag;
    if (context.sampled())
        request.span =
            Span(std::make_unique<TraceBuffer>(m_sink, m_clock, context, parent ? parent->span_id : SpanId{}),
                 SpanKind::server, started, context.span_id);
    return request;
}

} // namespace tokenscope::telemetry
