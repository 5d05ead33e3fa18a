// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/traffic_recorder.h"

namespace tokenscope::telemetry {

TrafficRecorder::TrafficRecorder(SeriesFactory& factory)
    : m_total(factory.make<Histogram>(Metric::total_latency)), m_tokens(factory.make<Counter>(Metric::model_tokens)),
      m_requests(factory.make<Counter>(Metric::requests)), m_estimated(factory.make<Counter>(Metric::estimated_tokens))
{
}

} // namespace tokenscope::telemetry
