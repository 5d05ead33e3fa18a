// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace tokenscope::telemetry {

/// The finished spans of one request, in the order in which they began: the first is that of the request itself.
using TraceSpans = std::shared_ptr<const std::vector<SpanData>>;

/// Takes finished spans. Thread-safe; must not block.
class SpanSink {
public:
    virtual ~SpanSink() = default;
    /// Once per sampled request, when its last span has ended. `lost`: how many there were beyond the cap.
    virtual void finished(TraceSpans spans, std::size_t lost) = 0;
};

} // namespace tokenscope::telemetry
