// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/decimator.h"

#include "charts/span_pyramid.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

/// With more samples than that in a column, searching for its end is quicker than walking there.
constexpr std::size_t walkable = 16;

std::int64_t bucketOf(std::int64_t ms, double bucketMs)
{
    return static_cast<std::int64_t>(std::floor(static_cast<double>(ms) / bucketMs));
}

} // namespace

std::vector<ColumnSlice> sliceTimes(std::span<const std::int64_t> times, std::int64_t fromMs, std::int64_t toMs,
                                    double bucketMs)
{
    if (!(bucketMs >= 1)) // NaN too
        bucketMs = 1;
    const auto size = static_cast<std::ptrdiff_t>(times.size());
    auto from = std::lower_bound(times.begin(), times.end(), fromMs) - times.begin();
    auto to = std::upper_bound(times.begin(), times.end(), toMs) - times.begin();
    from = std::max<std::ptrdiff_t>(from - 1, 0);
    to = std::min<std::ptrdiff_t>(to + 1, size);

    std::vector<ColumnSlice> slices;
    const auto end = static_cast<std::size_t>(std::max(from, to));
    std::size_t last = 0; ///< how many samples the column before had
    for (auto begin = static_cast<std::size_t>(from); begin < end;) {
        const std::int64_t bucket = bucketOf(times[begin], bucketMs);
        const auto inside = [&](std::int64_t ms) { return bucketOf(ms, bucketMs) == bucket; };
        std::size_t next = begin + 1;
        if (last > walkable) {
            // Columns of an even series have as many samples as their neighbours, give or take one.
            const std::size_t low = std::min(end, begin + last - 1);
            const std::size_t high = std::min(end, begin + last + 1);
            const bool near = inside(times[low - 1]) && (high == end || !inside(times[high]));
            const auto first = times.begin() + static_cast<std::ptrdiff_t>(near ? low : begin);
            const auto limit = times.begin() + static_cast<std::ptrdiff_t>(near ? high : end);
            next = static_cast<std::size_t>(std::partition_point(first, limit, inside) - times.begin());
        } else {
            while (next < end && inside(times[next]))
                ++next;
        }
        slices.push_back({bucket, begin, next});
        last = next - begin;
        begin = next;
    }
    return slices;
}

std::vector<PlotColumn> decimate(std::span<const std::int64_t> times, std::span<const double> values,
                                 std::span<const ColumnSlice> slices, const SpanPyramid* pyramid,
                                 std::span<const PlotColumn> before)
{
    const std::size_t size = std::min(times.size(), values.size());
    std::vector<PlotColumn> columns;
    columns.reserve(slices.size());
    auto known = before.begin();
    for (const ColumnSlice& slice : slices) {
        const std::size_t end = std::min(slice.end, size);
        if (slice.begin >= end)
            break;
        // At the ends of a range, of this one or the one before, a column may be of a part of its samples only. In between, one
        // that is not there is a gap.
        const bool whole = &slice != &slices.front() && &slice != &slices.back();
        if (whole && !before.empty() && slice.bucket > before.front().bucket && slice.bucket < before.back().bucket) {
            while (known->bucket < slice.bucket)
                ++known;
            if (known->bucket == slice.bucket) {
                columns.push_back(*known);
                columns.back().startsRun |= columns.size() == 1;
            }
            continue;
        }
        const ValueSpan span = pyramid ? pyramid->span(values, slice.begin, end) : spanOf(values, slice.begin, end);
        if (span.count == 0)
            continue;
        const bool startsRun = columns.empty() || !std::isfinite(values[span.first - 1]);
        columns.push_back({slice.bucket, times[span.first], times[span.last], values[span.first], span.minimum,
                           span.maximum, values[span.last], static_cast<int>(span.count), startsRun});
    }
    return columns;
}

std::vector<PlotColumn> decimate(std::span<const std::int64_t> times, std::span<const double> values,
                                 std::int64_t fromMs, std::int64_t toMs, double bucketMs)
{
    return decimate(times, values,
                    sliceTimes(times.first(std::min(times.size(), values.size())), fromMs, toMs, bucketMs));
}

} // namespace tokenscope::ui
