// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// Who answered: the labels shared by every metric of family A. Both "unknown" until the request's model is resolved.
struct Target {
    std::string backend = "unknown";
    std::string model = "unknown";
    auto operator<=>(const Target&) const = default;
};

enum class RequestStatus { success, error };

/// What a chunk that carries tokens waited for after the chunk before; to be observed `tokens` times as gap/tokens.
struct TokenGap {
    Nanos gap{};
    std::uint32_t tokens = 0;
};

/// Metric family A as far as it is known while a stream runs, as hooks. RequestObservation is the only caller; tests pass a counting fake. `trace_id`: of a sampled
/// trace, else empty. Thread-safe.
class TokenMetrics {
public:
    virtual ~TokenMetrics() = default;
    /// Once per streamed request, at its first token; `latency` counts from the accept.
    virtual void first_token(const Target& target, Nanos latency, std::string_view trace_id) = 0;
    /// The later chunks that carry tokens, since the last time this was called for the stream. Tokens that arrive together
    /// with the first one have a gap of 0.
    virtual void inter_token(const Target& target, std::span<const TokenGap> gaps) = 0;
};

} // namespace tokenscope::telemetry
