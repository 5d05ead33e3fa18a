// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/rate.h"

#include <algorithm>

namespace tokenscope::query {

namespace {
/// Resets are added up one by one, as Prometheus does, unless a window has so many that it would take long.
constexpr std::size_t block = 64;
} // namespace

CounterSeries::CounterSeries(std::vector<Point> points) : m_points(std::move(points))
{
    std::erase_if(m_points, [](const Point& point) { return is_stale(point.value); });
    for (std::size_t i = 1; i < m_points.size(); ++i) {
        if (!(m_points[i].value < m_points[i - 1].value))
            continue;
        if (m_resets.size() % block == 0)
            m_lost.push_back(0);
        m_lost.back() += m_points[i - 1].value;
        m_resets.push_back(i);
    }
}

std::optional<double> CounterSeries::increase(std::int64_t from, std::int64_t to) const
{
    const auto index_of = [this](auto point) { return static_cast<std::size_t>(point - m_points.begin()); };
    Part part;
    part.begin = index_of(std::ranges::lower_bound(m_points, from, {}, &Point::time));
    part.end = part.begin;
    part.first_reset = static_cast<std::size_t>(std::ranges::upper_bound(m_resets, part.begin) - m_resets.begin());
    part.end_reset = part.first_reset;
    advance(part, from, to);
    return extrapolated(part, from, to, 1);
}

void CounterSeries::each_increase(std::span<const std::int64_t> ends, std::int64_t window, const Take& take) const
{
    each(ends, window, 1, take);
}

void CounterSeries::each_rate(std::span<const std::int64_t> ends, std::int64_t window, const Take& take) const
{
    each(ends, window, static_cast<double>(window) / 1000, take);
}

void CounterSeries::each(std::span<const std::int64_t> ends, std::int64_t window, double divisor,
                         const Take& take) const
{
    Part part;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        advance(part, ends[i] - window, ends[i]);
        if (const auto growth = extrapolated(part, ends[i] - window, ends[i], divisor))
            take(i, *growth);
    }
}

void CounterSeries::advance(Part& part, std::int64_t from, std::int64_t to) const
{
    while (part.end < m_points.size() && m_points[part.end].time <= to)
        ++part.end;
    while (part.begin < part.end && m_points[part.begin].time < from)
        ++part.begin;
    while (part.end_reset < m_resets.size() && m_resets[part.end_reset] < part.end)
        ++part.end_reset;
    // A reset between the point before the window and the first one in it does not count.
    while (part.first_reset < part.end_reset && m_resets[part.first_reset] <= part.begin)
        ++part.first_reset;
}

std::optional<double> CounterSeries::extrapolated(const Part& part, std::int64_t from, std::int64_t to,
                                                  double divisor) const
{
    if (part.end < part.begin + 2)
        return std::nullopt;
    const auto& first = m_points[part.begin];
    const auto& last = m_points[part.end - 1];

    double growth = last.value - first.value;
    for (auto reset = part.first_reset; reset < part.end_reset;) {
        if (reset % block == 0 && reset + block <= part.end_reset) {
            growth += m_lost[reset / block];
            reset += block;
        } else {
            growth += m_points[m_resets[reset++] - 1].value;
        }
    }

    const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
    const double sampled = seconds(last.time - first.time);
    const double average = sampled / static_cast<double>(part.end - part.begin - 1);
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
