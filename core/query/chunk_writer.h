// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_chunk.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace tokenscope::query {

/// Writes a chunk, in memory whose size the owner decides about. Not thread-safe.
class ChunkWriter {
public:
    bool empty() const { return m_info.samples == 0; }
    const ChunkInfo& info() const { return m_info; }
    const std::uint8_t* data() const { return m_data.get(); }
    std::int64_t offset() const { return m_offset; } ///< of the last sample
    bool own_times() const { return m_own_times; }
    std::size_t size() const { return (m_info.bits + 7) / 8; }
    std::size_t capacity() const { return m_capacity; }

    /// Whether it is just one more of the sample before, which needs no memory: see repeat().
    bool repeats(const ChunkSample& sample) const
    {
        return sample.bits == m_value && sample.index == m_info.last + 1 && sample.offset == m_offset
               && m_info.samples > 0;
    }
    void repeat()
    {
        ++m_info.last;
        ++m_info.samples;
        ++m_run;
    }

    /// The capacity that append(sample) needs at most.
    std::size_t needed(const ChunkSample& sample) const;
    void reserve(std::size_t capacity);
    /// Of samples with rising indices; the same index again is allowed.
    void append(const ChunkSample& sample);

    SealedChunk copy() const;
    /// Empties it; the memory stays.
    void clear();
    void release(); ///< clear(), and gives back the memory

private:
    void write(std::uint64_t value, unsigned count);
    void write_gamma(std::uint32_t value);
    void write_offset(std::int64_t offset);
    void write_value(std::uint64_t bits);

    std::unique_ptr<std::uint8_t[]> m_data;
    ChunkInfo m_info;
    std::uint64_t m_value = 0;
    std::int64_t m_offset = 0;
    std::uint32_t m_capacity = 0;
    std::uint32_t m_run = 0; ///< repeats that are not written yet
    std::uint8_t m_leading = 0;
    std::uint8_t m_width = 0; ///< 0: no window yet
    bool m_own_times = false;
};

} // namespace tokenscope::query
