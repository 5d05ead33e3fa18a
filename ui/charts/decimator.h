// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tokenscope::ui {

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

/// Gathers samples into columns `bucketMs` wide, anchored to absolute time so that a moving window does not shimmer. What is
/// not finite is a gap. Of the samples outside [fromMs, toMs] the nearest on either side is kept, for the line to
/// reach the edge. `times` rises; a longer one of the two inputs is cut to the shorter.
std::vector<PlotColumn> decimate(std::span<const std::int64_t> times, std::span<const double> values,
                                 std::int64_t fromMs, std::int64_t toMs, double bucketMs);

} // namespace tokenscope::ui
