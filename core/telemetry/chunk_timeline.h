// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tokenscope::telemetry {

/// One chunk that reached the client: when, how many bytes, how many tokens.
struct ChunkMark {
    Instant at;
    std::uint32_t bytes = 0;
    std::uint32_t tokens = 0;
};

using ChunkMarks = std::vector<ChunkMark>;

/// The chunks of one stream. They are by far the most of what is known of a request, so they can be let go of where memory is
/// short, whoever still holds the record: that and reading them is for any thread, all else for the one that makes the record.
class ChunkTimeline {
public:
    ChunkTimeline() = default;
    ChunkTimeline(ChunkMarks marks);
    ChunkTimeline(const ChunkTimeline& other);
    ChunkTimeline& operator=(const ChunkTimeline& other);
    ChunkTimeline(ChunkTimeline&&) noexcept = default;
    ChunkTimeline& operator=(ChunkTimeline&&) noexcept = default;
    ~ChunkTimeline() = default;

    void add(const ChunkMark& mark)
    {
        if (!m_marks) [[unlikely]]
            m_marks = std::make_shared<ChunkMarks>();
        m_marks->push_back(mark);
    }
    /// Gives back the room that they could still grow into.
    void shrink_to_fit();

    /// Never null. They stay for as long as this is held.
    std::shared_ptr<const ChunkMarks> marks() const;
    /// What they take of the heap.
    std::size_t bytes() const;
    /// Lets go of them.
    void forget() const;

private:
    mutable std::shared_ptr<ChunkMarks> m_marks; ///< null: none
};

} // namespace tokenscope::telemetry
