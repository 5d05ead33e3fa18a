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
    /// Of one status.
    struct Outcome {
        Remembered<Counter> requests;
        Remembered<Histogram> duration;
    };
    struct Bundle {
        Remembered<Histogram> request_size, response_size;
        Outcome ok; ///< of status 200, which is that of most
    };

    void record(Bundle& series, std::string_view method, const HttpEnd& end);
    void record_outcome(Outcome& outcome, std::string_view method, std::string_view status, const HttpEnd& end);
    void record_rare(std::string_view method, const HttpEnd& end);

    Series<Counter> m_requests;
    Series<Histogram> m_duration;
    Series<Histogram> m_request_size;
    Series<Histogram> m_response_size;
    Bundles<Bundle> m_bundles;   ///< by method and route
    Bundles<Outcome> m_outcomes; ///< by method, route and any other status than 200
    Series<Gauge> m_in_flight_family;
    Gauge& m_in_flight;
};

} // namespace tokenscope::telemetry
