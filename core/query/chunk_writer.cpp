// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/chunk_writer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace tokenscope::query {

namespace {

constexpr unsigned value_bits = 1 + 1 + 5 + 6 + 64;
constexpr unsigned count_bits = 2 + 63;
constexpr unsigned step_bits = 3 + 63;
constexpr unsigned offset_bits = 3 + 6 + 64;
/// A window that is wider than needed by more than this is given up, although a new one costs 11 bits: else one noisy value
/// would make all that follow wide.
constexpr unsigned spare_width = 14;

std::uint64_t mask(unsigned count)
{
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

} // namespace

std::size_t ChunkWriter::needed(const ChunkSample& sample) const
{
    auto bits = m_info.bits + value_bits;
    if (m_run > 0)
        bits += count_bits;
    if (!empty() && sample.index != m_info.last + 1)
        bits += step_bits;
    if (sample.offset != m_offset)
        bits += offset_bits;
    return (bits + 7) / 8;
}

void ChunkWriter::reserve(std::size_t capacity)
{
    assert(capacity >= size());
    auto data = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    if (m_info.bits > 0)
        std::memcpy(data.get(), m_data.get(), size());
    m_data = std::move(data);
    m_capacity = static_cast<std::uint32_t>(capacity);
}

void ChunkWriter::write(std::uint64_t value, unsigned count)
{
    while (count > 0) {
        const auto used = m_info.bits % 8;
        const auto taken = std::min(8 - used, count);
        auto& byte = m_data[m_info.bits / 8];
        const auto part = static_cast<std::uint8_t>((value & mask(taken)) << used);
        byte = used == 0 ? part : static_cast<std::uint8_t>(byte | part);
        value = taken < 64 ? value >> taken : 0;
        count -= taken;
        m_info.bits += taken;
    }
}

void ChunkWriter::write_gamma(std::uint32_t value)
{
    const auto more = static_cast<unsigned>(std::bit_width(value)) - 1;
    write(mask(more), more + 1);
    write(value & mask(more), more);
}

void ChunkWriter::write_offset(std::int64_t offset)
{
    const auto change = static_cast<std::uint64_t>(offset) - static_cast<std::uint64_t>(m_offset);
    const auto zigzag = (change << 1) ^ (0 - (change >> 63));
    const auto width = std::max(1U, static_cast<unsigned>(std::bit_width(zigzag)));
    write(0b111, 3);
    write(width - 1, 6);
    write(zigzag, width);
    m_offset = offset;
    m_own_times = true;
}

void ChunkWriter::write_value(std::uint64_t bits)
{
    const auto change = bits ^ m_value;
    m_value = bits;
    const auto zeros = change == 0 ? 0U : static_cast<unsigned>(std::countl_zero(change));
    const auto leading = change == 0 ? 31U : std::min(31U, zeros);
    const auto trailing = change == 0 ? 32U : static_cast<unsigned>(std::countr_zero(change));
    const auto width = 64 - leading - trailing;
    const bool fits = m_width > 0 && (change == 0 || (zeros >= m_leading && trailing + m_leading + m_width >= 64));
    if (fits && m_width <= width + spare_width) {
        write(0b00, 2);
    } else {
        m_leading = static_cast<std::uint8_t>(leading);
        m_width = static_cast<std::uint8_t>(width);
        write(0b10 | leading << 2 | (width - 1) << 7, 13);
    }
    write(change >> (64 - m_leading - m_width), m_width);
}

void ChunkWriter::append(const ChunkSample& sample)
{
    assert(needed(sample) <= m_capacity);
    if (m_run > 0) {
        write(0b01, 2);
        write_gamma(m_run);
        m_run = 0;
    }
    if (empty()) {
        m_info.first = sample.index;
    } else if (const auto step = sample.index - m_info.last; step != 1) {
        write(0b011, 3);
        write_gamma(step == 0 ? 1 : step);
    }
    if (sample.offset != m_offset)
        write_offset(sample.offset);
    write_value(sample.bits);
    m_info.last = sample.index;
    ++m_info.samples;
}

SealedChunk ChunkWriter::copy() const
{
    const auto data = std::make_shared_for_overwrite<std::uint8_t[]>(size());
    if (m_info.bits > 0)
        std::memcpy(data.get(), m_data.get(), size());
    return {data, m_info, m_own_times};
}

void ChunkWriter::clear()
{
    m_info = {};
    m_value = 0;
    m_offset = 0;
    m_run = 0;
    m_leading = m_width = 0;
    m_own_times = false;
}

void ChunkWriter::release()
{
    clear();
    m_data.reset();
    m_capacity = 0;
}

} // namespace tokenscope::query
