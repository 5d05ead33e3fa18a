// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/latency_sketch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tokenscope::query {

namespace {

constexpr double gamma = (1 + LatencySketch::relative_error) / (1 - LatencySketch::relative_error);

} // namespace

LatencySketch::Index LatencySketch::index_of(double value)
{
    static const double log_gamma = std::log(gamma);
    constexpr double most = std::numeric_limits<Index>::max();
    return static_cast<Index>(std::clamp(std::ceil(std::log(value) / log_gamma), -most, most));
}

double LatencySketch::value_of(Index index)
{
    // Of (gamma^(i-1), gamma^i] the point that is the same share away from both ends.
    return 2 * std::pow(gamma, index) / (gamma + 1);
}

void LatencySketch::add(double value, std::uint32_t times)
{
    if (std::isnan(value) || times == 0)
        return;
    if (value < smallest)
        m_zeros += times;
    else
        add_to(index_of(value), times);
}

void LatencySketch::add(const LatencySketch& other)
{
    m_zeros += other.m_zeros;
    for (const auto& [index, count] : other.m_buckets)
        add_to(index, count);
}

void LatencySketch::add_to(Index index, std::uint32_t times)
{
    const auto at = std::ranges::lower_bound(m_buckets, index, {}, &Bucket::index);
    if (at != m_buckets.end() && at->index == index)
        at->count += times;
    else
        m_buckets.insert(at, {.index = index, .count = times});
}

void SketchWindow::change(const LatencySketch& sketch, std::int64_t sign)
{
    const auto zeros = sign * static_cast<std::int64_t>(sketch.zeros());
    m_zeros += zeros;
    m_total += zeros;
    for (const auto& [index, count] : sketch.buckets()) {
        const auto change = sign * std::int64_t{count};
        const auto known = m_counts.try_emplace(index, 0).first;
        known->second += change;
        m_total += change;
        if (known->second == 0)
            m_counts.erase(known);
    }
}

std::optional<double> SketchWindow::quantile(double q) const
{
    if (m_total == 0)
        return std::nullopt;
    if (std::isnan(q))
        return q;
    if (q < 0 || q > 1)
        return q < 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    auto rank = static_cast<std::int64_t>(q * static_cast<double>(m_total - 1)) - m_zeros;
    if (rank < 0)
        return 0.0;
    for (const auto& [index, count] : m_counts) {
        rank -= count;
        if (rank < 0)
            return LatencySketch::value_of(index);
    }
    return LatencySketch::value_of(m_counts.rbegin()->first);
}

} // namespace tokenscope::query
