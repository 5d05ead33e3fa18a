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

/// Answers a query at from, from+step, ... up to and including `to` (ms since 1970) with Prometheus 2's meaning; windows
/// include both their ends, [t-window, t].
///
/// A column's labels are those of Query::by, empty where a series lacks one, and for quantiles {"quantile", "0.95"}. Its name
/// is the label values joined with " / ", after "p95" for quantiles; the metric where there is neither. Columns are sorted by
/// labels; one without a value at any step is left out; an unknown metric is an empty frame.
///
/// Fails with ErrorCode::invalid_request on what validate() or Matchers::compile() refuse, a step not above 0, from > to,
/// more than max_steps steps, times beyond the year 9999, or an answer of more than 20 million values.
Result<Frame> evaluate(const Query& query, const SeriesStore& store, std::int64_t from, std::int64_t to,
                       std::int64_t step);

} // namespace tokenscope::query
