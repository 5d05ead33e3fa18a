// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/query.h"

#include <nlohmann/json_fwd.hpp>

namespace tokenscope::query {

/// A query as dashboards and exports write it:
///   { "metric": "aigateway_first_token_latency_seconds", "fn": "quantile", "q": [0.5, 0.95], "by": ["model"],
///     "where": { "backend": "ollama", "status": "!~5.." }, "window": "1m" }
/// "fn" (default "value"), "agg", "q" (a number or a list), "by" (a name or a list), "where", "window" and "offset" (a whole
/// number with ms, s, m, h or d, or several as in "1h30m", longest first; an offset may begin with "-"), "topk", "scale"; of a
/// share "of" and "in" in place of a metric.
/// Fails with ErrorCode::invalid_request, whose param is the JSON pointer of what is wrong, or of what is missing, on unknown
/// keys, wrong types, keys that the function does not use, and whatever validate() refuses.
Result<Query> parse_query(const nlohmann::json& json);

/// parse_query() reads it back to the same value, if validate() likes the query. What has its default or is not used by its
/// function is left out.
nlohmann::json to_json(const Query& query);

} // namespace tokenscope::query
