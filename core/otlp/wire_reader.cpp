// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/wire_reader.h"

namespace tokenscope::otlp {

std::optional<WireReader::Field> WireReader::fail()
{
    m_malformed = true;
    m_rest = {};
    return std::nullopt;
}

std::optional<std::uint64_t> WireReader::take_varint()
{
    constexpr std::size_t longest = 10;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < m_rest.size() && i < longest; ++i) {
        const auto byte = static_cast<unsigned char>(m_rest[i]);
        if (i + 1 == longest && byte > 1)
            return std::nullopt; // more than 64 bits
        value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
        if (byte < 0x80) {
            m_rest.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> WireReader::take_fixed(std::size_t size)
{
    if (m_rest.size() < size)
        return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(m_rest[i])) << (8 * i);
    m_rest.remove_prefix(size);
    return value;
}

std::optional<WireReader::Field> WireReader::next()
{
    if (m_rest.empty())
        return std::nullopt;
    const auto tag = take_varint();
    if (!tag || *tag >> 3 == 0 || *tag > 0xFFFF'FFFF)
        return fail();
    Field field{.number = static_cast<std::uint32_t>(*tag >> 3)};
    std::optional<std::uint64_t> value;
    switch (*tag & 7) {
    case 0: value = take_varint(); break;
    case 1: value = take_fixed(8); break;
    case 5: value = take_fixed(4); break;
    case 2: {
        value = take_varint();
        if (!value || *value > m_rest.size())
            return fail();
        field.data = m_rest.substr(0, *value);
        m_rest.remove_prefix(*value);
        break;
    }
    default: break;
    }
    if (!value)
        return fail();
    field.value = *value;
    return field;
}

} // namespace tokenscope::otlp
