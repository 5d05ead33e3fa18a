// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_sink.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <string_view>

namespace tokenscope::telemetry {

/// The last finished requests' spans, newest kept, for the console's waterfall. Readers ask "what is new since n" at their
/// own pace. Thread-safe.
class SpanStore final : public SpanSink {
public:
    struct Limits {
        std::size_t traces = 500;
        std::size_t bytes = std::size_t{32} << 20; ///< roughly, of all spans
    };

    SpanStore() : SpanStore(Limits{}) {}
    explicit SpanStore(Limits limits) : m_limits(limits) {}

    void finished(TraceSpans spans, std::size_t lost) override;

    /// Everything kept of a trace, by its 32 hex digits: the spans of all requests that belong to it, in the order of their
    /// start. Null where there is nothing.
    TraceSpans trace(std::string_view trace_id) const;

    struct Entry {
        std::uint64_t sequence = 0; ///< rises by one with every request kept
        TraceSpans spans;           ///< never empty
        std::size_t bytes = 0;
    };
    /// Requests with a sequence above `sequence`, oldest first.
    std::vector<Entry> since(std::uint64_t sequence) const;

private:
    const Limits m_limits;
    mutable std::mutex m_mutex;
    std::uint64_t m_last = 0;
    std::size_t m_bytes = 0;
    std::deque<Entry> m_entries;
};

} // namespace tokenscope::telemetry
