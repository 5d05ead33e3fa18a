// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

// Random and never all 0. Cheap: no system call, no allocation. Thread-safe.
TraceId new_trace_id();
SpanId new_span_id();
/// Both.
void renew(TraceId& trace, SpanId& span);

template <std::size_t Bytes>
bool is_set(const std::array<std::uint8_t, Bytes>& id)
{
    return id != std::array<std::uint8_t, Bytes>{};
}

/// Writes an id's lower-case hex digits to where there is room for them. In steps that a compiler turns into a few
/// instructions for all digits at once; a shorter id leaves some of them unused.
template <std::size_t Bytes>
void write_hex(char* to, const std::array<std::uint8_t, Bytes>& id)
{
    std::array<std::uint8_t, 16> bytes{};
    static_assert(Bytes <= bytes.size());
    std::memcpy(bytes.data(), id.data(), Bytes);
    std::array<std::int8_t, 2 * bytes.size()> digits;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        digits[2 * i] = static_cast<std::int8_t>(bytes[i] >> 4);
        digits[2 * i + 1] = static_cast<std::int8_t>(bytes[i] & 0xF);
    }
    for (auto& digit : digits)
        digit = static_cast<std::int8_t>(digit + '0' + (digit > 9 ? 'a' - '0' - 10 : 0));
    std::memcpy(to, digits.data(), 2 * Bytes);
}

/// An id's lower-case hex digits, without an allocation.
template <std::size_t Bytes>
class HexId {
public:
    explicit HexId(const std::array<std::uint8_t, Bytes>& id) { write_hex(m_text.data(), id); }
    std::string_view view() const { return {m_text.data(), m_text.size()}; }

private:
    std::array<char, 2 * Bytes> m_text;
};

template <std::size_t Bytes>
std::string to_hex(const std::array<std::uint8_t, Bytes>& id)
{
    std::string text(2 * Bytes, '0');
    write_hex(text.data(), id);
    return text;
}

/// The lower-case hex digits of a trace's id as a value without an allocation; empty where there is none.
class TraceText {
public:
    TraceText() = default;
    explicit TraceText(const TraceId& id) : m_set(true) { write_hex(m_text.data(), id); }
    /// What is no 32 characters long is none.
    TraceText(std::string_view text) : m_set(text.size() == m_text.size())
    {
        if (m_set)
            text.copy(m_text.data(), m_text.size());
    }
    TraceText(const char* text) : TraceText(std::string_view(text)) {}
    TraceText(const std::string& text) : TraceText(std::string_view(text)) {}

    bool empty() const { return !m_set; }
    std::string_view view() const { return {m_text.data(), m_set ? m_text.size() : 0}; }
    operator std::string_view() const { return view(); }
    bool operator==(const TraceText& other) const { return view() == other.view(); }

private:
    std::array<char, 2 * std::tuple_size_v<TraceId>> m_text{};
    bool m_set = false;
};

// From exactly so many lower-case hex digits, not all 0.
std::optional<TraceId> parse_trace_id(std::string_view hex);
std::optional<SpanId> parse_span_id(std::string_view hex);

} // namespace tokenscope::telemetry
