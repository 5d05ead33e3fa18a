// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/chunk_writer.h"
#include "query/time_table.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace tokenscope::query {

/// The samples of one series at one resolution: chunks that no longer change, and one that is being written. Not thread-safe;
/// sealed chunks are shared with readers.
class SeriesTier {
public:
    /// When a chunk is closed: at a multiple of `span` ms, less `phase`, so that those of different series do not all close
    /// at once.
    struct Rhythm {
        std::int64_t span = 0;
        std::int64_t phase = 0;
    };

    bool empty() const { return m_open.empty() && m_sealed.empty(); }
    std::uint32_t first_index() const { return m_sealed.empty() ? m_open.info().first : m_sealed.front().info.first; }
    std::uint32_t last_index() const { return m_open.empty() ? m_sealed.back().info.last : m_open.info().last; }
    std::int64_t last_offset() const { return m_open.offset(); }
    const std::vector<SealedChunk>& sealed() const { return m_sealed; }
    const ChunkWriter& open() const { return m_open; }
    /// Of the heap, without the tier itself.
    std::size_t bytes() const;

    /// Appends where that needs no memory.
    bool repeat(const ChunkSample& sample, std::int64_t time)
    {
        if (time >= m_seal_at || !m_open.repeats(sample))
            return false;
        m_open.repeat();
        return true;
    }
    bool must_seal(std::int64_t time) const;
    /// How many bytes more the tier may take after seal().
    std::size_t sealing_bytes() const;
    void seal();
    bool full() const; ///< whether size is why the chunk is due, not time
    /// Goes on with the chunk although its time has come.
    void postpone(std::int64_t time, Rhythm rhythm);
    /// How many bytes more the tier takes after make_room(sample).
    std::size_t room_bytes(const ChunkSample& sample) const;
    void make_room(const ChunkSample& sample);
    /// Needs the room, and the chunk not to be due. `time`: what the sample's index stands for.
    void append(const ChunkSample& sample, std::int64_t time, Rhythm rhythm);
    /// Seals, makes room and appends.
    void add(const ChunkSample& sample, std::int64_t time, Rhythm rhythm);

    void drop_sealed(std::size_t count); ///< the oldest ones
    void clear();
    /// Gives up the older half of the open chunk, at least one sample; the memory stays.
    void halve();
    /// Gives up the open chunk; the memory stays.
    void restart() { m_open.clear(); }

    /// Changes a sample, or says that it is to go.
    using Edit = std::function<bool(ChunkSample&)>;
    /// Writes anew what has samples at or after the index `from`, and all with times of their own at the end.
    void rewrite(std::uint32_t from, const TimeTable& times, Rhythm rhythm, const Edit& edit);

private:
    std::vector<SealedChunk> m_sealed;
    ChunkWriter m_open;
    std::int64_t m_seal_at = std::numeric_limits<std::int64_t>::min();
    std::uint32_t m_sealed_bytes = 0;
};

} // namespace tokenscope::query
