// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/recorders.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/request_record.h"

namespace tokenscope::telemetry {

/// What of family A is known once a request has ended, and the estimated tokens of family F.
class TrafficRecorder {
public:
    struct Outcome {
        Remembered<Counter> requests;
        Remembered<Histogram> total;
    };
    /// Of one target.
    struct Bundle {
        Remembered<Counter> prompt, completion, total, estimated;
        Outcome success, error;
    };

    explicit TrafficRecorder(SeriesFactory& factory);
    void record(const RequestRecord& record, Bundle& series);

private:
    Series<Histogram> m_total;
    Series<Counter> m_tokens;
    Series<Counter> m_requests;
    Series<Counter> m_estimated;
};

} // namespace tokenscope::telemetry
