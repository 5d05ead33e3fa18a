// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace tokenscope::dashboards {

/// The version of the format that is written; older ones are read too, newer ones are refused with a sentence.
inline constexpr int format_version = 1;

/// Reads a dashboard's file. Fails with ErrorCode::invalid_request; the message names the JSON pointer of what is wrong.
Result<Dashboard> parse_dashboard(std::string_view json, std::string_view id);
nlohmann::ordered_json to_json(const Dashboard& dashboard);

} // namespace tokenscope::dashboards
