// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/point_ring.h"

#include <algorithm>
#include <cassert>

namespace tokenscope::query {

void PointRing::push_back(Point point)
{
    assert(m_size < m_slots.size());
    ++m_size;
    m_slots[slot(m_size - 1)] = point;
}

void PointRing::pop_front()
{
    assert(m_size > 0);
    m_begin = slot(1);
    --m_size;
}

void PointRing::pop_back()
{
    assert(m_size > 0);
    --m_size;
}

void PointRing::resize(std::size_t capacity)
{
    assert(capacity >= m_size);
    std::vector<Point> slots(capacity);
    for (std::size_t i = 0; i < m_size; ++i)
        slots[i] = (*this)[i];
    m_slots = std::move(slots);
    m_begin = 0;
}

std::size_t PointRing::first_after(std::int64_t time) const
{
    std::size_t low = 0;
    std::size_t high = m_size;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if ((*this)[middle].time > time)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

std::vector<Point> PointRing::copy(std::size_t first, std::size_t last) const
{
    std::vector<Point> points;
    points.reserve(last > first ? last - first : 0);
    for (auto i = first; i < last; ++i)
        points.push_back((*this)[i]);
    return points;
}

} // namespace tokenscope::query
