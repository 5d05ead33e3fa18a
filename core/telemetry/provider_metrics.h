// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "llm/usage.h"
#include "telemetry/token_metrics.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tokenscope::telemetry {

/// One call of a provider: an attempt, of which a request with retries or fallbacks has several.
struct ProviderCall {
    std::string_view provider;
    std::string_view model;     ///< "unknown" until the backend has vouched for it
    std::string_view operation; ///< "generate", "generate_stream", "embed" or "rerank"
};

/// Source 001's view of the providers (family B), as hooks. InstrumentedProvider is the only caller. Thread-safe.
class ProviderMetrics {
public:
    virtual ~ProviderMetrics() = default;
    /// Of a stream: seconds from the call to its first byte. Once per stream that began.
    virtual void first_byte(const ProviderCall& call, Nanos ttfb, std::string_view trace_id) = 0;
    /// Chunks of a stream that have arrived since the last time this was called for it.
    virtual void chunks(const ProviderCall& call, std::uint64_t count) = 0;
    /// Exactly once per call, on whatever path it ends. `streamed`: how long the stream ran since its first byte; absent
    /// where none began. `trace_id`: of a sampled trace, else empty.
    virtual void finished(const ProviderCall& call, RequestStatus status, Nanos duration, std::optional<Nanos> streamed,
                          const llm::Usage& usage, std::string_view trace_id) = 0;
};

} // namespace tokenscope::telemetry
