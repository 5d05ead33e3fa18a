// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace tokenscope::telemetry {

/// What the gateway does with requests besides relaying them (family F), as hooks. Thread-safe.
class GatewayMetrics {
public:
    virtual ~GatewayMetrics() = default;
    /// `key` is a client key's name, or "anonymous".
    virtual void rate_limited(std::string_view key) = 0;
    /// A request is sent once more. `reason`: "unreachable", "reset", "timeout", "status_429", "status_5xx".
    virtual void retried(std::string_view provider, std::string_view reason) = 0;
};

} // namespace tokenscope::telemetry
