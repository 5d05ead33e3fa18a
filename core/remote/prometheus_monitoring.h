// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/monitoring.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace tokenscope::remote {

/// "data" of Prometheus' replies about what it watches. What is missing or of another type is left empty.

std::vector<sources::Target> read_targets(const nlohmann::json& data);
std::vector<sources::RuleGroup> read_rules(const nlohmann::json& data);
/// Of a list; what is not a text is left out. Sorted.
std::vector<std::string> read_texts(const nlohmann::json& data);
std::vector<query::Labels> read_series(const nlohmann::json& data);
/// The metrics with these names, described by "data" of /api/v1/metadata, which knows the parts of a histogram by the
/// histogram's name only.
std::vector<sources::MetricInfo> describe(const std::vector<std::string>& names, const nlohmann::json& metadata);

} // namespace tokenscope::remote
