// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/query.h"

#include <optional>

namespace tokenscope::query {

/// What is wrong with a query whoever answers it (ErrorCode::invalid_request, `param` names the field), or nothing: names
/// that are no names, a window that is no time, a quantile query without quantiles. Patterns are left to Matchers::compile.
std::optional<Error> validate(const Query& query);

} // namespace tokenscope::query
