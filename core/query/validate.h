// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/query.h"

#include <chrono>
#include <optional>

namespace tokenscope::query {

/// The longest window and offset.
inline constexpr std::chrono::milliseconds longest_time = std::chrono::hours(24 * 366 * 100);

/// What is wrong with a query whoever answers it (ErrorCode::invalid_request), or nothing: names that are no names or that
/// PromQL cannot group by, matchers that are not UTF-8, a window or offset that is no time, a quantile query without quantiles,
/// numbers that are not finite, a share that has fields of its own or whose parts cannot be divided. Fields that the function
/// does not use may have any value. Patterns are left to Matchers::compile.
///
/// `param` is the JSON pointer (RFC 6901) of the field as query_json.h writes it: "/where/status", "/q/0", "/of/metric".
std::optional<Error> validate(const Query& query);

} // namespace tokenscope::query
