// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tokenscope::ui {

class SpanPyramid;

/// What the samples of one pixel column come to. A line through first, the span from minimum to maximum, and last looks
/// the same as one through every sample.
struct PlotColumn {
    std::int64_t bucket = 0; ///< time divided by the bucket's width: the same sample is always in the same bucket
    std::int64_t firstMs = 0;
    std::int64_t lastMs = 0;
    double first = 0;
    double minimum = 0;
    double maximum = 0;
    double last = 0;
    int count = 0;
    bool startsRun = false; ///< a gap lies before it: do not connect it to the column on its left
};

/// The samples [begin, end) of one pixel column.
struct ColumnSlice {
    std::int64_t bucket = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Which samples fall into which column: columns `bucketMs` wide, anchored to absolute time so that a moving window does not
/// shimmer. Of the samples outside [fromMs, toMs] the nearest on either side is kept, for the line to reach the edge.
/// `times` rises. The same for all series over the same times.
std::vector<ColumnSlice> sliceTimes(std::span<const std::int64_t> times, std::int64_t fromMs, std::int64_t toMs,
                                    double bucketMs);

/// The columns of one series; those without a finite value are left out, as gaps. Values beyond the end of either input are
/// taken as absent. With the pyramid of `values` wide columns cost hardly more than narrow ones. `before` are columns of the
/// same values and width for another range: what lies between their ends is taken from them.
std::vector<PlotColumn> decimate(std::span<const std::int64_t> times, std::span<const double> values,
                                 std::span<const ColumnSlice> slices, const SpanPyramid* pyramid = nullptr,
                                 std::span<const PlotColumn> before = {});

/// Both in one, of one series.
std::vector<PlotColumn> decimate(std::span<const std::int64_t> times, std::span<const double> values,
                                 std::int64_t fromMs, std::int64_t toMs, double bucketMs);

} // namespace tokenscope::ui
