// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace tokenscope::telemetry {

/// Why spans did not reach the collector.
enum class SpanLoss {
    trace_full, ///< one request had too many
    queue_full, ///< the collector does not keep up, or is down
    refused,    ///< by the collector, or the exporter failed at them
    gave_up,    ///< tried again and again for too long
    shutdown,   ///< not sent before the deadline
};

/// The spans of family F, as a hook. Thread-safe.
class SpanMetrics {
public:
    virtual ~SpanMetrics() = default;
    virtual void dropped(SpanLoss why, std::uint64_t spans) = 0;
};

} // namespace tokenscope::telemetry
