// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/recorders.h"
#include "telemetry/tracing/span_metrics.h"

namespace tokenscope::telemetry {

/// The spans of family F: how many were dropped, whatever the cause.
class SpanRecorder final : public SpanMetrics {
public:
    explicit SpanRecorder(SeriesFactory& factory);
    void dropped(SpanLoss why, std::uint64_t spans) override;

private:
    Series<Counter> m_dropped_family;
    Counter& m_dropped;
};

} // namespace tokenscope::telemetry
