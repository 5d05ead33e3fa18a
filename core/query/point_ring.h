// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tokenscope::query {

/// Points of one series, rising in time, in a ring whose memory the owner decides about. Not thread-safe.
class PointRing {
public:
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    std::size_t capacity() const { return m_slots.size(); }
    const Point& operator[](std::size_t index) const { return m_slots[slot(index)]; }
    const Point& front() const { return (*this)[0]; }
    const Point& back() const { return (*this)[m_size - 1]; }

    /// Needs room: size() < capacity().
    void push_back(Point point);
    void pop_front();
    void pop_back();
    /// Makes room for exactly `capacity` points, which must be at least size().
    void resize(std::size_t capacity);

    /// Index of the first point later than `time`, size() if there is none.
    std::size_t first_after(std::int64_t time) const;
    std::vector<Point> copy(std::size_t first, std::size_t last) const;

private:
    std::size_t slot(std::size_t index) const
    {
        const auto at = m_begin + index;
        return at < m_slots.size() ? at : at - m_slots.size();
    }

    std::vector<Point> m_slots;
    std::size_t m_begin = 0;
    std::size_t m_size = 0;
};

} // namespace tokenscope::query
