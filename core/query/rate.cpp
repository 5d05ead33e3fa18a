// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/rate.h"

#include <algorithm>

namespace tokenscope::query {

CounterSeries::CounterSeries(std::vector<Point> points) : m_points(std::move(points))
{
    std::erase_if(m_points, [](const Point& point) { return is_stale(point.value); });
    for (std::size_t i = 1; i < m_points.size(); ++i) {
        if (m_points[i].value < m_points[i - 1].value)
            m_resets.push_back(i);
    }
}

std::optional<double> CounterSeries::extrapolated(std::int64_t from, std::int64_t to, double divisor) const
{
    const auto begin = std::ranges::lower_bound(m_points, from, {}, &Point::time);
    const auto end = std::ranges::upper_bound(begin, m_points.end(), to, {}, &Point::time);
    if (end - begin < 2)
        return std::nullopt;
    const auto& first = *begin;
    const auto& last = *(end - 1);

    double growth = last.value - first.value;
    const auto first_index = static_cast<std::size_t>(begin - m_points.begin());
    const auto end_index = static_cast<std::size_t>(end - m_points.begin());
    for (auto reset = std::ranges::upper_bound(m_resets, first_index); reset != m_resets.end() && *reset < end_index;
         ++reset)
        growth += m_points[*reset - 1].value;

    const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
    const double sampled = seconds(last.time - first.time);
    const double average = sampled / static_cast<double>(end - begin - 1);
    double to_start = seconds(first.time - from);
    const double to_end = seconds(to - last.time);
    if (growth > 0 && first.value >= 0)
        to_start = std::min(to_start, sampled * (first.value / growth));

    const double threshold = average * 1.1;
    const auto reach = [&](double distance) { return distance < threshold ? distance : average / 2; };
    // The factor is divided, not the growth: a quantile can hang on the last bit of a bucket's rate, and Prometheus rounds
    // in this order.
    return growth * ((sampled + reach(to_start) + reach(to_end)) / sampled / divisor);
}

} // namespace tokenscope::query
