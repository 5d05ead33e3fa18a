// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/monitoring.h"

#include <string_view>

namespace tokenscope::app {

/// What this program's own catalogue says of a metric that it publishes.
sources::MetricInfo describe_metric(std::string_view metric);

} // namespace tokenscope::app
