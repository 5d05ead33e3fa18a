// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "telemetry/tracing/span_data.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace tokenscope::telemetry {

/// What became of a batch.
struct ExportOutcome {
    enum class Kind {
        accepted,  ///< though perhaps not all of it, see `rejected`
        try_again, ///< the collector cannot be reached or asks for patience
        refused,   ///< it will never take this batch
    };
    Kind kind = Kind::accepted;
    std::string message;        ///< one sentence, of anything but a full success
    std::uint64_t rejected = 0; ///< spans of an accepted batch that the collector says it dropped
    std::optional<std::chrono::milliseconds> retry_after; ///< asked for by the collector
};

/// Sends finished spans somewhere. Called on one thread, which it may block for `timeout` at most and leaves early once
/// cancelled (an outcome of `try_again`).
class SpanExporter {
public:
    virtual ~SpanExporter() = default;
    virtual ExportOutcome send(std::span<const SpanData> spans, std::chrono::milliseconds timeout,
                               CancelToken cancel) = 0;
};

} // namespace tokenscope::telemetry
