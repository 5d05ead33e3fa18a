// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/frame.h"
#include "query/query.h"
#include "query/series_store.h"

#include <cstdint>

namespace tokenscope::query {

/// How far back an instant value is looked for, unless the series was marked stale since.
inline constexpr std::int64_t look_back_ms = 300'000;
/// As many steps as Prometheus allows.
inline constexpr std::int64_t max_steps = 11'000;

/// Answers a query at from, from+step, ... up to and including `to` (ms since 1970) with Prometheus 2's meaning (2.42, Debian
/// 12's); windows include both their ends, [t-window, t]. A heatmap counts from one step to the next: a step that is shorter than
/// two scrapes sees nothing.
///
/// A column's labels are those of Query::by, empty where a series lacks one, and for quantiles {"quantile", "0.95"}; a
/// heatmap's {"le", "0.5"} as the series has it, and a bucket whose bound is no number is no column. Names and order are
/// columns.h's. A column without a value at any step is left out; an unknown metric is an empty frame.
///
/// Where it may differ from Prometheus: a sum or average over series is rounded in the order in which they are added, which
/// Prometheus leaves open, so values that cancel each other out keep fewer digits; which of equal values topk keeps is open too.
///
/// Fails with ErrorCode::invalid_request on what validate() or Matchers::compile() refuse, a step not above 0, from > to,
/// more than max_steps steps, times beyond the year 9999, or more than 20 million values in the answer or its buckets.
Result<Frame> evaluate(const Query& query, const SeriesStore& store, std::int64_t from, std::int64_t to,
                       std::int64_t step);

} // namespace tokenscope::query
