// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_sink.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// The last finished requests' spans, newest kept, for the console's waterfall. Readers ask "what is new since n" at their
/// own pace, and have the spans built for them. What is kept lies in large blocks, one behind the other, not between what
/// requests allocate and free: there each would hold on to a page. Thread-safe.
class SpanStore final : public SpanSink {
public:
    struct Limits {
        std::size_t traces = 2000;
        std::size_t bytes = std::size_t{8} << 20; ///< of all facts
    };

    SpanStore() : SpanStore(Limits{}) {}
    explicit SpanStore(Limits limits) : m_limits(limits) {}

    void finished(const TraceFacts& trace) override { keep(trace); }
    /// The same; the trace as it is kept.
    KeptTrace keep(const TraceFacts& trace);

    /// Everything kept of a trace, by its 32 hex digits: the spans of all requests that belong to it, in the order of their
    /// start. Null where there is nothing.
    TraceSpans trace(std::string_view trace_id) const;

    struct Entry {
        std::uint64_t sequence = 0; ///< rises by one with every request kept
        TraceSpans spans;           ///< never empty
    };
    /// Requests with a sequence above `sequence`, oldest first.
    std::vector<Entry> since(std::uint64_t sequence) const;

    struct Use {
        std::size_t traces = 0;
        std::size_t bytes = 0;  ///< of the heap: the blocks with their facts, of which two may be partly empty
        std::size_t budget = 0; ///< of facts
    };
    Use use() const;

private:
    /// Room in the block that is being filled, or in a new one.
    char* room(std::size_t bytes);

    const Limits m_limits;
    mutable std::mutex m_mutex;
    std::uint64_t m_last = 0;
    std::size_t m_bytes = 0;
    std::deque<KeptTrace> m_traces;
    std::shared_ptr<char[]> m_block; ///< lives on as long as a trace in it does
    std::size_t m_free = 0;          ///< bytes at its end
    std::size_t m_size = 0;
};

} // namespace tokenscope::telemetry
