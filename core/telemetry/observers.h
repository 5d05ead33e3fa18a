// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/pricing.h"
#include "telemetry/record_sink.h"
#include "telemetry/request_metrics.h"
#include "telemetry/token_metrics.h"

namespace tokenscope::telemetry {

class LiveBoard;

/// Everything that a RequestObservation reports to. All of it must outlive the observation.
struct Observers {
    TokenMetrics& tokens;
    RequestMetrics& requests;
    const Pricing* pricing = nullptr; ///< null: no prices are known
    RecordSink& records;
    const Clock& clock;
    LiveBoard* live = nullptr; ///< null: nobody looks at requests in flight
};

} // namespace tokenscope::telemetry
