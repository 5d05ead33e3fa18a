// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/step.h"

#include "query/evaluator.h"

#include <algorithm>
#include <array>

namespace tokenscope::sources {

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::array round_steps = {
    std::int64_t{100}, std::int64_t{200}, std::int64_t{500}, second, 2 * second, 5 * second,
    10 * second,       15 * second,       30 * second,       minute, 2 * minute, 5 * minute,
    10 * minute,       15 * minute,       30 * minute,       hour,   2 * hour,   3 * hour,
    6 * hour,          12 * hour};

std::int64_t divided_up(std::int64_t dividend, std::int64_t divisor)
{
    return dividend / divisor + (dividend % divisor > 0 ? 1 : 0);
}

std::int64_t floor_to(std::int64_t value, std::int64_t step)
{
    const auto rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

} // namespace

std::int64_t step_for(std::int64_t range_ms, int pixels, std::chrono::milliseconds interval)
{
    const auto range = std::max<std::int64_t>(range_ms, 0);
    // One step fewer than allowed: range_for() may begin a step earlier.
    const auto finest = std::max({divided_up(range, std::max(pixels, 1)), std::int64_t{interval.count()},
                                  divided_up(range, query::max_steps - 1)});
    const auto found = std::ranges::lower_bound(round_steps, finest);
    if (found != round_steps.end())
        return *found;
    for (std::int64_t unit = day;; unit *= 10) {
        for (const auto factor : {1, 2, 5}) {
            if (unit * factor >= finest)
                return unit * factor;
        }
    }
}

Range range_for(std::int64_t from, std::int64_t to, int pixels, std::chrono::milliseconds interval)
{
    const auto step = step_for(to - from, pixels, interval);
    return {.from = floor_to(from, step), .to = floor_to(to, step), .step = step};
}

} // namespace tokenscope::sources
