// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/live/live_requests.h"
#include "telemetry/request_record.h"

#include <QString>

#include <optional>

namespace tokenscope::ui {

/// What is said of a request in flight, and of one that has just ended.
struct LaneWords {
    static QString name(const telemetry::LiveRequest& request);
    static QString tag(const telemetry::LiveRequest& request); ///< the beginning of its id
    static QString state(const telemetry::LiveRequest& request, std::optional<double> tokensPerSecond);
    static QString outcome(const telemetry::RequestRecord& record);
    static QString ended(); ///< where it is not known how
    /// One line for each thing that is known of it, with its exact value. `record`: null while it is in flight.
    static QString details(const telemetry::LiveRequest& request, const telemetry::RequestRecord* record,
                           std::optional<double> tokensPerSecond);
};

} // namespace tokenscope::ui
