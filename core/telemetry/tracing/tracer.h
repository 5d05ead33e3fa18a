// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/observability.h"
#include "telemetry/tracing/sampler.h"
#include "telemetry/tracing/span.h"

#include <optional>

namespace tokenscope::telemetry {

/// Begins the traces of requests as one configuration wants them. Thread-safe.
class Tracer {
public:
    /// `sink` and `clock` must outlive the tracer and every span it began.
    Tracer(const config::Observability& settings, SpanSink& sink, const Clock& clock)
        : m_enabled(settings.tracing_on()), m_sampler(settings.tracing.sampler), m_sink(sink), m_clock(clock)
    {
    }

    /// Where not, requests belong to no trace of ours, and what they carry of others' is left alone.
    bool enabled() const { return m_enabled; }

    /// The span of a request with the parent that it named, if it did: the parent's flag decides whether it is recorded,
    /// else the sampler. Empty where not. `context` becomes that of the span: in logs, and the parent of what is asked
    /// upstream. Only for tracers that are enabled.
    Span begin(const std::optional<TraceContext>& parent, Instant started, TraceContext& context) const;

private:
    const bool m_enabled;
    const Sampler m_sampler;
    SpanSink& m_sink;
    const Clock& m_clock;
};

} // namespace tokenscope::telemetry
