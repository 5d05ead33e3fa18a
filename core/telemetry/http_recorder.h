// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/http_metrics.h"
#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"

namespace tokenscope::telemetry {

/// Family B, HTTP.
class HttpRecorder final : public HttpMetrics {
public:
    explicit HttpRecorder(SeriesFactory& factory);
    void started() override;
    void finished(const HttpEnd& end) override;

private:
    struct Bundle {
        Remembered<Counter> requests;
        Remembered<Histogram> duration, request_size, response_size;
    };

    Series<Counter> m_requests;
    Series<Histogram> m_duration;
    Series<Histogram> m_request_size;
    Series<Histogram> m_response_size;
    Bundles<Bundle> m_bundles; ///< by method, route and status
    Series<Gauge> m_in_flight_family;
    Gauge& m_in_flight;
};

} // namespace tokenscope::telemetry
