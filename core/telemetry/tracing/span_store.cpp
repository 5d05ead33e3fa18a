// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_store.h"

#include "query/heap_bytes.h"
#include "telemetry/tracing/trace_ids.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tokenscope::telemetry {

namespace {

/// A size of the allocator's own: nothing is rounded up.
constexpr std::size_t usual_block = std::size_t{64} << 10;
static_assert(query::heap_bytes(usual_block) == usual_block);

/// What a block takes of the heap.
std::size_t taken_by(std::size_t block)
{
    // Of the shared pointer: a block of their own, so that they do not round this one up.
    constexpr std::size_t counters = 24;
    return query::heap_bytes(block) + query::heap_bytes(counters);
}

} // namespace

char* SpanStore::room(std::size_t bytes)
{
    if (bytes > m_free) {
        m_size = std::max(bytes, usual_block);
        m_block = std::shared_ptr<char[]>(new char[m_size]);
        m_free = m_size;
    }
    auto* const at = m_block.get() + (m_size - m_free);
    m_free -= bytes;
    return at;
}

KeptTrace SpanStore::keep(const TraceFacts& trace)
{
    const auto bytes = trace.bytes();
    const std::lock_guard lock(m_mutex);
    auto* const at = room(bytes.size());
    std::memcpy(at, bytes.data(), bytes.size());
    KeptTrace kept(m_block, {at, bytes.size()});
    m_traces.push_back(kept);
    ++m_last;
    m_bytes += bytes.size();
    while (!m_traces.empty() && (m_traces.size() > m_limits.traces || m_bytes > m_limits.bytes)) {
        m_bytes -= m_traces.front().bytes().size();
        m_traces.pop_front();
    }
    if (m_traces.empty()) { // it was larger than the budget, and its block is
        m_block.reset();
        m_free = 0;
    }
    return kept;
}

TraceSpans SpanStore::trace(std::string_view trace_id) const
{
    const auto id = parse_trace_id(trace_id);
    if (!id)
        return nullptr;
    std::vector<KeptTrace> found;
    {
        const std::lock_guard lock(m_mutex);
        std::copy_if(m_traces.begin(), m_traces.end(), std::back_inserter(found),
                     [&id](const KeptTrace& trace) { return trace.id() == *id; });
    }
    if (found.empty())
        return nullptr;
    std::vector<SpanData> all;
    for (const auto& trace : found)
        trace.append_spans(all);
    if (found.size() > 1)
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
    return std::make_shared<const std::vector<SpanData>>(std::move(all));
}

std::vector<SpanStore::Entry> SpanStore::since(std::uint64_t sequence) const
{
    std::vector<KeptTrace> fresh;
    std::uint64_t last = 0;
    {
        const std::lock_guard lock(m_mutex);
        last = m_last;
        // Sequences are dense, so the newest are those asked for.
        const auto count = std::min<std::uint64_t>(sequence < last ? last - sequence : 0, m_traces.size());
        fresh.assign(m_traces.end() - static_cast<std::ptrdiff_t>(count), m_traces.end());
    }
    std::vector<Entry> entries;
    entries.reserve(fresh.size());
    auto number = last - fresh.size();
    for (const auto& trace : fresh)
        entries.push_back({++number, trace.spans()});
    return entries;
}

SpanStore::Use SpanStore::use() const
{
    const std::lock_guard lock(m_mutex);
    std::size_t bytes = m_traces.size() * sizeof(KeptTrace);
    const char* block = nullptr;
    for (const auto& trace : m_traces) {
        if (std::exchange(block, trace.block()) != trace.block())
            bytes += taken_by(std::max(trace.bytes().size(), usual_block));
    }
    if (m_block && m_block.get() != block)
        bytes += taken_by(m_size);
    return {.traces = m_traces.size(), .bytes = bytes, .budget = m_limits.bytes};
}

} // namespace tokenscope::telemetry
