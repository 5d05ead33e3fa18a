// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/chunk_timeline.h"

#include "query/heap_bytes.h"

#include <mutex>
#include <utility>

namespace tokenscope::telemetry {

namespace {

/// Of all timelines that more than one thread may see. One is enough: it is held for as long as a pointer is copied, when one
/// request is shown or written to disk, and when one falls out of memory.
constinit std::mutex timelines;

const std::shared_ptr<const ChunkMarks>& no_marks()
{
    static const auto none = std::make_shared<const ChunkMarks>();
    return none;
}

} // namespace

ChunkTimeline::ChunkTimeline(ChunkMarks marks)
{
    if (!marks.empty())
        m_marks = std::make_shared<ChunkMarks>(std::move(marks));
}

// A copy has marks of its own, to which it may add.
ChunkTimeline::ChunkTimeline(const ChunkTimeline& other) : ChunkTimeline(*other.marks()) {}

ChunkTimeline& ChunkTimeline::operator=(const ChunkTimeline& other)
{
    *this = ChunkTimeline(other);
    return *this;
}

void ChunkTimeline::shrink_to_fit()
{
    if (m_marks)
        m_marks->shrink_to_fit();
}

std::shared_ptr<const ChunkMarks> ChunkTimeline::marks() const
{
    const std::scoped_lock lock(timelines);
    if (m_marks)
        return m_marks;
    return no_marks();
}

std::size_t ChunkTimeline::bytes() const
{
    constexpr std::size_t counters = 16; // of the shared pointer, in front of the vector
    return m_marks ? query::heap_bytes(sizeof(ChunkMarks) + counters)
                         + query::heap_bytes(m_marks->capacity() * sizeof(ChunkMark))
                   : 0;
}

void ChunkTimeline::forget() const
{
    std::shared_ptr<ChunkMarks> marks; // freed outside the lock
    const std::scoped_lock lock(timelines);
    marks.swap(m_marks);
}

} // namespace tokenscope::telemetry
