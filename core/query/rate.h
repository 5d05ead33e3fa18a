// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tokenscope::query {

/// A counter's points, prepared for asking how much it grew in many windows.
///
/// The formula is Prometheus 2's (promql/functions.go, extrapolatedRate): the growth between the first and the last sample
/// in the window, with each reset counted from zero, extrapolated to the window's ends. An end further away than 1.1
/// average sample intervals is extrapolated towards by half an interval only, and never to before the counter was 0.
class CounterSeries {
public:
    /// `points` rise in time. Staleness markers among them are ignored, as Prometheus does in windows.
    explicit CounterSeries(std::vector<Point> points);

    /// Growth in [from, to], both ends included; absent with fewer than two samples in it.
    std::optional<double> increase(std::int64_t from, std::int64_t to) const { return extrapolated(from, to, 1); }
    /// The same per second of the window.
    std::optional<double> rate(std::int64_t from, std::int64_t to) const
    {
        return extrapolated(from, to, static_cast<double>(to - from) / 1000);
    }

private:
    std::optional<double> extrapolated(std::int64_t from, std::int64_t to, double divisor) const;

    std::vector<Point> m_points;
    std::vector<std::size_t> m_resets; ///< indexes of points lower than the one before
};

} // namespace tokenscope::query
