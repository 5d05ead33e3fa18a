// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/monitoring.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::app {

/// What this program's own catalogue says of a metric that it publishes.
sources::MetricInfo describe_metric(std::string_view metric);

/// What every request to a model is going to be counted in, whether there was one yet or not: names as series have them.
std::vector<std::string> expected_metrics();

} // namespace tokenscope::app
