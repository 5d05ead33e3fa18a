// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <cstddef>
#include <vector>

namespace tokenscope::query {

/// Folds the values of a group of series into one value a step, by Prometheus 2's rules: min and max prefer a number to
/// NaN, everything else is poisoned by NaN, and an average over infinities is the infinity.
class Aggregator {
public:
    Aggregator(Aggregation kind, std::size_t steps) : m_kind(kind), m_cells(steps) {}

    void add(std::size_t step, double value);
    /// Whether any series had a value at this step.
    bool has(std::size_t step) const { return m_cells[step].count > 0; }
    /// NaN where there is none.
    double value(std::size_t step) const;

private:
    struct Cell {
        double value = 0;
        std::size_t count = 0;
    };
    Aggregation m_kind;
    std::vector<Cell> m_cells;
};

} // namespace tokenscope::query
