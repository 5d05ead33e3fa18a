// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/tracer.h"

#include <memory>
#include <utility>

namespace tokenscope::telemetry {

Span Tracer::begin(const std::optional<TraceContext>& parent, Instant started, TraceContext& context) const
{
    context = parent ? child_of(*parent) : new_trace();
    if (!parent && m_sampler.samples(context.trace_id))
        context.flags = TraceContext::sampled_flag;
    if (!context.sampled())
        return {};
    auto trace = std::make_unique<TraceBuffer>(m_sink, m_clock, context, parent ? parent->span_id : SpanId{});
    return {std::move(trace), SpanKind::server, started, context.span_id};
}

} // namespace tokenscope::telemetry
