// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

namespace tokenscope::telemetry {

/// Takes finished records. Thread-safe.
class RecordSink {
public:
    virtual ~RecordSink() = default;
    virtual void publish(RequestRecord record) = 0;
};

} // namespace tokenscope::telemetry
