// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tokenscope::otlp {

/// Steps through the fields of one protobuf message that somebody else wrote. Every length and number is checked; nothing
/// is read beyond the message.
class WireReader {
public:
    struct Field {
        std::uint32_t number = 0;
        std::uint64_t value = 0;              ///< of a varint, fixed32 or fixed64
        std::optional<std::string_view> data; ///< of text, bytes and messages; points into the message

        std::int64_t as_int() const { return static_cast<std::int64_t>(value); }
    };

    explicit WireReader(std::string_view message) : m_rest(message) {}

    /// The next field; nothing at the message's end, and from the first fault on. Groups, which nobody writes any more,
    /// are a fault.
    std::optional<Field> next();
    bool malformed() const { return m_malformed; }

private:
    std::optional<std::uint64_t> take_varint();
    std::optional<std::uint64_t> take_fixed(std::size_t size);
    std::optional<Field> fail();

    std::string_view m_rest;
    bool m_malformed = false;
};

} // namespace tokenscope::otlp
