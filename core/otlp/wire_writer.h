// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tokenscope::otlp {

/// Writes messages in protobuf's wire format (protobuf.dev/programming-guides/encoding), as much of it as OTLP has.
/// Fields are written as they are asked for, also with their default values: leaving those out is the caller's choice.
class WireWriter {
public:
    void write_uint(std::uint32_t field, std::uint64_t value);
    /// int32, int64: a negative number takes ten bytes.
    void write_int(std::uint32_t field, std::int64_t value) { write_uint(field, static_cast<std::uint64_t>(value)); }
    void write_bool(std::uint32_t field, bool value) { write_uint(field, value ? 1 : 0); }
    void write_double(std::uint32_t field, double value);
    void write_fixed32(std::uint32_t field, std::uint32_t value);
    void write_fixed64(std::uint32_t field, std::uint64_t value);
    void write_bytes(std::uint32_t field, std::string_view bytes);
    /// Text, made valid UTF-8 first: one bad byte would make a strict reader refuse the whole batch.
    void write_string(std::uint32_t field, std::string_view text);

    /// A message inside this one: what `write` writes.
    template <class Write>
    void write_message(std::uint32_t field, Write write)
    {
        write_tag(field, length_delimited);
        const auto begin = m_bytes.size();
        write();
        insert_length(begin);
    }

    const std::string& bytes() const { return m_bytes; }
    std::string take() { return std::move(m_bytes); }

private:
    enum WireType : std::uint32_t { varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };

    void write_tag(std::uint32_t field, WireType type);
    /// Puts the length of what follows `begin` in front of it.
    void insert_length(std::size_t begin);

    std::string m_bytes;
};

} // namespace tokenscope::otlp
