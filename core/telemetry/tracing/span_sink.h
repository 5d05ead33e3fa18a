// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/trace_facts.h"

namespace tokenscope::telemetry {

/// Takes finished spans. Thread-safe; must not block.
class SpanSink {
public:
    virtual ~SpanSink() = default;
    /// Once per sampled request, when its last span has ended. The facts must be copied: they are gone afterwards.
    virtual void finished(const TraceFacts& trace) = 0;
};

} // namespace tokenscope::telemetry
