// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/gen_ai_recorder.h"
#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/registry/total_series.h"
#include "telemetry/request_metrics.h"
#include "telemetry/traffic_recorder.h"

#include <array>

namespace tokenscope::telemetry {

/// What is measured of single requests in the families A, D, E and F, but for the latencies of their tokens.
class RequestRecorder final : public RequestMetrics {
public:
    explicit RequestRecorder(SeriesFactory& factory);
    void finished(const RequestRecord& record) override;

private:
    /// Of the gateway's own overhead.
    enum Part : std::size_t { parse, queue, connect, relay };
    static constexpr std::array<std::string_view, 4> part_names{"parse", "queue", "connect", "relay"};

    struct Bundle {
        TrafficRecorder::Bundle traffic;
        GenAiRecorder::Bundle gen_ai;
        Remembered<Amount> dollars;
    };

    void record_model(const RequestRecord& record, std::string_view trace);
    void record_stages(const RequestRecord& record, std::optional<Nanos> admission);
    void record_overhead(const RequestRecord& record, std::string_view trace);
    void record_cost(const RequestRecord& record, Bundle& series);

    TrafficRecorder m_traffic;
    GenAiRecorder m_gen_ai;
    Bundles<Bundle> m_bundles; ///< by the backend and family E's labels, of which the model is one
    TotalSeries m_totals;
    const Histogram::Context m_admission_context;
    Histogram m_admission; ///< of requests without stages: their only wait, in three families
    std::array<FixedSeries<Histogram>, stage_count> m_stages; ///< by Stage
    FixedSeries<Histogram> m_queue_wait;
    FixedSeries<Histogram> m_overhead;
    FixedSeries<Histogram, part_names.size()> m_parts; ///< by Part
    Series<Amount> m_cost;
};

} // namespace tokenscope::telemetry
