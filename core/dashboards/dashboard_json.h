// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace tokenscope::dashboards {

/// The newest version of the format; older ones are read too, newer ones are refused with a sentence. A dashboard is written in
/// the oldest version that has what it needs, so that older programs can read it.
inline constexpr int format_version = 3;
inline constexpr int multi_version = 2; ///< variables with several values
inline constexpr int first_version = 3; ///< variables with a first value, and metrics that are needed as well

/// Reads a dashboard's file. Fails with ErrorCode::invalid_request; the message names the JSON pointer of what is wrong.
Result<Dashboard> parse_dashboard(std::string_view json, std::string_view id);
nlohmann::ordered_json to_json(const Dashboard& dashboard);

/// One entry of a panel's "queries", for an editor of one; pointers begin there.
Result<PanelQuery> parse_panel_query(std::string_view json);
nlohmann::ordered_json to_json(const PanelQuery& query);
nlohmann::ordered_json to_json(const Panel& panel);

} // namespace tokenscope::dashboards
