// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/tracer.h"

#include <memory>
#include <utility>

namespace tokenscope::telemetry {

Tracer::Request Tracer::begin(const std::optional<TraceContext>& parent, Instant started) const
{
    auto context = parent ? child_of(*parent) : new_trace();
    if (!parent && m_sampler.samples(context.trace_id))
        context.flags = TraceContext::sampled_flag;
    if (!context.sampled())
        return {.context = std::move(context), .span = {}};
    auto buffer = std::make_unique<TraceBuffer>(m_sink, m_clock, started, context, parent ? parent->span_id : SpanId{},
                                                SpanKind::server);
    return {.context = std::move(context), .span = Span(std::move(buffer))};
}

} // namespace tokenscope::telemetry
