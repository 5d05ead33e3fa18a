// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/aggregator.h"

#include <cmath>
#include <limits>

namespace tokenscope::query {

namespace {

/// The mean of `count` values, one of which is new. Once the mean is infinite, adding to it would make NaN of it unless
/// the new value is NaN or the opposite infinity.
double next_mean(double mean, double value, std::size_t count)
{
    if (std::isinf(mean) && !std::isnan(value) && (!std::isinf(value) || (mean > 0) == (value > 0)))
        return mean;
    const auto n = static_cast<double>(count);
    return mean + value / n - mean / n;
}

} // namespace

void Aggregator::add(std::size_t step, double value)
{
    auto& cell = m_cells[step];
    const bool first = ++cell.count == 1;
    switch (m_kind) {
    case Aggregation::sum: cell.value = first ? value : cell.value + value; break;
    case Aggregation::avg: cell.value = first ? value : next_mean(cell.value, value, cell.count); break;
    case Aggregation::min:
        if (first || cell.value > value || std::isnan(cell.value))
            cell.value = value;
        break;
    case Aggregation::max:
        if (first || cell.value < value || std::isnan(cell.value))
            cell.value = value;
        break;
    case Aggregation::count: cell.value = static_cast<double>(cell.count); break;
    }
}

double Aggregator::value(std::size_t step) const
{
    return has(step) ? m_cells[step].value : std::numeric_limits<double>::quiet_NaN();
}

} // namespace tokenscope::query
