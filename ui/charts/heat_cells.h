// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// How many observations fell into each bucket in each step.
struct HeatCells {
    struct Bucket {
        double from = 0;            ///< exclusive; -infinity for the lowest
        double to = 0;              ///< inclusive; infinity for the highest
        std::string name;           ///< where the rows are no buckets: the column's
        std::vector<double> counts; ///< parallel to the frame's times; NaN where nothing is known
    };
    std::vector<Bucket> buckets; ///< lowest first
    double highest = 0;          ///< of all counts
};

/// Buckets side by side, both ends among them.
struct HeatRows {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t count() const { return last - first + 1; }
    bool operator==(const HeatRows&) const = default;
};

/// Those worth to be seen: which counted something in the steps that end after `fromMs` and begin before `toMs`, and one beside
/// them at each end. `before`, what is seen already, is left at once where it is too small, but keeps up to two more at an end, so
/// that the rows do not jump with each slow request that comes and goes. All of them where nothing counted, or which are no
/// buckets.
HeatRows rowsWorthSeeing(const HeatCells& cells, const std::vector<std::int64_t>& times, std::int64_t fromMs,
                         std::int64_t toMs, std::optional<HeatRows> before);

/// The time from one column to the next.
std::int64_t stepOf(const std::vector<std::int64_t>& times);

/// From the cumulative columns of a heatmap query, told apart by their label "le". A count below 0, which only a reset between
/// two buckets' samples can cause, is 0. Columns of a frame without "le" are rows as they are.
HeatCells heatCells(const query::Frame& frame);

/// A count as people count: what a source has worked out between two samples need not be whole, and is then said to be about a number.
QString heatCountText(double count);

} // namespace tokenscope::ui
