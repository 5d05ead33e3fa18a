// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// The finished spans of one request, in the order in which they began: the first is that of the request itself.
using TraceSpans = std::shared_ptr<const std::vector<SpanData>>;

/// What the spans of a finished request are built from once somebody reads them: one block of bytes, about a tenth of what
/// the spans take. It is a TraceHead, the trace's state, and then facts in the order in which they became known. It points to
/// the literals of this process and makes sense in no other. Only looks at the bytes; see KeptTrace.
class TraceFacts {
public:
    explicit TraceFacts(std::string_view bytes) : m_bytes(bytes) {}

    std::string_view bytes() const { return m_bytes; }
    TraceId id() const;
    std::size_t count() const; ///< of spans, at least one
    std::size_t lost() const;  ///< how many there were beyond TraceLimits::spans

    void append_spans(std::vector<SpanData>& out) const;
    TraceSpans spans() const;

private:
    std::string_view m_bytes;
};

/// Facts with a share in the memory that they lie in.
class KeptTrace : public TraceFacts {
public:
    KeptTrace(std::shared_ptr<const char[]> block, std::string_view bytes)
        : TraceFacts(bytes), m_block(std::move(block))
    {
    }
    const char* block() const { return m_block.get(); } ///< that it shares with its neighbours

private:
    std::shared_ptr<const char[]> m_block;
};

struct TraceHead {
    TraceId id{};
    SpanId parent{}; ///< the remote one's, or unset
    std::uint32_t spans = 0;
    std::uint32_t lost = 0;
    std::uint32_t state_bytes = 0;
    std::uint8_t flags = 0;
};

enum class FactKind : std::uint8_t {
    begun,   ///< the next span; key: its name; payload: Begun
    ended,   ///< payload: its time
    renamed, ///< payload: text
    failed,  ///< payload: the error's message
    text,    ///< an attribute, as are the next four; payload: text
    list,    ///< of texts, of which there is one; payload: text
    integer, ///< std::int64_t
    real,    ///< double
    truth,   ///< bool
    event,   ///< key: its name; payload: its time
    detail,  ///< an attribute of the span's last event; payload: text
};

/// One of them. It is followed by its payload; nothing is aligned.
class Fact {
public:
    Fact() = default;
    /// `span`: counted from 0 in the order of their beginning. `key`: a literal.
    Fact(FactKind kind, std::uint8_t span, std::string_view key = {})
        : m_word(static_cast<std::uint64_t>(kind) | std::uint64_t{span} << 8
                 | std::uint64_t{static_cast<std::uint16_t>(key.size())} << 16),
          m_key(key.data())
    {
    }
    Fact with_payload(std::size_t bytes) const
    {
        auto fact = *this;
        fact.m_word |= std::uint64_t{bytes} << 32;
        return fact;
    }

    FactKind kind() const { return static_cast<FactKind>(m_word & 0xFF); }
    std::uint8_t span() const { return static_cast<std::uint8_t>(m_word >> 8); }
    std::string_view key() const { return {m_key, static_cast<std::uint16_t>(m_word >> 16)}; }
    std::size_t payload_bytes() const { return m_word >> 32; }

private:
    std::uint64_t m_word = 0; ///< one store instead of four
    const char* m_key = nullptr;
};

struct Begun {
    SpanId id{};
    UnixNanos at{};
    SpanKind kind = SpanKind::internal;
    std::uint32_t parent = 0; ///< of the request's own span, itself
};

/// Takes facts off the front.
class FactReader {
public:
    explicit FactReader(std::string_view facts) : m_rest(facts) {}

    /// False at the end.
    bool next();
    const Fact& fact() const { return m_fact; }
    std::string_view payload() const { return m_payload; }
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
    Fact m_fact;
    std::string_view m_payload;
};

} // namespace tokenscope::telemetry
