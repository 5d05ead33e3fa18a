// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <string_view>

namespace tokenscope::telemetry {

/// A request that has ended.
struct HttpEnd {
    std::string_view method;
    std::string_view route; ///< a template such as "/v1/models/{id}" or "<unmatched>", never a raw path
    unsigned status = 0;    ///< what the client got, or 499 where it left first
    Nanos duration{};
    std::uint64_t request_bytes = 0;  ///< of body, as far as it was read
    std::uint64_t response_bytes = 0; ///< of body, as far as it was sent
    std::string_view trace_id;        ///< of a sampled trace, else empty
};

/// The HTTP metrics of sources 001 and 002, as hooks. The metrics middleware is the only caller. Thread-safe.
class HttpMetrics {
public:
    virtual ~HttpMetrics() = default;
    virtual void started() = 0;
    virtual void finished(const HttpEnd& end) = 0;
};

} // namespace tokenscope::telemetry
