// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/decimator.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

std::vector<PlotColumn> decimate(std::span<const std::int64_t> times, std::span<const double> values,
                                 std::int64_t fromMs, std::int64_t toMs, double bucketMs)
{
    const std::size_t size = std::min(times.size(), values.size());
    times = times.first(size);
    if (!(bucketMs >= 1)) // NaN too
        bucketMs = 1;

    auto begin = std::lower_bound(times.begin(), times.end(), fromMs) - times.begin();
    auto end = std::upper_bound(times.begin(), times.end(), toMs) - times.begin();
    begin = std::max<std::ptrdiff_t>(begin - 1, 0);
    end = std::min<std::ptrdiff_t>(end + 1, static_cast<std::ptrdiff_t>(size));

    std::vector<PlotColumn> columns;
    bool gap = true;
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        const double value = values[i];
        if (!std::isfinite(value)) {
            gap = true;
            continue;
        }
        const auto bucket = static_cast<std::int64_t>(std::floor(static_cast<double>(times[i]) / bucketMs));
        if (!columns.empty() && columns.back().bucket == bucket) {
            // A gap narrower than a pixel cannot be seen.
            PlotColumn& column = columns.back();
            column.lastMs = times[i];
            column.minimum = std::min(column.minimum, value);
            column.maximum = std::max(column.maximum, value);
            column.last = value;
            ++column.count;
        } else {
            columns.push_back({bucket, times[i], times[i], value, value, value, value, 1, gap});
        }
        gap = false;
    }
    return columns;
}

} // namespace tokenscope::ui
