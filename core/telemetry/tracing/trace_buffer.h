// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/trace_context.h"
#include "telemetry/tracing/span_sink.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace tokenscope::telemetry {

/// Most of what one request may record. What is beyond is left out; a client decides some of it.
struct TraceLimits {
    static constexpr std::size_t spans = 128;
    static constexpr std::size_t attributes = 32; ///< of one span, and of one event
    static constexpr std::size_t events = 16;     ///< of one span
    static constexpr std::size_t text_bytes = 1024;
};

/// The spans of one request while it runs; `Span` is its only user. Belongs to the handles of the spans that have not
/// ended: the last of them hands everything on and deletes it. Times are the wall clock's of the request's start and
/// the monotonic clock's since, so that none runs backwards. Used on one thread.
class TraceBuffer {
public:
    using Index = std::uint32_t;

    /// Begins with the request's own span, which is open. `context` names that span; `parent` is the remote one's, or unset.
    TraceBuffer(SpanSink& sink, const Clock& clock, Instant started, const TraceContext& context, const SpanId& parent,
                SpanKind kind);

    SpanData& at(Index index) { return (*m_spans)[index]; }
    /// Nothing where there are too many already.
    std::optional<Index> open(Index parent, std::string_view name, SpanKind kind);
    /// The last one that closes deletes the buffer.
    void close(Index index) noexcept;
    UnixNanos now() const { return m_anchor + m_clock.now().time_since_epoch(); }

private:
    SpanSink& m_sink;
    const Clock& m_clock;
    const UnixNanos m_anchor; ///< 1970 + this = the epoch of the monotonic clock
    std::shared_ptr<std::vector<SpanData>> m_spans;
    std::size_t m_open = 1;
    std::size_t m_lost = 0;
};

} // namespace tokenscope::telemetry
