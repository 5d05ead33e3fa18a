// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
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
    std::optional<double> increase(std::int64_t from, std::int64_t to) const;

    using Take = std::function<void(std::size_t index, double growth)>;
    /// Gives `take` the growth in [end - window, end], where there is one, for each of the rising `ends`: one pass over the
    /// points, however much the windows overlap.
    void each_increase(std::span<const std::int64_t> ends, std::int64_t window, const Take& take) const;
    /// The same per second of the window.
    void each_rate(std::span<const std::int64_t> ends, std::int64_t window, const Take& take) const;

private:
    struct Part {
        std::size_t begin = 0, end = 0;             ///< points
        std::size_t first_reset = 0, end_reset = 0; ///< those of m_resets that count
    };
    void advance(Part& part, std::int64_t from, std::int64_t to) const;
    void each(std::span<const std::int64_t> ends, std::int64_t window, double divisor, const Take& take) const;
    std::optional<double> extrapolated(const Part& part, std::int64_t from, std::int64_t to, double divisor) const;

    std::vector<Point> m_points;
    std::vector<std::size_t> m_resets; ///< indexes of points lower than the one before
    std::vector<double> m_lost;        ///< of each block of resets, the values before them added up
};

} // namespace tokenscope::query
