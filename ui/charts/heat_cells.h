// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <cstddef>
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

/// From the cumulative columns of a heatmap query, told apart by their label "le". A count below 0, which only a reset between
/// two buckets' samples can cause, is 0. Columns of a frame without "le" are rows as they are.
HeatCells heatCells(const query::Frame& frame);

} // namespace tokenscope::ui
