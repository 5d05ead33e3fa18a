// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_tier.h"

#include "query/chunk_reader.h"

#include <algorithm>

namespace tokenscope::query {

namespace {

/// Large enough that what a sealed chunk costs besides its data is little, small enough to be copied for a reader.
constexpr std::size_t full_chunk = 480;
constexpr std::size_t control_block = 48;

std::size_t block_bytes(std::size_t size)
{
    return heap_bytes(control_block + size);
}

/// Sizes that leave nothing of the allocator's blocks unused.
std::size_t grown(std::size_t capacity, std::size_t needed)
{
    const auto wanted = std::max(needed, capacity + capacity / 2);
    return wanted <= 24 ? 24 : (wanted - 8 + 15) / 16 * 16 + 8;
}

} // namespace

std::size_t SeriesTier::bytes() const
{
    return heap_bytes(m_sealed.capacity() * sizeof(SealedChunk)) + m_sealed_bytes + heap_bytes(m_open.capacity());
}

bool SeriesTier::must_seal(std::int64_t time) const
{
    return !m_open.empty() && (time >= m_seal_at || full());
}

bool SeriesTier::full() const
{
    return m_open.size() >= full_chunk;
}

void SeriesTier::postpone(std::int64_t time, Rhythm rhythm)
{
    const auto shifted = static_cast<std::uint64_t>(time) + static_cast<std::uint64_t>(rhythm.phase);
    const auto left = rhythm.span - static_cast<std::int64_t>(shifted % static_cast<std::uint64_t>(rhythm.span));
    m_seal_at =
        time > std::numeric_limits<std::int64_t>::max() - left ? std::numeric_limits<std::int64_t>::max() : time + left;
}

std::size_t SeriesTier::sealing_bytes() const
{
    const auto slots = m_sealed.size() == m_sealed.capacity() ? (2 * m_sealed.capacity() + 1) * sizeof(SealedChunk) : 0;
    return block_bytes(m_open.size()) + heap_bytes(slots);
}

void SeriesTier::seal()
{
    if (m_sealed.size() == m_sealed.capacity())
        m_sealed.reserve(m_sealed.size() < 2 ? m_sealed.size() + 1 : m_sealed.size() * 3 / 2);
    m_sealed.push_back(m_open.copy());
    m_sealed_bytes += static_cast<std::uint32_t>(block_bytes(m_open.size()));
    m_open.clear();
    // The next chunk may have less to say.
    if (m_open.capacity() > 128)
        m_open.reserve(grown(0, m_open.capacity() / 2));
}

std::size_t SeriesTier::room_bytes(const ChunkSample& sample) const
{
    const auto needed = m_open.needed(sample);
    if (needed <= m_open.capacity())
        return 0;
    return heap_bytes(grown(m_open.capacity(), needed)) - heap_bytes(m_open.capacity());
}

void SeriesTier::make_room(const ChunkSample& sample)
{
    if (const auto needed = m_open.needed(sample); needed > m_open.capacity())
        m_open.reserve(grown(m_open.capacity(), needed));
}

void SeriesTier::append(const ChunkSample& sample, std::int64_t time, Rhythm rhythm)
{
    if (m_open.empty())
        postpone(time, rhythm);
    if (m_open.repeats(sample))
        m_open.repeat();
    else
        m_open.append(sample);
}

void SeriesTier::add(const ChunkSample& sample, std::int64_t time, Rhythm rhythm)
{
    if (must_seal(time))
        seal();
    if (!m_open.repeats(sample))
        make_room(sample);
    append(sample, time, rhythm);
}

void SeriesTier::drop_sealed(std::size_t count)
{
    const auto end = m_sealed.begin() + static_cast<std::ptrdiff_t>(count);
    for (auto chunk = m_sealed.begin(); chunk != end; ++chunk)
        m_sealed_bytes -= static_cast<std::uint32_t>(block_bytes((chunk->info.bits + 7) / 8));
    m_sealed.erase(m_sealed.begin(), end);
    if (m_sealed.empty())
        std::vector<SealedChunk>().swap(m_sealed);
}

void SeriesTier::clear()
{
    drop_sealed(m_sealed.size());
    m_open.release();
}

void SeriesTier::halve()
{
    std::vector<ChunkSample> samples;
    for (ChunkReader reader(m_open.data(), m_open.info()); reader.next();)
        samples.push_back(reader.sample());
    // A part can take more than its share of the bits.
    for (auto keep = samples.size() / 2; keep > 0; keep /= 2) {
        m_open.clear();
        bool fits = true;
        for (const auto& sample : std::span(samples).last(keep)) {
            if (m_open.repeats(sample)) {
                m_open.repeat();
                continue;
            }
            fits = m_open.needed(sample) <= m_open.capacity();
            if (!fits)
                break;
            m_open.append(sample);
        }
        if (fits)
            return;
    }
    m_open.clear();
}

void SeriesTier::rewrite(std::uint32_t from, const TimeTable& times, Rhythm rhythm, const Edit& edit)
{
    std::vector<SealedChunk> chunks;
    if (!m_open.empty() && m_open.info().last < from && !m_open.own_times())
        return;
    if (!m_open.empty())
        chunks.push_back(m_open.copy());
    m_open.clear();
    while (!m_sealed.empty() && (m_sealed.back().info.last >= from || m_sealed.back().own_times)) {
        m_sealed_bytes -= static_cast<std::uint32_t>(block_bytes((m_sealed.back().info.bits + 7) / 8));
        chunks.push_back(std::move(m_sealed.back()));
        m_sealed.pop_back();
    }
    for (auto chunk = chunks.rbegin(); chunk != chunks.rend(); ++chunk) {
        for (ChunkReader reader(chunk->data.get(), chunk->info); reader.next();) {
            auto sample = reader.sample();
            if (sample.index >= times.begin() && edit(sample))
                add(sample, times[sample.index], rhythm);
        }
    }
    if (empty())
        clear();
}

} // namespace tokenscope::query
