// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

namespace tokenscope::telemetry {

/// What is measured of a model request as a whole, once it has ended: of family A all but the tokens' latencies, family E,
/// the histograms of family D, and of family F its cost, its estimated tokens and the gateway's own overhead. RequestObservation is the only caller. Thread-safe.
class RequestMetrics {
public:
    virtual ~RequestMetrics() = default;
    /// Exactly once per request, before its record is published.
    virtual void finished(const RequestRecord& record) = 0;
};

} // namespace tokenscope::telemetry
