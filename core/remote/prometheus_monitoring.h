// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/monitoring.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tokenscope::remote {

/// "data" of Prometheus' replies about what it watches. Nothing where that is no list of them, as from a server of another kind;
/// what is missing in one of them, or of another type, is left empty. null is an empty list: some servers in Go write that.

std::optional<std::vector<sources::Target>> read_targets(const nlohmann::json& data);
std::optional<std::vector<sources::RuleGroup>> read_rules(const nlohmann::json& data);
/// Sorted.
std::optional<std::vector<std::string>> read_texts(const nlohmann::json& data);
std::optional<std::vector<query::Labels>> read_series(const nlohmann::json& data);
/// The metrics with these names, described by "data" of /api/v1/metadata, which knows the parts of a histogram by the
/// histogram's name only.
std::vector<sources::MetricInfo> describe(const std::vector<std::string>& names, const nlohmann::json& metadata);

} // namespace tokenscope::remote
