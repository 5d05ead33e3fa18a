// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/wire_writer.h"

#include "telemetry/text.h"

#include <bit>

namespace tokenscope::otlp {

namespace {

void append_varint(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

template <class Unsigned>
void append_little_endian(std::string& out, Unsigned value)
{
    for (std::size_t i = 0; i < sizeof value; ++i)
        out += static_cast<char>(value >> (8 * i));
}

} // namespace

void WireWriter::write_tag(std::uint32_t field, WireType type)
{
    append_varint(m_bytes, field << 3 | type);
}

void WireWriter::insert_length(std::size_t begin)
{
    std::string length;
    append_varint(length, m_bytes.size() - begin);
    m_bytes.insert(begin, length);
}

void WireWriter::write_uint(std::uint32_t field, std::uint64_t value)
{
    write_tag(field, varint);
    append_varint(m_bytes, value);
}

void WireWriter::write_double(std::uint32_t field, double value)
{
    write_fixed64(field, std::bit_cast<std::uint64_t>(value));
}

void WireWriter::write_fixed32(std::uint32_t field, std::uint32_t value)
{
    write_tag(field, fixed32);
    append_little_endian(m_bytes, value);
}

void WireWriter::write_fixed64(std::uint32_t field, std::uint64_t value)
{
    write_tag(field, fixed64);
    append_little_endian(m_bytes, value);
}

void WireWriter::write_bytes(std::uint32_t field, std::string_view bytes)
{
    write_tag(field, length_delimited);
    append_varint(m_bytes, bytes.size());
    m_bytes.append(bytes);
}

void WireWriter::write_string(std::uint32_t field, std::string_view text)
{
    write_bytes(field, telemetry::valid_utf8(text));
}

} // namespace tokenscope::otlp
