// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

namespace tokenscope::query {

/// One sample inside a chunk: the number of its time in a TimeTable, how much its own time differs from that one (ms), and the
/// bits of its value.
struct ChunkSample {
    std::uint32_t index = 0;
    std::int64_t offset = 0;
    std::uint64_t bits = 0;
};

/// A stream of bits, least significant first, that holds the samples of one series as changes from one to the next. After
/// each sample the next one is expected at the next time, with the same offset. Codes:
///
///     0   value         a sample with another value
///     10  count         as many samples with the value as before
///     110 step          the next sample is `step` times further on; 1 stands for no step at all
///     111 size change   the next sample's offset is another one: 6 bits for the size less 1, zigzag
///
/// Counts and steps are Elias gamma codes. Values are as in the Gorilla paper (http://www.vldb.org/pvldb/vol8/p1816-teller.pdf,
/// 4.1.2): the exclusive or with the value before; 0 and the bits of the window used before, or 1, 5 bits for its leading zeros, 6
/// for its width less 1, and its bits. The paper's code for the same value is not needed, since repeats have their own.
/// When the bits end before the samples do, the rest are repeats.
struct ChunkInfo {
    std::uint32_t bits = 0;
    std::uint32_t first = 0; ///< index of the first sample
    std::uint32_t last = 0;
    std::uint32_t samples = 0;
};

struct SealedChunk {
    std::shared_ptr<const std::uint8_t[]> data;
    ChunkInfo info;
    bool own_times = false; ///< some offset is not 0, so that the indices do not tell the times
};

} // namespace tokenscope::query
