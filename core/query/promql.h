// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <string>

namespace tokenscope::query {

/// The query as PromQL, for one quantile (ignored by the other functions). The query must satisfy validate(); whatever its
/// matchers contain, the text is then valid, provided that their patterns are.
std::string to_promql(const Query& query, double quantile = 0.5);

} // namespace tokenscope::query
