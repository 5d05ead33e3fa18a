// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/trace_facts.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// A span at its place in the tree, or the stand-in for spans that are not there.
struct TraceRow {
    std::optional<std::size_t> span; ///< in TraceTree::spans(); absent: a stand-in
    std::string missing;             ///< of a stand-in: the id, in hex, that its children name as their parent
    bool loop = false;               ///< of a stand-in: its children are each other's parents
    std::optional<std::size_t> parent;
    std::vector<std::size_t> children; ///< in the order of their start
    std::size_t place = 0;             ///< among its parent's children, or among the top rows
    bool beforeParent = false;         ///< it starts before its parent does: the clocks disagree
    bool endsBeforeStart = false;      ///< its end is before its start: its length is not known
};

/// The spans of one trace by parentage, whatever is wrong with them: spans whose parent is not there stand below a row that
/// says so; those that are each other's parents, too. A parent in another process (the client's span) is not missing: nobody
/// here could have it. A tree deeper than `deepest` goes on flat.
class TraceTree {
public:
    static constexpr std::size_t deepest = 48;

    TraceTree() = default;
    /// `spans` may be null.
    explicit TraceTree(telemetry::TraceSpans spans);

    const std::vector<TraceRow>& rows() const { return m_rows; }
    const std::vector<std::size_t>& top() const { return m_top; }
    /// Null for a stand-in.
    const telemetry::SpanData* span(std::size_t row) const;
    telemetry::UnixNanos begin() const { return m_begin; }
    telemetry::UnixNanos end() const { return m_end; } ///< never before begin()
    std::size_t spanCount() const { return m_spans ? m_spans->size() : 0; }
    const telemetry::TraceSpans& spans() const { return m_spans; }
    /// Requests of this process that belong to the trace: its server spans.
    std::size_t requestCount() const;

private:
    void linkSpans();
    void adoptOrphans(const std::vector<std::size_t>& orphans);
    void breakLoops();
    void finish();
    std::size_t addStandIn();

    telemetry::TraceSpans m_spans;
    std::vector<TraceRow> m_rows; ///< of the spans first, in their order
    std::vector<std::size_t> m_top;
    telemetry::UnixNanos m_begin{};
    telemetry::UnixNanos m_end{};
};

/// The length of a span; absent where it ends before it starts.
std::optional<double> secondsOf(const telemetry::SpanData& span);

} // namespace tokenscope::ui
