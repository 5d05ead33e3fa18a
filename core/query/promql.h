// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <chrono>
#include <string>

namespace tokenscope::query {

/// The query as PromQL, for one quantile (ignored by the other functions). The query must satisfy validate(); whatever its
/// matchers contain, the text is then valid, provided that their patterns are. `step` is that of the range that is asked for; only
/// a heatmap depends on it.
std::string to_promql(const Query& query, double quantile = 0.5,
                      std::chrono::milliseconds step = std::chrono::minutes(1));

} // namespace tokenscope::query
