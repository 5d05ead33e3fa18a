// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_chunk.h"

#include <cstdint>

namespace tokenscope::query {

/// Reads the samples of a chunk one after the other. `data` must outlive it.
class ChunkReader {
public:
    ChunkReader(const std::uint8_t* data, const ChunkInfo& info);

    /// False at the end.
    bool next();
    const ChunkSample& sample() const { return m_sample; }

private:
    std::uint64_t read(unsigned count);
    std::uint32_t read_gamma();
    void read_codes();
    void read_value();

    const std::uint8_t* m_data;
    std::uint32_t m_bits;
    std::uint32_t m_at = 0;
    std::uint32_t m_left;
    std::uint32_t m_repeats = 0;
    unsigned m_leading = 0;
    unsigned m_width = 0;
    ChunkSample m_sample;
};

} // namespace tokenscope::query
