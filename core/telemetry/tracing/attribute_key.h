// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tokenscope::telemetry {

/// The key of a span's attribute: a literal, which need not be copied. Its bit is known when the program is compiled, and
/// tells a span at once that a key is new to it.
class AttributeKey {
public:
    template <std::size_t Size>
    consteval AttributeKey(const char (&text)[Size]) : AttributeKey(std::string_view(text, Size - 1))
    {
    }
    /// `text` must last as long as the program.
    constexpr explicit AttributeKey(std::string_view text) : m_text(text), m_bit(bit_of(text)) {}

    constexpr std::string_view text() const { return m_text; }
    /// One of 64.
    constexpr std::uint64_t bit() const { return m_bit; }

private:
    static constexpr std::uint64_t bit_of(std::string_view text)
    {
        std::uint64_t hash = 13; // FNV-1a, but for this: so the keys of one span differ
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        return std::uint64_t{1} << (hash >> 58);
    }

    std::string_view m_text;
    std::uint64_t m_bit;
};

} // namespace tokenscope::telemetry
