// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/gen_ai_recorder.h"
#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/request_metrics.h"

#include <array>

namespace tokenscope::telemetry {

/// Family E, and of the families D and F what is measured of single requests.
class RequestRecorder final : public RequestMetrics {
public:
    explicit RequestRecorder(SeriesFactory& factory);
    void finished(const RequestRecord& record) override;

private:
    enum class Part : std::size_t { parse, queue, connect, relay };
    static constexpr std::array<std::string_view, 4> part_names{"parse", "queue", "connect", "relay"};

    void record_waits(const RequestRecord& record, std::optional<Nanos> admission);
    void record_overhead(const RequestRecord& record, std::optional<Nanos> admission);
    void record_part(Part part, std::optional<Nanos> duration);
    void record_cost(const RequestRecord& record);

    GenAiRecorder m_gen_ai;
    Single<Counter> m_count;
    Single<Histogram> m_latency;
    std::array<Single<Histogram>, stage_count> m_stages; ///< by Stage
    Single<Histogram> m_queue_wait;
    Single<Histogram> m_overhead;
    Series<Histogram> m_parts;
    std::array<Remembered<Histogram>, part_names.size()> m_part_series; ///< by Part
    Series<Counter> m_cost;
};

} // namespace tokenscope::telemetry
