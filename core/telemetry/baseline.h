// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/difference.h"
#include "telemetry/request_record.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

enum class Measure { first_token, total, per_token, speed, errors };
inline constexpr std::array all_measures{Measure::first_token, Measure::total, Measure::per_token, Measure::speed,
                                         Measure::errors};

/// What is left of a stretch of requests to compare it with another: all values of each measure, sorted.
struct Sample {
    std::size_t requests = 0;
    std::size_t errors = 0;
    /// By Measure, without `errors`; first_token, total and per_token in seconds, of successful requests; speed in tokens a second.
    std::array<std::vector<double>, 4> values;
};

/// Of the requests that ended at or after `from` and before `to`. `model`: only those, as "backend/model"; empty: all.
Sample sample(std::span<const std::shared_ptr<const RequestRecord>> records, WallTime from, WallTime to,
              std::string_view model = {});

/// One measure before and after.
struct Comparison {
    enum class Verdict {
        better,
        worse,
        unclear, ///< the difference may be chance
        too_few  ///< requests to say anything
    };

    Measure measure = Measure::total;
    double quantile = 0; ///< 0 for errors
    /// Seconds, tokens a second, or a share from 0 to 1. Absent without a single request.
    std::optional<double> before, after;
    std::optional<Difference> difference; ///< after - before
    Verdict verdict = Verdict::too_few;
};

/// The quantiles 0.5, 0.95 and 0.99 of the times, the median of the speed (where more is better), and the share of errors.
std::vector<Comparison> compare(const Sample& before, const Sample& after);

} // namespace tokenscope::telemetry
