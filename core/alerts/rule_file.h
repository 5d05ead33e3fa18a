// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"
#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::alerts {

/// The rules as JSON:
///   { "version": 1, "rules": [ { "id": "1", "name": "Slow first tokens", "source": "local",
///       "query": { "metric": "aigateway_first_token_latency_seconds", "fn": "quantile", "q": 0.95 },
///       "condition": "above", "threshold": 2, "hold": "30s", "keep": "1m", "severity": "warning" } ] }
/// with "promql" (text) in place of "query" where the source takes it. "hold" and "keep" default to 0, "severity" to warning,
/// "enabled" and "notify" to true. A version that is newer than this program's, unknown keys and wrong types are errors
/// (ErrorCode::invalid_request, param: the JSON pointer).
Result<std::vector<Rule>> parse_rules(std::string_view text);
std::string write_rules(const std::vector<Rule>& rules);

/// The user's file (alerts.json beside config.yaml). One that is not there holds no rules. Errors name the file.
Result<std::vector<Rule>> load_rules(const std::filesystem::path& file);
/// Whole or not at all.
Result<void> save_rules(const std::filesystem::path& file, const std::vector<Rule>& rules);

} // namespace tokenscope::alerts
