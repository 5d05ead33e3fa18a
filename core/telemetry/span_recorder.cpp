// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/span_recorder.h"

namespace tokenscope::telemetry {

SpanRecorder::SpanRecorder(SeriesFactory& factory)
    : m_dropped_family(factory.make<Counter>(Metric::spans_dropped)), m_dropped(m_dropped_family.at({}))
{
}

void SpanRecorder::dropped(SpanLoss, std::uint64_t spans)
{
    m_dropped.increment(spans);
}

} // namespace tokenscope::telemetry
