// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/heap_bytes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tokenscope::query {

/// The times (ms since 1970, rising) that the points of all series share, numbered. A number keeps its meaning when times at
/// the front are dropped. A copy is a snapshot. Not thread-safe.
class TimeTable {
public:
    bool empty() const { return m_times.empty(); }
    std::uint32_t begin() const { return m_begin; }
    std::uint32_t end() const { return m_begin + static_cast<std::uint32_t>(m_times.size()); }
    std::int64_t operator[](std::uint32_t index) const { return m_times[index - m_begin]; }
    std::int64_t back() const { return m_times.back(); }

    void push(std::int64_t time)
    {
        if (m_times.size() == m_times.capacity())
            m_times.reserve(m_times.size() + m_times.size() / 4 + 8);
        m_times.push_back(time);
    }
    void set_back(std::int64_t time) { m_times.back() = time; }
    void truncate(std::uint32_t end) { m_times.resize(end - m_begin); }
    void drop_before(std::uint32_t index)
    {
        index = std::min(index, end());
        if (index <= m_begin)
            return;
        m_times.erase(m_times.begin(), m_times.begin() + (index - m_begin));
        m_begin = index;
        if (m_times.capacity() > 4 * m_times.size() + 64)
            m_times.shrink_to_fit();
    }

    /// Number of the first time not before `time`, end() if there is none.
    std::uint32_t lower_bound(std::int64_t time) const
    {
        return m_begin + static_cast<std::uint32_t>(std::ranges::lower_bound(m_times, time) - m_times.begin());
    }
    /// Number of the first time after `time`, end() if there is none.
    std::uint32_t upper_bound(std::int64_t time) const
    {
        return m_begin + static_cast<std::uint32_t>(std::ranges::upper_bound(m_times, time) - m_times.begin());
    }

    std::size_t bytes() const { return heap_bytes(m_times.capacity() * sizeof(std::int64_t)); }

private:
    std::vector<std::int64_t> m_times;
    std::uint32_t m_begin = 0;
};

} // namespace tokenscope::query
