// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <string_view>

namespace tokenscope::telemetry {

/// The HTTP metrics of sources 001 and 002, as hooks. The metrics middleware is the only caller. Thread-safe.
class HttpMetrics {
public:
    virtual ~HttpMetrics() = default;
    virtual void started() = 0;
    /// `route` is a template such as "/v1/models/{id}" or "<unmatched>", never a raw path. `status` is what the client
    /// got, or 499 where it left first.
    virtual void finished(std::string_view method, std::string_view route, unsigned status, Nanos duration) = 0;
};

} // namespace tokenscope::telemetry
