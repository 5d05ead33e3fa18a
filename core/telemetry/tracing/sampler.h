// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/observability.h"
#include "telemetry/tracing/span_data.h"

#include <cstdint>

namespace tokenscope::telemetry {

/// Which of the traces that begin here are recorded. Decides by the trace id alone, as OpenTelemetry's TraceIdRatioBased
/// does: from its last 8 bytes, so that samplers of the same rate elsewhere agree, and those of a higher one record all
/// that this one does (https://opentelemetry.io/docs/specs/otel/trace/sdk/#traceidratiobased).
class Sampler {
public:
    explicit Sampler(const config::Sampler& settings);
    bool samples(const TraceId& id) const;

private:
    std::uint64_t m_below; ///< of the last 8 bytes, as a big-endian number, halved
};

} // namespace tokenscope::telemetry
