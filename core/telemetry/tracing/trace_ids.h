// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_data.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

// Random and never all 0. Cheap: no system call, no allocation. Thread-safe.
TraceId new_trace_id();
SpanId new_span_id();

template <std::size_t Bytes>
bool is_set(const std::array<std::uint8_t, Bytes>& id)
{
    return id != std::array<std::uint8_t, Bytes>{};
}

/// An id's lower-case hex digits, without an allocation.
template <std::size_t Bytes>
class HexId {
public:
    explicit HexId(const std::array<std::uint8_t, Bytes>& id)
    {
        constexpr std::string_view digits = "0123456789abcdef";
        for (std::size_t i = 0; i < Bytes; ++i) {
            m_text[2 * i] = digits[id[i] >> 4];
            m_text[2 * i + 1] = digits[id[i] & 0xF];
        }
    }
    std::string_view view() const { return {m_text.data(), m_text.size()}; }

private:
    std::array<char, 2 * Bytes> m_text;
};

template <std::size_t Bytes>
std::string to_hex(const std::array<std::uint8_t, Bytes>& id)
{
    return std::string(HexId<Bytes>(id).view());
}

// From exactly so many lower-case hex digits, not all 0.
std::optional<TraceId> parse_trace_id(std::string_view hex);
std::optional<SpanId> parse_span_id(std::string_view hex);

} // namespace tokenscope::telemetry
