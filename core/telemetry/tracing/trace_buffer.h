// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/trace_context.h"
#include "telemetry/tracing/span_sink.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
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

/// The facts of one request's spans while it runs; `Span` is its only user. Belongs to the handles of the spans that have not
/// ended: the last of them hands everything on and deletes it. Times are the wall clock's of the request's start and
/// the monotonic clock's since, so that none runs backwards. Used on one thread.
class TraceBuffer {
public:
    using Index = std::uint8_t;
    static_assert(TraceLimits::spans <= std::size_t{1} << (8 * sizeof(Index)));

    TraceBuffer(SpanSink& sink, const Clock& clock, const TraceContext& context, const SpanId& parent);
    TraceBuffer(const TraceBuffer&) = delete;
    TraceBuffer& operator=(const TraceBuffer&) = delete;

    /// Nothing where there are too many already.
    std::optional<Index> open(std::string_view name, const Begun& begun);
    /// The last one that closes deletes the buffer.
    void close(Index index) noexcept;

    template <typename Value>
    void add(Fact fact, const Value& value)
    {
        std::memcpy(room(fact, sizeof value), &value, sizeof value);
    }
    /// Cut at TraceLimits::text_bytes, but not in the middle of a character.
    void add_text(Fact fact, std::string_view text);
    /// To the text that these parts make together.
    void rename(Index span, std::initializer_list<std::string_view> parts);
    /// Removes an attribute. False where there is none of that key.
    bool forget(Index span, std::string_view key);

    UnixNanos now() const { return at(m_clock.now()); }
    UnixNanos at(Instant instant) const { return m_anchor + instant.time_since_epoch(); }

private:
    bool has_room(std::size_t payload) const { return sizeof(Fact) + payload <= m_size - m_used; }
    /// For the payload of a new fact.
    char* room(Fact fact, std::size_t payload)
    {
        fact = fact.with_payload(payload);
        if (!has_room(payload))
            grow(sizeof fact + payload);
        auto* const at = m_bytes + m_used;
        m_used += sizeof fact + payload;
        std::memcpy(at, &fact, sizeof fact);
        return at + sizeof fact;
    }
    void add_long_text(Fact fact, std::string_view text);
    /// Until there is room for `more` bytes.
    void grow(std::size_t more);

    SpanSink& m_sink;
    const Clock& m_clock;
    const UnixNanos m_anchor; ///< 1970 + this = the epoch of the monotonic clock
    TraceHead m_head;         ///< its place is kept free at the front
    std::uint32_t m_open = 0;
    char* m_bytes = m_first.data();
    std::size_t m_used = sizeof(TraceHead);
    std::size_t m_size = m_first.size();
    std::unique_ptr<char[]> m_more; ///< in place of the first ones, once they are too few
    /// Enough for most requests, and together with the rest what an allocator has at hand.
    std::array<char, 896> m_first;
};

} // namespace tokenscope::telemetry
