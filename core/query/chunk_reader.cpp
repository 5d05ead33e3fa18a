// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/chunk_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tokenscope::query {

ChunkReader::ChunkReader(const std::uint8_t* data, const ChunkInfo& info)
    : m_data(data), m_bits(info.bits), m_left(info.samples)
{
    m_sample.index = info.first - 1;
}

std::uint64_t ChunkReader::read(unsigned count)
{
    if constexpr (std::endian::native == std::endian::little) {
        // Eight bytes at once while they are there; a shift leaves at least 57 bits of them.
        if (count <= 56 && m_at / 8 + 8 <= m_bits / 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, m_data + m_at / 8, sizeof word);
            word >>= m_at % 8;
            m_at += count;
            return word & ((std::uint64_t{1} << count) - 1);
        }
    }
    std::uint64_t value = 0;
    for (unsigned done = 0; done < count;) {
        const auto used = m_at % 8;
        const auto taken = std::min(8 - used, count - done);
        const auto part = static_cast<std::uint64_t>(m_data[m_at / 8] >> used) & ((1U << taken) - 1);
        value |= part << done;
        done += taken;
        m_at += taken;
    }
    return value;
}

std::uint32_t ChunkReader::read_gamma()
{
    unsigned more = 0;
    while (read(1) == 1)
        ++more;
    return static_cast<std::uint32_t>((std::uint64_t{1} << more) | read(more));
}

void ChunkReader::read_value()
{
    if (read(1) == 1) {
        const auto window = static_cast<unsigned>(read(11));
        m_leading = window & 31;
        m_width = (window >> 5) + 1;
    }
    m_sample.bits ^= read(m_width) << (64 - m_leading - m_width);
}

/// Up to and including the code of the next sample, or of how often the one before is repeated.
void ChunkReader::read_codes()
{
    std::uint32_t step = 1;
    while (read(1) == 1) {
        if (read(1) == 0) {
            m_repeats = read_gamma();
            return;
        }
        if (read(1) == 0) {
            step = read_gamma();
            step = step == 1 ? 0 : step;
        } else {
            const auto width = static_cast<unsigned>(read(6)) + 1;
            const auto zigzag = read(width);
            const auto change = (zigzag >> 1) ^ (0 - (zigzag & 1));
            m_sample.offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(m_sample.offset) + change);
        }
    }
    m_sample.index += step;
    read_value();
}

bool ChunkReader::next()
{
    if (m_left == 0)
        return false;
    --m_left;
    if (m_repeats == 0) {
        if (m_at == m_bits)
            m_repeats = m_left + 1;
        else
            read_codes();
    }
    if (m_repeats > 0) {
        --m_repeats;
        ++m_sample.index;
    }
    return true;
}

} // namespace tokenscope::query
