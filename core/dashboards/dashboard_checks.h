// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"
#include "base/json_object.h"

#include <string_view>

namespace tokenscope::dashboards {

/// Whether something in the dashboard reads this metric, as a source names it.
bool reads(const Dashboard& dashboard, std::string_view metric);

/// What only the whole shows: ids and names that are there twice, variables nobody declared, needs that nothing reads, panels
/// whose kind and query do not go together.
void check_dashboard(const Dashboard& dashboard, FirstProblem& problem);

} // namespace tokenscope::dashboards
